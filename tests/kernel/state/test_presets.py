from decimal import Decimal

from tests.tape import USER, open_kernel

from paperdesk.base.ids import UserName
from paperdesk.kernel.messages.presets import Presets, SetPresets


def test_new_user_has_the_strict_thresholds() -> None:
    presets = open_kernel(asks=True).world.presets.of(USER)

    assert presets.percentage == 3
    assert presets.size == 500
    assert presets.value == 100_000
    assert (presets.market_order_question, presets.stop_question) == ("unusual", "once")
    assert not presets.own_crosses
    assert presets.increments == 0


def test_thresholds_of_one_user_leave_those_of_others() -> None:
    kernel = open_kernel(asks=True)
    kernel.handle(SetPresets(user_name=USER, presets=Presets(size=Decimal(7))))

    assert kernel.world.presets.of(USER).size == 7
    assert kernel.world.presets.of(UserName("other")).size == 500
