from decimal import Decimal

import pytest
from tests.kernel.books import STOCK
from tests.tape import open_kernel

from paperdesk.base.errors import TimeRunsBackwards, TooManyScripts, UnknownContract
from paperdesk.base.ids import Conid
from paperdesk.kernel.kernel import Kernel
from paperdesk.kernel.messages.scripts import AddScript, JumpScript, ScriptAdded
from paperdesk.kernel.rules.scripts import SCRIPTS_MAX


@pytest.fixture
def kernel() -> Kernel:
    return open_kernel()


def jump(kernel: Kernel, after: int = 0, conid: Conid = STOCK.conid) -> AddScript:
    start = kernel.world.now + after
    return AddScript(script=JumpScript(conid=conid, start=start, change=Decimal("0.05")))


def test_a_script_is_remembered_in_order(kernel: Kernel) -> None:
    commands = [jump(kernel, 10), jump(kernel)]

    events = [event for command in commands for event in kernel.handle(command)]

    assert events == [
        ScriptAdded(at=kernel.world.now, script=command.script) for command in commands
    ]
    assert kernel.world.scripts.added == [command.script for command in commands]


def test_the_past_is_not_scripted(kernel: Kernel) -> None:
    with pytest.raises(TimeRunsBackwards, match="cannot start before"):
        kernel.handle(jump(kernel, after=-1))


def test_a_script_is_of_a_known_contract(kernel: Kernel) -> None:
    with pytest.raises(UnknownContract):
        kernel.handle(jump(kernel, conid=Conid(999)))


def test_a_desk_holds_so_many_scripts(kernel: Kernel) -> None:
    kernel.world.scripts.added = [jump(kernel).script] * SCRIPTS_MAX

    with pytest.raises(TooManyScripts):
        kernel.handle(jump(kernel))
