from base64 import b64decode
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from tests import registrants
from tests.control.panels import Panel, begun
from tests.oauth2 import rsa_key
from tests.registrants import KEY, VENDOR_KEY

from paperdesk.auth.registrations import Revocation
from paperdesk.base.units import DAY

DESK = "/desks/history-2008-09-29"
CONSUMERS = f"{DESK}/consumers"
MIDNIGHT = 1_222_747_200_000_000
"""30 September 2008 in New York."""


@pytest.fixture
def panel() -> Panel:
    return Panel(begun())


@pytest.fixture
def revoked(panel: Panel) -> list[Revocation]:
    told: list[Revocation] = []
    panel.register.revoked.append(told.append)
    return told


def files(name: str = "own") -> dict[str, str]:
    return {
        "signature_key": registrants.public(rsa_key(f"{name} signature")),
        "encryption_key": registrants.public(rsa_key(f"{name} encryption")),
        "dh_parameters": registrants.parameters().decode(),
    }


def added(panel: Panel, **more: Any) -> Any:  # noqa: ANN401 - JSON
    return panel.post(CONSUMERS, files() | {"consumer_key": KEY} | more)


def test_a_consumer_waits_for_the_midnight_of_its_region(panel: Panel) -> None:
    status, told = added(panel, user="demo")

    assert status == 200
    assert (told["stage"], told["active_from"]) == ("pending", MIDNIGHT)
    assert told["active_from_text"] == "2008-09-30T00:00:00-04:00"
    secret = rsa_key("own encryption").decrypt(b64decode(told["access_token_secret"]), PKCS1v15())
    assert (
        secret.hex()
        == b64decode(panel.register.registrations.tokens[told["access_token"]].secret).hex()
    )


def test_it_is_active_at_the_reset_and_not_before(panel: Panel) -> None:
    added(panel)

    for at, stage in ((MIDNIGHT - 1, "pending"), (MIDNIGHT, "active")):
        panel.desk.advance(at)
        assert panel.get(f"{CONSUMERS}/{KEY}")[1]["stage"] == stage


@pytest.mark.parametrize(
    ("activation", "begins"), [("immediate", 0), ("after:1d", DAY), ("after_reset", None)]
)
def test_when_it_begins_can_be_chosen(panel: Panel, activation: str, begins: int | None) -> None:
    told = added(panel, activation=activation)[1]

    expected = MIDNIGHT if begins is None else begins and panel.desk.now + begins
    assert told["active_from"] == expected


def test_secrets_are_in_no_other_answer(panel: Panel) -> None:
    token = added(panel, user="demo")[1]

    seen = str(panel.get(CONSUMERS)[1]) + str(panel.get(f"{CONSUMERS}/{KEY}")[1])

    plain = panel.register.registrations.tokens[token["access_token"]].secret
    assert token["access_token"] in seen
    assert token["access_token_secret"] not in seen
    assert plain not in seen


def test_a_secret_is_made_anew_for_the_same_token(panel: Panel) -> None:
    first = added(panel, user="demo")[1]

    second = panel.post(f"{CONSUMERS}/{KEY}/tokens", {"user": "demo"})[1]

    assert second["access_token"] == first["access_token"]
    assert second["access_token_secret"] != first["access_token_secret"]


def test_everything_is_made_at_once(panel: Panel) -> None:
    status, told = panel.post(f"{CONSUMERS}/instant", {"user": "demo"})

    assert (status, told["stage"]) == (200, "active")
    assert len(told["consumer_key"]) == 9
    key = load_pem_private_key(told["private"]["encryption_private"].encode(), None)
    assert isinstance(key, RSAPrivateKey)
    secret = key.decrypt(b64decode(told["access_token_secret"]), PKCS1v15())
    kept = panel.register.registrations.tokens[told["access_token"]]
    assert secret == b64decode(kept.secret)
    assert told["access_token"] in told["environment"]
    assert "PRIVATE" not in told["environment"] + told["program"]


def test_a_third_party_is_made_at_once_and_its_tokens_come_by_consent(panel: Panel) -> None:
    body = {"kind": "third-party", "callbacks": ["https://vendor.example/cb"]}

    told = panel.post(f"{CONSUMERS}/instant", body)[1]

    assert len(told["consumer_key"]) == 25
    assert "environment" not in told
    status, refused = panel.post(f"{CONSUMERS}/instant", body | {"user": "demo"})
    assert (status, refused["error"]["code"]) == (400, "needs_consent")


def test_keys_are_replaced_from_the_reset_on(panel: Panel) -> None:
    added(panel, activation="immediate")
    before = panel.register.registrations.consumers[KEY].signature_key

    told = panel.post(f"{CONSUMERS}/{KEY}/keys", files("next"))[1]

    assert (told["stage"], told["next_keys_from"]) == ("active", MIDNIGHT)
    assert panel.register.registrations.consumers[KEY].signature_key == before


def test_disabled_and_revoked_consumers_end_what_they_have_opened(
    panel: Panel, revoked: list[Revocation]
) -> None:
    token = added(panel, activation="immediate", user="demo")[1]["access_token"]

    stages = [
        panel.post(f"{CONSUMERS}/{KEY}/{change}", body)[1]["stage"]
        for change, body in (
            ("disable", None),
            ("enable", {"activation": "after_reset"}),
            ("enable", {}),
            ("revoke", None),
        )
    ]

    assert stages == ["disabled", "pending", "pending", "revoked"]
    assert revoked == [Revocation(consumer_key=KEY)] * 2
    assert panel.post(f"{CONSUMERS}/{KEY}/enable", {})[0] == 409
    assert panel.register.registrations.tokens[token].standing.value == "revoked"


def test_one_token_is_revoked_and_a_consumer_deleted(
    panel: Panel, revoked: list[Revocation]
) -> None:
    token = added(panel, user="demo")[1]["access_token"]

    assert panel.post(f"{CONSUMERS}/{KEY}/tokens/{token}/revoke")[1]["standing"] == "revoked"
    assert panel.ask("DELETE", f"{CONSUMERS}/{KEY}")[1]["deleted"] is True

    assert revoked == [
        Revocation(consumer_key=KEY, access_token=token),
        Revocation(consumer_key=KEY),
    ]
    assert panel.get(f"{CONSUMERS}/{KEY}")[0] == 404


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"consumer_key": "short"}, 400, "invalid_consumer"),
        ({"consumer_key": VENDOR_KEY}, 400, "invalid_consumer"),
        ({"callbacks": ["https://vendor.example/cb"]}, 400, "invalid_consumer"),
        ({"activation": "soon"}, 400, "invalid_activation"),
        ({"user": "nobody"}, 400, "unknown_user"),
        ({"signature_key": "-----BEGIN RSA PRIVATE KEY-----"}, 400, "private_key_uploaded"),
        ({"dh_parameters": "x"}, 400, "key_not_readable"),
        ({"kind": "other"}, 400, "bad_request"),
    ],
)
def test_what_is_refused_is_not_kept(
    panel: Panel, change: dict[str, Any], status: int, code: str
) -> None:
    told, answer = added(panel, **change)

    assert (told, answer["error"]["code"]) == (status, code)
    assert panel.register.registrations.consumers == {}
    assert panel.register.registrations.tokens == {}


def test_keys_and_names_are_taken_once(panel: Panel) -> None:
    added(panel)

    assert added(panel)[1]["error"]["code"] == "consumer_exists"
    assert added(panel, consumer_key="OTHERSKEY")[1]["error"]["code"] == "key_in_use"
    assert panel.post(f"{CONSUMERS}/instant", {"bits": 512})[0] == 400
    assert panel.post(f"{CONSUMERS}/{KEY}/tokens", {"user": "nobody"})[0] == 400
    assert panel.post(f"{CONSUMERS}/OTHERSKEY/revoke")[0] == 404
    assert panel.get("/desks/other/consumers")[0] == 404
