from typing import Any

import pytest
from tests import registrants
from tests.oauth2 import rsa_key

from paperdesk.auth import firms
from paperdesk.auth.consumer_checks import KeyInUse
from paperdesk.auth.consumers import RegistrationRevoked
from paperdesk.auth.firms import ClientExists, InvalidClient, KeyStage, UnknownClient, UnknownKey
from paperdesk.auth.oauth2 import keys
from paperdesk.auth.oauth2.keys import InvalidKeyId, Terms
from paperdesk.auth.registrations import ClientKey, OAuthClient, Registrations, Standing


def key(name: str, kid: str = "main") -> tuple[ClientKey, ...]:
    return keys.read(registrants.public(rsa_key(name)), Terms(kid=kid))


def added(
    kept: Registrations,
    client_id: str = "Firm-1",
    name: str = "firm",
    **more: Any,  # noqa: ANN401
) -> OAuthClient:
    return firms.add(kept, firms.NewClient(client_id=client_id, keys=key(name), **more))


@pytest.fixture
def kept() -> Registrations:
    return Registrations()


def test_a_client_is_registered_with_its_key(kept: Registrations) -> None:
    client = added(kept, networks=("127.0.0.0/8",), origins=("https://firm.example",))

    assert kept.clients == {"Firm-1": client}
    assert firms.key_stage(client.keys[0], 0) is KeyStage.ACTIVE


@pytest.mark.parametrize(
    "more",
    [
        {"client_id": "a b"},
        {"client_id": ""},
        {"client_id": "x" * 65},
        {"scopes": ("everything",)},
        {"networks": ("10.0.0.0/40",)},
        {"networks": ("10.0.0.0/8",) * 101},
        {"origins": ("https://firm.example/path",)},
        {"origins": ("firm.example",)},
    ],
)
def test_what_cannot_be_registered_is_refused(kept: Registrations, more: dict[str, Any]) -> None:
    with pytest.raises(InvalidClient):
        added(kept, **more)
    assert kept.clients == {}


def test_id_and_key_are_one_clients_alone(kept: Registrations) -> None:
    added(kept)

    with pytest.raises(ClientExists):
        added(kept, name="other")
    with pytest.raises(KeyInUse):
        added(kept, "Firm-2")
    added(kept, "Firm-2", "other")
    with pytest.raises(KeyInUse):
        firms.add_keys(kept, "Firm-2", key("firm", "next"))


def test_keys_follow_each_other_with_an_overlap(kept: Registrations) -> None:
    added(kept)

    client = firms.rotate(kept, "Firm-1", key("next", "key-2"), now=100, overlap=50)

    def stages(now: int) -> list[KeyStage]:
        return [firms.key_stage(one, now) for one in client.keys]

    assert stages(100) == [KeyStage.RETIRING, KeyStage.ACTIVE]
    assert stages(149) == [KeyStage.RETIRING, KeyStage.ACTIVE]
    assert stages(150) == [KeyStage.RETIRED, KeyStage.ACTIVE]


def test_a_key_waits_for_its_time_and_is_revoked_at_once(kept: Registrations) -> None:
    client = added(kept)
    waiting = keys.read(registrants.public(rsa_key("next")), Terms(kid="n", not_before=10))
    firms.add_keys(kept, "Firm-1", waiting)

    assert [firms.key_stage(client.keys[1], now) for now in (9, 10)] == [
        KeyStage.PENDING,
        KeyStage.ACTIVE,
    ]
    firms.revoke_key(kept, "Firm-1", "n")
    assert firms.key_stage(client.keys[1], 10) is KeyStage.REVOKED


def test_who_has_no_key_that_stays_good_is_warned(kept: Registrations) -> None:
    client = added(kept)
    assert [text for text in firms.warnings(client, 0) if "no key" in text] == []

    firms.retire_key(kept, "Firm-1", "main", 100)

    assert any("no key that stays good" in text for text in firms.warnings(client, 0))
    assert any("2048 bits" in text for text in firms.warnings(client, 0))


def test_keys_that_could_not_be_told_apart_are_refused(kept: Registrations) -> None:
    client = added(kept)

    with pytest.raises(InvalidKeyId):
        firms.add_keys(kept, "Firm-1", key("next"))
    with pytest.raises(KeyInUse):
        firms.add_keys(kept, "Firm-1", key("firm", "again"))
    with pytest.raises(UnknownKey, match="it has: main"):
        firms.retire_key(kept, "Firm-1", "other", 1)
    assert firms.free_kid(client) == "key-2"
    assert firms.free_kid(OAuthClient(client_id="x")) == "main"


def test_disabled_is_enabled_again_and_revoked_never(kept: Registrations) -> None:
    client = added(kept)

    for standing in (Standing.DISABLED, Standing.ACTIVE, Standing.REVOKED, Standing.REVOKED):
        assert firms.set_standing(kept, "Firm-1", standing).standing is standing
    with pytest.raises(RegistrationRevoked):
        firms.set_standing(kept, "Firm-1", Standing.ACTIVE)
    with pytest.raises(RegistrationRevoked):
        firms.add_keys(kept, "Firm-1", key("next", "n"))
    assert client.standing is Standing.REVOKED


def test_what_is_deleted_is_gone(kept: Registrations) -> None:
    added(kept)
    firms.delete(kept, "Firm-1")

    for missing in (firms.delete, firms.found, firms.usable):
        with pytest.raises(UnknownClient):
            missing(kept, "Firm-1")
