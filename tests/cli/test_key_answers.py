from base64 import b64encode

import click
import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from tests.oauth2 import rsa_key

from paperdesk.cli import key_answers


def pem(name: str) -> bytes:
    return rsa_key(name).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def test_private_keys_answer_and_stay_here() -> None:
    encrypted = rsa_key("e").public_key().encrypt(b"secret", PKCS1v15())
    trial = {"text": "sign me", "encrypted": b64encode(encrypted).decode()}

    told = key_answers.answer(trial, pem("s"), pem("e"))

    assert told["secret"] == b"secret".hex()
    expected = rsa_key("s").sign(b"sign me", PKCS1v15(), SHA256())
    assert told["signature"] == b64encode(expected).decode()
    assert set(told) == {"signature", "secret"}


def test_what_is_no_private_key_is_refused_without_being_shown() -> None:
    with pytest.raises(click.ClickException) as refused:
        key_answers.answer({"text": "", "encrypted": ""}, b"-----BEGIN secret", pem("e"))
    assert "secret" not in refused.value.message
