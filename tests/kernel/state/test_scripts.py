from decimal import Decimal

from tests.kernel.books import STOCK

from paperdesk.kernel.messages.scripts import JumpScript, ScriptAdded
from paperdesk.kernel.state.scripts import Scripts, script_added


def test_scripts_keep_the_order_in_which_they_were_added() -> None:
    scripts = Scripts()
    jumps = [JumpScript(conid=STOCK.conid, start=start, change=Decimal("0.01")) for start in (9, 3)]

    for script in jumps:
        script_added(scripts, ScriptAdded(at=1, script=script))

    assert scripts.added == jumps
