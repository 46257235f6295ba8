"""The penalty box: addresses that asked too fast, refused everything for a while.

Being refused there costs nothing more: a client that goes on asking is let out in time. What
counts is how often an address comes in: the third time within a day it stays until an operator
lets it out.
"""

from collections.abc import Iterator
from typing import Final

import msgspec

from paperdesk.auth.pacing.recent import Recent
from paperdesk.auth.pacing.settings import PacingSettings
from paperdesk.base.units import Duration, Instant

ADDRESSES_MAX: Final = 10_000
"""How many addresses are remembered for certain, boxed ones and blocked ones apart."""


class Penalty(msgspec.Struct, kw_only=True):
    """One address in the box.

    `limit` is what it exceeded, "" where an operator put it in; `refused` how many of its requests
    were refused since. `lasts` is None for an address that is blocked until somebody lets it out.
    """

    address: str
    limit: str
    since: Instant
    lasts: Duration | None
    refused: int = 0

    def remaining(self, now: Instant) -> Duration | None:
        """Return for how much longer the address is refused; None for until it is let out."""
        if self.lasts is None:
            return None
        return max(0, self.since + self.lasts - now)


class PenaltyBox:
    """Who is in the box of one face."""

    def __init__(self) -> None:
        """Begin empty."""
        self._boxed: Recent[Penalty] = Recent(ADDRESSES_MAX)
        self._blocked: Recent[Penalty] = Recent(ADDRESSES_MAX)
        self._strikes: Recent[list[Instant]] = Recent(ADDRESSES_MAX)
        self.is_empty = True
        """Whether nobody is in it; somebody whose time is up may still be counted as in."""

    def refused(self, address: str, now: Instant) -> Penalty | None:
        """Return the penalty of an address and count a request refused; None lets it in."""
        penalty = self._blocked.get(address) or self._boxed.get(address)
        if penalty is None:
            return None
        # Where somebody has set the wall's clock back, nobody stays longer for that.
        penalty.since = min(penalty.since, now)
        if penalty.remaining(now) == 0:
            self._boxed.pop(address)
            self._look()
            return None
        penalty.refused += 1
        return penalty

    def put(self, address: str, limit: str, now: Instant, settings: PacingSettings) -> Penalty:
        """Box an address that has exceeded a limit; block it where it has come too often."""
        strikes = [
            at
            for at in self._strikes.get(address) or ()
            if now - settings.strikes_within < at <= now
        ]
        strikes.append(now)
        self._strikes.put(address, strikes)
        is_blocked = 0 < settings.strikes <= len(strikes)
        return self._kept(
            Penalty(
                address=address,
                limit=limit,
                since=now,
                lasts=None if is_blocked else settings.penalty,
            )
        )

    def put_by_hand(self, address: str, lasts: Duration | None, now: Instant) -> Penalty:
        """Box an address for a while, or until it is let out; that counts as no strike."""
        return self._kept(Penalty(address=address, limit="", since=now, lasts=lasts))

    def _kept(self, penalty: Penalty) -> Penalty:
        self._boxed.pop(penalty.address)
        self._blocked.pop(penalty.address)
        kept = self._blocked if penalty.lasts is None else self._boxed
        kept.put(penalty.address, penalty)
        self.is_empty = False
        return penalty

    def let_out(self, address: str, now: Instant) -> bool:
        """Let an address out and forget its strikes; say whether it was in."""
        self._strikes.pop(address)
        blocked, boxed = self._blocked.pop(address), self._boxed.pop(address)
        self._look()
        return blocked is not None or (boxed is not None and boxed.remaining(now) != 0)

    def clear(self) -> None:
        """Let everybody out and forget all strikes."""
        self._boxed.clear()
        self._blocked.clear()
        self._strikes.clear()
        self._look()

    def inside(self, now: Instant) -> Iterator[Penalty]:
        """Yield who is in it, blocked ones first."""
        yield from self._blocked.values()
        for penalty in self._boxed.values():
            if penalty.remaining(now) != 0:
                yield penalty

    def _look(self) -> None:
        self.is_empty = not (len(self._boxed) or len(self._blocked))
