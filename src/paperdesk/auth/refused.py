"""Refused requests: the last ones whose signature was not accepted, kept for developers.

Only a desk that was told to explain keeps any. What is shown holds no secret.
"""

from collections import deque
from typing import Final

import msgspec

from paperdesk.auth.oauth1.explanations import Explanation
from paperdesk.auth.oauth1.outcomes import Rejected
from paperdesk.auth.oauth1.requests import SignedRequest
from paperdesk.base.units import Instant

KEPT_MAX: Final = 200


class RefusedRequest(msgspec.Struct, kw_only=True, eq=False):
    """One request that was refused.

    `number` is the one that its answer named; `at` is wall time. `explanation` is None until it
    has been found, which takes a moment.
    """

    number: int
    at: Instant
    request: SignedRequest
    rejected: Rejected
    explanation: Explanation | None = None

    def __repr__(self) -> str:
        """Leave the request out, whose signature may be good for another one."""
        return f"RefusedRequest({self.number}, {self.rejected.cause.value})"


class RefusedRequests:
    """The last refused requests, oldest first."""

    def __init__(self, kept_max: int = KEPT_MAX) -> None:
        """Keep no more than so many."""
        self._kept: deque[RefusedRequest] = deque(maxlen=kept_max)

    def add(self, refused: RefusedRequest) -> None:
        """Keep one more."""
        self._kept.append(refused)

    def last(self, count: int) -> list[RefusedRequest]:
        """Return the last so many, newest first."""
        return list(self._kept)[: -count - 1 : -1]

    def find(self, number: int) -> RefusedRequest | None:
        """Return one by its number."""
        return next((one for one in self._kept if one.number == number), None)
