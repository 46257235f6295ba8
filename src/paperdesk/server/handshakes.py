"""Handshakes: the three endpoints of OAuth 1.0a, with what about them takes a while.

A signature is checked in the loop, in less time than a snapshot takes; the two powers of an
exchange, the encryption of a secret and the disk are left to one thread, so that however many
clients sign in at once, the others hear nothing of it. There is a limit to those that wait.
"""

import asyncio
import logging
import secrets
from base64 import b64decode, b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, Protocol, TypeVar

from paperdesk.api import oauth1, refusals
from paperdesk.api.route import Answer
from paperdesk.auth import consumers
from paperdesk.auth.oauth1.challenges import Agreement, agree, token_signature
from paperdesk.auth.oauth1.nonces import Nonces
from paperdesk.auth.oauth1.outcomes import Accepted, Rejected
from paperdesk.auth.oauth1.request_tokens import RequestToken
from paperdesk.auth.oauth1.requests import Endpoint
from paperdesk.auth.oauth1.tokens import SECRET_SIZE, encrypted_secret, live_token
from paperdesk.auth.registrations import AccessToken, Standing
from paperdesk.base.units import Instant
from paperdesk.server import pipeline
from paperdesk.server.callers import Callers, signed_request
from paperdesk.server.faces import Face
from paperdesk.server.nonces import NonceFile, NoncesDamaged
from paperdesk.server.powers import power
from paperdesk.server.registry import Registry
from paperdesk.server.repetitions import Kept
from paperdesk.server.requests import Request

WAITING_MAX: Final = 64
"""Requests that may wait for the thread: a third of a second's work."""

DRAW_BITS: Final = 256
TOKEN_BYTES: Final = 10

T = TypeVar("T")

_log = logging.getLogger("paperdesk.server")


class Front(pipeline.Front, Protocol):
    """What the endpoints need beside what every request needs."""

    handshakes: "Handshakes"


class Handshakes:
    """Hands out request tokens, access tokens and live session tokens of one desk."""

    def __init__(
        self,
        callers: Callers,
        registry: Registry,
        now: Instant,
        nonces: NonceFile | None = None,
        draw_bits: Callable[[int], int] = secrets.randbits,
    ) -> None:
        """Begin with the nonces of the last run.

        Args:
            callers: judge the requests, and get the live session tokens.
            registry: gets the access tokens.
            now: wall time.
            nonces: where nonces are kept; None for a desk in memory.
            draw_bits: returns a number of so many bits that nobody can foresee.
        """
        if nonces is not None:
            for consumer_key, entries in nonces.kept(now).items():
                callers.verifier.nonces.setdefault(consumer_key, Nonces()).restore(entries)
        self._callers = callers
        self._registry = registry
        self._nonces = nonces
        self._draw_bits = draw_bits
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="handshakes")
        self._waiting = 0

    def close(self) -> None:
        """Let the thread end, and close the file."""
        self._thread.shutdown(cancel_futures=True)
        if self._nonces is not None:
            self._nonces.close()

    async def answer(self, front: pipeline.Front, request: Request, endpoint: Endpoint) -> Answer:
        """Answer a request to one of the endpoints."""
        if self._waiting >= WAITING_MAX:
            return oauth1.BUSY
        signed = signed_request(request, endpoint)
        outcome = self._callers.verifier.verify(signed, request.now, front.desk.now)
        if isinstance(outcome, Rejected):
            return self._callers.refusal(signed, outcome, request.now)
        if outcome.is_repeated:
            return await self._repeated(request, outcome, endpoint)
        kept = self._callers.repetitions.begin(outcome.replay_key, request.now)
        kept.future = asyncio.get_running_loop().create_future()
        self._waiting += 1
        try:
            answer = await self._granted(front, outcome, endpoint, request.now)
        finally:
            self._waiting -= 1
            self._let_go(kept)
        self._callers.repetitions.answered(outcome.replay_key, kept, answer)
        return answer

    async def _repeated(self, request: Request, accepted: Accepted, endpoint: Endpoint) -> Answer:
        """Give the answer of the request that came first, when there is one."""
        kept = self._callers.repetitions.find(accepted.replay_key)
        if kept is not None and kept.future is not None:
            await asyncio.shield(kept.future)
        if kept is None or kept.answer is None:
            return self._callers.forgotten(request, accepted, endpoint)
        return kept.answer

    @staticmethod
    def _let_go(kept: Kept) -> None:
        assert kept.future is not None
        if not kept.future.done():
            # Whoever waits comes to its turn after the answer is kept.
            kept.future.set_result(None)
        kept.future = None

    async def _granted(
        self, front: pipeline.Front, accepted: Accepted, endpoint: Endpoint, now: Instant
    ) -> Answer:
        try:
            match endpoint:
                case Endpoint.REQUEST_TOKEN:
                    return await self._request_token(accepted, now)
                case Endpoint.ACCESS_TOKEN:
                    return await self._access_token(front, accepted, now)
                case _:
                    return await self._live_session_token(accepted, now)
        except NoncesDamaged as damaged:
            _log.critical("%s", damaged)
            return refusals.STOPPED
        except Exception:  # noqa: BLE001 - no inside of ours leaves
            _log.exception("/oauth/%s failed", endpoint.value)
            return refusals.FAILED

    async def _request_token(self, accepted: Accepted, now: Instant) -> Answer:
        callback = accepted.header.get("oauth_callback")
        tokens = self._callers.verifier.request_tokens
        made = tokens.issue(accepted.consumer.consumer_key, callback, now)
        await self._worked(accepted, lambda: None)
        return oauth1.issued(oauth1.RequestTokenIssued(made.token))

    async def _access_token(
        self, front: pipeline.Front, accepted: Accepted, now: Instant
    ) -> Answer:
        request_token = accepted.request_token
        assert request_token is not None
        request_token.is_used = True
        user = front.desk.world.accounts.users[request_token.user_name]
        consumer = accepted.consumer
        key = self._callers.verifier.ring.key(consumer.encryption_key)
        secret = secrets.token_bytes(SECRET_SIZE)
        encrypted = await self._worked(
            accepted, lambda: encrypted_secret(secret, key, consumer.padding)
        )
        token = self._let_in(request_token, secret, now)
        return oauth1.issued(oauth1.AccessTokenIssued(user.is_paper, token.token, encrypted))

    async def _live_session_token(self, accepted: Accepted, now: Instant) -> Answer:
        consumer, token = accepted.consumer, accepted.access_token
        assert token is not None
        draw, secret = self._draw_bits(DRAW_BITS), b64decode(token.secret)

        def agreed() -> Agreement:
            return agree(
                accepted.challenge,
                prime=int(consumer.dh_prime, 16),
                generator=consumer.dh_generator,
                draw=draw,
                secret=secret,
                power=power,
            )

        agreement = await self._worked(accepted, agreed)
        both = self._callers.verifier.settings.both_encodings
        live = live_token(consumer.consumer_key, token.token, agreement, now, both_encodings=both)
        self._callers.issued(live, now)
        return oauth1.issued(
            oauth1.LiveSessionTokenIssued(
                agreement.response,
                token_signature(live.key, consumer.consumer_key),
                live.expires_at_ms,
            )
        )

    async def _worked(self, accepted: Accepted, work: Callable[[], T]) -> T:
        """Put a request's nonce on disk and do its work, off the loop."""

        def done() -> T:
            if self._nonces is not None:
                self._nonces.write(accepted.consumer.consumer_key, accepted.entry)
            return work()

        return await asyncio.get_running_loop().run_in_executor(self._thread, done)

    def _let_in(self, request_token: RequestToken, secret: bytes, now: Instant) -> AccessToken:
        """Give a consumer the access token of its user, with a new secret.

        The token stays the same for the two of them; what was signed with the old secret ends,
        since the user may have chosen other accounts.
        """
        registrations = self._registry.registrations
        consumer_key, user_name = request_token.consumer_key, request_token.user_name
        owned = consumers.tokens_of(registrations, consumer_key)
        kept = next(
            (token.token for token in owned if token.user_name == user_name),
            secrets.token_hex(TOKEN_BYTES),
        )
        token = registrations.tokens[kept] = AccessToken(
            token=kept,
            consumer_key=consumer_key,
            user_name=user_name,
            secret=b64encode(secret).decode(),
            account_ids=request_token.account_ids,
            standing=Standing.ACTIVE,
            issued_at=now,
        )
        self._callers.revoked(consumer_key, kept, now)
        self._registry.save()
        return token


def is_page(face: Face, path: str) -> bool:
    """Say whether a path is one of the endpoints."""
    return "/oauth/" in path and _endpoint(face, path) is not None


def refused(front: Front, request: Request) -> Answer | None:
    """Go through the steps that hold for the endpoints too."""
    return pipeline.at_the_door(front, request)


async def answer(front: Front, request: Request, body: bytes) -> Answer:
    """Answer a request for an endpoint that was not refused."""
    request.body = body
    endpoint = _endpoint(front.face, request.path)
    assert endpoint is not None
    if request.method != "POST":
        return refusals.METHOD_NOT_ALLOWED
    return await front.handshakes.answer(front, request, endpoint)


def _endpoint(face: Face, path: str) -> Endpoint | None:
    if not face.is_hosted:
        return None
    below = face.below(path)
    return None if below is None else oauth1.PATHS.get(below.removesuffix("/"))
