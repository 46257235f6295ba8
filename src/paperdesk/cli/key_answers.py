"""Key answers: what the owner of private keys signs and decrypts to show them, on this machine."""

from base64 import b64decode, b64encode
from collections.abc import Mapping

import click
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key


def answer(trial: Mapping[str, str], signature: bytes, encryption: bytes) -> dict[str, str]:
    """Return the answer to a trial.

    Args:
        trial: its text and the encrypted secret.
        signature: the private signature key, PEM.
        encryption: the private encryption key, PEM.

    Raises:
        click.ClickException: one of them is no RSA private key.
    """
    signed = _key(signature).sign(trial["text"].encode(), PKCS1v15(), SHA256())
    try:
        secret = _key(encryption).decrypt(b64decode(trial["encrypted"]), PKCS1v15())
    except ValueError:
        # Another key than the one that it was encrypted to; the desk says which file is wrong.
        secret = b""
    return {"signature": b64encode(signed).decode(), "secret": secret.hex()}


def _key(pem: bytes) -> RSAPrivateKey:
    try:
        key = load_pem_private_key(pem, None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, RSAPrivateKey):
        raise click.ClickException("That is no RSA private key in PEM without a password.")
    return key
