from base64 import b64decode, b64encode

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from tests import registrants
from tests.oauth2 import rsa_key

from paperdesk.auth.self_tests import Finding, Trial, judged, trial

KEYS = registrants.keys()


def signed(given: Trial, name: str) -> str:
    key = rsa_key(f"own {name}")
    return b64encode(key.sign(given.text.encode(), PKCS1v15(), SHA256())).decode()


def decrypted(given: Trial) -> str:
    return rsa_key("own encryption").decrypt(b64decode(given.encrypted), PKCS1v15()).hex()


@pytest.fixture
def given() -> Trial:
    return trial(KEYS, registrants.draw())


def test_who_has_both_keys_in_their_places_passes(given: Trial) -> None:
    assert judged(KEYS, given, signed(given, "signature"), decrypted(given)) is Finding.PASSED
    assert given.secret.hex() not in repr(given)


def test_swapped_files_are_told_from_wrong_ones(given: Trial) -> None:
    secret = decrypted(given)

    assert judged(KEYS, given, signed(given, "encryption"), secret) is Finding.SWAPPED
    other = trial(KEYS, registrants.draw())
    assert judged(KEYS, other, signed(given, "signature"), secret) is Finding.PASSED
    assert judged(KEYS, given, b64encode(b"x" * 256).decode(), secret) is Finding.WRONG_SIGNATURE


@pytest.mark.parametrize(
    ("secret", "finding"), [("00", Finding.NOT_DECRYPTED), ("no hex", Finding.NOT_READABLE)]
)
def test_another_secret_is_refused(given: Trial, secret: str, finding: Finding) -> None:
    assert judged(KEYS, given, signed(given, "signature"), secret) is finding


def test_what_is_no_base64_is_not_read(given: Trial) -> None:
    assert judged(KEYS, given, "***", decrypted(given)) is Finding.NOT_READABLE
