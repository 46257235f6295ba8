from base64 import b64decode
from random import Random

import pytest

from paperdesk.auth.consumers import Uploads, read_keys
from paperdesk.auth.oauth1.primes import GROUP_14
from paperdesk.auth.oauth2.keys import read
from paperdesk.control import key_pairs


def test_keys_of_a_consumer_are_such_as_are_accepted() -> None:
    made = key_pairs.consumer_pairs(2_048)

    read_back = read_keys(
        Uploads(
            signature=made.signature_public.encode(),
            encryption=made.encryption_public.encode(),
            parameters=made.parameters.encode(),
        )
    )

    assert (read_back.dh_prime, read_back.dh_generator) == (f"{GROUP_14:x}", 2)
    assert read_back.signature_key == made.signature_public


def test_parameters_are_written_as_openssl_does() -> None:
    text = key_pairs.dh_pem(23)

    assert b64decode(text.splitlines()[1]) == bytes.fromhex("3006020117020102")
    long = key_pairs.dh_pem(GROUP_14)
    assert max(map(len, long.splitlines())) == 64
    assert b64decode("".join(long.splitlines()[1:-1]))[:9] == bytes.fromhex("308201080282010100")


def test_a_fresh_prime_takes_the_place_of_the_public_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_pairs, "PRIME_BITS", 64)

    made = key_pairs.consumer_pairs(2_048, Random(1).getrandbits)

    assert made.parameters != key_pairs.dh_pem(GROUP_14)
    assert made.parameters == key_pairs.consumer_pairs(2_048, Random(1).getrandbits).parameters


def test_the_key_of_a_client_can_be_registered_and_is_not_printed() -> None:
    made = key_pairs.client_pair(3_072)

    (key,) = read(made.public)
    assert key.algorithm == "RS256"
    assert "PRIVATE" in made.private
    assert "PRIVATE" not in repr(made)
    assert repr(key_pairs.consumer_pairs(2_048)) == "ConsumerPairs()"
