"""Rules of the authorization server: whom it takes itself for, and how strict it is."""

from enum import Enum
from typing import Final

import msgspec

from paperdesk.base.units import MINUTE, SECOND, Duration

ENDPOINT: Final = "/oauth2/api/v1/token"
AUDIENCE: Final = "/token"
"""What clients of the real service call it, instead of an address."""


class Profile(Enum):
    """What is taken of a client."""

    COMPATIBLE = "compatible"
    """What the real service takes of the programs that are in use."""

    STRICT = "strict"
    """What the newer standards ask for: no literal audience, no RS256, no assertion twice."""


class BodyMode(Enum):
    """How the body of a request with the policy SIGNED_JWT has to come."""

    COMPATIBLE = "compatible"
    """Signed, under any content type."""

    STRICT = "strict"
    """Signed, as application/jwt."""

    UNSIGNED = "unsigned"
    """Plain JSON too, for trying things out by hand; the answer says so."""


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """How assertions, bodies and tokens are judged.

    `issuers` are the base addresses that the server answers to, the one that it calls itself
    first. A clock may be `skew_future` ahead of ours and an assertion `skew_past` too old. An
    assertion with a `jti` is taken once; with `bytes_once` so is one without. That is off: two
    workers of a client that sign in the same second send the same bytes, and so does a client
    that tries again.
    """

    issuers: tuple[str, ...]
    profile: Profile = Profile.COMPATIBLE
    bodies: BodyMode = BodyMode.COMPATIBLE
    bytes_once: bool = False
    skew_future: Duration = 10 * SECOND
    skew_past: Duration = 5 * SECOND
    lifetime_max: Duration = 5 * MINUTE
    """How far ahead an assertion of the strict profile may expire."""

    @property
    def is_strict(self) -> bool:
        """Whether the strict profile is asked for."""
        return self.profile is Profile.STRICT

    def audiences(self) -> frozenset[str]:
        """Return what an assertion may say it is for."""
        if self.is_strict:
            return frozenset(self.issuers)
        own = {AUDIENCE, *self.issuers, *(issuer + ENDPOINT for issuer in self.issuers)}
        return frozenset(own)
