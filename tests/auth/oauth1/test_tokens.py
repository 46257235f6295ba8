from base64 import b64decode, b64encode

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP, PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from tests.auth.oauth1.signer import CONSUMER, ENCRYPTION_KEY, KEY, NOW, SECRET, TOKEN, live_of

from paperdesk.auth.oauth1.challenges import Agreement, Encoding
from paperdesk.auth.oauth1.tokens import (
    KEPT_MAX,
    LIFETIME,
    LiveSessionTokens,
    encrypted_secret,
    live_token,
    prepend_of,
)
from paperdesk.auth.registrations import SecretPadding

TEXT = b64encode(b"k" * 20).decode()


def test_a_secret_is_encrypted_so_that_its_consumer_reads_it() -> None:
    key = ENCRYPTION_KEY.public_key()

    text = encrypted_secret(SECRET, key, SecretPadding.PKCS1)

    assert len(text) == 344
    assert ENCRYPTION_KEY.decrypt(b64decode(text), PKCS1v15()) == SECRET
    assert text != encrypted_secret(SECRET, key, SecretPadding.PKCS1)


def test_a_consumer_may_have_its_secret_by_oaep() -> None:
    text = encrypted_secret(SECRET, ENCRYPTION_KEY.public_key(), SecretPadding.OAEP_SHA256)

    scheme = OAEP(MGF1(SHA256()), SHA256(), None)
    assert ENCRYPTION_KEY.decrypt(b64decode(text), scheme) == SECRET


def test_the_vectors_secret_and_its_prepend_belong_together() -> None:
    plain = ENCRYPTION_KEY.decrypt(b64decode(CONSUMER["access_token_secret_base64"]), PKCS1v15())

    assert plain == SECRET
    assert prepend_of(b64encode(plain).decode()) == CONSUMER["prepend"]
    assert prepend_of(b64encode(b"\0\1\xff").decode()) == "0001ff"


def test_the_newest_token_comes_first_and_the_oldest_goes() -> None:
    tokens = LiveSessionTokens()
    made = [live_of(TEXT, issued_at=number) for number in range(KEPT_MAX + 2)]
    for token in made:
        tokens.add(token)

    assert tokens.of(KEY, TOKEN) == made[::-1][:KEPT_MAX]
    assert tokens.of(KEY, "another") == []
    assert tokens.of("another", TOKEN) == []
    assert list(tokens) == tokens.of(KEY, TOKEN)


def test_a_revoked_token_and_a_revoked_consumer_are_forgotten() -> None:
    tokens = LiveSessionTokens()
    for consumer_key, token in (("a", "1"), ("a", "2"), ("b", "3")):
        tokens.add(live_of(TEXT, consumer_key=consumer_key, access_token=token))

    tokens.forget("a", "1")
    assert [row.access_token for row in tokens] == ["2", "3"]
    tokens.forget("a")
    assert [row.access_token for row in tokens] == ["3"]


def test_a_token_that_expired_explains_refusals_for_a_day_more() -> None:
    tokens = LiveSessionTokens()
    tokens.add(live_of(TEXT, expires_at=NOW))

    tokens.sweep(NOW + LIFETIME - 1)
    assert len(tokens.of(KEY, TOKEN)) == 1
    tokens.sweep(NOW + LIFETIME)
    assert list(tokens) == []


@pytest.mark.parametrize("both", [False, True])
@pytest.mark.parametrize("encodings", [(Encoding.JAVA,), (Encoding.JAVA, Encoding.UNSIGNED)])
def test_a_token_of_a_handshake_lives_a_day_and_accepts_what_it_may(
    encodings: tuple[Encoding, ...], both: bool
) -> None:
    keys = {encoding: encoding.value.encode() for encoding in encodings}

    token = live_token(KEY, TOKEN, Agreement("b", keys), NOW, both_encodings=both)

    assert token.expires_at_ms == NOW // 1_000 + 86_400_000
    assert token.accepted == (encodings if both else (Encoding.JAVA,))
    assert token.key == b"java"


def test_a_token_shows_whose_it_is_and_no_secret() -> None:
    assert repr(live_of(TEXT)) == f"LiveSessionToken({KEY} {TOKEN[:4]}…)"
