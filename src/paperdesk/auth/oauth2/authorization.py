"""Authorization: all that the server knows of OAuth 2.0, for whoever answers a request."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

import msgspec

from paperdesk.auth.oauth2.access_tokens import AccessTokens, Revoked
from paperdesk.auth.oauth2.bearers import Bearers
from paperdesk.auth.oauth2.grants import Authority
from paperdesk.auth.oauth2.replays import Replays, Used
from paperdesk.auth.oauth2.rules import Rules
from paperdesk.auth.oauth2.visits import Visits
from paperdesk.auth.registrations import ClientKey, OAuthClient
from paperdesk.base.units import Instant

SECRET_BYTES: Final = 32


class OAuth2Settings(msgspec.Struct, frozen=True, kw_only=True):
    """How the authorization server behaves.

    `enforces_addresses` refuses bearer tokens and browsers that come from elsewhere than the firm
    has named; without it that is written to the log. With `is_explained` a header of a refusal
    says what a stranger is not told.
    """

    rules: Rules
    enforces_addresses: bool = False
    is_explained: bool = False


class Remembered(msgspec.Struct, frozen=True):
    """What outlives the process: the server's public key, and what was used and revoked."""

    key: ClientKey
    used: Iterable[Used] = ()
    revoked: Iterable[Revoked] = ()


class Authorization:
    """Who may have tokens, and which tokens there are."""

    def __init__(
        self,
        registered: Mapping[str, OAuthClient],
        settings: OAuth2Settings,
        remembered: Remembered,
        draw_hex: Callable[[int], str],
        now: Instant,
    ) -> None:
        """Go on from what is remembered.

        Args:
            registered: clients by id; the mapping may change.
            settings: how strict to be.
            remembered: from before.
            draw_hex: returns so many bytes, which nobody can foresee, as hex digits.
            now: wall time.
        """
        replays = Replays()
        replays.restore(remembered.used, now)
        self.settings = settings
        self.authority = Authority(registered, settings.rules, replays)
        self.key = remembered.key
        self.access = AccessTokens({self.key.kid: self.key.pem}, remembered.revoked)
        self.bearers = Bearers(bytes.fromhex(draw_hex(SECRET_BYTES)))
        self.visits = Visits(enforces_addresses=settings.enforces_addresses)
        self.draw_hex = draw_hex

    @property
    def rules(self) -> Rules:
        """How assertions and bodies are judged."""
        return self.settings.rules

    @property
    def registered(self) -> Mapping[str, OAuthClient]:
        """Clients by id."""
        return self.authority.registered
