"""Rosters for tests: users, ids that are counted, and a book of what was told."""

from itertools import count

from paperdesk.auth.endings import Cause, Tier
from paperdesk.auth.roster import Opening, Roster
from paperdesk.auth.sessions import Session, SessionSettings
from paperdesk.base.ids import AccountId, UserName
from paperdesk.base.units import MINUTE, SECOND, Instant
from paperdesk.kernel.state.accounts import User

START: Instant = 1_788_875_891 * SECOND
LATER = START + 2 * SECOND
"""When a session that was asked for at the start has warmed up."""

DEMO = User(
    user_name=UserName("demo"),
    user_id=7,
    account_ids=(AccountId("DU1"), AccountId("DU2")),
    is_paper=True,
)
ANN = User(user_name=UserName("ann"), user_id=8, account_ids=(AccountId("U1"),), is_paper=False)
LOOKER = User(
    user_name=UserName("looker"),
    user_id=9,
    account_ids=(AccountId("DU1"),),
    is_paper=True,
    may_trade=False,
)
HOSTED = Opening(face="hosted", credential="oauth1 FIRM token")
GATEWAY = Opening(brokerage_after=3 * SECOND, is_pinged=True)
HEADLESS = Opening(brokerage_after=0, warm_up=0, is_pinged=True)


def roster(**changed: object) -> Roster:
    """Return a roster whose sessions warm up in two seconds."""
    numbers = count(10)
    return Roster(
        SessionSettings(**changed),  # type: ignore[arg-type]
        lambda size: f"{next(numbers):0{2 * size}x}",
    )


def served(kept: Roster, user: User = DEMO, at: Instant = START) -> Session:
    """Return a hosted session that has its brokerage tier two seconds after an instant."""
    session = kept.open(user, at, HOSTED)
    kept.initialise(session, at, compete=True)
    kept.sweep(at + 2 * SECOND)
    assert session.has_brokerage
    return session


def minutes(count: float) -> Instant:
    """Return the instant so many minutes after the start."""
    return START + int(count * MINUTE)


def endings(kept: Roster) -> list[tuple[int, Tier, Cause, int]]:
    """Return what has ended, why and when."""
    return [(row.number, row.tier, row.cause, row.at) for row in kept.endings]
