"""Lock-outs: wrong passwords and codes cost time, more with each, and five lock a name.

Instants are wall time, so that no desk clock shortens a lock. What is remembered is bounded, and a
flood of made-up names never pushes a real one out.
"""

from typing import Final

import msgspec

from paperdesk.base.units import MINUTE, SECOND, Duration, Instant

FAILURES_MAX: Final = 5
LOCK: Final[Duration] = MINUTE
DELAY: Final[Duration] = SECOND // 2
STRANGERS_MAX: Final = 1_000


class Failures(msgspec.Struct):
    """What went wrong for one name since it last went right, and until when it is locked."""

    count: int = 0
    locked_until: Instant = 0


class Lockouts:
    """Names that failed. Those of users stay; of other names the latest thousand."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self._users: dict[str, Failures] = {}
        self._strangers: dict[str, Failures] = {}

    def is_locked(self, name: str, at: Instant) -> bool:
        """Say whether a name has failed so often that nothing is tried now."""
        failures = self._users.get(name) or self._strangers.get(name)
        return failures is not None and at < failures.locked_until

    def failed(self, name: str, at: Instant, *, is_user: bool) -> Duration:
        """Count a failure and return how long its answer is to be held back.

        Args:
            name: what was typed as user name.
            at: wall time.
            is_user: whether anybody has that name; there are only so many of them.
        """
        kept = self._users if is_user else self._strangers
        failures = kept.pop(name, None) or Failures()
        if not is_user and len(kept) >= STRANGERS_MAX:
            kept.pop(next(iter(kept)))
        kept[name] = failures
        failures.count += 1
        if failures.count >= FAILURES_MAX:
            failures.locked_until = at + LOCK
            failures.count = 0
        return DELAY * (failures.count or FAILURES_MAX)

    def succeeded(self, name: str) -> None:
        """Forget the failures of a name."""
        self._users.pop(name, None)
        self._strangers.pop(name, None)
