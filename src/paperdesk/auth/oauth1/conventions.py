"""Conventions: the base strings that a client may have signed for one request.

Clients that work with IBKR disagree on whether the query is signed, how it is encoded, and which
URL they believe to have called. A convention is one such habit; a request is tried under each of
them, the likeliest first, and never under more than `TRIED_MAX`.
"""

import re
from collections.abc import Iterator, Sequence
from enum import Enum
from functools import lru_cache
from typing import Final
from urllib.parse import quote, quote_plus, unquote, unquote_plus

import msgspec
from msgspec.structs import replace

from paperdesk.auth.oauth1.headers import AuthorizationHeader
from paperdesk.auth.oauth1.requests import RequestLine

TRIED_MAX: Final = 39
ORIGINS_MAX: Final = 4
"""How many base URLs are tried with the rarer conventions; all of them with the commonest."""

REAL_ORIGIN: Final = "https://api.ibkr.com"
DEFAULT_PORTS: Final = {"https": ":443", "http": ":80"}

_UNRESERVED: Final = re.compile(r"[A-Za-z0-9\-._~&=:/?,]*")
_HOST: Final = re.compile(r"(?:[a-z0-9.\-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?")
_HOST_MAX: Final = 255


class Variant(Enum):
    """What a client does with the query.

    `PATH_ALONE` (IBKR's samples and ibind) leaves it unprotected; `URL` and `URL_UNESCAPED` sign
    it as part of the URL; `MERGED` sorts it among the parameters and encodes once; `RFC5849` is
    the standard, which encodes twice.
    """

    PATH_ALONE = "A"
    URL = "B"
    URL_UNESCAPED = "B2"
    MERGED = "C"
    RFC5849 = "D"


class QueryForm(Enum):
    """How the query's text is read before it is signed."""

    DECODED = "decoded"
    PLUS_KEPT = "plus kept"
    RAW = "raw"


class Convention(msgspec.Struct, frozen=True, gc=False):
    """One habit of signing.

    `plus_for_space` is form encoding, `%20` otherwise. With `slash_toggled` the client signed the
    path with a slash at its end that it did not send, or without one that it sent; with
    `raw_values` the header's values as they stood there, escapes and all.
    """

    variant: Variant
    origin: str
    query: QueryForm = QueryForm.DECODED
    plus_for_space: bool = True
    slash_toggled: bool = False
    raw_values: bool = False


class Candidate(msgspec.Struct, frozen=True, gc=False):
    """A base string and the convention that makes it."""

    convention: Convention
    text: str


def candidates(
    line: RequestLine,
    header: AuthorizationHeader,
    public: tuple[str, ...] = (),
    *,
    strict: bool = False,
) -> Iterator[Candidate]:
    """Yield the base strings that a request may have been signed with, each once.

    Args:
        line: the request as it came.
        header: its parameters.
        public: base URLs under which the desk is known, `https://desk.example:8443`, without a
            slash at the end; tried first.
        strict: only conventions that protect the query.

    Yields:
        At most `TRIED_MAX` candidates, the likeliest first.
    """
    origins = origins_of(line.scheme, line.host, line.port, public)
    seen: dict[str, None] = {}
    for convention in _conventions(line, header, origins, strict):
        text = base_string(line, header, convention)
        if text not in seen:
            seen[text] = None
            yield Candidate(convention, text)
            if len(seen) == TRIED_MAX:
                return


def base_string(line: RequestLine, header: AuthorizationHeader, convention: Convention) -> str:
    """Return what is signed for a request under a convention, without any prepend.

    Source:
        documented: IBKR's samples for A; field reports and working clients for the others.
    """
    url = f"{convention.origin}{_path(line, convention)}"
    values = header.raw if convention.raw_values else header.parameters
    pairs = list(values.items())
    match convention.variant:
        case Variant.URL | Variant.URL_UNESCAPED:
            if line.raw_query:
                url = f"{url}?{_read(line.raw_query, convention.query)}"
        case Variant.MERGED:
            pairs += query_pairs(line.raw_query, convention.query)
        case Variant.RFC5849:
            pairs += query_pairs(line.raw_query, convention.query)
            pairs = [(percent_encoded(name), percent_encoded(value)) for name, value in pairs]
    pairs.sort()
    return joined(line.method, url, pairs, plus_for_space=convention.plus_for_space)


def joined(
    method: str, url: str, pairs: Sequence[tuple[str, str]], *, plus_for_space: bool = True
) -> str:
    """Return method, URL and pairs as a base string; the pairs in the order given."""
    encode = form_encoded if plus_for_space else percent_encoded
    text = "&".join([f"{name}={value}" for name, value in pairs])
    return f"{method}&{encode(url)}&{encode(text)}"


def query_pairs(raw_query: str, form: QueryForm = QueryForm.DECODED) -> list[tuple[str, str]]:
    """Return names and values of a query in its order; empty pairs left out."""
    pairs: list[tuple[str, str]] = []
    for pair in raw_query.split("&"):
        if pair:
            name, _, value = pair.partition("=")
            pairs.append((_read(name, form), _read(value, form)))
    return pairs


@lru_cache(maxsize=256)
def origins_of(scheme: str, host: str, port: int, public: tuple[str, ...]) -> tuple[str, ...]:
    """Return the base URLs that a client may believe to have called, the likeliest first.

    A Host header alone does not say: several clients send `Host: api.ibkr.com` wherever they
    connect to, and sign the URL that they were configured with.
    """
    host = host.lower()
    named = [f"{scheme}://{host}", f"https://{host}"] if is_host(host) else []
    found = [
        *public,
        f"{scheme}://localhost:{port}",
        *named,
        REAL_ORIGIN,
        f"{scheme}://127.0.0.1:{port}",
        f"https://localhost:{port}",
        f"https://127.0.0.1:{port}",
    ]
    ordered = dict.fromkeys(found)
    ordered.update(dict.fromkeys(_with_port_toggled(origin) for origin in list(ordered)))
    ordered.pop("", None)
    return tuple(ordered)


def is_host(host: str) -> bool:
    """Say whether a text in lower case is a host name or address, with or without a port."""
    return len(host) <= _HOST_MAX and _HOST.fullmatch(host) is not None


def percent_encoded(text: str) -> str:
    """Return a text encoded as RFC 3986 has it: everything but unreserved characters escaped."""
    if _UNRESERVED.fullmatch(text) is None:
        return quote(text, safe="", errors="surrogatepass")
    return _quickly_encoded(text)


def form_encoded(text: str) -> str:
    """Return a text encoded as a form's value: a plus sign for a space."""
    if _UNRESERVED.fullmatch(text) is None:
        return quote_plus(text, errors="surrogatepass")
    return _quickly_encoded(text)


def _quickly_encoded(text: str) -> str:
    """Escape the only reserved characters that there may be; twenty times quicker than `quote`."""
    text = text.replace("=", "%3D").replace("&", "%26").replace("/", "%2F").replace(":", "%3A")
    return text.replace(",", "%2C").replace("?", "%3F") if "," in text or "?" in text else text


def _with_port_toggled(origin: str) -> str:
    """Return a base URL with its scheme's usual port written out, or left out; else nothing."""
    scheme, _, rest = origin.partition("://")
    usual = DEFAULT_PORTS.get(scheme, "")
    if usual and rest.endswith(usual):
        return origin[: -len(usual)]
    return origin + usual if usual and ":" not in rest.rpartition("]")[2] else ""


def _path(line: RequestLine, convention: Convention) -> str:
    path = line.raw_path
    if not convention.slash_toggled:
        return path
    return path[:-1] if path.endswith("/") else f"{path}/"


def _read(text: str, form: QueryForm) -> str:
    match form:
        case QueryForm.DECODED:
            return unquote_plus(text)
        case QueryForm.PLUS_KEPT:
            return unquote(text)
        case QueryForm.RAW:
            return text


def _conventions(
    line: RequestLine,
    header: AuthorizationHeader,
    origins: Sequence[str],
    strict: bool,  # noqa: FBT001 - handed through
) -> Iterator[Convention]:
    """Yield conventions in order; many of them may make one text."""
    common, rare, odd = (
        [form for form in forms if not strict or form.variant in _PROTECTING]
        for forms in (_FORMS if line.raw_query else _FORMS_WITHOUT_QUERY)
    )
    likely = origins[:ORIGINS_MAX]
    yield from _placed(common, origins)
    yield from _placed(rare, likely)
    if not strict:
        yield from _placed([replace(form, slash_toggled=True) for form in common], likely)
    yield from _placed(odd, likely)
    if header.raw is not header.parameters:
        yield from _placed([replace(form, raw_values=True) for form in (*common, *rare)], likely)


def _placed(forms: Sequence[Convention], origins: Sequence[str]) -> Iterator[Convention]:
    return (replace(form, origin=origin) for form in forms for origin in origins)


_PROTECTING: Final = frozenset({Variant.MERGED, Variant.RFC5849})

_FORMS: Final = (
    (Convention(Variant.PATH_ALONE, ""), Convention(Variant.MERGED, "")),
    (
        Convention(Variant.RFC5849, "", plus_for_space=False),
        Convention(Variant.URL, "", QueryForm.RAW),
        Convention(Variant.URL_UNESCAPED, ""),
    ),
    (
        Convention(Variant.MERGED, "", plus_for_space=False),
        Convention(Variant.URL_UNESCAPED, "", plus_for_space=False),
        Convention(Variant.MERGED, "", QueryForm.RAW),
        Convention(Variant.RFC5849, "", QueryForm.RAW, plus_for_space=False),
        Convention(Variant.URL_UNESCAPED, "", QueryForm.PLUS_KEPT),
    ),
)
"""The commonest, the rarer, and those that differ from them by a space or a plus sign alone."""

_FORMS_WITHOUT_QUERY: Final = (
    (Convention(Variant.PATH_ALONE, ""), Convention(Variant.MERGED, "", plus_for_space=False)),
    (Convention(Variant.RFC5849, "", plus_for_space=False),),
    (),
)
