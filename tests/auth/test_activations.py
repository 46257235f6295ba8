import pytest

from paperdesk.auth.activations import Activation, InvalidActivation, When, next_midnight, parsed
from paperdesk.base.calendar import day_of
from paperdesk.base.regions import Region, zone
from paperdesk.base.units import DAY, HOUR

NIGHTS_OF_CHANGE = [
    (Region.US, (2026, 3, 8), 23),
    (Region.US, (2026, 11, 1), 25),
    (Region.US, (2027, 3, 14), 23),
    (Region.EUROPE, (2026, 3, 29), 23),
    (Region.EUROPE, (2027, 10, 31), 25),
    (Region.ASIA, (2026, 3, 29), 24),
]


@pytest.mark.parametrize(("region", "date", "hours"), NIGHTS_OF_CHANGE)
def test_the_next_midnight_is_that_of_the_region_also_where_clocks_change(
    region: Region, date: tuple[int, int, int], hours: int
) -> None:
    day = day_of(*date)
    midnight = zone(region).instant(day, 0)

    assert next_midnight(region, midnight - 1) == midnight
    assert next_midnight(region, midnight) == midnight + hours * HOUR


def test_an_activation_is_at_once_or_after_the_reset_or_after_a_while() -> None:
    now = zone(Region.US).instant(day_of(2026, 9, 14), 12 * 3600)

    assert parsed("immediate").begins(Region.US, now) == 0
    assert parsed("after-reset") == Activation(When.AFTER_RESET)
    assert parsed("after_reset").begins(Region.US, now) == now + 12 * HOUR
    assert parsed("after:2d").begins(Region.US, now) == now + 2 * DAY


@pytest.mark.parametrize("text", ["", "soon", "after:", "after:soon", "after:-1s"])
def test_what_does_not_say_when_is_refused(text: str) -> None:
    with pytest.raises(InvalidActivation):
        parsed(text)
