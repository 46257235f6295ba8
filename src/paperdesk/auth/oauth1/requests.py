"""Requests: what of an HTTP request takes part in its signature, and what each endpoint needs."""

from enum import Enum
from typing import Final

import msgspec

RSA_SHA256: Final = "RSA-SHA256"
HMAC_SHA256: Final = "HMAC-SHA256"
CHALLENGE: Final = "diffie_hellman_challenge"


class RequestLine(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Where a request went, as it came over the wire.

    `raw_path` and `raw_query` are not decoded (latin-1 where they are not ASCII); the query
    stands without its question mark. `host` is the Host header, `scheme` and `port` are the
    listener's.
    """

    method: str
    raw_path: str
    raw_query: str = ""
    host: str = ""
    scheme: str = "https"
    port: int = 443


class Endpoint(Enum):
    """Which of the steps of OAuth 1.0a a request is; everything else is a protected resource."""

    REQUEST_TOKEN = "request_token"  # noqa: S105 - the names of endpoints
    ACCESS_TOKEN = "access_token"  # noqa: S105
    LIVE_SESSION_TOKEN = "live_session_token"  # noqa: S105
    PROTECTED = "protected"

    @property
    def signature_method(self) -> str:
        """The one method that is accepted there."""
        return HMAC_SHA256 if self is Endpoint.PROTECTED else RSA_SHA256

    @property
    def required(self) -> tuple[str, ...]:
        """The parameters that have to be given, the signature apart."""
        return _REQUIRED[self]


_ALWAYS: Final = (
    "oauth_consumer_key",
    "oauth_nonce",
    "oauth_signature_method",
    "oauth_timestamp",
)
_REQUIRED: Final = {
    Endpoint.REQUEST_TOKEN: (*_ALWAYS, "oauth_callback"),
    Endpoint.ACCESS_TOKEN: (*_ALWAYS, "oauth_token", "oauth_verifier"),
    Endpoint.LIVE_SESSION_TOKEN: (*_ALWAYS, "oauth_token", CHALLENGE),
    Endpoint.PROTECTED: (*_ALWAYS, "oauth_token"),
}


class SignedRequest(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A request to verify.

    `authorization` is the header's value, None where there was none. `body` is not signed; it
    counts when two requests with one nonce are compared. `form` says whether the body calls itself
    `application/x-www-form-urlencoded`.
    """

    line: RequestLine
    endpoint: Endpoint = Endpoint.PROTECTED
    authorization: bytes | str | None
    body: bytes = b""
    is_form: bool = False
