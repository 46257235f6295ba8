"""Consumers: programs that speak OAuth 1.0a, registered, changed and ended while the desk runs.

An encrypted secret is told once, in the answer that made it, and private keys in the answer of the
operation that makes everything at once: neither can be had again.
"""

from functools import partial
from pathlib import PurePosixPath
from typing import Any, Final

import msgspec

from paperdesk.auth import activations, consumers
from paperdesk.auth.consumers import Issued, NewConsumer, Uploads
from paperdesk.auth.registrations import (
    Consumer,
    ConsumerKeys,
    ConsumerKind,
    Revocation,
    SecretPadding,
)
from paperdesk.base.errors import UnknownUser
from paperdesk.base.ids import UserName
from paperdesk.base.units import Instant
from paperdesk.control import environments, key_pairs
from paperdesk.control.environments import ConsumerSetting
from paperdesk.control.key_pairs import ConsumerPairs
from paperdesk.control.operations import Asked, Body, Control, Operations, Register
from paperdesk.control.refusals import BadControl
from paperdesk.desk.times import INSTANT_MAX

operations = Operations()

SIGNATURE_FILE: Final = "private_signature.pem"
ENCRYPTION_FILE: Final = "private_encryption.pem"
LETTERS: Final = 26
KEY_LENGTH: Final = 9


class Application(Body, kw_only=True):
    """A consumer with keys of its own: three files as PEM text.

    `consumer_key` is drawn where it is left out. `activation` is `immediate`, `after_reset`, or
    `after:` and a duration. With `user` the user's access token is issued too.
    """

    signature_key: str
    encryption_key: str
    dh_parameters: str
    consumer_key: str = ""
    kind: ConsumerKind = ConsumerKind.FIRST_PARTY
    title: str = ""
    callbacks: tuple[str, ...] = ()
    padding: SecretPadding = SecretPadding.PKCS1
    activation: str = "after_reset"
    user: str = ""


class Instantly(Body, kw_only=True):
    """A consumer whose keys are made here, in no time and with no questions; see `Application`."""

    user: str = ""
    consumer_key: str = ""
    kind: ConsumerKind = ConsumerKind.FIRST_PARTY
    title: str = ""
    callbacks: tuple[str, ...] = ()
    activation: str = "immediate"
    bits: int = 2_048


class KeyChange(Body, kw_only=True):
    """Other keys for a consumer; those that it has are good until these are."""

    signature_key: str
    encryption_key: str
    dh_parameters: str
    activation: str = "after_reset"


class Enabling(Body, kw_only=True):
    """From when on a consumer that was disabled is good again."""

    activation: str = "immediate"


class TokenWish(Body, kw_only=True):
    """Whose access token is issued, or gets a new secret."""

    user: str


def _read(body: Application | KeyChange) -> ConsumerKeys:
    return consumers.read_keys(
        Uploads(
            signature=body.signature_key.encode(),
            encryption=body.encryption_key.encode(),
            parameters=body.dh_parameters.encode(),
        )
    )


def _make(body: Instantly) -> tuple[ConsumerPairs, ConsumerKeys]:
    if body.bits not in key_pairs.SIZES:
        sizes = ", ".join(map(str, key_pairs.SIZES))
        raise BadControl(f"A key has {sizes} bits, not {body.bits}.")
    made = key_pairs.consumer_pairs(body.bits)
    uploads = Uploads(
        signature=made.signature_public.encode(),
        encryption=made.encryption_public.encode(),
        parameters=made.parameters.encode(),
    )
    return made, consumers.read_keys(uploads)


@operations.put("GET", "/desks/{desk}/hosted")
def read_whereabouts(asked: Asked) -> dict[str, str]:
    """Say where programs find the hosted face, and which certificate they have to trust."""
    asked.desk  # noqa: B018 - refuses other desks
    where = asked.control.where
    return {"hosted_url": where.hosted_url, "authority": where.authority}


@operations.put("GET", "/desks/{desk}/consumers")
def list_consumers(asked: Asked) -> list[dict[str, Any]]:
    """List the consumers of OAuth 1.0a with their access tokens, without secrets."""
    return [_shown(asked, row) for row in _register(asked).registrations.consumers.values()]


@operations.put("GET", "/desks/{desk}/consumers/{consumer}")
def read_consumer(asked: Asked) -> dict[str, Any]:
    """Say how a consumer is registered, with its public keys and without secrets."""
    consumer = consumers.found(_register(asked).registrations, asked.path["consumer"])
    return _shown(asked, consumer) | {
        "signature_key": consumer.signature_key,
        "encryption_key": consumer.encryption_key,
        "dh_prime": consumer.dh_prime,
        "dh_generator": consumer.dh_generator,
    }


@operations.put("POST", "/desks/{desk}/consumers", Application, make=_read)
def add_consumer(asked: Asked) -> dict[str, Any]:
    """Register a consumer with keys of its own; a user's access token comes with it if asked."""
    body = asked.body
    return _added(asked, _new(asked, body, asked.made, padding=body.padding))[0]


@operations.put("POST", "/desks/{desk}/consumers/instant", Instantly, make=_make)
def add_at_once(asked: Asked) -> dict[str, Any]:
    """Make keys, a consumer and an access token at once, and say how ibind is told of them."""
    pairs, keys = asked.made
    told, consumer, issued = _added(asked, _new(asked, asked.body, keys))
    told["private"] = msgspec.structs.asdict(pairs)
    if issued is not None:
        setting = setting_of(asked.control, consumer, issued)
        told["environment"] = environments.ibind_variables(setting)
        told["program"] = environments.ibind_program(setting)
    return told


@operations.put("POST", "/desks/{desk}/consumers/{consumer}/keys", KeyChange, make=_read)
def replace_keys(asked: Asked) -> dict[str, Any]:
    """Give a consumer other keys; those that it has are good until then."""
    body = asked.body
    keys = msgspec.structs.replace(asked.made, active_from=_begins(asked, body.activation))
    register = _register(asked)
    consumer = consumers.replace_keys(register.registrations, asked.path["consumer"], keys)
    register.save()
    return _shown(asked, consumer)


@operations.put("POST", "/desks/{desk}/consumers/{consumer}/enable", Enabling)
def enable_consumer(asked: Asked) -> dict[str, Any]:
    """Let a consumer that was disabled sign in again."""
    register, begins = _register(asked), _begins(asked, asked.body.activation)
    consumer = consumers.enable(
        register.registrations, asked.path["consumer"], begins, by_operator=True
    )
    register.save()
    return _shown(asked, consumer)


@operations.put("POST", "/desks/{desk}/consumers/{consumer}/disable")
def disable_consumer(asked: Asked) -> dict[str, Any]:
    """Let a consumer sign in no more until it is enabled; its sessions end at once."""
    register = _register(asked)
    consumer = consumers.disable(register.registrations, asked.path["consumer"], by_operator=True)
    return _ended(asked, consumer)


@operations.put("POST", "/desks/{desk}/consumers/{consumer}/revoke")
def revoke_consumer(asked: Asked) -> dict[str, Any]:
    """End a consumer, its access tokens and its sessions for good."""
    register = _register(asked)
    consumer = consumers.revoke(register.registrations, asked.path["consumer"])
    return _ended(asked, consumer)


@operations.put("DELETE", "/desks/{desk}/consumers/{consumer}")
def delete_consumer(asked: Asked) -> dict[str, Any]:
    """Forget a consumer with its access tokens; its sessions end and its key is free again."""
    register, consumer_key = _register(asked), asked.path["consumer"]
    consumers.delete(register.registrations, consumer_key)
    register.save()
    register.revoke(Revocation(consumer_key=consumer_key))
    return {"consumer_key": consumer_key, "deleted": True}


@operations.put("POST", "/desks/{desk}/consumers/{consumer}/tokens", TokenWish)
def issue_token(asked: Asked) -> dict[str, Any]:
    """Issue a user's access token, or give it a new secret; the answer alone has the secret."""
    register = _register(asked)
    issued = _issue(asked, asked.path["consumer"], asked.body.user)
    register.save()
    return _token(issued)


@operations.put("POST", "/desks/{desk}/consumers/{consumer}/tokens/{token}/revoke")
def revoke_token(asked: Asked) -> dict[str, Any]:
    """End one access token and its sessions."""
    register, consumer_key = _register(asked), asked.path["consumer"]
    token = consumers.revoke_token(register.registrations, consumer_key, asked.path["token"])
    register.save()
    register.revoke(Revocation(consumer_key=consumer_key, access_token=token.token))
    return {"access_token": token.token, "standing": token.standing.value}


def setting_of(control: Control, consumer: Consumer, issued: Issued) -> ConsumerSetting:
    """Return what a client program is told of a consumer; the keys' files are named, no more."""
    return ConsumerSetting(
        url=control.where.hosted_url,
        consumer_key=consumer.consumer_key,
        access_token=issued.token.token,
        access_token_secret=issued.encrypted_secret,
        dh_prime=consumer.dh_prime,
        realm=consumer.realm,
        signature_file=PurePosixPath(SIGNATURE_FILE),
        encryption_file=PurePosixPath(ENCRYPTION_FILE),
        authority=control.where.authority,
    )


def _register(asked: Asked) -> Register:
    asked.desk  # noqa: B018 - refuses other desks
    return asked.control.registered


def _begins(asked: Asked, activation: str) -> Instant:
    region = asked.control.roster.settings.region
    return activations.parsed(activation).begins(region, asked.desk.now)


def _new(
    asked: Asked,
    body: Application | Instantly,
    keys: ConsumerKeys,
    padding: SecretPadding = SecretPadding.PKCS1,
) -> NewConsumer:
    if body.user and UserName(body.user) not in asked.desk.world.accounts.users:
        raise UnknownUser(f"There is no user {body.user[:80]!r}.")
    return NewConsumer(
        consumer_key=body.consumer_key or _free_key(asked, body.kind),
        keys=msgspec.structs.replace(keys, active_from=_begins(asked, body.activation)),
        kind=body.kind,
        title=body.title,
        callbacks=body.callbacks,
        padding=padding,
        at=asked.control.wall(),
    )


def _free_key(asked: Asked, kind: ConsumerKind) -> str:
    draw = asked.control.draw
    if kind is ConsumerKind.THIRD_PARTY:
        return draw.vendor_key()
    numbers = bytes.fromhex(draw.hex(KEY_LENGTH))
    return "".join(chr(ord("A") + number % LETTERS) for number in numbers)


def _added(asked: Asked, new: NewConsumer) -> tuple[dict[str, Any], Consumer, Issued | None]:
    register = _register(asked)
    user = asked.body.user
    if user and new.kind is ConsumerKind.THIRD_PARTY:
        raise consumers.NeedsConsent(
            "Access tokens of a third party come from users' consent at /authorize: name no user."
        )
    consumer = consumers.add(register.registrations, new)
    issued = _issue(asked, new.consumer_key, user) if user else None
    register.save()
    told = _shown(asked, consumer) | {"dh_prime": consumer.dh_prime}
    return told | (_token(issued) if issued else {}), consumer, issued


def _issue(asked: Asked, consumer_key: str, user: str) -> Issued:
    name, control = UserName(user), asked.control
    if name not in asked.desk.world.accounts.users:
        raise UnknownUser(f"There is no user {user[:80]!r}.")
    issue = partial(consumers.issue_token, control.registered.registrations)
    return issue(consumer_key, name, control.draw, control.wall())


def _ended(asked: Asked, consumer: Consumer) -> dict[str, Any]:
    """Keep that a consumer opens nothing any more, and end what it has opened."""
    register = _register(asked)
    register.save()
    register.revoke(Revocation(consumer_key=consumer.consumer_key))
    return _shown(asked, consumer)


def _token(issued: Issued) -> dict[str, Any]:
    return {
        "user": issued.token.user_name,
        "access_token": issued.token.token,
        "access_token_secret": issued.encrypted_secret,
    }


def _shown(asked: Asked, consumer: Consumer) -> dict[str, Any]:
    now, text = asked.desk.now, asked.control.text
    waiting = consumer.next_keys
    stage = consumers.stage(consumer, now)
    begins = "at once"
    if consumer.active_from:
        is_known = consumer.active_from <= INSTANT_MAX
        begins = text(consumer.active_from) if is_known else "when it is enabled"
    return {
        "consumer_key": consumer.consumer_key,
        "kind": consumer.kind.value,
        "title": consumer.title,
        "stage": stage.value,
        "active_from": consumer.active_from,
        "active_from_text": begins,
        "next_keys_from": None if waiting is None else waiting.active_from,
        "realm": consumer.realm,
        "callbacks": list(consumer.callbacks),
        "regions": list(consumer.regions),
        "features": list(consumer.features),
        "tokens": [
            {"user": token.user_name, "token": token.token, "standing": token.standing.value}
            for token in consumers.tokens_of(_register(asked).registrations, consumer.consumer_key)
        ],
    }
