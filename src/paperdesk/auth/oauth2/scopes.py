"""Scopes: what a token may be used for, and which of them a client is given."""

import re
from collections.abc import Sequence
from typing import Final

from paperdesk.base.units import HOUR, MINUTE, SECOND, Duration

SCOPES: Final = (
    "accounts.read",
    "accounts.write",
    "balances.read",
    "bank-instructions.read",
    "bank-instructions.write",
    "clients.read",
    "clients.write",
    "echo.read",
    "echo.write",
    "enumerations.read",
    "fee-templates.read",
    "fee-templates.write",
    "forms.read",
    "instructions.read",
    "instructions.write",
    "reports.read",
    "reports.write",
    "restrictions.write",
    "sso-browser-sessions.write",
    "sso-sessions.write",
    "statements.read",
    "statements.write",
    "transfers.read",
    "transfers.write",
    "validations.read",
)
"""Every scope there is. Four of them open nothing any more and are asked for by older programs."""

GRAMMAR: Final = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]+(?: [\x21\x23-\x5b\x5d-\x7e]+)*")
"""RFC 6749 §3.3: single blanks between words without quotes and backslashes."""

LENGTH_MAX: Final = 4_096

LIFETIME: Final[Duration] = 24 * HOUR
SHORT_LIFETIMES: Final = {"restrictions.write": 50 * MINUTE}
"""Of tokens with a scope that is trusted for less than a day."""


class InvalidScope(ValueError):
    """No token has the scopes that were asked for; the message is for the client."""


def granted(wanted: str, allowed: Sequence[str], *, is_strict: bool) -> tuple[str, ...]:
    """Return the scopes that a client is given, in the order it asked for them.

    Args:
        wanted: the parameter `scope`; "" asks for everything that is allowed.
        allowed: what the client is registered for.
        is_strict: refuse a known scope that is not allowed, instead of leaving it out.

    Raises:
        InvalidScope: the parameter is malformed, has an unknown scope, or nothing is left of it.
    """
    if not wanted:
        names = list(allowed)
    elif len(wanted) > LENGTH_MAX or not GRAMMAR.fullmatch(wanted):
        raise InvalidScope("scope is malformed: words with one blank between them")
    else:
        names = list(dict.fromkeys(wanted.split(" ")))
    for name in names:
        if name not in SCOPES:
            raise InvalidScope("scope is unknown")
    given = tuple(name for name in names if name in allowed)
    if is_strict and len(given) < len(names):
        raise InvalidScope("scope is not allowed for this client")
    if not given:
        raise InvalidScope("no scope is allowed for this client")
    return given


def lifetime(scopes: Sequence[str]) -> Duration:
    """Return how long a token with some scopes is good for: as its shortest scope."""
    return min((SHORT_LIFETIMES.get(scope, LIFETIME) for scope in scopes), default=LIFETIME)


def expires_in(scopes: Sequence[str]) -> int:
    """Return the seconds that a client is told, a second less than the token really has."""
    return lifetime(scopes) // SECOND - 1


def opens(scopes: Sequence[str], any_of: Sequence[str]) -> bool:
    """Say whether one of the scopes of a token is among those that an endpoint takes."""
    return any(scope in any_of for scope in scopes)
