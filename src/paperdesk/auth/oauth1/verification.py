"""Verification: whether a signed request may come in, and for whom.

The order of the checks is part of what a client sees: header, consumer, token, signature method,
timestamp, signature, nonce, life of the token, and what the endpoint itself needs. A nonce is
remembered last, for a request that is let in: or anybody could use up the nonces of others.
"""

from collections.abc import Iterator
from typing import Final

import msgspec

from paperdesk.auth.oauth1.causes import Cause, SignedRequestRefused
from paperdesk.auth.oauth1.challenges import challenge_of
from paperdesk.auth.oauth1.conventions import Candidate, Convention, base_string, candidates
from paperdesk.auth.oauth1.headers import AuthorizationHeader, parse, refuse_elsewhere
from paperdesk.auth.oauth1.keys import KeyRing
from paperdesk.auth.oauth1.nonces import Freshness, Nonces, entry_of
from paperdesk.auth.oauth1.outcomes import Accepted, Rejected
from paperdesk.auth.oauth1.request_tokens import (
    OUT_OF_BAND,
    RequestToken,
    RequestTokens,
    check_redeemable,
)
from paperdesk.auth.oauth1.requests import CHALLENGE, Endpoint, SignedRequest
from paperdesk.auth.oauth1.signatures import decoded, match_hmac, match_rsa
from paperdesk.auth.oauth1.timestamps import timestamp_of
from paperdesk.auth.oauth1.tokens import LiveSessionToken, LiveSessionTokens, prepend_of
from paperdesk.auth.registrations import (
    AccessToken,
    Consumer,
    ConsumerKind,
    Registrations,
    Standing,
    adopt_due_keys,
)
from paperdesk.base.units import HOUR, SECOND, Instant

NONCE_MAX: Final = 128


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """How strictly signatures are judged.

    `public` are the base URLs the desk is known under, without a slash at the end. `strict` takes
    a signature that protects the query alone, wants a realm, and refuses every second use of a
    nonce. `both_encodings` lets a consumer that forgets the sign byte of the shared secret sign.
    """

    public: tuple[str, ...] = ()
    strict: bool = False
    both_encodings: bool = False
    single_live_session_token: bool = False


class _Progress(msgspec.Struct):
    """What has been found out about one request so far."""

    header: AuthorizationHeader | None = None
    consumer: Consumer | None = None
    access_token: AccessToken | None = None
    request_token: RequestToken | None = None
    timestamp: int = 0


class Verifier:
    """Judges the signed requests of one desk."""

    def __init__(
        self,
        registrations: Registrations,
        request_tokens: RequestTokens,
        settings: Settings | None = None,
    ) -> None:
        """Know the registrations, which may change, and begin with no live session token."""
        self.settings = settings or Settings()
        self.registrations = registrations
        self.request_tokens = request_tokens
        self.live = LiveSessionTokens(single=self.settings.single_live_session_token)
        self.nonces: dict[str, Nonces] = {}
        """Of requests signed by RSA, by consumer key; a live session token has its own."""

        self.ring = KeyRing()

    def verify(
        self, request: SignedRequest, now: Instant, desk_now: Instant
    ) -> Accepted | Rejected:
        """Say whether a request may come in, and remember its nonce if so.

        Args:
            request: as it came.
            now: wall time, which timestamps and the life of tokens follow.
            desk_now: desk time, which the activation of consumers follows.
        """
        found = _Progress()
        try:
            return self._judged(request, found, now, desk_now)
        except SignedRequestRefused as refusal:
            return Rejected(
                cause=refusal.cause,
                message=refusal.message,
                header=found.header,
                consumer=found.consumer,
                access_token=found.access_token,
                timestamp=found.timestamp,
            )

    def _judged(
        self, request: SignedRequest, found: _Progress, now: Instant, desk_now: Instant
    ) -> Accepted:
        endpoint = request.endpoint
        header = found.header = parse(request.authorization)
        check_parameters(request, header)
        consumer = found.consumer = self._consumer(header, endpoint, desk_now)
        self._find_token(found, consumer, endpoint)
        check_method(header, endpoint)
        stamp = found.timestamp = timestamp_of(header.get("oauth_timestamp"), now)
        signature = decoded(header.signature)
        if endpoint is Endpoint.PROTECTED:
            live, convention = self._by_hmac(request, header, consumer, signature)
            nonces = live.nonces
        else:
            live, convention = None, self._by_rsa(request, found, signature)
            nonces = self.nonces.setdefault(consumer.consumer_key, Nonces())
        entry = entry_of(request.line, nonce_of(header), signature, stamp, now, request.body)
        is_repeated = self._is_repeated(nonces.look(entry))
        if live is not None and live.expires_at <= now:
            raise SignedRequestRefused(
                Cause.LIVE_SESSION_TOKEN_EXPIRED,
                f"The live session token expired {(now - live.expires_at) // SECOND} s ago.",
            )
        challenge = 0
        if not is_repeated:
            if live is None:
                challenge = self._granted(found, endpoint, now)
            nonces.remember(entry)
        return Accepted(
            header=header,
            consumer=consumer,
            access_token=found.access_token,
            request_token=found.request_token,
            live=live,
            convention=convention,
            entry=entry,
            is_repeated=is_repeated,
            challenge=challenge,
        )

    def _consumer(
        self, header: AuthorizationHeader, endpoint: Endpoint, desk_now: Instant
    ) -> Consumer:
        key = header.get("oauth_consumer_key")
        consumer = self.registrations.consumers.get(key)
        if consumer is None:
            raise SignedRequestRefused(
                Cause.UNKNOWN_CONSUMER, f"No consumer has the key {key[:40]!r}."
            )
        if consumer.standing is not Standing.ACTIVE:
            raise SignedRequestRefused(
                _CONSUMER_CAUSES[consumer.standing],
                f"The consumer {key} is {consumer.standing.value}.",
            )
        if consumer.active_from > desk_now:
            hours = (consumer.active_from - desk_now) / HOUR
            raise SignedRequestRefused(
                Cause.CONSUMER_NOT_YET_ACTIVE,
                f"The consumer {key} is accepted after the next reset, in {hours:.1f} hours.",
            )
        adopt_due_keys(consumer, desk_now)
        if header.realm != consumer.realm and (header.realm is not None or self.settings.strict):
            raise SignedRequestRefused(
                Cause.WRONG_REALM, f"The realm of the consumer {key} is {consumer.realm}."
            )
        check_flow(header, consumer, endpoint)
        return consumer

    def _find_token(self, found: _Progress, consumer: Consumer, endpoint: Endpoint) -> None:
        if endpoint is Endpoint.REQUEST_TOKEN:
            return
        token = found.header.get("oauth_token") if found.header else ""
        if endpoint is Endpoint.ACCESS_TOKEN:
            found.request_token = self._request_token(token, consumer)
        else:
            found.access_token = self._access_token(token, consumer)

    def _request_token(self, token: str, consumer: Consumer) -> RequestToken:
        known = self.request_tokens.find(token)
        if known is None:
            raise _unknown_token(token, is_known_elsewhere=token in self.registrations.tokens)
        _check_owner(token, known.consumer_key, consumer)
        return known

    def _access_token(self, token: str, consumer: Consumer) -> AccessToken:
        known = self.registrations.tokens.get(token)
        if known is None:
            pending = self.request_tokens.find(token)
            raise _unknown_token(token, is_known_elsewhere=pending is not None)
        _check_owner(token, known.consumer_key, consumer)
        if known.standing is not Standing.ACTIVE:
            raise SignedRequestRefused(
                _TOKEN_CAUSES[known.standing], f"The access token is {known.standing.value}."
            )
        return known

    def texts(self, request: SignedRequest, header: AuthorizationHeader) -> Iterator[Candidate]:
        """Yield every base string that the request may have been signed with."""
        settings = self.settings
        return candidates(request.line, header, settings.public, strict=settings.strict)

    def _by_rsa(self, request: SignedRequest, found: _Progress, signature: bytes) -> Convention:
        assert found.header is not None
        assert found.consumer is not None
        prepend = ""
        if request.endpoint is Endpoint.LIVE_SESSION_TOKEN:
            assert found.access_token is not None
            prepend = prepend_of(found.access_token.secret)
        key = self.ring.key(found.consumer.signature_key)
        matched = match_rsa(key, self.texts(request, found.header), signature, prepend)
        if matched is None:
            raise _wrong_signature()
        return matched.convention

    def _by_hmac(
        self,
        request: SignedRequest,
        header: AuthorizationHeader,
        consumer: Consumer,
        signature: bytes,
    ) -> tuple[LiveSessionToken, Convention]:
        owned = self.live.of(consumer.consumer_key, header.get("oauth_token"))
        tokens = [token for token in owned if not token.is_superseded]
        if not tokens:
            raise SignedRequestRefused(
                Cause.NO_LIVE_SESSION_TOKEN,
                "There is no live session token; ask for one at /oauth/live_session_token.",
            )
        for token in tokens:
            if token.convention is not None:
                text = base_string(request.line, header, token.convention)
                if _signs(token, [Candidate(token.convention, text)], signature):
                    return token, token.convention
        texts = list(self.texts(request, header))
        for token in tokens:
            matched = _signs(token, texts, signature)
            if matched is not None:
                token.convention = matched.convention
                return token, matched.convention
        raise _wrong_signature()

    def _is_repeated(self, freshness: Freshness) -> bool:
        if freshness is Freshness.BEYOND_MEMORY:
            raise SignedRequestRefused(
                Cause.NONCE_BEYOND_MEMORY,
                "More requests came than nonces are remembered; this one's timestamp is too old "
                "to be told from a replay.",
            )
        is_repeated = freshness is Freshness.REPEATED
        if freshness is Freshness.REUSED or (is_repeated and self.settings.strict):
            raise SignedRequestRefused(
                Cause.NONCE_REUSED,
                "oauth_nonce was used before, with another request."
                if not is_repeated
                else "oauth_nonce was used before, with this very request.",
            )
        return is_repeated

    def _granted(self, found: _Progress, endpoint: Endpoint, now: Instant) -> int:
        """Check what the endpoint itself needs; return the challenge where there is one."""
        assert found.header is not None
        assert found.consumer is not None
        if found.request_token is not None:
            check_redeemable(found.request_token, found.header.get("oauth_verifier"), now)
        if endpoint is not Endpoint.LIVE_SESSION_TOKEN:
            return 0
        return challenge_of(found.header.get(CHALLENGE), int(found.consumer.dh_prime, 16))


_CONSUMER_CAUSES: Final = {
    Standing.DISABLED: Cause.CONSUMER_DISABLED,
    Standing.REVOKED: Cause.CONSUMER_REVOKED,
}
_TOKEN_CAUSES: Final = {
    Standing.DISABLED: Cause.TOKEN_DISABLED,
    Standing.REVOKED: Cause.TOKEN_REVOKED,
}


def check_parameters(request: SignedRequest, header: AuthorizationHeader) -> None:
    """Make sure that every parameter is there that the endpoint needs, and none elsewhere."""
    required = request.endpoint.required
    if not header.signature or not all(map(header.parameters.get, required)):
        missing = [name for name in required if not header.parameters.get(name)]
        missing += [] if header.signature else ["oauth_signature"]
        raise SignedRequestRefused(
            Cause.MISSING_PARAMETER, f"The Authorization header lacks {', '.join(missing)}."
        )
    if request.line.raw_query or request.is_form:
        form = request.body.decode("latin-1") if request.is_form else ""
        refuse_elsewhere(request.line.raw_query, form)


def check_flow(header: AuthorizationHeader, consumer: Consumer, endpoint: Endpoint) -> None:
    """Make sure that a consumer of its kind may call an endpoint, with that callback."""
    if endpoint not in (Endpoint.REQUEST_TOKEN, Endpoint.ACCESS_TOKEN):
        return
    if consumer.kind is ConsumerKind.FIRST_PARTY:
        raise SignedRequestRefused(
            Cause.FIRST_PARTY_CONSUMER,
            f"{consumer.consumer_key} is a first-party consumer: its access token comes from the "
            "self-service page, not from this endpoint.",
        )
    callback = header.get("oauth_callback")
    allowed = (OUT_OF_BAND, *consumer.callbacks)
    if endpoint is Endpoint.REQUEST_TOKEN and callback not in allowed:
        raise SignedRequestRefused(
            Cause.CALLBACK_NOT_REGISTERED,
            f"The callback {callback[:200]!r} is not registered for {consumer.consumer_key}.",
        )


def check_method(header: AuthorizationHeader, endpoint: Endpoint) -> None:
    """Make sure that a request is signed by the method of its endpoint."""
    method = header.get("oauth_signature_method")
    if method != endpoint.signature_method:
        raise SignedRequestRefused(
            Cause.WRONG_METHOD,
            f"oauth_signature_method is {method[:20]!r}; {endpoint.signature_method} is used here.",
        )


def nonce_of(header: AuthorizationHeader) -> str:
    """Return a nonce that can be remembered.

    Raises:
        SignedRequestRefused: it is longer than 128 characters, or not printable.
    """
    nonce = header.get("oauth_nonce")
    if len(nonce) > NONCE_MAX or not (nonce.isascii() and nonce.isprintable()):
        raise SignedRequestRefused(
            Cause.NONCE_MALFORMED,
            f"oauth_nonce has {len(nonce)} characters; up to {NONCE_MAX} printable ones are taken.",
        )
    return nonce


def _check_owner(token: str, owner: str, consumer: Consumer) -> None:
    if owner != consumer.consumer_key:
        raise SignedRequestRefused(
            Cause.TOKEN_OF_ANOTHER_CONSUMER,
            f"The token {token[:4]}… is not one of the consumer {consumer.consumer_key}.",
        )


def _unknown_token(token: str, *, is_known_elsewhere: bool) -> SignedRequestRefused:
    if is_known_elsewhere:
        return SignedRequestRefused(
            Cause.TOKEN_OF_ANOTHER_KIND,
            "oauth_token is a request token where an access token belongs, or the reverse.",
        )
    return SignedRequestRefused(Cause.UNKNOWN_TOKEN, f"No token is {token[:40]!r}.")


def _signs(token: LiveSessionToken, texts: list[Candidate], signature: bytes) -> Candidate | None:
    """Return what a live session token signed; the first match settles its encoding."""
    for encoding in token.accepted:
        matched = match_hmac(token.keys[encoding], texts, signature)
        if matched is not None:
            token.accepted = (encoding,)
            return matched
    return None


def _wrong_signature() -> SignedRequestRefused:
    return SignedRequestRefused(
        Cause.WRONG_SIGNATURE,
        "The signature matches none of the base strings that the request can have.",
    )
