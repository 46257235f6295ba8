"""Assertions: a client proves who it is by what it has signed.

The checks come in the order of RFC 7521, 7523 and 8725; the first that fails is the verdict. Which
algorithm, which key and which audience count is said by the registration and by our rules, never
by the assertion.
"""

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Final

import msgspec

from paperdesk.auth.oauth2 import clients, compact, numeric_dates, replays, signatures
from paperdesk.auth.oauth2.compact import Jws, Malformed
from paperdesk.auth.oauth2.numeric_dates import InvalidDate
from paperdesk.auth.oauth2.replays import Replays, ReplaysFull, Used
from paperdesk.auth.oauth2.rules import Rules
from paperdesk.auth.registrations import ClientKey, OAuthClient, Standing
from paperdesk.base.units import SECOND, Duration, Instant

LENGTH_MAX: Final = 32_768
ID_LENGTH_MAX: Final = 512
SHOWN_MAX: Final = 80
TYPES: Final = frozenset({"jwt", "client-authentication+jwt"})
"""An access token or a logout token is not an assertion, whoever has signed it."""


class Cause(Enum):
    """Why an assertion is refused."""

    MALFORMED = "malformed"
    ALGORITHM_UNKNOWN = "algorithm-unknown"
    CRITICAL_HEADER = "critical-header"
    CLIENT_UNKNOWN = "client-unknown"
    CLIENT_INACTIVE = "client-inactive"
    KEY_UNKNOWN = "key-unknown"
    ALGORITHM_MISMATCH = "algorithm-mismatch"
    ALGORITHM_NOT_STRICT = "algorithm-not-strict"
    SIGNATURE = "signature"
    TYPE = "type"
    ISSUER = "issuer"
    CLIENT_ID = "client-id"
    AUDIENCE = "audience"
    DATE = "date"
    EXPIRY_MISSING = "expiry-missing"
    EXPIRED = "expired"
    TOO_FAR_AHEAD = "too-far-ahead"
    NOT_YET = "not-yet"
    ID = "id"
    ID_MISSING = "id-missing"
    REPLAYED = "replayed"
    REPLAYS_FULL = "replays-full"


VAGUE: Final = "client authentication failed"
"""What a stranger is told who could learn which clients and keys there are."""

DESCRIPTIONS: Final = {
    Cause.MALFORMED: "client_assertion is not a signed JWT in compact form",
    Cause.ALGORITHM_UNKNOWN: "assertion alg is not supported",
    Cause.CRITICAL_HEADER: "assertion has a crit header that is not understood",
    Cause.TYPE: "assertion typ is not that of a client assertion",
    Cause.ISSUER: "assertion iss and sub are not one and the same client",
    Cause.CLIENT_ID: "client_id is not the assertion sub",
    Cause.AUDIENCE: "assertion aud is not this server",
    Cause.DATE: "assertion exp, iat and nbf are numbers of seconds",
    Cause.EXPIRY_MISSING: "assertion has no exp",
    Cause.EXPIRED: "assertion expired",
    Cause.TOO_FAR_AHEAD: "assertion exp is too far ahead",
    Cause.NOT_YET: "assertion iat or nbf is in the future",
    Cause.ID: "assertion jti is not a text of sensible length",
    Cause.ID_MISSING: "assertion has no jti",
    Cause.REPLAYED: "assertion was used before",
    Cause.REPLAYS_FULL: "too many assertions are still alive",
}
"""What the sender is told: ASCII without quotes and backslashes."""


class Accepted(msgspec.Struct, frozen=True):
    """An assertion that proves who its client is.

    `used` is what was remembered of it, None where it may come again.
    """

    client: OAuthClient
    key: ClientKey
    used: Used | None


class Rejected(msgspec.Struct, frozen=True):
    """An assertion that proves nothing.

    `reason` is for the developer of the client and names values; a stranger does not get it.
    """

    cause: Cause
    reason: str

    @property
    def description(self) -> str:
        """What the sender is told."""
        return DESCRIPTIONS.get(self.cause, VAGUE)


class Case(msgspec.Struct):
    """An assertion before its judge, unverified until its signature was found good."""

    jws: Jws
    form_client_id: str
    client: OAuthClient
    key: ClientKey
    rules: Rules
    now: Instant


def judge(
    assertion: str,
    registered: Mapping[str, OAuthClient],
    rules: Rules,
    now: Instant,
    form_client_id: str = "",
) -> Case | Rejected:
    """Say whether an assertion proves who its client is, replays apart.

    Args:
        assertion: the form's `client_assertion`.
        registered: clients by id.
        rules: which audiences, algorithms and clocks are taken.
        now: wall time.
        form_client_id: the form's `client_id`, "" where it has none.
    """
    try:
        jws = compact.read(assertion, LENGTH_MAX)
    except Malformed as error:
        return Rejected(Cause.MALFORMED, str(error))
    rejected = _header_refused(jws)
    if rejected is not None:
        return rejected
    client = _client(jws, registered)
    if isinstance(client, Rejected):
        return client
    key = clients.named_key(client, jws.header, now)
    if isinstance(key, str):
        return Rejected(Cause.KEY_UNKNOWN, key)
    case = Case(jws, form_client_id, client, key, rules, now)
    return next(_failures(case), case)


def once(case: Case, used_before: Replays) -> Accepted | Rejected:
    """Take an assertion that was judged good, unless it was used before."""
    used = _to_remember(case)
    if used is None:
        return Accepted(case.client, case.key, None)
    try:
        if used_before.use(used, case.now):
            return Accepted(case.client, case.key, used)
    except ReplaysFull as error:
        return Rejected(Cause.REPLAYS_FULL, str(error))
    return Rejected(Cause.REPLAYED, "an assertion with this jti or these bytes was used before")


def _header_refused(jws: Jws) -> Rejected | None:
    algorithm = jws.header.get("alg")
    if algorithm not in signatures.ALGORITHMS:
        known = ", ".join(signatures.ALGORITHMS)
        return Rejected(Cause.ALGORITHM_UNKNOWN, f"alg is {_shown(algorithm)}, not of {known}")
    if "crit" in jws.header:
        return Rejected(Cause.CRITICAL_HEADER, f"crit is {_shown(jws.header['crit'])}")
    return None


def _client(jws: Jws, registered: Mapping[str, OAuthClient]) -> OAuthClient | Rejected:
    name = jws.claims.get("iss", jws.claims.get("sub"))
    client = registered.get(name) if type(name) is str else None
    if client is None:
        return Rejected(Cause.CLIENT_UNKNOWN, f"there is no client {_shown(name)}")
    if client.standing is not Standing.ACTIVE:
        return Rejected(Cause.CLIENT_INACTIVE, f"the client is {client.standing.value}")
    return client


def _failures(case: Case) -> Iterator[Rejected]:
    """Yield what is wrong with an assertion, the first to be noticed first."""
    for check in CHECKS:
        rejected = check(case)
        if rejected is not None:
            yield rejected


def _algorithm(case: Case) -> Rejected | None:
    algorithm, key = case.jws.header["alg"], case.key
    if algorithm != key.algorithm:
        reason = f"alg is {algorithm}, and the key {key.kid!r} is registered for {key.algorithm}"
        return Rejected(Cause.ALGORITHM_MISMATCH, reason)
    if case.rules.is_strict and algorithm not in signatures.STRICT_ALGORITHMS:
        reason = f"the strict profile takes {', '.join(signatures.STRICT_ALGORITHMS)} alone"
        return Rejected(Cause.ALGORITHM_NOT_STRICT, reason)
    return None


def _signature(case: Case) -> Rejected | None:
    jws, key = case.jws, case.key
    if signatures.is_good(jws.signed, jws.signature, key.algorithm, key.pem):
        return None
    reason = f"the signature was not made with the private half of {key.thumbprint} ({key.kid!r})"
    return Rejected(Cause.SIGNATURE, reason)


def _type(case: Case) -> Rejected | None:
    token_type = case.jws.header.get("typ", "JWT")
    if type(token_type) is str and token_type.lower() in TYPES:
        return None
    return Rejected(Cause.TYPE, f"typ is {_shown(token_type)}")


def _issuer(case: Case) -> Rejected | None:
    issuer, subject = case.jws.claims.get("iss"), case.jws.claims.get("sub")
    if issuer == subject == case.client.client_id:
        return None
    return Rejected(Cause.ISSUER, f"iss is {_shown(issuer)} and sub is {_shown(subject)}")


def _client_id(case: Case) -> Rejected | None:
    if case.form_client_id in {"", case.client.client_id}:
        return None
    return Rejected(Cause.CLIENT_ID, f"client_id is {_shown(case.form_client_id)}")


def _audience(case: Case) -> Rejected | None:
    audience, own = case.jws.claims.get("aud"), case.rules.audiences()
    entries = audience if type(audience) is list and not case.rules.is_strict else [audience]
    if all(type(entry) is str for entry in entries) and any(entry in own for entry in entries):
        return None
    wanted = " or ".join(sorted(own))
    return Rejected(Cause.AUDIENCE, f"aud is {_shown(audience)}, not {wanted}")


def _time(case: Case) -> Rejected | None:
    try:
        expires, *begins = [
            numeric_dates.instant(case.jws.claims, name) for name in ("exp", "iat", "nbf")
        ]
    except InvalidDate as error:
        return Rejected(Cause.DATE, str(error))
    if expires is None:
        return Rejected(Cause.EXPIRY_MISSING, "exp is required")
    rules, now = case.rules, case.now
    if expires <= now - rules.skew_past:
        return Rejected(Cause.EXPIRED, f"exp was {_seconds(now - expires)} ago by this clock")
    if rules.is_strict and expires > now + rules.lifetime_max:
        return Rejected(Cause.TOO_FAR_AHEAD, f"exp is {_seconds(expires - now)} ahead")
    for begin in begins:
        if begin is not None and begin > now + rules.skew_future:
            reason = f"iat or nbf is {_seconds(begin - now)} ahead of this clock"
            return Rejected(Cause.NOT_YET, reason)
    return None


def _id(case: Case) -> Rejected | None:
    claims = case.jws.claims
    if "jti" not in claims:
        if case.rules.is_strict:
            return Rejected(Cause.ID_MISSING, "the strict profile takes every assertion once")
        return None
    token_id = claims["jti"]
    if type(token_id) is str and 0 < len(token_id) <= ID_LENGTH_MAX:
        return None
    return Rejected(Cause.ID, f"jti is {_shown(token_id)}")


CHECKS: Final = (
    _algorithm,
    _signature,
    _type,
    _issuer,
    _client_id,
    _audience,
    _time,
    _id,
)
"""In order. Nothing of the claims is believed before the signature was found good."""


def _to_remember(case: Case) -> Used | None:
    claims, client_id = case.jws.claims, case.client.client_id
    if "jti" in claims:
        mark = replays.mark_of_id(client_id, claims["jti"])
    elif case.rules.bytes_once:
        mark = replays.mark_of_bytes(case.jws.signed)
    else:
        return None
    expires = numeric_dates.instant(claims, "exp")
    assert expires is not None
    return Used(until=expires + case.rules.skew_past, mark=mark, client_id=client_id)


def _seconds(duration: Duration) -> str:
    return f"{duration / SECOND:.3f} s"


def _shown(value: object) -> str:
    """Return a value of somebody else's for a developer's eyes, at a sensible length."""
    return repr(value)[:SHOWN_MAX]
