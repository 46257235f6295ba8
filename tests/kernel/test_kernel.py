import pytest
from tests.tape import CONTRACTS, limit, open_kernel, place, quote

from paperdesk.base.errors import Refusal
from paperdesk.kernel.kernel import Kernel, Models
from paperdesk.kernel.state.world import world_at


def test_command_is_told_by_its_events_and_these_make_the_same_world() -> None:
    lived, told = open_kernel(), open_kernel()

    told.replay(lived.handle(quote(lived, "190.20", "190.25")))
    told.replay(lived.handle(place(limit("buy", "1", "190.25"))))

    assert told.world == lived.world


def test_refused_command_changes_nothing() -> None:
    lived, same = open_kernel(), open_kernel()

    with pytest.raises(Refusal):
        lived.handle(place(limit("buy", "0", "190.25")))

    assert lived.world == same.world


def test_unknown_model_is_a_fault_of_ours() -> None:
    with pytest.raises(AssertionError, match="no fill model"):
        Kernel(world_at(0, seed=1), CONTRACTS, Models("wishful"))
