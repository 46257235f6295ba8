"""Wrong texts: base strings that a client may have signed by mistake, each with its cause.

Every one is made as a client would have made it; an explanation tries them against the signature.
None is ever accepted.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import unquote

import msgspec
from msgspec.structs import replace

from paperdesk.auth.oauth1.causes import Cause
from paperdesk.auth.oauth1.conventions import (
    Candidate,
    Variant,
    candidates,
    form_encoded,
    joined,
    origins_of,
    percent_encoded,
    query_pairs,
)
from paperdesk.auth.oauth1.headers import AuthorizationHeader
from paperdesk.auth.oauth1.requests import (
    CHALLENGE,
    HMAC_SHA256,
    RSA_SHA256,
    RequestLine,
    SignedRequest,
)

METHODS: Final = ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS")
BODY_MAX: Final = 16 * 1024
SECONDS_APART: Final = (-3, -2, -1, 1, 2, 3)
"""A client that asks its clock twice signs another second than it sends."""

OTHER_HOSTS: Final = (
    *(f"https://{number}.api.ibkr.com" for number in range(1, 10)),
    "https://localhost",
    "https://localhost:5000",
    "https://localhost:5001",
    "https://localhost:8443",
    "https://localhost:443",
    "https://www.interactivebrokers.com/tradingapi",
    "https://interactivebrokers.com",
    "https://host.docker.internal:5001",
    "https://0.0.0.0:5001",
)
PREFIXES: Final = ("/v1/api", "/alpha/api", "/v1/portal", "/tradingapi/v1", "/oauth", "/gw/api/v1")

_ESCAPE: Final = re.compile(r"%[0-9A-F]{2}")


class WrongText(msgspec.Struct, frozen=True, gc=False):
    """A base string, the mistake it comes of, and what the mistake is about.

    `cause` is None for a text that is right.
    """

    cause: Cause | None
    detail: str
    text: str
    variant: str = ""


def wrong_texts(
    request: SignedRequest,
    header: AuthorizationHeader,
    public: tuple[str, ...],
    *,
    strict: bool = False,
) -> Iterator[WrongText]:
    """Yield what a client may have signed instead of a request's base string; some thousands."""
    if strict:
        for candidate in candidates(request.line, header, public):
            if candidate.convention.variant not in (Variant.MERGED, Variant.RFC5849):
                yield WrongText(Cause.QUERY_NOT_SIGNED, "", candidate.text)
    yield from _other_lines(request.line, header, public)
    yield from _other_parameters(request, header, public)
    yield from _other_shapes(request.line, header, public)


def right_text(candidate: Candidate) -> WrongText:
    """Return a base string that a request may have been signed with."""
    return WrongText(None, "", candidate.text, candidate.convention.variant.value)


def _of(
    cause: Cause,
    detail: str,
    line: RequestLine,
    header: AuthorizationHeader,
    public: tuple[str, ...],
) -> Iterator[WrongText]:
    for candidate in candidates(line, header, public):
        yield replace(right_text(candidate), cause=cause, detail=detail)


def _other_lines(
    line: RequestLine, header: AuthorizationHeader, public: tuple[str, ...]
) -> Iterator[WrongText]:
    """Yield texts of a request to somewhere else."""
    for method in METHODS:
        if method != line.method:
            other = replace(line, method=method)
            yield from _of(Cause.ANOTHER_HTTP_METHOD, method, other, header, public)
    other = replace(line, method=line.method.lower())
    yield from _of(Cause.METHOD_IN_LOWERCASE, other.method, other, header, public)
    scheme = "http" if line.scheme == "https" else "https"
    swapped = tuple(f"{scheme}{origin[origin.index(':') :]}" for origin in public)
    other = replace(line, scheme=scheme)
    yield from _of(Cause.ANOTHER_SCHEME, scheme, other, header, swapped)
    for path in _other_paths(line.raw_path):
        other = replace(line, raw_path=path)
        yield from _of(Cause.ANOTHER_PATH, path or "an empty path", other, header, public)
    for host in _other_hosts(line):
        yield from _of(Cause.ANOTHER_HOST, host, line, header, (host,))
    for query in _other_queries(line.raw_query):
        other = replace(line, raw_query=query)
        yield from _of(Cause.ANOTHER_QUERY, query or "no query", other, header, public)


def _other_paths(path: str) -> Iterator[str]:
    bare = next((path[len(p) :] for p in PREFIXES if path.startswith(f"{p}/")), path)
    yield from dict.fromkeys(
        other
        for other in (
            *(f"{prefix}{bare}" for prefix in PREFIXES),
            bare,
            f"/{path}",
            path.replace("/v1/api/", "/v1/api//", 1),
            f"/v1/api{path}",
            unquote(path),
            path.lower(),
            path.lstrip("/"),
            path.replace("/request_token", "/live_session_token"),
            path.replace("/access_token", "/live_session_token"),
            path.replace("/live_session_token", "/access_token"),
            path.replace("/live_session_token", "/request_token"),
            "",
        )
        if other != path
    )


def _other_hosts(line: RequestLine) -> Iterator[str]:
    bare = line.host.lower().rpartition(":")[0] or line.host.lower()
    yield from dict.fromkeys(
        (
            *OTHER_HOSTS,
            f"https://{bare}",
            f"https://{bare}:{line.port}",
            f"https://api.ibkr.com:{line.port}",
            f"https://host.docker.internal:{line.port}",
            f"https://0.0.0.0:{line.port}",
            f"https://[::1]:{line.port}",
        )
    )


def _other_queries(query: str) -> Iterator[str]:
    pairs = [pair for pair in query.split("&") if pair][:16]
    for number in range(len(pairs)):
        yield "&".join(pairs[:number] + pairs[number + 1 :])
    if len(pairs) > 2:  # noqa: PLR2004 - else it is one of the above
        yield from pairs


def _other_parameters(
    request: SignedRequest, header: AuthorizationHeader, public: tuple[str, ...]
) -> Iterator[WrongText]:
    """Yield texts with one parameter more, less, or of another value."""
    line = request.line
    for name in header.parameters:
        kept = {key: value for key, value in header.parameters.items() if key != name}
        yield from _of(Cause.PARAMETER_NOT_SIGNED, name, line, _with(header, kept), public)
    if header.realm is not None:
        more = {**header.parameters, "realm": header.realm}
        yield from _of(Cause.REALM_SIGNED, "", line, _with(header, more), public)
    for name, value in _other_values(header.parameters):
        more = {**header.parameters, name: value}
        yield from _of(Cause.ANOTHER_VALUE, name, line, _with(header, more), public)
    for members in _members(request.body):
        more = {**header.parameters, **members}
        yield from _of(Cause.BODY_SIGNED, "", line, _with(header, more), public)


def _other_values(parameters: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield names and values that a client signs while it sends others."""
    stamp = parameters.get("oauth_timestamp", "")
    if stamp.isascii() and stamp.isdigit():
        for apart in SECONDS_APART:
            yield "oauth_timestamp", str(int(stamp) + apart)
        yield "oauth_timestamp", f"{stamp}000"
    for method in (RSA_SHA256, HMAC_SHA256, "HMAC-SHA1"):
        if method != parameters.get("oauth_signature_method"):
            yield "oauth_signature_method", method
    for name, value in (("oauth_version", "1.0"), ("oauth_token", "")):
        if name not in parameters:
            yield name, value
    for value in _other_challenges(parameters.get(CHALLENGE, "")):
        yield CHALLENGE, value


def _other_challenges(text: str) -> tuple[str, ...]:
    return (text.upper(), f"0x{text}", f"0{text}", text.lstrip("0")) if text else ()


def _members(body: bytes) -> Iterator[dict[str, str]]:
    """Yield a body's members as parameters, written as JSON and as Python writes them."""
    if not body or len(body) > BODY_MAX:
        return
    text = body.decode("utf-8", "replace")
    if not text.lstrip().startswith(("{", "[")):
        yield dict(query_pairs(text))
        return
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return
    if isinstance(found, dict):
        yield {
            str(key): value if isinstance(value, str) else json.dumps(value)
            for key, value in found.items()
        }
        yield {str(key): str(value) for key, value in found.items()}


def _with(header: AuthorizationHeader, parameters: dict[str, str]) -> AuthorizationHeader:
    return AuthorizationHeader(header.realm, parameters, parameters, header.signature)


def _other_shapes(
    line: RequestLine, header: AuthorizationHeader, public: tuple[str, ...]
) -> Iterator[WrongText]:
    """Yield texts of the right parts, put together in another way."""
    given = list(header.parameters.items())
    query = query_pairs(line.raw_query)
    for origin in origins_of(line.scheme, line.host, line.port, public):
        url = f"{origin}{line.raw_path}"
        for pairs in (given, given + query, query + given, given[::-1]):
            yield WrongText(Cause.PARAMETERS_UNSORTED, "", joined(line.method, url, pairs))
        for pairs in (sorted(given), sorted(given + query)):
            yield from _spelt(line.method, url, pairs)


def _spelt(method: str, url: str, pairs: list[tuple[str, str]]) -> Iterator[WrongText]:
    """Yield texts that are encoded too often, not at all, or in lower case."""
    plain = "&".join(f"{name}={value}" for name, value in pairs)
    twice = "&".join(f"{name}={percent_encoded(percent_encoded(value))}" for name, value in pairs)
    encoded = form_encoded(plain)
    place = form_encoded(url)
    for text in (
        f"{method}&{form_encoded(place)}&{form_encoded(encoded)}",
        f"{method}&{place}&{form_encoded(encoded)}",
        f"{method}&{form_encoded(place)}&{encoded}",
        f"{method}&{place}&{form_encoded(twice)}",
    ):
        yield WrongText(Cause.ENCODED_TWICE, "", text)
    for text in (
        f"{method}&{url}&{plain}",
        f"{method}&{place}&{plain}",
        f"{method}&{url}&{encoded}",
    ):
        yield WrongText(Cause.NOT_ENCODED, "", text)
    whole = f"{method}&{place}&{encoded}"
    lower = _ESCAPE.sub(lambda found: found.group().lower(), whole)
    yield WrongText(Cause.LOWERCASE_ESCAPES, "", lower)
