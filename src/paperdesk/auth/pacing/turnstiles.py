"""Turnstiles: every request through one face passes one and is counted there.

A count is the instant at which a bucket of requests is full again, so a request costs a look into
a dict and a comparison. Instants are multiplied by the number of requests instead of dividing the
seconds by it: counts are exact whatever the numbers.

A program that waits for each answer before it asks again cannot go faster than its network lets
it, and the real service is far away. Here it is not: so the answers of such a program are held
back once it has used up its second, as the way there and back would hold them. Whoever has more
requests under way than a few, or asks the same thing again and again without a pause, would be
too fast over any network, and is.
"""

from collections.abc import Iterator
from typing import Final

import msgspec

from paperdesk.auth.pacing.boxes import Penalty, PenaltyBox
from paperdesk.auth.pacing.paces import Pace
from paperdesk.auth.pacing.recent import Recent
from paperdesk.auth.pacing.settings import Mode, PacingSettings
from paperdesk.base.units import SECOND, Instant

ANYTHING: Final = 0
"""Nothing in particular: asking it twice is no asking again."""

POLLS_MAX: Final = 4
"""How often in a row the same may be asked while answers are held back."""

CALLERS_MAX: Final = 10_000
"""How many callers are remembered for certain: user names, and addresses of nobody, apart."""


class Excess(msgspec.Struct, frozen=True):
    """A request too many: the limit, and the penalty that follows; None where none does."""

    limit: str
    penalty: Penalty | None


class Hold(msgspec.Struct, frozen=True):
    """A request that may go on, and whose answer is held back until an instant of wall time."""

    until: Instant


class Caller(msgspec.Struct, kw_only=True, gc=False):
    """Who is counted: a user name, or the address of somebody who has not signed in.

    `full_at` is when the bucket of all requests is full again, in microseconds times its size;
    `paces` are the same for single paces, by key. `refused` counts requests too many by limit.
    `asked` is what was asked last, `times` how often in a row.
    """

    name: str
    is_user: bool
    full_at: int = 0
    paces: dict[str, int] | None = None
    requests: int = 0
    refused: dict[str, int] | None = None
    last_at: Instant = 0
    asked: int = 0
    times: int = 0


class Turnstile:
    """Counts the requests of one face: all of a caller together, and those that have a pace."""

    def __init__(self, face: str, rate: int, settings: PacingSettings) -> None:
        """Count for a face that lets each caller make `rate` requests a second."""
        self.face = face
        self.rate = rate
        self.box = PenaltyBox()
        self._span = rate * SECOND
        self._users: Recent[Caller] = Recent(CALLERS_MAX)
        self._addresses: Recent[Caller] = Recent(CALLERS_MAX)
        self.set(settings)

    def set(self, settings: PacingSettings) -> None:
        """Count as settings say from now on."""
        self._settings = settings
        self._is_counting = settings.mode is not Mode.OFF
        self._is_boxing = settings.mode is Mode.STRICT

    def boxed(self, address: str, now: Instant) -> Penalty | None:
        """Return the penalty that an address is under; None lets its request go on."""
        if self.box.is_empty or not self._is_boxing:
            return None
        return self.box.refused(address, now)

    def counted(
        self, user_name: str, address: str, now: Instant, asked: int = ANYTHING
    ) -> Excess | Hold | None:
        """Count a request against the limit of all requests.

        Args:
            user_name: who has signed in; "" counts the address instead.
            address: where the request comes from.
            now: wall time.
            asked: a number for what is asked, the same for the same; `ANYTHING` for what may well
                be asked again at once, such as an order.

        Returns:
            What it exceeds, until when its answer is held back, or None.
        """
        if not self._is_counting:
            return None
        caller = self._caller(user_name, address)
        caller.requests += 1
        caller.last_at = now
        caller.times = caller.times + 1 if asked and asked == caller.asked else 1
        caller.asked = asked
        room = self._settings.under_way * SECOND if caller.times <= POLLS_MAX else 0
        full_at = _taken(caller.full_at, now * self.rate, SECOND, self._span + room)
        if not full_at:
            return self._exceeded(caller, f"{self.rate} requests a second", address, now)
        caller.full_at = full_at
        owed = full_at - now * self.rate - self._span
        return Hold(now - (-owed // self.rate)) if owed > 0 else None

    def paced(self, user_name: str, address: str, pace: Pace, now: Instant) -> Excess | None:
        """Count a request against the pace of what it asks; arguments as for `counted`."""
        if not self._is_counting:
            return None
        caller = self._caller(user_name, address)
        paces = caller.paces
        if paces is None:
            paces = caller.paces = {}
        step = pace.seconds * SECOND
        span = step * (pace.burst or pace.requests)
        full_at = _taken(paces.get(pace.key, 0), now * pace.requests, step, span)
        if full_at:
            paces[pace.key] = full_at
            return None
        return self._exceeded(caller, pace.limit, address, now)

    def crowded(
        self, user_name: str, address: str, pace: Pace, now: Instant, under_way: int
    ) -> Excess | None:
        """Compare how many requests are under way with how many may be at once."""
        if not self._is_counting or under_way < pace.concurrent:
            return None
        return self._exceeded(self._caller(user_name, address), pace.limit, address, now)

    def callers(self) -> Iterator[Caller]:
        """Yield who has been counted and is remembered, user names first."""
        yield from self._users.values()
        yield from self._addresses.values()

    def forget(self) -> None:
        """Forget all counts, penalties and strikes."""
        self.box.clear()
        self._users.clear()
        self._addresses.clear()

    def _caller(self, user_name: str, address: str) -> Caller:
        """Return who is counted, and begin with a newcomer."""
        callers, name = (self._users, user_name) if user_name else (self._addresses, address)
        caller = callers.get(name)
        if caller is None:
            caller = Caller(name=name, is_user=bool(user_name))
            callers.put(name, caller)
        return caller

    def _exceeded(self, caller: Caller, limit: str, address: str, now: Instant) -> Excess:
        if caller.refused is None:
            caller.refused = {}
        caller.refused[limit] = caller.refused.get(limit, 0) + 1
        if not self._is_boxing:
            return Excess(limit, None)
        return Excess(limit, self.box.put(address, limit, now, self._settings))


def _taken(full_at: int, at: int, step: int, span: int) -> int:
    """Take one request out of a bucket and return when it is full again; 0 where it is empty.

    Instants are multiplied by the size of the bucket. A count that lies where no request can have
    put it says that somebody has set the wall's clock back: counting begins anew.
    """
    if full_at <= at:
        return at + step
    ahead = full_at - at
    if ahead + step <= span:
        return full_at + step
    return 0 if ahead <= span else at + step
