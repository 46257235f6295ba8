"""Registrations: the programs that may ask for users, with their public keys and their tokens.

A consumer speaks OAuth 1.0a, a client OAuth 2.0. Records hold public keys, never private ones;
the one secret among them is an access token's, which signs the live session token's request. The
whole is kept in a file that only its owner reads.
"""

from enum import Enum

import msgspec

from paperdesk.base.ids import AccountId, UserName
from paperdesk.base.units import Instant


class ConsumerKind(Enum):
    """Whose accounts a consumer works for."""

    FIRST_PARTY = "first-party"
    THIRD_PARTY = "third-party"


class Standing(Enum):
    """Whether a registration may be used."""

    ACTIVE = "active"
    DISABLED = "disabled"
    REVOKED = "revoked"


class SecretPadding(Enum):
    """How an access token's secret is encrypted to its consumer."""

    PKCS1 = "pkcs1-v1.5"
    OAEP_SHA256 = "oaep-sha256"


class ConsumerKeys(msgspec.Struct, frozen=True, kw_only=True):
    """The public half of what a consumer signs, decrypts and agrees with, good from desk time on.

    Keys are PEM text, the Diffie-Hellman prime hex digits.
    """

    signature_key: str
    encryption_key: str
    dh_prime: str
    dh_generator: int = 2
    active_from: Instant = 0


class Consumer(msgspec.Struct, kw_only=True):
    """A program that speaks OAuth 1.0a.

    Keys are PEM text, the Diffie-Hellman prime hex digits. `active_from` is desk time: a key that
    is registered today works from the next midnight reset of its region on. Until `next_keys` are
    good those that they replace are. A third-party consumer's users come back to one of its
    `callbacks`. `realm` is `limited_poa`, or `test_realm` for the public test consumer. `owner` is
    the user who has registered it by the self-service page. `regions` are those whose accounts it
    may have, empty for all; `features` what it was approved for. One that `is_suspended` was
    disabled by the operator, and its owner cannot enable it.
    """

    consumer_key: str
    kind: ConsumerKind = ConsumerKind.FIRST_PARTY
    title: str = ""
    realm: str = "limited_poa"
    signature_key: str
    encryption_key: str
    dh_prime: str
    dh_generator: int = 2
    callbacks: tuple[str, ...] = ()
    padding: SecretPadding = SecretPadding.PKCS1
    standing: Standing = Standing.ACTIVE
    is_suspended: bool = False
    active_from: Instant = 0
    registered_at: Instant = 0
    next_keys: ConsumerKeys | None = None
    owner: UserName = UserName("")
    regions: tuple[str, ...] = ()
    features: tuple[str, ...] = ()


class AccessToken(msgspec.Struct, kw_only=True):
    """A user's permission for a consumer; constant for the two of them.

    `secret` is base64 of the plain bytes, which the consumer gets encrypted alone. `account_ids`
    are those that the user let the consumer have; empty for all of the user's.
    """

    token: str
    consumer_key: str
    user_name: UserName
    secret: str
    account_ids: tuple[AccountId, ...] = ()
    standing: Standing = Standing.ACTIVE
    issued_at: Instant = 0


class ClientKey(msgspec.Struct, kw_only=True):
    """A public key of an OAuth 2.0 client; wall instants, 0 for never."""

    kid: str
    algorithm: str = "RS256"
    pem: str
    thumbprint: str
    not_before: Instant = 0
    retire_at: Instant = 0
    standing: Standing = Standing.ACTIVE


class OAuthClient(msgspec.Struct, kw_only=True):
    """A firm's program that speaks OAuth 2.0 with `private_key_jwt`.

    `user_names` are those it may open trading sessions for; empty for every user of the desk.
    `networks` are CIDR blocks it may come from; empty for any. `grants` are the grant types it may
    use, and `origins` the web pages, such as `https://firm.example`, that may frame its users'
    pages.
    """

    client_id: str
    title: str = ""
    account_id: str = ""
    scopes: tuple[str, ...] = ()
    keys: tuple[ClientKey, ...] = ()
    user_names: tuple[UserName, ...] = ()
    networks: tuple[str, ...] = ()
    grants: tuple[str, ...] = ("client_credentials",)
    origins: tuple[str, ...] = ()
    standing: Standing = Standing.ACTIVE
    registered_at: Instant = 0


class Registrations(msgspec.Struct):
    """Every registration of a desk, each by its public name.

    `agreements` says when, by the wall, users have accepted what the self-service page asks for.
    """

    consumers: dict[str, Consumer] = {}
    tokens: dict[str, AccessToken] = {}
    clients: dict[str, OAuthClient] = {}
    agreements: dict[UserName, Instant] = {}


class Revocation(msgspec.Struct, frozen=True, kw_only=True):
    """What opens nothing any more: a client, a consumer, or one access token of a consumer.

    Sessions that were opened with it end.
    """

    client_id: str = ""
    consumer_key: str = ""
    access_token: str = ""


def adopt_due_keys(consumer: Consumer, desk_now: Instant) -> None:
    """Let a consumer's next keys replace those before them, if they are good by desk time."""
    due = consumer.next_keys
    if due is None or due.active_from > desk_now:
        return
    consumer.signature_key = due.signature_key
    consumer.encryption_key = due.encryption_key
    consumer.dh_prime = due.dh_prime
    consumer.dh_generator = due.dh_generator
    consumer.next_keys = None
