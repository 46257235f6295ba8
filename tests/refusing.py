"""Asking: requests that are to be refused by OAuth 1.0a, and how a refusal looks."""

import re

import msgspec
from tests.outside import Outside
from tests.serving import Reply

OTHER_KEY = "OTHERCONS"
OTHER_TOKEN = "fedcba98765432100123"
LST = "/oauth/live_session_token"

INVALID_SIGNATURE = (401, "invalid signature")
INVALID_CONSUMER = (401, "invalid consumer")
INVALID_REQUEST = (400, "invalid request")
NO_SECRET = (401, "LST failed, error: No access secret key found for ")
NOT_AUTHENTICATED = (401, "")

Expected = tuple[int, str]


class Ask(msgspec.Struct, kw_only=True):
    """A request to send; `more` are headers beside the credential, None takes one away."""

    authorization: str
    method: str = "POST"
    path: str = "/tickle"
    body: bytes = b""
    more: dict[str, str | None] = {}


async def sent(rig: Outside, ask: Ask) -> Reply:
    headers: dict[str, str | None] = {"authorization": ask.authorization, **ask.more}
    return await rig.ask(ask.method, ask.path, ask.body, headers=headers)


def matches(reply: Reply, expected: Expected) -> None:
    status, text = expected
    assert reply.status == status, reply.body
    assert reply.header("x-paperdesk-reason") is None
    if not text:
        assert reply.json == {"error": "not authenticated", "statusCode": 401}
        return
    assert set(reply.json) == {"error", "statusCode"}
    assert reply.json["statusCode"] == status
    found = re.fullmatch(r"id: (\d{5}), error: (.*)", reply.json["error"])
    assert found is not None
    assert found[2] == text or (text.endswith(" ") and found[2].startswith(text))
