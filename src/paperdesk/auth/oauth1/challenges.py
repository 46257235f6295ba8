"""Challenges: the Diffie-Hellman exchange that a live session token is made from."""

import hmac
import re
from collections.abc import Callable
from enum import Enum
from typing import Final

import msgspec

from paperdesk.auth.oauth1.causes import Cause, SignedRequestRefused

DRAW_MIN: Final = 2**128
"""A draw of 256 bits is smaller than this once in a life of the universe."""

SIGN_DIGITS: Final = 2
"""A client may write the zero byte that Java puts in front of a number whose top bit is set."""


_HEX: Final = re.compile(r"[0-9a-fA-F]+")
_BYTE: Final = 8


class Encoding(Enum):
    """How the shared secret becomes bytes.

    `JAVA` is the real one: as few bytes as the number needs, and a zero byte in front of a first
    byte whose top bit is set. `UNSIGNED` forgets that byte; `PADDED` is as long as the prime.
    """

    JAVA = "java"
    UNSIGNED = "unsigned"
    PADDED = "padded"


class Agreement(msgspec.Struct, frozen=True, gc=False):
    """What both sides of an exchange know.

    `response` is B in hex, for the consumer. `keys` are the live session tokens that follow from
    each encoding of the shared secret; equal ones stand under the first of their names alone.
    """

    response: str
    keys: dict[Encoding, bytes]

    def __repr__(self) -> str:
        """Show what is no secret."""
        return f"Agreement(response={self.response[:8]}…)"


def challenge_of(text: str, prime: int) -> int:
    """Return the number A that a consumer challenges with.

    Hex of any length up to the prime's is read, an odd number of digits and zeros in front too.

    Raises:
        SignedRequestRefused: it is no hex, longer than the prime, not below it, or one of the
            numbers that would give the shared secret away: 0, 1 and the prime less one.
    """
    digits = (prime.bit_length() + 3) // 4
    if len(text) > digits + SIGN_DIGITS:
        raise SignedRequestRefused(
            Cause.CHALLENGE_TOO_LONG,
            f"diffie_hellman_challenge has {len(text)} characters; the prime has {digits} digits.",
        )
    if _HEX.fullmatch(text) is None:
        raise SignedRequestRefused(
            Cause.CHALLENGE_NOT_HEX,
            "diffie_hellman_challenge is not hex digits (without 0x, blanks or a sign).",
        )
    number = int(text, 16)
    if number >= prime:
        raise SignedRequestRefused(
            Cause.CHALLENGE_TOO_LARGE,
            "diffie_hellman_challenge is not below the consumer's prime; another one was used.",
        )
    if number in (0, 1, prime - 1):
        raise SignedRequestRefused(
            Cause.CHALLENGE_TRIVIAL,
            "diffie_hellman_challenge is 0, 1 or the prime less one: it hides nothing.",
        )
    return number


def agree(
    challenge: int,
    *,
    prime: int,
    generator: int,
    draw: int,
    secret: bytes,
    power: Callable[[int, int, int], int] = pow,
) -> Agreement:
    """Answer a challenge. Two modular powers: some milliseconds, never in a loop that serves.

    Args:
        challenge: A, as `challenge_of` accepts it.
        prime: the consumer's.
        generator: the consumer's.
        draw: b, at least 256 bits that nobody can foresee.
        secret: the access token's secret, decrypted.
        power: raises a number to a power modulo another.
    """
    assert 1 < challenge < prime - 1
    assert draw > DRAW_MIN, "too small to hide anything"
    response = power(generator, draw, prime)
    shared = power(challenge, draw, prime)
    keys: dict[Encoding, bytes] = {}
    for encoding in Encoding:
        key = live_session_token(encoded(shared, prime, encoding), secret)
        if key not in keys.values():
            keys[encoding] = key
    return Agreement(f"{response:x}", keys)


def encoded(shared: int, prime: int, encoding: Encoding = Encoding.JAVA) -> bytes:
    """Return the shared secret as big-endian bytes."""
    bits = shared.bit_length()
    match encoding:
        case Encoding.JAVA:
            size = bits // _BYTE + 1
        case Encoding.UNSIGNED:
            size = (bits + _BYTE - 1) // _BYTE
        case Encoding.PADDED:
            size = (prime.bit_length() + _BYTE - 1) // _BYTE
    return shared.to_bytes(max(1, size), "big")


def live_session_token(shared: bytes, secret: bytes) -> bytes:
    """Return the 20 bytes of a live session token: HMAC-SHA1 of the secret under the shared key."""
    return hmac.digest(shared, secret, "sha1")


def token_signature(token: bytes, consumer_key: str) -> str:
    """Return what lets a consumer check its live session token: 40 hex digits."""
    return hmac.digest(token, consumer_key.encode(), "sha1").hex()
