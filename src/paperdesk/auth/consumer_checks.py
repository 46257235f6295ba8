"""Checks of consumers: which keys and callbacks the service would register."""

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

from paperdesk.auth.registrations import ConsumerKeys, ConsumerKind, Registrations
from paperdesk.base.errors import Refusal

OWN_KEY: Final = re.compile(r"[A-Z]{9}")
VENDOR_KEY: Final = re.compile(r"[0-9a-f]{25}")
CALLBACKS_MAX: Final = 10
CALLBACK_LENGTH_MAX: Final = 2_000
LOCAL: Final = frozenset({"localhost", "127.0.0.1", "::1"})
TEST_KEY: Final = "TESTCONS"


class ConsumerExists(Refusal):
    """A consumer key is one program's alone."""

    code = "consumer_exists"


class InvalidConsumer(Refusal):
    """A consumer key or a callback that the service would not register."""

    code = "invalid_consumer"


class KeyInUse(Refusal):
    """A key pair belongs to one program alone."""

    code = "key_in_use"


def check_key(registrations: Registrations, consumer_key: str, kind: ConsumerKind) -> None:
    """Make sure that a consumer key has the form of its kind, and is free; see `consumers.add`."""
    if kind is ConsumerKind.FIRST_PARTY and not OWN_KEY.fullmatch(consumer_key):
        raise InvalidConsumer("A consumer key has nine letters from A to Z.")
    forms = (OWN_KEY.fullmatch(consumer_key), VENDOR_KEY.fullmatch(consumer_key))
    if not any(forms) and consumer_key != TEST_KEY:
        raise InvalidConsumer(
            "The consumer key of a third party has 25 hex digits, or nine letters from A to Z."
        )
    if consumer_key in registrations.consumers:
        raise ConsumerExists(f"There is a consumer {consumer_key} already.")


def check_callbacks(callbacks: Iterable[str], kind: ConsumerKind) -> None:
    """Make sure that users can be sent back to every callback.

    Raises:
        InvalidConsumer: one is no https address, or has a fragment; http leads to this machine
            alone. First-party consumers have none.
    """
    given = tuple(callbacks)
    if given and kind is ConsumerKind.FIRST_PARTY:
        raise InvalidConsumer("A first-party consumer has no users to send back, so no callback.")
    if len(given) > CALLBACKS_MAX:
        raise InvalidConsumer(f"A consumer has at most {CALLBACKS_MAX} callbacks.")
    for callback in given:
        if not _is_callback(callback):
            raise InvalidConsumer(
                f"{callback[:80]!r} is no callback: an https address without #fragment, or http "
                "on localhost."
            )


def check_own_keys(registrations: Registrations, new: ConsumerKeys, consumer_key: str) -> None:
    """Make sure that nobody else has one of the key pairs.

    Raises:
        KeyInUse: another consumer has; which one is not said.
    """
    own = {new.signature_key, new.encryption_key}
    for other in registrations.consumers.values():
        if other.consumer_key == consumer_key:
            continue
        waiting = other.next_keys
        theirs = {other.signature_key, other.encryption_key}
        if waiting is not None:
            theirs |= {waiting.signature_key, waiting.encryption_key}
        if own & theirs:
            raise KeyInUse("Another consumer has one of these keys; make a pair of your own.")


def _is_callback(text: str) -> bool:
    if len(text) > CALLBACK_LENGTH_MAX or not (text.isascii() and text.isprintable()):
        return False
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        return False
    if "#" in text or " " in text or not parts.hostname or parts.username is not None:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOCAL)
