from tests.market.test_roots import APPLE

from paperdesk.base.units import SECOND
from paperdesk.market.lenses import spans

PLACE = 6_800


def test_place_is_that_of_the_last_session_whose_hours_have_begun() -> None:
    session = APPLE.session(PLACE)

    assert APPLE.place_at(session.pre_open) == PLACE
    assert APPLE.place_at(session.pre_open - 1) == PLACE - 1
    assert APPLE.place_at(session.post_close + 1) == PLACE
    assert APPLE.place_at(0) == -1
    assert APPLE.place_closed(session.close - 1) == PLACE - 1
    assert APPLE.place_closed(session.close) == PLACE


def test_daily_bar_in_all_hours_holds_the_regular_one() -> None:
    regular, extended = APPLE.daily(PLACE), APPLE.daily(PLACE, extended=True)

    assert regular is not None
    assert extended is not None
    assert extended.high >= regular.high
    assert extended.low <= regular.low
    assert extended.volume > regular.volume


def test_closing_is_the_last_trade_of_all_hours() -> None:
    closing, extended = APPLE.closing(PLACE), APPLE.daily(PLACE, extended=True)

    assert closing is not None
    assert extended is not None
    assert closing.price == extended.close * extended.step
    assert closing.at < APPLE.session(PLACE).post_close


def test_spreads_are_widened_outside_regular_hours() -> None:
    session = APPLE.session(PLACE)

    assert [(span.start * SECOND, span.widening) for span in spans(session)] == [
        (session.open, 256),
        (session.pre_open, 768),
        (session.close, 512),
    ]


def test_there_is_no_day_beyond_the_calendar() -> None:
    assert APPLE.day(-1) is None
    assert APPLE.day(len(APPLE.days)) is None
    assert APPLE.daily(-1) is None
