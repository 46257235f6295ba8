import pytest
from tests.oauth2 import SIGNS, client, rsa_key

from paperdesk.auth.oauth2 import signatures

KEYS = {key.algorithm: key for key in client().keys}


@pytest.mark.parametrize("algorithm", signatures.ALGORITHMS)
def test_a_signature_is_good_for_its_own_bytes_and_key(algorithm: str) -> None:
    made = SIGNS[algorithm](b"bytes")

    good = {
        (name, text)
        for name, key in KEYS.items()
        for text in (b"bytes", b"byte")
        if signatures.is_good(text, made, name, key.pem)
    }

    assert good == {(algorithm, b"bytes")}


@pytest.mark.parametrize("algorithm", signatures.ALGORITHMS)
@pytest.mark.parametrize("made", [b"", b"\0", b"\0" * 64, b"\xff" * 256, b"\0" * 5_000])
def test_what_is_no_signature_is_not_good(algorithm: str, made: bytes) -> None:
    assert not signatures.is_good(b"bytes", made, algorithm, KEYS[algorithm].pem)


def test_the_server_signs_what_its_clients_can_check() -> None:
    key = rsa_key("main")

    assert signatures.rs256(b"bytes", key) == SIGNS["RS256"](b"bytes")
