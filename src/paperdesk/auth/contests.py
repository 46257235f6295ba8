"""Contests: who took the brokerage session of a user name from whom, and who fights over it.

Two programs that both compete throw each other out for ever and see only that they are logged out.
Here both are named.
"""

from collections import deque
from collections.abc import Sequence
from typing import Final

import msgspec

from paperdesk.base.ids import UserName
from paperdesk.base.units import MINUTE, Duration, Instant

RECENT_MAX: Final = 20
FIGHT_SPAN: Final[Duration] = 10 * MINUTE
FIGHT_TAKEOVERS: Final = 3
"""So many takeovers within the span are a fight."""


class Takeover(msgspec.Struct, frozen=True):
    """A brokerage session has changed hands; `winner` and `loser` are names for people."""

    at: Instant
    winner: str
    loser: str


class Contest(msgspec.Struct, kw_only=True):
    """The takeovers of one user name: how many there were, and the last of them."""

    takeovers: int = 0
    recent: deque[Takeover] = msgspec.field(default_factory=lambda: deque(maxlen=RECENT_MAX))


class Contests:
    """The takeovers of every user name that has had one."""

    def __init__(self) -> None:
        """Begin in peace."""
        self.of_user: dict[UserName, Contest] = {}

    def taken(self, user_name: UserName, takeover: Takeover) -> None:
        """Remember a takeover."""
        contest = self.of_user.setdefault(user_name, Contest())
        contest.takeovers += 1
        contest.recent.append(takeover)

    def count(self, user_name: UserName) -> int:
        """Return how many takeovers a user name has seen."""
        contest = self.of_user.get(user_name)
        return 0 if contest is None else contest.takeovers

    def fighters(self, user_name: UserName, at: Instant) -> Sequence[str]:
        """Return who fights over a brokerage session at an instant, in order; nobody as a rule."""
        contest = self.of_user.get(user_name)
        if contest is None:
            return ()
        late = [row for row in contest.recent if row.at > at - FIGHT_SPAN]
        if len(late) < FIGHT_TAKEOVERS:
            return ()
        return tuple(dict.fromkeys(name for row in late for name in (row.loser, row.winner)))
