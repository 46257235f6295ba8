"""Counting, against a slow and exact model: a bucket of fractions that is refilled and emptied."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperdesk.auth.pacing import turnstiles
from paperdesk.auth.pacing.paces import Pace
from paperdesk.auth.pacing.settings import Mode, PacingSettings
from paperdesk.auth.pacing.turnstiles import ANYTHING, Excess, Hold, Turnstile
from paperdesk.base.units import HOUR, MINUTE, SECOND

NOW = 1_788_875_891 * SECOND
HERE = "127.0.0.1"
ORDERS = Pace(1, seconds=5, key="GET /iserver/account/orders")
SNAPSHOT = Pace(10, key="GET /iserver/marketdata/snapshot")
HISTORY = Pace(0, concurrent=5, key="GET /iserver/marketdata/history")
TO_THE_LETTER = PacingSettings(mode=Mode.LENIENT, under_way=0)
KEPT_BACK = PacingSettings(mode=Mode.LENIENT)


def lenient(rate: int = 10) -> Turnstile:
    return Turnstile("gateway", rate, TO_THE_LETTER)


def patient() -> Turnstile:
    return Turnstile("gateway", 10, KEPT_BACK)


def passed(turnstile: Turnstile, count: int, now: int = NOW, user_name: str = "demo") -> int:
    """Return how many of so many requests at one instant are not too many."""
    return sum(turnstile.counted(user_name, HERE, now) is None for _ in range(count))


def test_ten_requests_at_once_pass_and_the_eleventh_does_not() -> None:
    turnstile = lenient()

    assert passed(turnstile, 11) == 10
    excess = turnstile.counted("demo", HERE, NOW)
    assert isinstance(excess, Excess)
    assert (excess.limit, excess.penalty) == ("10 requests a second", None)


def test_the_bucket_fills_by_one_request_each_tenth_of_a_second() -> None:
    turnstile = lenient()
    passed(turnstile, 10)

    assert passed(turnstile, 1, NOW + 99_999) == 0
    assert passed(turnstile, 2, NOW + 100_000) == 1
    assert passed(turnstile, 11, NOW + 10 * SECOND) == 10


def test_refused_requests_cost_nothing() -> None:
    turnstile = lenient()
    passed(turnstile, 10)

    for _ in range(1_000):
        turnstile.counted("demo", HERE, NOW + 50_000)

    assert passed(turnstile, 1, NOW + 100_000) == 1


def test_user_names_and_addresses_are_counted_apart() -> None:
    turnstile = lenient()
    passed(turnstile, 10)

    assert passed(turnstile, 11, user_name="rich") == 10
    assert passed(turnstile, 11, user_name="") == 10
    assert sum(turnstile.counted("", "127.0.0.2", NOW) is None for _ in range(11)) == 10
    # A user who calls himself like an address takes nothing away from it.
    assert passed(turnstile, 11, user_name=HERE) == 10


def test_a_user_name_is_counted_once_from_wherever_it_comes() -> None:
    turnstile = lenient()
    passed(turnstile, 10)

    assert turnstile.counted("demo", "127.0.0.2", NOW) is not None


def test_a_pace_of_one_opens_again_when_its_time_is_over() -> None:
    turnstile = lenient()

    assert turnstile.paced("demo", HERE, ORDERS, NOW) is None
    excess = turnstile.paced("demo", HERE, ORDERS, NOW + 5 * SECOND - 1)
    assert excess is not None
    assert excess.limit == "1 in 5 s of GET /iserver/account/orders"
    assert turnstile.paced("demo", HERE, ORDERS, NOW + 5 * SECOND) is None


def test_paces_with_one_key_are_one_count_and_others_apart() -> None:
    turnstile = lenient()
    twin = Pace(1, seconds=5, key=ORDERS.key)
    other = Pace(1, seconds=5, key="GET /portfolio/accounts")

    assert turnstile.paced("demo", HERE, ORDERS, NOW) is None
    assert turnstile.paced("demo", HERE, twin, NOW) is not None
    assert turnstile.paced("demo", HERE, other, NOW) is None
    assert turnstile.paced("rich", HERE, ORDERS, NOW) is None


def test_a_burst_may_come_at_once_and_counts_like_the_rest() -> None:
    turnstile = lenient()
    pace = Pace(1, key="GET/POST /tickle", burst=3)

    def passes(now: int) -> bool:
        return turnstile.paced("demo", HERE, pace, now) is None

    assert [passes(NOW) for _ in range(4)] == [True, True, True, False]
    assert [passes(NOW + SECOND) for _ in range(2)] == [True, False]
    assert [passes(NOW + 9 * SECOND) for _ in range(4)] == [True, True, True, False]


def test_what_is_under_way_is_compared_with_what_may_be_at_once() -> None:
    turnstile = lenient()

    assert turnstile.crowded("demo", HERE, HISTORY, NOW, under_way=4) is None
    excess = turnstile.crowded("demo", HERE, HISTORY, NOW, under_way=5)
    assert excess is not None
    assert excess.limit == "5 at once of GET /iserver/marketdata/history"


def test_strict_boxes_the_address_whatever_was_too_much() -> None:
    for ask in (
        lambda door: passed(door, 11),
        lambda door: [door.paced("demo", HERE, ORDERS, NOW) for _ in range(2)],
        lambda door: door.crowded("demo", HERE, HISTORY, NOW, 5),
    ):
        turnstile = Turnstile("gateway", 10, PacingSettings(under_way=0))

        ask(turnstile)

        penalty = turnstile.boxed(HERE, NOW)
        assert penalty is not None
        assert penalty.lasts == 10 * MINUTE
        assert turnstile.boxed("127.0.0.2", NOW) is None
        assert turnstile.boxed(HERE, NOW + 10 * MINUTE) is None


def test_only_strict_looks_into_the_box() -> None:
    turnstile = Turnstile("gateway", 10, PacingSettings())
    turnstile.box.put_by_hand(HERE, None, NOW)

    for mode, is_boxed in ((Mode.LENIENT, False), (Mode.OFF, False), (Mode.STRICT, True)):
        turnstile.set(PacingSettings(mode=mode))
        assert (turnstile.boxed(HERE, NOW) is not None) is is_boxed


def test_off_counts_nothing() -> None:
    turnstile = Turnstile("gateway", 10, PacingSettings(mode=Mode.OFF))

    assert passed(turnstile, 1_000) == 1_000
    assert turnstile.paced("demo", HERE, ORDERS, NOW) is None
    assert turnstile.paced("demo", HERE, ORDERS, NOW) is None
    assert turnstile.crowded("demo", HERE, HISTORY, NOW, 99) is None
    assert not list(turnstile.callers())


def test_counters_say_who_asked_how_much_and_what_was_too_much() -> None:
    turnstile = lenient()
    passed(turnstile, 12)
    turnstile.paced("demo", HERE, ORDERS, NOW)
    turnstile.paced("demo", HERE, ORDERS, NOW)
    passed(turnstile, 1, NOW + SECOND, user_name="")

    user, nobody = turnstile.callers()

    assert (user.name, user.is_user, user.requests, user.last_at) == ("demo", True, 12, NOW)
    assert user.refused == {"10 requests a second": 2, ORDERS.limit: 1}
    assert (nobody.name, nobody.is_user, nobody.requests) == (HERE, False, 1)
    assert nobody.refused is None


def test_counts_can_be_forgotten() -> None:
    turnstile = lenient()
    passed(turnstile, 10)

    turnstile.box.put_by_hand(HERE, None, NOW)

    turnstile.forget()

    assert turnstile.box.is_empty
    assert passed(turnstile, 11) == 10


def test_a_wall_clock_set_back_stops_nobody() -> None:
    turnstile = lenient()
    passed(turnstile, 10)
    turnstile.paced("demo", HERE, ORDERS, NOW)

    assert passed(turnstile, 11, NOW - HOUR) == 10
    assert turnstile.paced("demo", HERE, ORDERS, NOW - HOUR) is None
    assert turnstile.paced("demo", HERE, ORDERS, NOW - HOUR) is not None


def test_a_crowd_does_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turnstiles, "CALLERS_MAX", 1_000)
    turnstile = lenient()
    passed(turnstile, 10)

    for index in range(50_000):
        turnstile.counted(f"user{index}", HERE, NOW)
        turnstile.counted("", f"2001:db8::{index:x}", NOW)
        if index % 1_000 == 0:
            assert turnstile.counted("demo", HERE, NOW) is not None

    assert len(list(turnstile.callers())) <= 4_000


class Bucket:
    """The rule as the documentation has it: so many at once, filled again in so many seconds."""

    def __init__(self, requests: int, seconds: int, size: int = 0) -> None:
        self.size = size or requests
        self.rate = Fraction(requests, seconds * SECOND)
        self.level = Fraction(self.size)
        self.at = 0

    def takes(self, now: int) -> bool:
        self.level = min(Fraction(self.size), self.level + (now - self.at) * self.rate)
        self.at = now
        if self.level < 1:
            return False
        self.level -= 1
        return True


STEPS = st.lists(
    st.tuples(
        st.one_of(st.just(0), st.integers(0, 400_000), st.integers(0, 7 * SECOND)),
        st.sampled_from(["demo", "rich", ""]),
        st.integers(0, 4),
    ),
    max_size=120,
)
PACES = (
    None,
    Pace(1, seconds=5, key="a"),
    Pace(3, seconds=1, key="b"),
    Pace(7, seconds=3, key="c"),
    Pace(1, seconds=1, key="d", burst=3),
)


@given(rate=st.sampled_from([1, 3, 10, 50]), steps=STEPS)
def test_counts_are_those_of_the_exact_buckets(
    rate: int, steps: list[tuple[int, str, int]]
) -> None:
    turnstile = lenient(rate)
    buckets: dict[tuple[str, str], Bucket] = {}
    now = NOW
    for later, who, which in steps:
        now += later
        pace = PACES[which]
        is_passed = turnstile.counted(who, HERE, now) is None
        total = buckets.setdefault((who, ""), Bucket(rate, 1))
        assert is_passed == total.takes(now)
        if is_passed and pace is not None:
            single = buckets.setdefault(
                (who, pace.key), Bucket(pace.requests, pace.seconds, pace.burst)
            )
            assert (turnstile.paced(who, HERE, pace, now) is None) == single.takes(now)


TENTH = SECOND // 10


def test_who_waits_for_each_answer_is_held_back_and_never_refused() -> None:
    turnstile, now, held = patient(), NOW, list[int]()

    for number in range(100):
        found = turnstile.counted("demo", HERE, now, asked=1 + number)
        assert not isinstance(found, Excess)
        held.append(found.until - now if found else 0)
        now += held[-1]

    assert held == [0] * 10 + [TENTH] * 90


def test_who_has_more_under_way_than_a_few_is_refused() -> None:
    turnstile = patient()

    found = [turnstile.counted("demo", HERE, NOW, asked=ANYTHING) for _ in range(15)]

    assert found[:10] == [None] * 10
    assert found[10:14] == [Hold(NOW + TENTH * after) for after in (1, 2, 3, 4)]
    assert isinstance(found[14], Excess)


def test_asking_the_same_without_a_pause_is_refused_however_it_waits() -> None:
    turnstile = patient()

    found = [turnstile.counted("demo", HERE, NOW, asked=7) for _ in range(11)]

    assert found[:10] == [None] * 10
    assert isinstance(found[10], Excess)


def test_asking_the_same_a_few_times_among_other_things_is_held_back() -> None:
    turnstile, now = patient(), NOW

    for asked in [*range(1, 11), 7, 7, 7, 8, 7, 7]:
        found = turnstile.counted("demo", HERE, now, asked=asked)
        assert not isinstance(found, Excess)
        now = found.until if found else now


def test_what_is_held_back_is_paid_for() -> None:
    turnstile = patient()
    for number in range(14):
        turnstile.counted("demo", HERE, NOW, asked=1 + number)

    late, later = (turnstile.counted("demo", HERE, NOW + TENTH, asked=at) for at in (98, 99))

    assert late == Hold(NOW + 5 * TENTH)
    assert isinstance(later, Excess)


def test_nobody_is_held_back_where_nothing_may_be_under_way() -> None:
    turnstile = lenient()

    found = [turnstile.counted("demo", HERE, NOW, asked=1 + number) for number in range(11)]

    assert found[:10] == [None] * 10
    assert isinstance(found[10], Excess)


def test_a_clock_set_back_holds_nobody_for_long() -> None:
    turnstile = patient()
    for number in range(14):
        turnstile.counted("demo", HERE, NOW, asked=1 + number)

    assert turnstile.counted("demo", HERE, NOW - HOUR, asked=99) is None
