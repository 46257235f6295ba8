"""Callers: who calls the hosted face, by what a request shows.

A request signed by OAuth 1.0a is judged in the loop, against live session tokens in memory; each of
those has one outer session at a time, made when it is first used, and again after a logout.
"""

from collections.abc import Callable
from itertools import count
from typing import TYPE_CHECKING, Final, TypeAlias

import msgspec

from paperdesk.api import oauth1, refusals
from paperdesk.api.leniency import parameters
from paperdesk.api.route import Answer
from paperdesk.auth import endings
from paperdesk.auth.cookies import session_id
from paperdesk.auth.oauth1.causes import Cause, Verdict
from paperdesk.auth.oauth1.outcomes import Accepted, Rejected
from paperdesk.auth.oauth1.request_tokens import RequestTokens
from paperdesk.auth.oauth1.requests import Endpoint, RequestLine, SignedRequest
from paperdesk.auth.oauth1.tokens import LiveSessionToken
from paperdesk.auth.oauth1.verification import Settings, Verifier
from paperdesk.auth.roster import Opening, Roster
from paperdesk.auth.sessions import Session
from paperdesk.base.units import Instant
from paperdesk.desk.desk import Desk
from paperdesk.server import bearers
from paperdesk.server.registry import Registry
from paperdesk.server.repetitions import Kept, Repetitions, Work
from paperdesk.server.requests import Request

if TYPE_CHECKING:
    from paperdesk.server.tokens import Tokens

FACE: Final = "hosted"
FORM: Final = b"application/x-www-form-urlencoded"
FIRST_NUMBER: Final = 10_001
"""Of refusals: those of the real service have five digits."""

Listener: TypeAlias = Callable[[int, SignedRequest, Rejected, Instant], None]
"""Told of a refusal: its number, what was refused, why, and when by the wall."""


class Callers:
    """Who signs requests to a desk, and which outer sessions that opens."""

    def __init__(
        self,
        desk: Desk,
        registry: Registry,
        roster: Roster,
        draw_hex: Callable[[int], str],
        settings: Settings | None = None,
    ) -> None:
        """Know the registrations, and nobody yet.

        Args:
            desk: whose users they are.
            registry: consumers and their access tokens.
            roster: takes the sessions.
            draw_hex: returns so many hex digits that nobody can foresee.
            settings: how strictly signatures are judged.
        """
        self._desk = desk
        self._roster = roster
        self.verifier = Verifier(registry.registrations, RequestTokens(draw_hex), settings)
        self.repetitions = Repetitions()
        self._tell: Listener | None = None
        self.tokens: Tokens | None = None
        """Knows bearer tokens; without it none is good."""

        self._numbers = count(FIRST_NUMBER)
        self._sessions: dict[LiveSessionToken, Session] = {}
        self._cut_at: Instant = 0
        roster.cut.append(self._cut)

    def explain(self, tell: Listener) -> None:
        """Tell of every refusal from now on, and name its cause to the client."""
        self._tell = tell

    def known(self, request: Request) -> Answer | None:
        """Find out whose session a request belongs to; an answer refuses it."""
        self._roster.sweep(request.now)
        if not request.is_signed:
            return self._bearer_known(request)
        signed = signed_request(request, Endpoint.PROTECTED)
        outcome = self.verifier.verify(signed, request.now, self._desk.now)
        if isinstance(outcome, Rejected):
            return self.refusal(signed, outcome, request.now)
        request.accepted = outcome
        assert outcome.live is not None
        session = self._sessions.get(outcome.live)
        if not outcome.is_repeated:
            if session is None or session.is_ended:
                session = self._opened(outcome, outcome.live, request.now)
            if session is None:
                return refusals.NOT_SIGNED
        if session is not None:
            request.session = session
        return None

    def once(self, request: Request, work: Callable[[], Answer | Work]) -> Answer | Work:
        """Do the work of a signed request, or give the first answer to one that came before."""
        accepted = request.accepted
        assert accepted is not None
        if accepted.is_repeated:
            kept = self.repetitions.find(accepted.replay_key)
            if kept is None or (kept.answer is None and kept.work is None):
                return self.forgotten(request, accepted, Endpoint.PROTECTED)
            return kept.answer or self._shared(accepted.replay_key, kept)
        kept = self.repetitions.begin(accepted.replay_key, request.now)
        found = work()
        if isinstance(found, Answer):
            self.repetitions.answered(accepted.replay_key, kept, found)
            return found
        kept.work = found
        return self._shared(accepted.replay_key, kept)

    def of_socket(self, request: Request) -> Session | None:
        """Return the session whose bearer token, or access token and cookie, a handshake shows.

        With OAuth 1.0a nothing is signed there: the session's id, which /tickle tells its own
        caller alone, is the credential, and has to belong to the access token that the query names.
        """
        shown = parameters(request.query)
        if bearers.PARAMETER in shown:
            return None if self.tokens is None else bearers.of_socket(self.tokens, request)
        tokens = shown.get("oauth_token", [])
        session = self._roster.find(session_id(request.cookie.decode("latin-1")))
        if session is None or len(tokens) != 1:
            return None
        token = self.verifier.registrations.tokens.get(tokens[0])
        if token is None or session.credential != credential(token.consumer_key, token.token):
            return None
        return session

    def issued(self, live: LiveSessionToken, now: Instant) -> None:
        """Let a new live session token sign; sessions of those that sign no more end."""
        tokens = self.verifier.live
        tokens.sweep(now)
        tokens.add(live)
        for token in list(self._sessions):
            owned = tokens.of(token.consumer_key, token.access_token)
            if token.is_superseded or token.expires_at <= now or token not in owned:
                self._end(token, now)

    def revoked(self, consumer_key: str, access_token: str, now: Instant) -> None:
        """End what was opened with an access token, or with any of a consumer's where it is ""."""
        self.verifier.live.forget(consumer_key, access_token)
        for token in list(self._sessions):
            if token.consumer_key == consumer_key and access_token in {"", token.access_token}:
                self._end(token, now)

    def refusal(self, signed: SignedRequest, rejected: Rejected, now: Instant) -> Answer:
        """Return how a refused request is answered."""
        number = next(self._numbers)
        if self._tell is not None:
            self._tell(number, signed, rejected, now)
        token = "" if rejected.header is None else rejected.header.get("oauth_token")
        if rejected.cause.verdict is Verdict.EXPIRED and self._is_cut(rejected):
            return oauth1.GONE
        return oauth1.refused(
            rejected.cause, number, signed.endpoint, token, is_explained=self._tell is not None
        )

    def forgotten(self, request: Request, accepted: Accepted, endpoint: Endpoint) -> Answer:
        """Refuse a repetition whose first answer is not kept any more."""
        rejected = Rejected(
            cause=Cause.NONCE_REUSED,
            message="oauth_nonce was used before, so long ago that its answer is not kept.",
            header=accepted.header,
            consumer=accepted.consumer,
            access_token=accepted.access_token,
        )
        return self.refusal(signed_request(request, endpoint), rejected, request.now)

    def _bearer_known(self, request: Request) -> Answer | None:
        """Find out whose bearer token a request shows."""
        if self.tokens is None:
            return refusals.NOT_SIGNED
        return bearers.known(self.tokens, request)

    def _opened(self, accepted: Accepted, live: LiveSessionToken, now: Instant) -> Session | None:
        """Open a session of whom an access token is of, with the accounts that it is good for."""
        token = accepted.access_token
        assert token is not None
        user = self._desk.world.accounts.users.get(token.user_name)
        if user is None:
            return None
        if token.account_ids:
            allowed = tuple(one for one in user.account_ids if one in token.account_ids)
            user = msgspec.structs.replace(user, account_ids=allowed)
        if not user.account_ids:
            return None
        opening = Opening(
            face=FACE,
            credential=credential(token.consumer_key, token.token),
            expires_at=live.expires_at,
        )
        session = self._sessions[live] = self._roster.open(user, now, opening)
        return session

    def _shared(self, key: bytes, kept: Kept) -> Work:
        """Go on with long work that others may wait for too, each of whom does some of it."""
        while kept.answer is None:
            assert kept.work is not None
            try:
                next(kept.work)
            except StopIteration as end:
                self.repetitions.answered(key, kept, end.value)
            else:
                yield
        return kept.answer

    def _end(self, live: LiveSessionToken, now: Instant) -> None:
        self._roster.end(self._sessions.pop(live), now, endings.Cause.REVOKED)

    def _cut(self, now: Instant) -> None:
        """Let every live session token end, as its region's midnight does."""
        self._cut_at = now
        for live in self.verifier.live:
            live.expires_at = min(live.expires_at, now)
        self._sessions.clear()
        self.verifier.live.sweep(now)

    def _is_cut(self, rejected: Rejected) -> bool:
        """Say whether it was a reset that ended the live session token."""
        token = rejected.access_token
        return token is not None and any(
            live.expires_at == self._cut_at
            for live in self.verifier.live.of(token.consumer_key, token.token)
        )


def credential(consumer_key: str, access_token: str) -> str:
    """Return the public name of what a session was opened with."""
    return f"oauth1 {consumer_key} {access_token}"


def signed_request(request: Request, endpoint: Endpoint) -> SignedRequest:
    """Return what of a request takes part in its signature."""
    return SignedRequest(
        line=RequestLine(
            method=request.method,
            raw_path=request.raw_path.decode("latin-1"),
            raw_query=request.query.decode("latin-1"),
            host=request.host.decode("latin-1"),
            scheme="https" if request.scheme in {"https", "wss"} else "http",
            port=request.port,
        ),
        endpoint=endpoint,
        authorization=request.authorization or None,
        body=request.body,
        is_form=request.content_type.lower().startswith(FORM),
    )
