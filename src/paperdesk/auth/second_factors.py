"""Second factors: what a user shows beside name and password, and whether it is right.

A code of an authenticator app is RFC 6238's: six digits, HMAC-SHA1, steps of 30 seconds of the
wall. The step before and the one after count too, for clocks that differ, and each code once.
"""

import hmac
from base64 import b32decode, b32encode
from enum import Enum
from typing import Final

import msgspec
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from paperdesk.base.units import SECOND, Instant

DIGITS: Final = 6
STEP_SECONDS: Final = 30
STEPS_AROUND: Final = 1
SECRET_SIZE: Final = 20
CODE_LENGTH_MAX: Final = 20
ISSUER: Final = "Paperdesk"


class Method(Enum):
    """What a user can be asked for."""

    CODE = "code"
    TOTP = "totp"
    PUSH = "push"


class SecondFactors(msgspec.Struct, frozen=True, kw_only=True):
    """What one user has beside a password.

    `code` is always the same, `secret` is an authenticator app's as base32, and `used_step` the
    step of its last code that was taken. `is_promoted` shows the page that offers an app, as
    users without one see it.
    """

    code: str = ""
    secret: str = ""
    used_step: int = -1
    has_push: bool = False
    is_promoted: bool = False

    @property
    def methods(self) -> tuple[Method, ...]:
        """What the user can be asked for; nothing where the password is enough."""
        has = {
            Method.PUSH: self.has_push,
            Method.TOTP: bool(self.secret),
            Method.CODE: bool(self.code),
        }
        return tuple(method for method in has if has[method])

    def __repr__(self) -> str:
        """Leave the secrets out."""
        return f"SecondFactors({', '.join(method.value for method in self.methods)})"


NONE: Final = SecondFactors()


def secret_of(drawn: bytes) -> str:
    """Return a secret as base32; `drawn` is twenty bytes that nobody can foresee."""
    assert len(drawn) == SECRET_SIZE
    return b32encode(drawn).decode()


def uri(secret: str, user_name: str) -> str:
    """Return what an authenticator app reads from a picture, or takes as text."""
    return _totp(secret).get_provisioning_uri(user_name, ISSUER)


def code_at(secret: str, at: Instant) -> str:
    """Return the code of an instant of wall time."""
    return _totp(secret).generate(at // SECOND).decode()


def is_fixed_code(factors: SecondFactors, code: str) -> bool:
    """Say whether a code is the user's that is always the same."""
    return bool(factors.code) and hmac.compare_digest(code.encode(), factors.code.encode())


def step_of(factors: SecondFactors, code: str, at: Instant) -> int | None:
    """Return the step whose code was given, None where it is wrong or was taken before.

    Args:
        factors: the user's.
        code: what was typed.
        at: wall time.
    """
    if not factors.secret or len(code) > CODE_LENGTH_MAX:
        return None
    totp = _totp(factors.secret)
    now = at // SECOND // STEP_SECONDS
    found = None
    for step in range(now - STEPS_AROUND, now + STEPS_AROUND + 1):
        expected = totp.generate(step * STEP_SECONDS)
        if hmac.compare_digest(code.encode(), expected) and step > factors.used_step:
            found = step
    return found


def _totp(secret: str) -> TOTP:
    # Authenticator apps know SHA-1 alone, which HMAC does not weaken.
    return TOTP(b32decode(secret), DIGITS, SHA1(), STEP_SECONDS)  # noqa: S303
