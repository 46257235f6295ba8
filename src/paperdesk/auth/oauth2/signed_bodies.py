"""Signed bodies: requests of the gateway API that come as a token signed by the client."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from paperdesk.auth.oauth2 import clients, compact, numeric_dates, signatures, strict_json
from paperdesk.auth.oauth2.compact import Jws, Malformed
from paperdesk.auth.oauth2.numeric_dates import InvalidDate
from paperdesk.auth.oauth2.rules import BodyMode, Rules
from paperdesk.auth.oauth2.strict_json import NotStrict
from paperdesk.auth.registrations import ClientKey, OAuthClient
from paperdesk.base.units import Instant

LENGTH_MAX: Final = 20_000_000
"""Documents stand in a body as base64."""

JWT_TYPE: Final = "application/jwt"
JWT: Final = "jwt"
REGISTERED_CLAIMS: Final = ("iss", "iat", "exp", "nbf", "jti", "aud", "sub")
"""What belongs to the token rather than to the request in it."""


class Signed(msgspec.Struct, frozen=True):
    """A body that its client has signed: the fields of the request, without the token's own.

    Numbers with a point are Decimal. `is_unsigned` says that plain JSON was let through.
    """

    fields: dict[str, Any]
    is_unsigned: bool = False


class NotSigned(msgspec.Struct, frozen=True):
    """A body that is not signed as it has to be; `reason` is for the developer."""

    reason: str


def judge(
    body: bytes, content_type: str, client: OAuthClient, rules: Rules, now: Instant
) -> Signed | NotSigned:
    """Return the fields of a body that the client of the request's bearer token has signed.

    Args:
        body: as it came.
        content_type: of the header, "" for none.
        client: of the bearer token; nobody else may have signed.
        rules: which forms of a body, which algorithms and clocks are taken.
        now: wall time.
    """
    if len(body) > LENGTH_MAX:
        return NotSigned(f"the body has more than {LENGTH_MAX} bytes")
    if not body.isascii():
        return NotSigned("the body is not ASCII")
    media_type = content_type.partition(";")[0].strip().lower()
    if rules.bodies is BodyMode.STRICT and media_type != JWT_TYPE:
        return NotSigned(f"the content type is {media_type[:60]!r}, not {JWT_TYPE}")
    text = body.decode()
    if rules.bodies is not BodyMode.STRICT:
        # Programs that send a file send its last line's end as well.
        text = text.strip()
    if rules.bodies is BodyMode.UNSIGNED and not compact.looks_compact(text):
        return _plain(body)
    return _verified(text, client, rules, now)


def _plain(body: bytes) -> Signed | NotSigned:
    try:
        value = strict_json.decoded(body)
    except NotStrict as error:
        return NotSigned(str(error))
    if type(value) is not dict:
        return NotSigned("the body is no JSON object")
    return Signed(_fields(value), is_unsigned=True)


def _verified(text: str, client: OAuthClient, rules: Rules, now: Instant) -> Signed | NotSigned:
    try:
        jws = compact.read(text, LENGTH_MAX)
    except Malformed as error:
        return NotSigned(str(error))
    key = clients.named_key(client, jws.header, now)
    if isinstance(key, str):
        return NotSigned(key)
    reason = _misfit(jws, key, rules)
    if not reason and not signatures.is_good(jws.signed, jws.signature, key.algorithm, key.pem):
        reason = f"the signature was not made with the private half of {key.thumbprint}"
    reason = reason or _claims_refused(jws, client, rules, now)
    return NotSigned(reason) if reason else Signed(_fields(jws.claims))


def _misfit(jws: Jws, key: ClientKey, rules: Rules) -> str:
    """Return why a header does not fit its key, "" where it does."""
    algorithm, token_type = jws.header.get("alg"), jws.header.get("typ", JWT)
    if algorithm != key.algorithm:
        return f"alg is {str(algorithm)[:20]!r}, and the key is registered for {key.algorithm}"
    if rules.is_strict and algorithm not in signatures.STRICT_ALGORITHMS:
        return f"the strict profile takes {', '.join(signatures.STRICT_ALGORITHMS)} alone"
    if "crit" in jws.header:
        return "there is a crit header"
    if type(token_type) is not str or token_type.lower() != JWT:
        return f"typ is {str(token_type)[:40]!r}, not JWT"
    return ""


def _claims_refused(jws: Jws, client: OAuthClient, rules: Rules, now: Instant) -> str:
    """Return why the token's own claims are refused, "" where they are good.

    `iat` and `exp` may be left out: the smallest body that is documented has `iss` alone.
    """
    if not jws.payload.isascii():
        return "the claims are not ASCII"
    if jws.claims.get("iss") != client.client_id:
        return "iss is not the client of the bearer token"
    try:
        expires, *begins = [
            numeric_dates.instant(jws.claims, name) for name in ("exp", "iat", "nbf")
        ]
    except InvalidDate as error:
        return str(error)
    if expires is not None and expires <= now - rules.skew_past:
        return "exp is over"
    if any(begin is not None and begin > now + rules.skew_future for begin in begins):
        return "iat or nbf is in the future"
    return ""


def _fields(claims: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in claims.items() if name not in REGISTERED_CLAIMS}
