"""Clients: firms' programs that speak OAuth 2.0, and how their keys follow each other."""

from pathlib import PurePosixPath
from typing import Any, Final

from paperdesk.auth import firms
from paperdesk.auth.firms import NewClient
from paperdesk.auth.oauth2 import keys, scopes
from paperdesk.auth.oauth2.keys import Terms
from paperdesk.auth.registrations import ClientKey, OAuthClient, Revocation, Standing
from paperdesk.base.errors import UnknownUser
from paperdesk.base.ids import UserName
from paperdesk.control import environments, key_pairs
from paperdesk.control.environments import ClientSetting
from paperdesk.control.key_pairs import ClientPair
from paperdesk.control.operations import Asked, Body, Operations, Register
from paperdesk.control.refusals import BadControl
from paperdesk.desk.times import duration

operations = Operations()

KEY_FILE: Final = "private_key.pem"
ID_BYTES: Final = 8


class FirmBody(Body, kw_only=True):
    """What every registration of a client says; see `OAuthClient`.

    `client_id` is drawn where it is left out; without `user_names` every user of the desk may be
    named.
    """

    client_id: str = ""
    title: str = ""
    account_id: str = ""
    scopes: tuple[str, ...] = scopes.SCOPES
    user_names: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()


class Firm(FirmBody, kw_only=True):
    """A client with keys of its own: PEM text, a JWK or a set of them."""

    key: str
    kid: str = ""
    algorithm: str = ""


class InstantFirm(FirmBody, kw_only=True):
    """A client whose key is made here. With `user` the answer says how ibauth is told of it."""

    user: str = ""
    bits: int = 3_072


class NewKey(Body, kw_only=True):
    """A further key: PEM text, a JWK or a set; good after `starts_in`, a duration of wall time."""

    key: str
    kid: str = ""
    algorithm: str = ""
    starts_in: int | str = 0


class Rotation(Body, kw_only=True):
    """A key in place of those before it, which are good for an `overlap` of wall time more."""

    key: str
    kid: str = ""
    algorithm: str = ""
    overlap: int | str = "1d"


class Retirement(Body, kw_only=True):
    """How long a key is still good, by the wall."""

    after: int | str = 0


def _make(body: InstantFirm) -> ClientPair:
    if body.bits not in key_pairs.SIZES:
        sizes = ", ".join(map(str, key_pairs.SIZES))
        raise BadControl(f"A key has {sizes} bits, not {body.bits}.")
    return key_pairs.client_pair(body.bits)


@operations.put("GET", "/desks/{desk}/clients")
def list_clients(asked: Asked) -> list[dict[str, Any]]:
    """List the clients of OAuth 2.0 with the stages of their keys."""
    return [_shown(asked, client) for client in _register(asked).registrations.clients.values()]


@operations.put("GET", "/desks/{desk}/clients/{client}")
def read_client(asked: Asked) -> dict[str, Any]:
    """Say how a client is registered, with its public keys."""
    client = firms.found(_register(asked).registrations, asked.path["client"])
    return _shown(asked, client) | {"public_keys": [_public(key) for key in client.keys]}


@operations.put("POST", "/desks/{desk}/clients", Firm)
def add_client(asked: Asked) -> dict[str, Any]:
    """Register a client with keys of its own."""
    body = asked.body
    terms = Terms(kid=body.kid or keys.DEFAULT_ID, algorithm=body.algorithm)
    return _shown(asked, _added(asked, keys.read(body.key, terms)))


@operations.put("POST", "/desks/{desk}/clients/instant", InstantFirm, make=_make)
def add_at_once(asked: Asked) -> dict[str, Any]:
    """Make a key and a client at once, and say how ibauth is told of them."""
    pair, user = asked.made, asked.body.user
    if user and UserName(user) not in asked.desk.world.accounts.users:
        raise UnknownUser(f"There is no user {user[:80]!r}.")
    client = _added(asked, keys.read(pair.public))
    told = _shown(asked, client) | {"private": {"key": pair.private, "public": pair.public}}
    if user:
        where = asked.control.where
        setting = ClientSetting(
            url=where.hosted_url,
            client_id=client.client_id,
            kid=client.keys[0].kid,
            user_name=user,
            key_file=PurePosixPath(KEY_FILE),
            authority=where.authority,
        )
        told["settings"] = environments.ibauth_settings(setting)
        told["program"] = environments.ibauth_program(setting)
        told["environment"] = environments.ibauth_variables(setting)
    return told


@operations.put("POST", "/desks/{desk}/clients/{client}/keys", NewKey)
def add_key(asked: Asked) -> dict[str, Any]:
    """Give a client a further key."""
    body, register = asked.body, _register(asked)
    later = duration(body.starts_in)
    begins = asked.control.wall() + later if later else 0
    new = _read(asked, begins)
    client = firms.add_keys(register.registrations, asked.path["client"], new)
    return _kept(asked, client)


@operations.put("POST", "/desks/{desk}/clients/{client}/rotate", Rotation)
def rotate_key(asked: Asked) -> dict[str, Any]:
    """Give a client a key in place of those before it, which stay good for a while."""
    body, register = asked.body, _register(asked)
    client = firms.rotate(
        register.registrations,
        asked.path["client"],
        _read(asked, 0),
        asked.control.wall(),
        duration(body.overlap),
    )
    return _kept(asked, client)


@operations.put("POST", "/desks/{desk}/clients/{client}/keys/{kid}/retire", Retirement)
def retire_key(asked: Asked) -> dict[str, Any]:
    """Let a key be good for a while and no longer; tokens that it was used for outlive it."""
    at = asked.control.wall() + duration(asked.body.after)
    client = firms.retire_key(
        _register(asked).registrations, asked.path["client"], asked.path["kid"], at
    )
    return _kept(asked, client)


@operations.put("POST", "/desks/{desk}/clients/{client}/keys/{kid}/revoke")
def revoke_key(asked: Asked) -> dict[str, Any]:
    """Let a key be good for nothing from now on."""
    registrations = _register(asked).registrations
    return _kept(asked, firms.revoke_key(registrations, asked.path["client"], asked.path["kid"]))


@operations.put("POST", "/desks/{desk}/clients/{client}/enable")
def enable_client(asked: Asked) -> dict[str, Any]:
    """Let a client that was disabled sign in again."""
    return _stands(asked, Standing.ACTIVE)


@operations.put("POST", "/desks/{desk}/clients/{client}/disable")
def disable_client(asked: Asked) -> dict[str, Any]:
    """Let a client sign in no more until it is enabled; its sessions end at once."""
    return _stands(asked, Standing.DISABLED)


@operations.put("POST", "/desks/{desk}/clients/{client}/revoke")
def revoke_client(asked: Asked) -> dict[str, Any]:
    """End a client, its tokens and its sessions for good."""
    return _stands(asked, Standing.REVOKED)


@operations.put("DELETE", "/desks/{desk}/clients/{client}")
def delete_client(asked: Asked) -> dict[str, Any]:
    """Forget a client; its sessions end and its id is free again."""
    register, client_id = _register(asked), asked.path["client"]
    firms.delete(register.registrations, client_id)
    register.save()
    register.revoke(Revocation(client_id=client_id))
    return {"client_id": client_id, "deleted": True}


def _register(asked: Asked) -> Register:
    asked.desk  # noqa: B018 - refuses other desks
    return asked.control.registered


def _added(asked: Asked, new: tuple[ClientKey, ...]) -> OAuthClient:
    body, register, users = asked.body, _register(asked), asked.desk.world.accounts.users
    for name in body.user_names:
        if UserName(name) not in users:
            raise UnknownUser(f"There is no user {name[:80]!r}.")
    client = firms.add(
        register.registrations,
        NewClient(
            client_id=body.client_id or f"client-{asked.control.draw.hex(ID_BYTES)}",
            keys=new,
            title=body.title,
            account_id=body.account_id,
            scopes=body.scopes,
            user_names=body.user_names,
            networks=body.networks,
            origins=body.origins,
            at=asked.control.wall(),
        ),
    )
    register.save()
    return client


def _read(asked: Asked, begins: int) -> tuple[ClientKey, ...]:
    body, client = asked.body, firms.usable(_register(asked).registrations, asked.path["client"])
    terms = Terms(
        kid=body.kid or firms.free_kid(client), algorithm=body.algorithm, not_before=begins
    )
    return keys.read(body.key, terms)


def _stands(asked: Asked, standing: Standing) -> dict[str, Any]:
    register, client_id = _register(asked), asked.path["client"]
    client = firms.set_standing(register.registrations, client_id, standing)
    told = _kept(asked, client)
    if standing is not Standing.ACTIVE:
        register.revoke(Revocation(client_id=client_id))
    return told


def _kept(asked: Asked, client: OAuthClient) -> dict[str, Any]:
    _register(asked).save()
    return _shown(asked, client)


def _public(key: ClientKey) -> dict[str, str]:
    return {"kid": key.kid, "alg": key.algorithm, "pem": key.pem, "thumbprint": key.thumbprint}


def _shown(asked: Asked, client: OAuthClient) -> dict[str, Any]:
    now = asked.control.wall()
    return {
        "client_id": client.client_id,
        "title": client.title,
        "standing": client.standing.value,
        "account_id": client.account_id,
        "scopes": list(client.scopes),
        "user_names": list(client.user_names),
        "networks": list(client.networks),
        "origins": list(client.origins),
        "keys": [
            {
                "kid": key.kid,
                "algorithm": key.algorithm,
                "stage": firms.key_stage(key, now).value,
                "not_before": key.not_before,
                "retire_at": key.retire_at,
            }
            for key in client.keys
        ],
        "warnings": firms.warnings(client, now),
    }
