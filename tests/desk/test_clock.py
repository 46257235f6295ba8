from decimal import Decimal

import pytest

from paperdesk.base.units import HOUR, MINUTE, SECOND
from paperdesk.desk.clock import FAST_STRIDE, Clock, ClockMode, InvalidClock, parsed

WALL = 1_900_000_000 * SECOND
NOW = 1_222_700_000 * SECOND


def test_real_time_goes_as_the_wall_does() -> None:
    clock = parsed("real").anchored(WALL, NOW)

    assert clock.reading(WALL + 7 * SECOND, NOW) == NOW + 7 * SECOND


def test_a_factor_goes_so_much_faster() -> None:
    clock = parsed("x60").anchored(WALL, NOW)

    assert clock.reading(WALL + SECOND, NOW) == NOW + MINUTE


def test_a_factor_may_be_a_fraction() -> None:
    clock = parsed("x0.5").anchored(WALL, NOW)

    assert clock.reading(WALL + 3, NOW) == NOW + 1


def test_a_stepped_clock_stands_until_it_is_told() -> None:
    clock = parsed("stepped").anchored(WALL, NOW)

    assert clock.reading(WALL + HOUR, NOW) == NOW


def test_the_fastest_clock_goes_in_strides_from_wherever_the_desk_is() -> None:
    clock = parsed("fast").anchored(WALL, NOW)

    assert clock.reading(WALL, NOW + 5) == NOW + 5 + FAST_STRIDE


def test_no_clock_goes_back() -> None:
    clock = parsed("real").anchored(WALL, NOW)

    assert clock.reading(WALL - HOUR, NOW) == NOW
    assert clock.reading(WALL + SECOND, NOW + HOUR) == NOW + HOUR


def test_a_clock_stops_where_it_was_told_to() -> None:
    clock = Clock(mode=ClockMode.FAST, until=NOW + MINUTE)

    assert clock.reading(WALL, NOW) == NOW + MINUTE
    assert clock.reading(WALL, NOW + MINUTE) == NOW + MINUTE


def test_a_pause_is_not_made_up_for() -> None:
    clock = parsed("x10").anchored(WALL, NOW).paused(WALL + SECOND, NOW + 10 * SECOND)
    assert clock.reading(WALL + HOUR, NOW + 10 * SECOND) == NOW + 10 * SECOND

    clock = clock.resumed(WALL + HOUR, NOW + 10 * SECOND)

    assert clock.reading(WALL + HOUR + SECOND, NOW + 10 * SECOND) == NOW + 20 * SECOND


def test_a_new_speed_goes_on_from_now() -> None:
    clock = parsed("real").anchored(WALL, NOW).changed("x100", WALL + SECOND, NOW + SECOND)

    assert clock.reading(WALL + 2 * SECOND, NOW + SECOND) == NOW + 101 * SECOND


@pytest.mark.parametrize("text", ["real", "stepped", "fast", "x60", "x0.5", "x1000"])
def test_a_clock_says_itself_in_the_words_it_reads(text: str) -> None:
    assert parsed(text).text == text


@pytest.mark.parametrize("text", [" REAL ", "60", "x60", "60x", "x6e1"])
def test_words_are_read_kindly(text: str) -> None:
    assert parsed(text).mode is ClockMode.FACTOR


@pytest.mark.parametrize(
    "text", ["", "x", "quick", "x0", "x-1", "xNaN", "x1e9", "xInfinity", "x1_000", "x٣"]
)
def test_what_is_no_clock_is_refused(text: str) -> None:
    with pytest.raises(InvalidClock, match="say real, stepped, fast, or x60"):
        parsed(text)


def test_the_wall_instant_of_a_desk_instant_is_when_it_is_reached() -> None:
    clock = parsed("x3").anchored(WALL, NOW)

    wall = clock.wall_at(NOW + 10)

    assert wall == WALL + 4
    assert clock.reading(wall, NOW) >= NOW + 10 > clock.reading(wall - 1, NOW)


def test_a_clock_that_stands_never_gets_there() -> None:
    assert parsed("stepped").wall_at(NOW) is None
    assert parsed("real").paused(WALL, NOW).wall_at(NOW + 1) is None
    assert Clock(until=NOW).wall_at(NOW + 1) is None


def test_sixty_times_is_written_without_exponent() -> None:
    assert Clock(factor=Decimal("6E+1")).text == "x60"
