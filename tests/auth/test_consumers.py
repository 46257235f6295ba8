from base64 import b64decode

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from tests import registrants
from tests.oauth2 import rsa_key
from tests.registrants import KEY, VENDOR_KEY, registered, uploads

from paperdesk.auth import consumers
from paperdesk.auth.consumer_checks import KeyInUse
from paperdesk.auth.consumers import (
    NeedsConsent,
    RegistrationRevoked,
    RegistrationSuspended,
    Stage,
    UnknownConsumer,
    UnknownToken,
)
from paperdesk.auth.oauth1.keys import KeysNotDistinct, PrivateKeyUploaded, WrongFile
from paperdesk.auth.registrations import ConsumerKind, Registrations, Standing, adopt_due_keys
from paperdesk.base.ids import UserName

DEMO = UserName("demo")


@pytest.fixture
def kept() -> Registrations:
    return Registrations()


@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
def test_three_files_are_read_with_either_ending_of_lines(ending: bytes) -> None:
    given = uploads()
    other = {
        name: getattr(given, name).replace(b"\n", ending)
        for name in ("signature", "encryption", "parameters")
    }

    assert consumers.read_keys(uploads(**other)) == consumers.read_keys(given)


def test_files_that_are_not_what_they_should_be_are_refused() -> None:
    given = uploads()

    with pytest.raises(KeysNotDistinct):
        consumers.read_keys(uploads(encryption=given.signature))
    with pytest.raises(WrongFile):
        consumers.read_keys(uploads(parameters=given.signature))
    with pytest.raises(PrivateKeyUploaded) as refused:
        consumers.read_keys(uploads(signature=b"-----BEGIN PRIVATE KEY-----\nTUlJ\n"))
    assert "TUlJ" not in refused.value.message


def test_a_consumer_is_pending_until_its_instant_and_then_active(kept: Registrations) -> None:
    consumer = registered(kept, active_from=100)

    assert kept.consumers == {KEY: consumer}
    assert consumers.stage(consumer, 99) is Stage.PENDING
    assert consumers.stage(consumer, 100) is Stage.ACTIVE


def test_the_public_test_consumer_has_a_realm_of_its_own(kept: Registrations) -> None:
    new = consumers.NewConsumer(
        consumer_key="TESTCONS", keys=registrants.keys(), kind=ConsumerKind.THIRD_PARTY
    )

    assert consumers.add(kept, new).realm == "test_realm"


def test_a_token_stays_and_its_secret_changes(kept: Registrations) -> None:
    registered(kept)
    draw = registrants.draw()

    first = consumers.issue_token(kept, KEY, DEMO, draw, 1)
    before = first.token.secret
    second = consumers.issue_token(kept, KEY, DEMO, draw, 2)

    assert second.token is first.token
    assert len(second.token.token) == 20
    assert second.token.secret != before
    key = rsa_key("own encryption")
    decrypted = key.decrypt(b64decode(second.encrypted_secret), PKCS1v15())
    assert decrypted == b64decode(second.token.secret)
    assert len(decrypted) == 32


def test_each_user_has_a_token_of_a_consumer(kept: Registrations) -> None:
    registered(kept)
    draw = registrants.draw()

    names = {consumers.issue_token(kept, KEY, UserName(n), draw, 1).token.token for n in "ab"}

    assert len(names) == 2


def test_keys_are_replaced_when_they_are_due_and_secrets_follow_at_once(
    kept: Registrations,
) -> None:
    consumer = registered(kept)
    old, new = consumer.encryption_key, registrants.keys("next", active_from=100)

    consumers.replace_keys(kept, KEY, new)
    issued = consumers.issue_token(kept, KEY, DEMO, registrants.draw(), 1)

    assert consumer.encryption_key == old
    assert rsa_key("next encryption").decrypt(b64decode(issued.encrypted_secret), PKCS1v15())
    adopt_due_keys(consumer, 100)
    assert consumer.encryption_key == new.encryption_key


def test_keys_of_another_consumer_are_refused_also_where_they_wait(kept: Registrations) -> None:
    registered(kept)
    consumers.replace_keys(kept, KEY, registrants.keys("next", active_from=100))

    for name in ("own", "next"):
        with pytest.raises(KeyInUse):
            registered(kept, VENDOR_KEY, name)
    assert list(kept.consumers) == [KEY]


def test_what_the_operator_has_disabled_its_owner_cannot_enable(kept: Registrations) -> None:
    consumer = registered(kept)
    consumers.disable(kept, KEY, by_operator=True)
    consumers.disable(kept, KEY)

    with pytest.raises(RegistrationSuspended):
        consumers.enable(kept, KEY)
    assert consumers.stage(consumer, 0) is Stage.DISABLED
    assert consumers.stage(consumers.enable(kept, KEY, by_operator=True), 0) is Stage.ACTIVE
    consumers.disable(kept, KEY)
    assert consumers.stage(consumers.enable(kept, KEY), 0) is Stage.ACTIVE


def test_disabled_is_enabled_again_and_revoked_never(kept: Registrations) -> None:
    consumer = registered(kept)
    token = consumers.issue_token(kept, KEY, DEMO, registrants.draw(), 1).token

    assert consumers.stage(consumers.disable(kept, KEY), 0) is Stage.DISABLED
    assert consumers.stage(consumers.enable(kept, KEY, 50), 49) is Stage.PENDING
    assert consumers.stage(consumers.revoke(kept, KEY), 99) is Stage.REVOKED
    assert token.standing is Standing.REVOKED
    for change in (consumers.enable, consumers.disable):
        with pytest.raises(RegistrationRevoked):
            change(kept, KEY)
    with pytest.raises(RegistrationRevoked):
        consumers.issue_token(kept, KEY, DEMO, registrants.draw(), 1)
    with pytest.raises(RegistrationRevoked):
        consumers.replace_keys(kept, KEY, registrants.keys("next"))
    assert consumer.next_keys is None


def test_one_token_is_revoked_and_issued_anew(kept: Registrations) -> None:
    registered(kept)
    token = consumers.issue_token(kept, KEY, DEMO, registrants.draw(), 1).token

    assert consumers.revoke_token(kept, KEY, token.token).standing is Standing.REVOKED
    with pytest.raises(UnknownToken):
        consumers.revoke_token(kept, "OTHERSKEY", token.token)
    issued = consumers.issue_token(kept, KEY, DEMO, registrants.draw(), 1)
    assert issued.token.standing is Standing.ACTIVE


def test_what_is_deleted_is_gone_with_its_tokens(kept: Registrations) -> None:
    registered(kept)
    consumers.issue_token(kept, KEY, DEMO, registrants.draw(), 1)

    consumers.delete(kept, KEY)

    assert (kept.consumers, kept.tokens) == ({}, {})
    with pytest.raises(UnknownConsumer):
        consumers.delete(kept, KEY)
    assert registered(kept).consumer_key == KEY


def test_tokens_of_third_parties_come_from_consent(kept: Registrations) -> None:
    registered(kept, VENDOR_KEY)

    with pytest.raises(NeedsConsent):
        consumers.issue_token(kept, VENDOR_KEY, DEMO, registrants.draw(), 1)


def test_a_vendor_key_has_25_hex_digits() -> None:
    assert len(registrants.draw().vendor_key()) == 25
