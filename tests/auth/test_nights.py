"""Nights of a desk: what desk time does to its sessions, each once and in order."""

from datetime import UTC, datetime

import pytest
from tests.auth.rosters import ANN, DEMO, HOSTED, START, roster

from paperdesk.auth.attendance import Attendance
from paperdesk.auth.endings import Cause, Tier
from paperdesk.auth.gateway import Gateway
from paperdesk.auth.nights import NEVER, Nights
from paperdesk.auth.refusals import BrokerageAway
from paperdesk.auth.resets import Profile, lasts
from paperdesk.auth.sessions import BrokerageState
from paperdesk.base.calendar import day_of
from paperdesk.base.regions import Region
from paperdesk.base.units import DAY, HOUR, MINUTE, SECOND, Instant


def utc(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * SECOND


TUESDAY_NOON = utc("2026-09-08 16:00")
TO_MIDNIGHT = 12 * HOUR


class Desk:
    """Sessions, and a desk time that a test moves; the wall stands at the start."""

    def __init__(self, now: Instant = TUESDAY_NOON, **settings: object) -> None:
        self.roster = roster(seed=7, **settings)
        self.gateway = Gateway(self.roster)
        users = {user.user_name: user for user in (DEMO, ANN)}
        self.attendance = Attendance(self.gateway, self.roster, users)
        self.nights = Nights(self.roster, self.attendance, now)
        self.now = now
        self.told: list[str] = []
        self.roster.ended.append(lambda row: self.told.append(f"{row.number} {row.cause.name}"))
        self.nights.closed.append(lambda: self.told.append("closed"))

    def advance(self, by: int) -> None:
        """Let desk time pass, as the watch does."""
        self.now += by
        if self.now >= self.nights.next_at:
            self.nights.reached(self.now, START)

    def passes(self, by: int, stride: int) -> None:
        """Let desk time pass in strides."""
        for _ in range(by // stride):
            self.advance(stride)


def test_at_midnight_every_session_ends() -> None:
    desk = Desk()
    session = desk.roster.open(DEMO, START, HOSTED)

    desk.advance(TO_MIDNIGHT - 1)
    before = session.is_ended
    desk.advance(1)

    assert (before, session.is_ended) == (False, True)
    assert desk.told == ["1 MIDNIGHT"]


def test_at_one_oclock_brokerage_sessions_are_reset_for_a_while() -> None:
    desk = Desk()
    desk.advance(TO_MIDNIGHT)
    session = desk.roster.open(DEMO, START, HOSTED)
    desk.roster.initialise(session, START, compete=True)

    desk.advance(HOUR)
    during = session.state
    with pytest.raises(BrokerageAway):
        desk.roster.initialise(session, START, compete=True)
    desk.advance(lasts(Region.US, 7, day_of(2026, 9, 9)) - 1)
    still = desk.roster.is_away
    desk.advance(1)
    desk.roster.initialise(session, START, compete=False)

    assert during is BrokerageState.RESET
    assert still
    assert session.state is BrokerageState.INITIALISING
    assert desk.told == ["1 NIGHTLY_RESET"]


@pytest.mark.parametrize("stride", [SECOND * 1000, HOUR, 10 * DAY])
def test_however_far_a_jump_is_each_boundary_happens_once_and_in_order(stride: int) -> None:
    desk = Desk(login_delay=0)
    desk.attendance.sign_in(DEMO.user_name, START)

    desk.passes(10 * DAY, stride)

    a_night = ["MIDNIGHT", "NIGHTLY_RESET"]
    causes = [line.partition(" ")[2] or line for line in desk.told]
    # From Tuesday noon to the Friday of the week after, with one Saturday evening.
    assert causes == [*a_night * 4, "MAINTENANCE", "closed", *a_night * 6]


def test_the_older_rule_resets_both_at_midnight() -> None:
    desk = Desk(resets=Profile.LEGACY)
    session = desk.attendance.sign_in(DEMO.user_name, START)

    desk.advance(TO_MIDNIGHT)
    at_midnight = desk.roster.is_away
    desk.advance(5 * MINUTE)

    assert session.is_ended
    assert (at_midnight, desk.roster.is_away) == (True, False)
    assert desk.told == ["1 MIDNIGHT"]


def test_without_resets_and_maintenance_nothing_ever_happens() -> None:
    desk = Desk(resets=Profile.OFF, has_maintenance=False)

    assert desk.nights.next_at == NEVER


def test_without_resets_there_is_still_the_saturday_evening() -> None:
    desk = Desk(resets=Profile.OFF)

    assert desk.nights.next_at == utc("2026-09-12 23:00")


def test_on_saturday_evening_the_service_is_closed() -> None:
    desk = Desk(now=utc("2026-09-12 22:00"))
    session = desk.roster.open(DEMO, START, HOSTED)
    desk.roster.initialise(session, START, compete=True)

    desk.advance(HOUR)
    closed = desk.roster.is_closed, session.state
    desk.advance(4 * HOUR)

    assert closed == (True, BrokerageState.RESET)
    assert not desk.roster.is_closed
    assert not desk.roster.is_away
    assert not session.is_ended
    assert desk.told == ["1 MAINTENANCE", "closed"]


@pytest.mark.parametrize(
    ("now", "is_away", "is_closed"),
    [
        ("2026-09-09 04:59:59", False, False),
        ("2026-09-09 05:00:00", True, False),
        ("2026-09-09 05:00:59", True, False),
        ("2026-09-09 05:05:00", False, False),
        ("2026-09-12 22:59:59", False, False),
        ("2026-09-12 23:00:00", True, True),
        ("2026-09-13 02:59:59", True, True),
        ("2026-09-13 03:00:00", False, False),
    ],
)
def test_a_desk_may_begin_in_the_middle_of_an_outage(
    now: str, is_away: bool, is_closed: bool
) -> None:
    desk = Desk(now=utc(now))

    assert (desk.roster.is_away, desk.roster.is_closed) == (is_away, is_closed)
    desk.advance(6 * HOUR + 6 * MINUTE)
    assert (desk.roster.is_away, desk.roster.is_closed) == (False, False)


@pytest.mark.parametrize(
    ("region", "midnight"),
    [
        (Region.US, "2026-11-01 04:00"),
        (Region.EUROPE, "2026-10-31 23:00"),
        (Region.ASIA, "2026-10-31 16:00"),
    ],
)
def test_each_region_has_its_own_midnight(region: Region, midnight: str) -> None:
    desk = Desk(now=utc(midnight) - 1, region=region)
    session = desk.roster.open(DEMO, START, HOSTED)

    desk.advance(1)

    assert session.is_ended


def test_where_one_oclock_comes_twice_there_is_one_reset() -> None:
    desk = Desk(now=utc("2026-11-01 04:30"))
    session = desk.attendance.sign_in(DEMO.user_name, START)

    desk.passes(3 * HOUR, MINUTE)

    assert session.is_active
    assert desk.told == ["1 NIGHTLY_RESET"]


def test_credentials_are_cut_at_midnight_alone() -> None:
    desk = Desk()
    cut: list[int] = []
    desk.roster.cut.append(cut.append)

    desk.passes(2 * DAY, MINUTE)

    assert cut == [START, START]


def test_endings_of_a_night_are_told_apart_by_tier() -> None:
    desk = Desk(now=utc("2026-09-09 04:30"))
    session = desk.roster.open(DEMO, START, HOSTED)
    desk.roster.initialise(session, START, compete=True)

    desk.advance(DAY)

    assert [(row.tier, row.cause) for row in desk.roster.endings] == [
        (Tier.BROKERAGE, Cause.NIGHTLY_RESET),
        (Tier.OUTER, Cause.MIDNIGHT),
    ]
