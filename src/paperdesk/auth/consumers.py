"""Consumers: how programs that speak OAuth 1.0a are registered, changed and ended.

Each function changes the registrations of a desk or refuses; whoever calls it keeps them, and tells
the registry what opens nothing any more.
"""

from base64 import b64encode
from collections.abc import Callable
from enum import Enum
from typing import Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from paperdesk.auth.consumer_checks import (
    TEST_KEY,
    check_callbacks,
    check_key,
    check_own_keys,
)
from paperdesk.auth.oauth1 import keys
from paperdesk.auth.oauth1.tokens import SECRET_SIZE, encrypted_secret
from paperdesk.auth.registrations import (
    AccessToken,
    Consumer,
    ConsumerKeys,
    ConsumerKind,
    Registrations,
    SecretPadding,
    Standing,
)
from paperdesk.base.errors import Refusal
from paperdesk.base.ids import UserName
from paperdesk.base.units import Instant

TEST_REALM: Final = "test_realm"
TOKEN_BYTES: Final = 10
VENDOR_KEY_DIGITS: Final = 25
CONSUMERS_MAX: Final = 10_000


class UnknownConsumer(Refusal):
    """No consumer has the key."""

    code = "unknown_consumer"


class RegistrationRevoked(Refusal):
    """What was revoked stays revoked."""

    code = "registration_revoked"


class UnknownToken(Refusal):
    """The consumer has no such access token."""

    code = "unknown_token"


class TooManyRegistrations(Refusal):
    """The desk has as many registrations as it holds."""

    code = "too_many_registrations"


class RegistrationSuspended(Refusal):
    """The operator of the desk has disabled a registration, and has to enable it."""

    code = "registration_suspended"


class NeedsConsent(Refusal):
    """Access tokens of a third party come from its users' consent."""

    code = "needs_consent"


class Stage(Enum):
    """How far a consumer has come."""

    PENDING = "pending"
    """It is good from the next reset on."""

    ACTIVE = "active"
    DISABLED = "disabled"
    REVOKED = "revoked"


class Uploads(msgspec.Struct, frozen=True, kw_only=True):
    """The three files of a consumer: two public keys and Diffie-Hellman parameters, all in PEM."""

    signature: bytes
    encryption: bytes
    parameters: bytes


class NewConsumer(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be registered; `keys` say from when on, and `at` is wall time."""

    consumer_key: str
    keys: ConsumerKeys
    kind: ConsumerKind = ConsumerKind.FIRST_PARTY
    title: str = ""
    callbacks: tuple[str, ...] = ()
    padding: SecretPadding = SecretPadding.PKCS1
    owner: UserName = UserName("")
    regions: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    at: Instant = 0


class Draw(msgspec.Struct, frozen=True):
    """Where bytes come from that nobody can foresee: `hex` returns so many as hex digits."""

    hex: Callable[[int], str]

    def vendor_key(self) -> str:
        """Return the consumer key of a third party."""
        return self.hex((VENDOR_KEY_DIGITS + 1) // 2)[:VENDOR_KEY_DIGITS]


class Issued(msgspec.Struct, frozen=True):
    """An access token, and its secret as the consumer gets it: once, and encrypted."""

    token: AccessToken
    encrypted_secret: str


def read_keys(uploads: Uploads, active_from: Instant = 0) -> ConsumerKeys:
    """Return the keys of three uploaded files. A prime takes half a second to be judged.

    Raises:
        UploadRefused: one of them is not what it should be; none was kept.
    """
    signature = keys.public_key(uploads.signature)
    encryption = keys.public_key(uploads.encryption)
    keys.check_distinct(signature, encryption)
    parameters = keys.parameters(uploads.parameters)
    return ConsumerKeys(
        signature_key=signature.pem,
        encryption_key=encryption.pem,
        dh_prime=parameters.prime,
        dh_generator=parameters.generator,
        active_from=active_from,
    )


def add(registrations: Registrations, new: NewConsumer) -> Consumer:
    """Register a consumer.

    Raises:
        InvalidConsumer: its key has another form than its kind's, or a callback is none.
        ConsumerExists: another one has its key.
        KeyInUse: another one has one of its key pairs.
        TooManyRegistrations: the desk has as many as it holds.
    """
    check_key(registrations, new.consumer_key, new.kind)
    check_callbacks(new.callbacks, new.kind)
    check_own_keys(registrations, new.keys, new.consumer_key)
    if len(registrations.consumers) >= CONSUMERS_MAX:
        raise TooManyRegistrations(f"A desk has at most {CONSUMERS_MAX} consumers.")
    consumer = registrations.consumers[new.consumer_key] = Consumer(
        consumer_key=new.consumer_key,
        kind=new.kind,
        title=new.title,
        realm=TEST_REALM if new.consumer_key == TEST_KEY else "limited_poa",
        signature_key=new.keys.signature_key,
        encryption_key=new.keys.encryption_key,
        dh_prime=new.keys.dh_prime,
        dh_generator=new.keys.dh_generator,
        callbacks=new.callbacks,
        padding=new.padding,
        active_from=new.keys.active_from,
        registered_at=new.at,
        owner=new.owner,
        regions=new.regions,
        features=new.features,
    )
    return consumer


def replace_keys(registrations: Registrations, consumer_key: str, new: ConsumerKeys) -> Consumer:
    """Give a consumer other keys, which are good from their instant on; until then the old ones.

    Raises:
        UnknownConsumer: there is none.
        RegistrationRevoked: it was revoked.
        KeyInUse: another one has one of the key pairs.
    """
    consumer = usable(registrations, consumer_key)
    check_own_keys(registrations, new, consumer_key)
    consumer.next_keys = new
    return consumer


def disable(
    registrations: Registrations, consumer_key: str, *, by_operator: bool = False
) -> Consumer:
    """Let a consumer open nothing until it is enabled again; see `replace_keys` for refusals.

    What the operator has disabled its owner cannot enable.
    """
    consumer = usable(registrations, consumer_key)
    consumer.standing = Standing.DISABLED
    consumer.is_suspended = consumer.is_suspended or by_operator
    return consumer


def enable(
    registrations: Registrations,
    consumer_key: str,
    active_from: Instant = 0,
    *,
    by_operator: bool = False,
) -> Consumer:
    """Let a consumer that was disabled open sessions again; see `replace_keys` for refusals.

    Raises:
        RegistrationSuspended: the operator has disabled it, and somebody else asks.
    """
    consumer = usable(registrations, consumer_key)
    if consumer.is_suspended and not by_operator:
        raise RegistrationSuspended("The operator of this desk has disabled it.")
    consumer.is_suspended = False
    if consumer.standing is Standing.DISABLED:
        consumer.standing = Standing.ACTIVE
        consumer.active_from = max(consumer.active_from, active_from)
    return consumer


def revoke(registrations: Registrations, consumer_key: str) -> Consumer:
    """End a consumer and its access tokens for good; its key stays taken.

    Raises:
        UnknownConsumer: there is none.
    """
    consumer = found(registrations, consumer_key)
    consumer.standing = Standing.REVOKED
    for token in tokens_of(registrations, consumer_key):
        token.standing = Standing.REVOKED
    return consumer


def delete(registrations: Registrations, consumer_key: str) -> None:
    """Forget a consumer and its access tokens; its key is free again.

    Raises:
        UnknownConsumer: there is none.
    """
    found(registrations, consumer_key)
    del registrations.consumers[consumer_key]
    for token in tokens_of(registrations, consumer_key):
        del registrations.tokens[token.token]


def issue_token(
    registrations: Registrations,
    consumer_key: str,
    user_name: UserName,
    draw: Draw,
    at: Instant,
) -> Issued:
    """Give a consumer its access token of a user, with a new secret.

    The token stays the same for the two of them; the secret before opens nothing new, while live
    session tokens that were made with it go on until they expire.

    Raises:
        UnknownConsumer: there is none.
        RegistrationRevoked: it was revoked.
        NeedsConsent: it is a third party's.
    """
    consumer = usable(registrations, consumer_key)
    if consumer.kind is ConsumerKind.THIRD_PARTY:
        raise NeedsConsent(
            f"{consumer_key} is a third party's: its access tokens come from users' consent at "
            "/authorize."
        )
    token = next(
        (one for one in tokens_of(registrations, consumer_key) if one.user_name == user_name), None
    )
    secret = bytes.fromhex(draw.hex(SECRET_SIZE))
    if token is None:
        token = AccessToken(
            token=draw.hex(TOKEN_BYTES), consumer_key=consumer_key, user_name=user_name, secret=""
        )
        registrations.tokens[token.token] = token
    token.secret = b64encode(secret).decode()
    token.standing = Standing.ACTIVE
    token.issued_at = at
    return Issued(token, encrypted_to(consumer, secret))


def encrypted_to(consumer: Consumer, secret: bytes) -> str:
    """Return a secret as a consumer can read it with the newest of its keys."""
    waiting = consumer.next_keys
    pem = consumer.encryption_key if waiting is None else waiting.encryption_key
    key = load_pem_public_key(pem.encode())
    assert isinstance(key, RSAPublicKey), "keys are checked when they are uploaded"
    return encrypted_secret(secret, key, consumer.padding)


def revoke_token(registrations: Registrations, consumer_key: str, token: str) -> AccessToken:
    """End one access token of a consumer; it can be issued anew.

    Raises:
        UnknownToken: the consumer has none like it.
    """
    known = registrations.tokens.get(token)
    if known is None or known.consumer_key != consumer_key:
        raise UnknownToken(f"{consumer_key[:40]} has no access token {token[:40]!r}.")
    known.standing = Standing.REVOKED
    return known


def stage(consumer: Consumer, desk_now: Instant) -> Stage:
    """Return how far a consumer has come by desk time."""
    if consumer.standing is Standing.REVOKED:
        return Stage.REVOKED
    if consumer.standing is Standing.DISABLED:
        return Stage.DISABLED
    return Stage.PENDING if consumer.active_from > desk_now else Stage.ACTIVE


def tokens_of(registrations: Registrations, consumer_key: str) -> list[AccessToken]:
    """Return the access tokens of a consumer."""
    return [one for one in registrations.tokens.values() if one.consumer_key == consumer_key]


def found(registrations: Registrations, consumer_key: str) -> Consumer:
    """Return a consumer, whatever it may do.

    Raises:
        UnknownConsumer: there is none.
    """
    consumer = registrations.consumers.get(consumer_key)
    if consumer is None:
        raise UnknownConsumer(f"No consumer has the key {consumer_key[:40]!r}.")
    return consumer


def usable(registrations: Registrations, consumer_key: str) -> Consumer:
    """Return a consumer that can be changed; see `replace_keys` for refusals."""
    consumer = found(registrations, consumer_key)
    if consumer.standing is Standing.REVOKED:
        raise RegistrationRevoked(f"The consumer {consumer_key} was revoked for good.")
    return consumer
