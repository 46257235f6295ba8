"""Headers: what stands in `Authorization: OAuth …`, read strictly where clients agree.

Tolerated, because clients in the field differ: the scheme in any case, blanks around commas, the
realm anywhere, values raw or percent-encoded, and a signature that is percent-encoded twice.
"""

import re
from typing import Final
from urllib.parse import unquote

import msgspec

from paperdesk.auth.oauth1.causes import Cause, SignedRequestRefused

SIZE_MAX: Final = 8 * 1024
PARAMETERS_MAX: Final = 32
PREFIX: Final = "oauth_"
DECODED_MAX: Final = 2
"""How often a signature is decoded: a published sample encodes it twice."""

KNOWN: Final = frozenset(
    {
        "oauth_callback",
        "oauth_consumer_key",
        "oauth_nonce",
        "oauth_signature",
        "oauth_signature_method",
        "oauth_timestamp",
        "oauth_token",
        "oauth_verifier",
        "oauth_version",
    }
)

_SCHEME: Final = re.compile(r"[ \t]*oauth(?:[ \t]+|$)", re.IGNORECASE)
_PARAMETER: Final = re.compile(r'([A-Za-z0-9_]+)="([^"]*)"([ \t]*,[ \t]*|[ \t]*$)')
_PAIR: Final = re.compile(r'([A-Za-z0-9_]+)="([^"]*)"')
_WHOLE: Final = re.compile(r'(?:[A-Za-z0-9_]+="[^"]*"[ \t]*,[ \t]*)*[A-Za-z0-9_]+="[^"]*"[ \t]*')
_NAME_ALONE: Final = re.compile(r"[A-Za-z0-9_]+=")
_ESCAPE: Final = re.compile(r"%[0-9A-Fa-f]{2}")


class AuthorizationHeader(msgspec.Struct, frozen=True, gc=False):
    """One header, read.

    `parameters` are those that are signed, in the header's order, their values percent-decoded
    once; `raw` are the same as they came, and the same record where nothing was encoded. The
    signature and the realm are never signed and stand apart; the signature is decoded until it
    does not change, at most twice. `realm` is None where none was given.
    """

    realm: str | None
    parameters: dict[str, str]
    raw: dict[str, str]
    signature: str

    def get(self, name: str) -> str:
        """Return a parameter's value, empty where it was not given."""
        return self.parameters.get(name, "")


def parse(value: bytes | str | None) -> AuthorizationHeader:
    """Read an Authorization header.

    Args:
        value: the field's value, without its name; None where there was no such field.

    Raises:
        SignedRequestRefused: it is missing, of another scheme, too long, or not as the grammar
            has it.
    """
    text = _text_of(value)
    scheme = _SCHEME.match(text)
    if scheme is None:
        given = text.split(maxsplit=1)[0][:20] if text.strip() else "nothing"
        raise SignedRequestRefused(
            Cause.WRONG_SCHEME, f"The Authorization header's scheme is {given}, not OAuth."
        )
    realm, raw = _parameters(text, scheme.end())
    signature = raw.pop("oauth_signature", "")
    if "%" in signature:
        signature = _decoded_signature(signature)
    parameters = raw
    if any("%" in value for value in raw.values()):
        parameters = {name: _decoded(name, value) for name, value in raw.items()}
    version = parameters.get("oauth_version", "1.0")
    if version != "1.0":
        raise SignedRequestRefused(
            Cause.WRONG_VERSION, f"oauth_version is {version[:20]!r}; leave it out or send 1.0."
        )
    return AuthorizationHeader(realm, parameters, raw, signature)


def refuse_elsewhere(raw_query: str, form: str = "") -> None:
    """Make sure that no parameter of the protocol stands outside the header.

    Args:
        raw_query: the request target's query as it came.
        form: the body, where it says of itself that it is a form; empty otherwise.

    Raises:
        SignedRequestRefused: one does; IBKR reads the header alone.
    """
    for place, text in (("query", raw_query), ("body", form)):
        if "oauth" not in text.lower() and "%" not in text:
            continue
        for pair in text.split("&"):
            name = unquote(pair.partition("=")[0])
            if name.lower().startswith(PREFIX):
                raise SignedRequestRefused(
                    Cause.PARAMETERS_ELSEWHERE,
                    f"{name[:40]} stands in the {place}; it belongs into the Authorization header.",
                )


def _text_of(value: bytes | str | None) -> str:
    if value is None:
        raise SignedRequestRefused(Cause.NO_HEADER, "There is no Authorization header.")
    if len(value) > SIZE_MAX:
        raise SignedRequestRefused(
            Cause.HEADER_TOO_LONG,
            f"The Authorization header has {len(value)} bytes; {SIZE_MAX} are accepted.",
        )
    text = value.decode("latin-1") if isinstance(value, bytes) else value
    if not (text.isascii() and text.replace("\t", " ").isprintable()):
        raise SignedRequestRefused(
            Cause.HEADER_NOT_PRINTABLE,
            "The Authorization header holds characters that are not printable ASCII; encode them.",
        )
    return text


def _parameters(text: str, position: int) -> tuple[str | None, dict[str, str]]:
    """Return the realm and the parameters as they came, from behind the scheme on."""
    pairs = _PAIR.findall(text, position)
    raw = dict(pairs)
    if len(raw) != len(pairs) or _WHOLE.fullmatch(text, position) is None:
        raise _malformed(text, position)
    realm = raw.pop("realm", None)
    if not KNOWN.issuperset(raw):
        for name in raw:
            if name not in KNOWN and name.lower().startswith(PREFIX):
                raise SignedRequestRefused(
                    Cause.UNKNOWN_PARAMETER, f"{name[:40]} is no parameter of OAuth 1.0a."
                )
    if len(raw) > PARAMETERS_MAX:
        raise SignedRequestRefused(
            Cause.TOO_MANY_PARAMETERS,
            f"The Authorization header has more than {PARAMETERS_MAX} parameters.",
        )
    return realm, raw


def _malformed(text: str, position: int) -> SignedRequestRefused:
    """Say what is wrong with a header that is not as the grammar has it, and never a value."""
    seen: dict[str, None] = {}
    found = _PARAMETER.match(text, position)
    while found is not None:
        if found[1] in seen:
            return SignedRequestRefused(
                Cause.DUPLICATE_PARAMETER, f"{found[1][:40]} stands in the header twice."
            )
        seen[found[1]] = None
        position = found.end()
        found = _PARAMETER.match(text, position)
    if position == len(text):
        return SignedRequestRefused(
            Cause.MALFORMED_HEADER,
            "The Authorization header has no parameters, or a comma behind its last one.",
        )
    return _no_parameter(text, position)


def _no_parameter(text: str, position: int) -> SignedRequestRefused:
    """Say what is wrong where no parameter could be read."""
    found = _NAME_ALONE.match(text, position)
    if found is None:
        return SignedRequestRefused(
            Cause.MALFORMED_HEADER,
            f'At character {position} of the Authorization header stands no name="value".',
        )
    name = found.group()[:-1][:40]
    rest = text[found.end() :]
    if not rest.startswith('"') or '"' not in rest[1:]:
        return SignedRequestRefused(
            Cause.MISSING_QUOTE, f"The value of {name} does not stand between two quotes."
        )
    return SignedRequestRefused(
        Cause.MALFORMED_HEADER, f"Behind the value of {name} stands neither a comma nor the end."
    )


def _decoded(name: str, value: str) -> str:
    try:
        return unquote(value, errors="strict")
    except UnicodeDecodeError:
        raise SignedRequestRefused(
            Cause.MALFORMED_ENCODING, f"The escapes in {name[:40]} are not UTF-8."
        ) from None


def _decoded_signature(value: str) -> str:
    # The only escapes that base64 needs; anything else takes the long way.
    value = value.replace("%2B", "+").replace("%2F", "/").replace("%3D", "=")
    for _ in range(DECODED_MAX):
        if _ESCAPE.search(value) is None:
            break
        value = _decoded("oauth_signature", value)
    return value
