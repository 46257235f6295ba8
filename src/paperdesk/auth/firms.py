"""Firms: how programs that speak OAuth 2.0 are registered, and how their keys follow each other.

A key waits for its time, is good, is still good while the next one already is, and then is not any
more. Tokens that were issued by a key outlive it; those of a client that is ended do not.
"""

import ipaddress
import re
from collections.abc import Iterable
from enum import Enum
from typing import Final
from urllib.parse import urlsplit

import msgspec

from paperdesk.auth.consumer_checks import KeyInUse
from paperdesk.auth.consumers import RegistrationRevoked, TooManyRegistrations
from paperdesk.auth.oauth2 import keys, scopes
from paperdesk.auth.registrations import ClientKey, OAuthClient, Registrations, Standing
from paperdesk.base.errors import Refusal
from paperdesk.base.units import Duration, Instant

CLIENT_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
CLIENTS_MAX: Final = 10_000
NETWORKS_MAX: Final = 100
ORIGINS_MAX: Final = 20
GRANTS: Final = ("client_credentials",)


class UnknownClient(Refusal):
    """No client has the id."""

    code = "unknown_client"


class ClientExists(Refusal):
    """A client id is one program's alone."""

    code = "client_exists"


class InvalidClient(Refusal):
    """An id, a scope, a network or an origin that cannot be registered."""

    code = "invalid_client"


class UnknownKey(Refusal):
    """The client has no such key."""

    code = "unknown_key"


class KeyStage(Enum):
    """How far a client's key has come."""

    PENDING = "pending"
    ACTIVE = "active"
    RETIRING = "retiring"
    """Still good, until an instant that is set."""

    RETIRED = "retired"
    REVOKED = "revoked"


class NewClient(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be registered: see `OAuthClient`. `at` is wall time."""

    client_id: str
    keys: tuple[ClientKey, ...]
    title: str = ""
    account_id: str = ""
    scopes: tuple[str, ...] = scopes.SCOPES
    user_names: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    at: Instant = 0


def add(registrations: Registrations, new: NewClient) -> OAuthClient:
    """Register a client.

    Raises:
        InvalidClient: something of it cannot be registered.
        ClientExists: another one has its id.
        KeyInUse: another one has one of its keys.
        TooManyRegistrations: the desk has as many as it holds.
    """
    if not CLIENT_ID.fullmatch(new.client_id):
        raise InvalidClient(
            "A client id has 1 to 64 letters, digits, dots, dashes and underscores."
        )
    if new.client_id in registrations.clients:
        raise ClientExists(f"There is a client {new.client_id} already.")
    if len(registrations.clients) >= CLIENTS_MAX:
        raise TooManyRegistrations(f"A desk has at most {CLIENTS_MAX} clients.")
    _check_scopes(new.scopes)
    _check_networks(new.networks)
    _check_origins(new.origins)
    _check_own_keys(registrations, new.client_id, new.keys)
    client = registrations.clients[new.client_id] = OAuthClient(
        client_id=new.client_id,
        title=new.title,
        account_id=new.account_id,
        scopes=new.scopes,
        keys=new.keys,
        user_names=new.user_names,  # type: ignore[arg-type]
        networks=new.networks,
        grants=GRANTS,
        origins=new.origins,
        registered_at=new.at,
    )
    return client


def add_keys(registrations: Registrations, client_id: str, new: Iterable[ClientKey]) -> OAuthClient:
    """Give a client further keys beside those that it has.

    Raises:
        UnknownClient, RegistrationRevoked: there is none that could be changed.
        KeyInUse: another one has one of the keys, or it has itself.
        InvalidKeyId: it has a key of the id, or as many as it may have.
    """
    client = usable(registrations, client_id)
    added = tuple(new)
    _check_own_keys(registrations, client_id, added)
    if {key.thumbprint for key in client.keys} & {key.thumbprint for key in added}:
        raise KeyInUse(f"{client_id} has this key already; a new key is a new pair.")
    together = (*client.keys, *added)
    keys.check_ids(together)
    client.keys = together
    return client


def retire_key(
    registrations: Registrations, client_id: str, kid: str, retire_at: Instant
) -> OAuthClient:
    """Let a key be good until an instant of the wall and no longer.

    Raises:
        UnknownClient, RegistrationRevoked: there is no client that could be changed.
        UnknownKey: it has no key of the id.
    """
    client = usable(registrations, client_id)
    return _changed(client, kid, retire_at=retire_at)


def revoke_key(registrations: Registrations, client_id: str, kid: str) -> OAuthClient:
    """Let a key be good for nothing from now on; see `retire_key` for refusals."""
    return _changed(usable(registrations, client_id), kid, standing=Standing.REVOKED)


def rotate(
    registrations: Registrations,
    client_id: str,
    new: tuple[ClientKey, ...],
    now: Instant,
    overlap: Duration,
) -> OAuthClient:
    """Give a client new keys, and let those before them go after an overlap of wall time.

    See `add_keys` for refusals.
    """
    before = usable(registrations, client_id).keys
    client = add_keys(registrations, client_id, new)
    for key in before:
        if key_stage(key, now) in {KeyStage.PENDING, KeyStage.ACTIVE}:
            _changed(client, key.kid, retire_at=now + overlap)
    return client


def set_standing(registrations: Registrations, client_id: str, standing: Standing) -> OAuthClient:
    """Disable, enable or revoke a client; what was revoked stays so.

    Raises:
        UnknownClient: there is none.
        RegistrationRevoked: it was revoked, and is to be something else.
    """
    client = found(registrations, client_id)
    if standing is not Standing.REVOKED:
        usable(registrations, client_id)
    client.standing = standing
    return client


def delete(registrations: Registrations, client_id: str) -> None:
    """Forget a client; its id is free again.

    Raises:
        UnknownClient: there is none.
    """
    found(registrations, client_id)
    del registrations.clients[client_id]


def found(registrations: Registrations, client_id: str) -> OAuthClient:
    """Return a client, whatever it may do.

    Raises:
        UnknownClient: there is none.
    """
    client = registrations.clients.get(client_id)
    if client is None:
        raise UnknownClient(f"No client has the id {client_id[:64]!r}.")
    return client


def usable(registrations: Registrations, client_id: str) -> OAuthClient:
    """Return a client that can be changed; see `set_standing` for refusals."""
    client = found(registrations, client_id)
    if client.standing is Standing.REVOKED:
        raise RegistrationRevoked(f"The client {client_id} was revoked for good.")
    return client


def key_stage(key: ClientKey, now: Instant) -> KeyStage:
    """Return how far a key has come at an instant of wall time."""
    if key.standing is not Standing.ACTIVE:
        return KeyStage.REVOKED
    if 0 < key.retire_at <= now:
        return KeyStage.RETIRED
    if key.not_before > now:
        return KeyStage.PENDING
    return KeyStage.RETIRING if key.retire_at else KeyStage.ACTIVE


def warnings(client: OAuthClient, now: Instant) -> list[str]:
    """Return what the owner of a client should know, a sentence each."""
    told = keys.warnings(client.keys)
    if not any(key_stage(key, now) is KeyStage.ACTIVE for key in client.keys):
        told.append(
            f"{client.client_id} has no key that stays good: add one, or it cannot sign in any "
            "more."
        )
    return told


def free_kid(client: OAuthClient) -> str:
    """Return an id for the next key of a client: `main`, then `key-2` and so on."""
    taken = {key.kid for key in client.keys}
    number = len(client.keys) + 1
    kid = keys.DEFAULT_ID if number == 1 else f"key-{number}"
    while kid in taken:
        number += 1
        kid = f"key-{number}"
    return kid


def _changed(client: OAuthClient, kid: str, **changes: object) -> OAuthClient:
    if all(key.kid != kid for key in client.keys):
        known = ", ".join(key.kid for key in client.keys) or "none"
        raise UnknownKey(f"{client.client_id} has no key {kid[:80]!r}; it has: {known}.")
    client.keys = tuple(
        msgspec.structs.replace(key, **changes) if key.kid == kid else key for key in client.keys
    )
    return client


def _check_own_keys(
    registrations: Registrations, client_id: str, new: tuple[ClientKey, ...]
) -> None:
    """Make sure that a key is one client's alone: test and production too need one each."""
    own = {key.thumbprint for key in new}
    for other in registrations.clients.values():
        if other.client_id != client_id and own & {key.thumbprint for key in other.keys}:
            raise KeyInUse("Another client has this key; make a pair of your own.")


def _check_scopes(names: tuple[str, ...]) -> None:
    for name in names:
        if name not in scopes.SCOPES:
            raise InvalidClient(f"{name[:60]!r} is no scope; there is: {', '.join(scopes.SCOPES)}.")


def _check_networks(blocks: tuple[str, ...]) -> None:
    if len(blocks) > NETWORKS_MAX:
        raise InvalidClient(f"A client has at most {NETWORKS_MAX} networks.")
    for block in blocks:
        try:
            ipaddress.ip_network(block, strict=False)
        except ValueError:
            raise InvalidClient(
                f"{block[:60]!r} is no network: write 203.0.113.0/24 or 2001:db8::/32."
            ) from None


def _check_origins(origins: tuple[str, ...]) -> None:
    if len(origins) > ORIGINS_MAX:
        raise InvalidClient(f"A client has at most {ORIGINS_MAX} origins.")
    for origin in origins:
        parts = urlsplit(origin)
        if parts.scheme not in {"http", "https"} or origin != f"{parts.scheme}://{parts.netloc}":
            raise InvalidClient(f"{origin[:80]!r} is no origin: write https://firm.example.")
