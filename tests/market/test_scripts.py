from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sources import asked, conid, joined, source, utc

from paperdesk.base.units import HOUR, MINUTE, SECOND
from paperdesk.kernel.messages.scripts import (
    Afterwards,
    HaltScript,
    JumpScript,
    PathScript,
    Pin,
    Script,
)
from paperdesk.market.scripts import ScriptRefused
from paperdesk.market.source import BarSize, Level, Reading

OPEN = utc(2026, 3, 2, "14:30:00")
START = OPEN + 30 * MINUTE
CLOSE = OPEN + 6 * HOUR + 30 * MINUTE
APPLE = conid("AAPL")
DAY_LATER = 24 * HOUR


def path(*pins: tuple[int, str], afterwards: Afterwards = Afterwards.KEEP) -> PathScript:
    told = tuple(Pin(START + minutes * MINUTE, Decimal(price)) for minutes, price in pins)
    return PathScript(conid=APPLE, start=START, pins=told, afterwards=afterwards, back=30 * MINUTE)


def jump(change: str) -> JumpScript:
    return JumpScript(conid=APPLE, start=START, change=Decimal(change))


def halt(change: str = "0") -> HaltScript:
    return HaltScript(conid=APPLE, start=START, until=START + 25 * MINUTE, change=Decimal(change))


SCRIPTS: list[Script] = [path((5, "290"), (120, "186.50")), jump("-0.09"), halt("0.05")]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: type(script).__name__)
@pytest.mark.parametrize("reading", [Reading.TRADES, Reading.BID, Reading.MIDPOINT])
def test_script_changes_no_bar_that_ended_before_it(script: Script, reading: Reading) -> None:
    plain, scripted = source(), source()
    wanted = asked(BarSize.M1, START, 700, outside_regular=True, reading=reading)
    before = scripted.bars(APPLE, wanted, START)

    scripted.add_script(script)

    assert before == plain.bars(APPLE, wanted, START)
    assert scripted.bars(APPLE, wanted, CLOSE) == before
    assert scripted.quote(APPLE, START - SECOND) == plain.quote(APPLE, START - SECOND)


def test_path_is_at_its_pins() -> None:
    scripted = source()
    scripted.add_script(path((5, "290"), (120, "186.50")))

    for minutes, price in ((5, "290"), (120, "186.50")):
        at = START + minutes * MINUTE
        bars = scripted.bars(APPLE, asked(BarSize.S1, at, 1), at - 1)
        quote = scripted.quote(APPLE, at)
        assert bars[-1].close == Decimal(price)
        assert quote is not None
        assert quote.bid is not None
        assert quote.ask is not None
        assert quote.bid <= Decimal(price) <= quote.ask


def test_kept_level_lasts_and_returned_one_is_as_if_nothing_had_been() -> None:
    plain, kept, returned = source(), source(), source()
    kept.add_script(path((60, "150")))
    returned.add_script(path((60, "150"), afterwards=Afterwards.RETURN))
    later = CLOSE + DAY_LATER
    wanted = asked(BarSize.D1, later, 1)

    (usual,) = plain.bars(APPLE, wanted, later)
    (low,) = kept.bars(APPLE, wanted, later)

    assert returned.bars(APPLE, wanted, later) == [usual]
    assert low.close < usual.close * Decimal("0.7")
    since = asked(BarSize.M1, CLOSE, 200)
    assert returned.bars(APPLE, since, CLOSE) == plain.bars(APPLE, since, CLOSE)


def test_jump_moves_all_that_follows_by_its_fraction() -> None:
    plain, scripted = source(), source()
    scripted.add_script(jump("-0.09"))
    later = CLOSE + DAY_LATER

    usual = plain.quote(APPLE, later)
    fallen = scripted.quote(APPLE, later)

    assert usual is not None
    assert fallen is not None
    assert usual.last is not None
    assert fallen.last is not None
    assert abs(fallen.last / usual.last - Decimal("0.91")) < Decimal("0.0005")


def test_halted_contract_shows_no_quote_and_does_not_trade_until_it_reopens() -> None:
    scripted = source()
    scripted.add_script(halt("-0.06"))
    stopped = scripted.quote(APPLE, START + 10 * MINUTE)
    reopened = scripted.quote(APPLE, START + 25 * MINUTE)

    assert stopped is not None
    assert reopened is not None
    assert stopped.is_halted
    assert (stopped.bid, stopped.ask) == (None, None)
    assert not reopened.is_halted
    assert reopened.bid is not None
    assert stopped.last is not None
    assert abs(reopened.bid / stopped.last - Decimal("0.94")) < Decimal("0.001")
    wanted = asked(BarSize.M1, START + 25 * MINUTE, 10)
    assert scripted.bars(APPLE, wanted, CLOSE)[-1].at < START


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: type(script).__name__)
def test_day_of_a_script_is_still_the_sum_of_its_minutes(script: Script) -> None:
    scripted = source()
    scripted.add_script(script)
    now = CLOSE + 5 * HOUR
    for outside in (False, True):
        (day,) = scripted.bars(APPLE, asked(BarSize.D1, now, 1, outside_regular=outside), now)
        minutes = scripted.bars(APPLE, asked(BarSize.M1, now, 2000, outside_regular=outside), now)
        assert joined([bar for bar in minutes if bar.at >= day.at]) == day


def test_fund_follows_the_script_of_its_index() -> None:
    plain, scripted = source(), source()
    index, fund = conid("SPX"), conid("SPY")
    before = plain.quote(fund, START + HOUR)
    assert scripted.quote(fund, START + HOUR) == before

    scripted.add_script(JumpScript(conid=index, start=START, change=Decimal("0.1")))

    after = scripted.quote(fund, START + HOUR)
    assert before is not None
    assert after is not None
    assert before.last is not None
    assert after.last is not None
    assert abs(after.last / before.last - Decimal("1.1")) < Decimal("0.0005")
    assert scripted.quote(fund, START - 1) == plain.quote(fund, START - 1)


def test_touch_finds_the_scripted_price() -> None:
    scripted = source()
    scripted.add_script(path((60, "150")))

    touch = scripted.next_touch(
        APPLE, [Level(Reading.TRADES, Decimal(150), rising=False)], OPEN, CLOSE
    )

    assert touch is not None
    assert START < touch.at < START + HOUR


def test_source_built_with_scripts_is_one_that_was_given_them() -> None:
    built, given = source(scripts=SCRIPTS[:2]), source()
    for script in SCRIPTS[:2]:
        given.add_script(script)

    wanted = asked(BarSize.M5, CLOSE + DAY_LATER, 300)
    assert built.bars(APPLE, wanted, CLOSE + DAY_LATER) == given.bars(
        APPLE, wanted, CLOSE + DAY_LATER
    )


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (JumpScript(conid=conid("SPY"), start=START, change=Decimal("0.1")), "stock"),
        (jump("-1"), "above -1"),
        (path(), "needs pins"),
        (path((5, "0")), "above zero"),
        (path((5, "NaN")), "above zero"),
        (path((5, "Infinity")), "above zero"),
        (path((5, "1e309")), "at most"),
        (path((5, "1e-400")), "above zero"),
        (path((5, "0.009")), "an increment above zero"),
        (path((5, "0.01")), "a hundredth"),
        (jump("-0.995"), "a hundredth"),
        (jump("NaN"), "above -1"),
        (jump("10000"), "below 10,000"),
        (path((5, "200"), (5, "201")), "ascend"),
        (path((1500, "200")), "one session"),
    ],
)
def test_script_that_no_market_can_follow_is_refused(script: Script, words: str) -> None:
    with pytest.raises(ScriptRefused, match=words):
        source().add_script(script)


def test_level_out_of_all_bounds_is_refused_and_leaves_no_trace() -> None:
    scripted = source()
    scripted.add_script(jump("9000"))
    at = START + MINUTE
    before = scripted.quote(APPLE, at)

    with pytest.raises(ScriptRefused, match="10,000 times"):
        scripted.add_script(jump("9000"))

    assert scripted.quote(APPLE, at) == before


def test_day_takes_so_many_scripts_and_no_more() -> None:
    scripts = [
        JumpScript(conid=APPLE, start=START + second * SECOND, change=Decimal("0.001"))
        for second in range(201)
    ]
    scripted = source(scripts=scripts[:200])

    with pytest.raises(ScriptRefused, match="at most 200 scripts a day"):
        scripted.add_script(scripts[200])

    assert scripted.quote(APPLE, START) is not None


@given(
    st.lists(st.integers(1, 599), min_size=1, max_size=3, unique=True),
    st.sampled_from(list(Afterwards)),
)
@settings(max_examples=10)
def test_answers_do_not_depend_on_scripts_that_begin_later(
    minutes: list[int], afterwards: Afterwards
) -> None:
    scripted = source()
    pins = [(minute, str(200 + minute % 40)) for minute in sorted(minutes)]
    scripted.add_script(path(*pins, afterwards=afterwards))

    for at in (START - 1, START - 7 * MINUTE, OPEN + 1):
        assert scripted.day(APPLE, at) == source().day(APPLE, at)
