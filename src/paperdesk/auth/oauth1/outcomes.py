"""Outcomes: what a verification finds."""

import msgspec

from paperdesk.auth.oauth1.causes import Cause
from paperdesk.auth.oauth1.conventions import Convention
from paperdesk.auth.oauth1.headers import AuthorizationHeader
from paperdesk.auth.oauth1.nonces import NonceEntry
from paperdesk.auth.oauth1.request_tokens import RequestToken
from paperdesk.auth.oauth1.tokens import LiveSessionToken
from paperdesk.auth.registrations import AccessToken, Consumer


class Accepted(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A request that may come in.

    `access_token` is None where the endpoint takes none, `live` where the request is signed by
    RSA. `entry` is what was remembered of it: where `live` is None it belongs on disk, under the
    consumer's key, before the answer leaves. With `is_repeated` nothing is executed: the first
    answer is given again. `challenge` is A, for a live session token. `convention` tells how the
    client signs.
    """

    header: AuthorizationHeader
    consumer: Consumer
    access_token: AccessToken | None
    request_token: RequestToken | None
    live: LiveSessionToken | None
    convention: Convention
    entry: NonceEntry
    is_repeated: bool
    challenge: int = 0

    @property
    def replay_key(self) -> bytes:
        """What the first answer is kept under for repetitions: 32 bytes, of this request alone."""
        return self.entry.nonce + self.entry.request


class Rejected(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A request that may not, the first cause found, and what was known until then.

    `message` is a sentence for the log; it holds nothing secret. The client is told no more than
    `cause.verdict`.
    """

    cause: Cause
    message: str
    header: AuthorizationHeader | None = None
    consumer: Consumer | None = None
    access_token: AccessToken | None = None
    timestamp: int = 0
