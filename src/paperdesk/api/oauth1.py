"""OAuth 1.0a on the wire: what the endpoints under /oauth answer, and how a refusal looks.

Answers are JSON, as recorded, where the standard has forms. A refusal says little, and every one
carries a number, by which the log and the control API tell what it was about.
"""

from typing import Final

import msgspec

from paperdesk.api import refusals
from paperdesk.api.route import Answer, Described, Evidence, Wire
from paperdesk.auth.oauth1.causes import Cause, Verdict
from paperdesk.auth.oauth1.requests import Endpoint

PATHS: Final = {
    "/oauth/request_token": Endpoint.REQUEST_TOKEN,
    "/oauth/access_token": Endpoint.ACCESS_TOKEN,
    "/oauth/live_session_token": Endpoint.LIVE_SESSION_TOKEN,
}
"""Below a base address; all of them are POST."""

TOKEN_SHOWN_MAX: Final = 40
REASON: Final = "X-Paperdesk-Reason"

GONE: Final = Answer(status=410, content_type=None)
"""The session has moved: ask for a new live session token. Source: documented."""

BUSY: Final = refusals.STOPPED

_encode = msgspec.json.Encoder().encode


class RequestTokenIssued(Wire, rename=None):
    """A request token; neither a secret nor `oauth_callback_confirmed` comes with it."""

    oauth_token: str


class AccessTokenIssued(Wire, rename=None):
    """An access token, and its secret encrypted to the consumer, in base64."""

    is_paper: bool
    oauth_token: str
    oauth_token_secret: str


class LiveSessionTokenIssued(Wire, rename=None):
    """The desk's half of an exchange: B in hex, a proof of the token, and its end in ms."""

    diffie_hellman_response: str
    live_session_token_signature: str
    live_session_token_expiration: int


OPERATIONS: Final = (
    Described(
        method="POST",
        path="/oauth/request_token",
        evidence=Evidence.SPECIFIED,
        summary="Begin to ask a user for access: a request token for a third party's program.",
        answer=RequestTokenIssued,
    ),
    Described(
        method="POST",
        path="/oauth/access_token",
        evidence=Evidence.SPECIFIED,
        summary="Change a request token that a user has agreed to for an access token.",
        answer=AccessTokenIssued,
    ),
    Described(
        method="POST",
        path="/oauth/live_session_token",
        evidence=Evidence.RECORDED,
        summary="Agree on the secret of a day that signs everything else.",
        answer=LiveSessionTokenIssued,
    ),
)


def issued(record: Wire) -> Answer:
    """Return an answer that hands something out."""
    return Answer(body=_encode(record))


def refused(
    cause: Cause, number: int, endpoint: Endpoint, token: str = "", *, is_explained: bool = False
) -> Answer:
    """Return how a refused request looks.

    Args:
        cause: why it was refused.
        number: of the refusal, for whoever looks it up.
        endpoint: what was asked for.
        token: the access token that was named.
        is_explained: whether a header says the cause; nothing else ever does.

    Source:
        recorded: the texts `invalid consumer` and `No access secret key found`; judged: the rest.
    """
    if cause.verdict is Verdict.NOT_SIGNED:
        answer = refusals.NOT_SIGNED
    elif cause.verdict is Verdict.EXPIRED:
        answer = refusals.body_of(refusals.LOOKS["not_authenticated"], "not authenticated")
    else:
        text = f"id: {number}, error: {_text(cause.verdict, endpoint, token)}"
        status = 400 if cause.verdict is Verdict.MALFORMED else 401
        answer = Answer(status=status, body=_encode({"error": text, "statusCode": status}))
    if not is_explained:
        return answer
    return msgspec.structs.replace(answer, headers=(*answer.headers, (REASON, cause.value)))


def _text(verdict: Verdict, endpoint: Endpoint, token: str) -> str:
    match verdict:
        case Verdict.MALFORMED:
            return "invalid request"
        case Verdict.INVALID_CONSUMER:
            return "invalid consumer"
        case Verdict.NO_ACCESS_SECRET if endpoint is Endpoint.LIVE_SESSION_TOKEN:
            shown = token[:TOKEN_SHOWN_MAX]
            return f"LST failed, error: No access secret key found for {shown}"
    return "invalid signature"
