"""Request tokens: what a third-party consumer holds while its user decides.

A request token lives ten minutes and is exchanged once, with the verifier that the consumer gets
by its user's way back.
"""

import hmac
from collections.abc import Callable
from typing import Final

import msgspec

from paperdesk.auth.oauth1.causes import Cause, SignedRequestRefused
from paperdesk.base.ids import AccountId, UserName
from paperdesk.base.units import MINUTE, Duration, Instant

LIFETIME: Final[Duration] = 10 * MINUTE
CAPACITY: Final = 10_000
DIGITS: Final = 20
OUT_OF_BAND: Final = "oob"


class RequestToken(msgspec.Struct, kw_only=True, eq=False):
    """One request token.

    `callback` is a URL or `oob`. `verifier` is empty until the user has agreed; the accounts are
    those the user let the consumer have, empty for all. Instants are wall time.
    """

    token: str
    consumer_key: str
    callback: str
    issued_at: Instant
    user_name: UserName = UserName("")
    account_ids: tuple[AccountId, ...] = ()
    verifier: str = ""
    is_used: bool = False
    is_denied: bool = False

    def __repr__(self) -> str:
        """Show whose it is, and not the verifier."""
        return f"RequestToken({self.consumer_key} {self.token[:4]}…)"

    def has_expired(self, at: Instant) -> bool:
        """Say whether its ten minutes are over."""
        return at >= self.issued_at + LIFETIME


class RequestTokens:
    """The request tokens of a desk, in memory alone."""

    def __init__(self, draw_hex: Callable[[int], str]) -> None:
        """Begin with none.

        Args:
            draw_hex: returns so many hex digits that nobody can foresee.
        """
        self._draw_hex = draw_hex
        self._by_token: dict[str, RequestToken] = {}

    def issue(self, consumer_key: str, callback: str, at: Instant) -> RequestToken:
        """Return a new token; the oldest goes when there are too many."""
        self._sweep(at)
        made = RequestToken(
            token=self._draw_hex(DIGITS), consumer_key=consumer_key, callback=callback, issued_at=at
        )
        self._by_token[made.token] = made
        if len(self._by_token) > CAPACITY:
            self._by_token.pop(next(iter(self._by_token)))
        return made

    def find(self, token: str) -> RequestToken | None:
        """Return a token, also one that has expired a short while ago."""
        return self._by_token.get(token)

    def approve(
        self, token: RequestToken, user_name: UserName, account_ids: tuple[AccountId, ...]
    ) -> str:
        """Let a user agree, and return the verifier."""
        token.user_name = user_name
        token.account_ids = account_ids
        token.verifier = self._draw_hex(DIGITS)
        return token.verifier

    def deny(self, token: RequestToken) -> None:
        """Let a user refuse: the token is worth nothing any more."""
        token.is_denied = True
        token.verifier = ""

    def _sweep(self, at: Instant) -> None:
        """Forget what expired a life ago; until then it explains refusals."""
        while self._by_token:
            oldest = next(iter(self._by_token.values()))
            if not oldest.has_expired(at - LIFETIME):
                return
            del self._by_token[oldest.token]


def check_redeemable(token: RequestToken, verifier: str, at: Instant) -> None:
    """Make sure that a request token can be exchanged for an access token.

    Raises:
        SignedRequestRefused: it was used or has expired, its user has not agreed, or the verifier
            is another one.
    """
    if token.is_used:
        raise SignedRequestRefused(
            Cause.REQUEST_TOKEN_USED, "The request token was exchanged before; it works once."
        )
    if token.has_expired(at):
        raise SignedRequestRefused(
            Cause.REQUEST_TOKEN_EXPIRED, "The request token has expired; it lives ten minutes."
        )
    if not token.verifier:
        answer = "has refused" if token.is_denied else "has not answered yet"
        raise SignedRequestRefused(
            Cause.REQUEST_TOKEN_NOT_APPROVED, f"The user {answer}: there is no verifier."
        )
    if not hmac.compare_digest(token.verifier.encode(), verifier.encode()):
        raise SignedRequestRefused(
            Cause.WRONG_VERIFIER, "oauth_verifier is not the one of this request token."
        )


def with_answer(callback: str, token: RequestToken) -> str:
    """Return where a user's browser goes: the callback with the token and what the user said."""
    answer = f"oauth_verifier={token.verifier}" if token.verifier else "oauth_problem=user_refused"
    bare, mark, fragment = callback.partition("#")
    separator = "&" if "?" in bare else "?"
    return f"{bare}{separator}oauth_token={token.token}&{answer}{mark}{fragment}"
