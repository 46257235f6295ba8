"""Searches: which text and which key a refused signature is right for.

Right texts are tried with wrong keys, wrong texts with right keys, and last both wrong: some
hundred thousand hashes at most.
"""

import hmac
from collections.abc import Iterable
from hashlib import sha256
from itertools import product
from typing import Final

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS, PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from paperdesk.auth.oauth1.causes import Cause
from paperdesk.auth.oauth1.headers import AuthorizationHeader
from paperdesk.auth.oauth1.requests import Endpoint, SignedRequest
from paperdesk.auth.oauth1.signatures import recovered
from paperdesk.auth.oauth1.tokens import prepend_of
from paperdesk.auth.oauth1.verification import Verifier
from paperdesk.auth.oauth1.wrong_keys import (
    OTHER_HASHES,
    OTHERS_MAX,
    WrongKey,
    right_keys,
    wrong_keys,
    wrong_prepends,
)
from paperdesk.auth.oauth1.wrong_texts import WrongText, right_text, wrong_texts
from paperdesk.auth.registrations import AccessToken, Consumer

HMAC_SIZE: Final = 32
SHOWN_MIN: Final = 8
"""So many bytes of an HMAC are no accident."""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What a search found.

    `text` is what the client signed, without any prepend; `also` a second mistake.
    """

    cause: Cause
    detail: str = ""
    also: Cause | None = None
    text: str = ""
    variant: str = ""


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One refused signature and what is known about its request.

    `client` is the base string that the client says it signed; empty for none.
    """

    verifier: Verifier
    request: SignedRequest
    header: AuthorizationHeader
    consumer: Consumer
    access_token: AccessToken | None
    signature: bytes
    client: str = ""

    def right_texts(self) -> list[WrongText]:
        """Return what the client may have signed."""
        return [right_text(text) for text in self.verifier.texts(self.request, self.header)]

    def wrong_texts(self) -> list[WrongText]:
        """Return what it may have signed by mistake; what it says it signed comes last."""
        settings = self.verifier.settings
        found = list(
            wrong_texts(self.request, self.header, settings.public, strict=settings.strict)
        )
        if self.client:
            found.append(WrongText(Cause.BASE_STRING_DIFFERS, "", self.client))
        return found

    @property
    def prepend(self) -> str:
        """What has to stand in front of the base string: a secret."""
        if self.request.endpoint is not Endpoint.LIVE_SESSION_TOKEN or self.access_token is None:
            return ""
        return prepend_of(self.access_token.secret)


def search(case: Case) -> Finding:
    """Return why a signature is wrong."""
    if case.request.endpoint is Endpoint.PROTECTED:
        return _search_hmac(case)
    return _search_rsa(case)


def _search_hmac(case: Case) -> Finding:
    assert case.access_token is not None
    live = case.verifier.live
    owned = live.of(case.consumer.consumer_key, case.access_token.token)
    right, keys = case.right_texts(), list(right_keys(owned))
    found = _other_form(case, right, keys) or _other_hash(case, right, keys)
    if found is not None:
        return found
    wrong = case.wrong_texts()
    others = list(wrong_keys(owned, case.access_token, live))
    for texts, tried in ((wrong, keys), (right, others), (wrong, others)):
        found = _signed_by(case.signature, texts, tried)
        if found is not None:
            return found
    if len(case.signature) != HMAC_SIZE:
        return _not_an_hmac(case)
    return _unexplained(case, right)


def _not_an_hmac(case: Case) -> Finding:
    size = len(case.signature)
    for pem in (case.consumer.signature_key, case.consumer.encryption_key):
        if recovered(case.verifier.ring.key(pem), case.signature) is not None:
            return Finding(cause=Cause.RSA_INSTEAD_OF_HMAC)
    if size < HMAC_SIZE:
        return Finding(cause=Cause.SIGNATURE_TRUNCATED, detail=f"{size} of {HMAC_SIZE} bytes")
    return Finding(cause=Cause.WRONG_SIGNATURE, detail=f"it has {size} bytes, an HMAC has 32")


def _unexplained(case: Case, right: list[WrongText]) -> Finding:
    if case.client in {text.text for text in right}:
        return Finding(cause=Cause.WRONG_KEY, text=case.client)
    return Finding(cause=Cause.WRONG_SIGNATURE)


def _signed_by(
    signature: bytes, texts: Iterable[WrongText], keys: Iterable[WrongKey]
) -> Finding | None:
    for text, key in product(texts, keys):
        if hmac.digest(key.key, _bytes(text.text), "sha256") == signature:
            return _finding(text, key)
    return None


def _finding(text: WrongText, key: WrongKey) -> Finding:
    """Return what is wrong with a text and a key, the key first where both are."""
    cause = key.cause or text.cause
    assert cause is not None
    also = text.cause if key.cause is not None else None
    return Finding(cause=cause, detail=text.detail, also=also, text=text.text, variant=text.variant)


def _other_form(case: Case, texts: list[WrongText], keys: list[WrongKey]) -> Finding | None:
    """Say whether the right signature came in another form."""
    given, written = case.signature, case.header.signature
    for text, key in product(texts, keys):
        true = hmac.digest(key.key, _bytes(text.text), "sha256")
        cause = None
        if written.lower() == true.hex() or given.lower() == true.hex().encode():
            cause = Cause.SIGNATURE_IN_HEX
        elif SHOWN_MIN <= len(given) < HMAC_SIZE and true.startswith(given):
            cause = Cause.SIGNATURE_TRUNCATED
        if cause is not None:
            return Finding(cause=cause, text=text.text, variant=text.variant)
    return None


def _other_hash(case: Case, texts: list[WrongText], keys: list[WrongKey]) -> Finding | None:
    for text, key in product(texts, keys):
        data = _bytes(text.text)
        digest = sha256(data)
        for hashed in (digest.digest(), digest.hexdigest().encode()):
            if hmac.digest(key.key, hashed, "sha256") == case.signature:
                return Finding(cause=Cause.HASHED_TWICE, text=text.text, variant=text.variant)
        for algorithm in OTHER_HASHES:
            if hmac.digest(key.key, data, algorithm.name) == case.signature:
                name = algorithm.name.upper()
                return Finding(
                    cause=Cause.WRONG_HASH, detail=name, text=text.text, variant=text.variant
                )
    return None


def _search_rsa(case: Case) -> Finding:
    key = case.verifier.ring.key(case.consumer.signature_key)
    digest = recovered(key, case.signature)
    if digest is None:
        return _unopened(case, key)
    right = case.right_texts()
    prepends = [WrongKey(None, case.prepend.encode())]
    found = _hashed_twice(digest, right, prepends)
    if found is not None:
        return found
    wrong = case.wrong_texts()
    owner = case.access_token
    others = list(wrong_prepends(owner, case.verifier.registrations, case.consumer))
    for texts, tried in ((wrong, prepends), (right, others), (wrong, others)):
        found = _hashed_by(digest, texts, tried)
        if found is not None:
            return found
    return Finding(cause=Cause.WRONG_SIGNATURE, detail="the key is right")


def _hashed_by(digest: bytes, texts: list[WrongText], prepends: list[WrongKey]) -> Finding | None:
    for prepend in prepends:
        began = sha256(prepend.key)
        for text in texts:
            tried = began.copy()
            tried.update(_bytes(text.text))
            if tried.digest() == digest:
                return _finding(text, prepend)
    return None


def _hashed_twice(
    digest: bytes, texts: list[WrongText], prepends: list[WrongKey]
) -> Finding | None:
    for text, prepend in product(texts, prepends):
        once = sha256(prepend.key + _bytes(text.text))
        for hashed in (once.digest(), once.hexdigest().encode()):
            if sha256(hashed).digest() == digest:
                return Finding(cause=Cause.HASHED_TWICE, text=text.text, variant=text.variant)
    return None


def _unopened(case: Case, key: RSAPublicKey) -> Finding:
    """Return why the consumer's signature key does not open a signature."""
    size = (key.key_size + 7) // 8
    if len(case.signature) < size:
        return _too_short(case, size)
    ring, consumer = case.verifier.ring, case.consumer
    if recovered(ring.key(consumer.encryption_key), case.signature) is not None:
        return Finding(cause=Cause.ENCRYPTION_KEY_USED)
    for algorithm in OTHER_HASHES:
        if recovered(key, case.signature, algorithm) is not None:
            return Finding(cause=Cause.WRONG_HASH, detail=algorithm.name.upper())
    if len(case.signature) == size and (padding := _other_padding(case, key)):
        return Finding(cause=Cause.WRONG_PADDING, detail=padding)
    if _is_of_another(case):
        return Finding(cause=Cause.KEY_OF_ANOTHER_CONSUMER)
    return Finding(cause=Cause.WRONG_SIGNATURE_KEY)


def _is_of_another(case: Case) -> bool:
    consumers = case.verifier.registrations.consumers.values()
    others = [other for other in consumers if other is not case.consumer]
    return any(
        recovered(case.verifier.ring.key(pem), case.signature) is not None
        for other in others[:OTHERS_MAX]
        for pem in (other.signature_key, other.encryption_key)
    )


def _too_short(case: Case, size: int) -> Finding:
    given = len(case.signature)
    if given == HMAC_SIZE and any(
        hmac.digest(token.key, _bytes(text.text), "sha256") == case.signature
        for token, text in product(case.verifier.live, case.right_texts())
    ):
        return Finding(cause=Cause.HMAC_INSTEAD_OF_RSA)
    return Finding(cause=Cause.SIGNATURE_TRUNCATED, detail=f"{given} of {size} bytes")


def _other_padding(case: Case, key: RSAPublicKey) -> str:
    """Return the padding that a signature has instead of the right one; empty for none known."""
    try:
        bare = key.recover_data_from_signature(case.signature, PKCS1v15(), None)
    except (InvalidSignature, ValueError):
        bare = b""
    if bare:
        return f"{len(bare)} bytes without the name of a hash"
    scheme = PSS(MGF1(SHA256()), PSS.AUTO)
    for text, prepend in product(case.right_texts(), {case.prepend, ""}):
        try:
            key.verify(case.signature, _bytes(prepend + text.text), scheme, SHA256())
        except InvalidSignature:
            continue
        return "PSS"
    return ""


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
