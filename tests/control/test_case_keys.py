from base64 import b64decode, b64encode
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from tests import registrants
from tests.control.panels import Panel, begun
from tests.control.test_cases import CASE, CASES, OPENING, moved
from tests.oauth2 import rsa_key

from paperdesk.auth.exercises import EXERCISES

CONSUMERS = CASES.replace("cases", "consumers")


@pytest.fixture
def panel() -> Panel:
    opened = Panel(begun())
    opened.post(CASES, OPENING)
    moved(opened, "submit", "ann", "applicant")
    opened.post(f"{CASE}/skip")
    moved(opened, "request-keys", "olga", "onboarding")
    return opened


@pytest.fixture
def firm() -> Panel:
    opened = Panel(begun())
    opened.post(CASES, OPENING | {"track": "client"})
    opened.post(f"{CASE}/skip")
    return opened


def handed_in(panel: Panel, **more: Any) -> Any:  # noqa: ANN401 - JSON
    body = {
        "actor": "ann",
        "signature_key": registrants.public(rsa_key("own signature")),
        "encryption_key": registrants.public(rsa_key("own encryption")),
        "dh_parameters": registrants.parameters().decode(),
        "callbacks": ["https://vendor.example/cb"],
    }
    return panel.post(f"{CASE}/keys", body | more)


def answered(panel: Panel, signer: str = "own signature") -> Any:  # noqa: ANN401 - JSON
    trial = panel.post(f"{CASE}/trial")[1]
    signature = rsa_key(signer).sign(trial["text"].encode(), PKCS1v15(), SHA256())
    secret = rsa_key("own encryption").decrypt(b64decode(trial["encrypted"]), PKCS1v15())
    body = {
        "actor": "ann",
        "signature": b64encode(signature).decode(),
        "secret": secret.hex(),
    }
    return panel.post(f"{CASE}/self-test", body)


def test_keys_are_handed_in_tested_and_configured(panel: Panel) -> None:
    assert handed_in(panel)[1]["technical"] == "keys-received"
    status, refused = moved(panel, "verify-keys", "ed", "engineering")
    assert (status, refused["error"]["code"]) == (409, "condition_missing")

    assert answered(panel)[1]["finding"] == "passed"

    assert moved(panel, "verify-keys", "ed", "engineering")[1]["technical"] == "keys-verified"
    assert panel.post(f"{CASE}/skip")[1]["state"] == "active"


def test_swapped_files_are_found_out(panel: Panel) -> None:
    handed_in(
        panel,
        signature_key=registrants.public(rsa_key("other signature")),
        encryption_key=registrants.public(rsa_key("own encryption")),
    )

    told = answered(panel, "own encryption")[1]

    assert told["finding"] == "swapped"
    assert panel.get(CASE)[1]["is_tested"] is False


def test_a_trial_is_answered_once_and_ends_with_the_keys(panel: Panel) -> None:
    assert panel.post(f"{CASE}/trial")[1]["error"]["code"] == "condition_missing"
    handed_in(panel)
    panel.post(f"{CASE}/trial")
    handed_in(panel)
    body = {"actor": "ann", "signature": "", "secret": ""}

    assert panel.post(f"{CASE}/self-test", body)[1]["error"]["code"] == "condition_missing"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"signature_key": "-----BEGIN PRIVATE KEY-----\nTUlJ"}, "private_key_uploaded"),
        ({"callbacks": ["http://vendor.example"]}, "invalid_consumer"),
        ({"encryption_key": registrants.public(rsa_key("own signature"))}, "keys_not_distinct"),
        ({"version": 1}, "case_changed"),
    ],
)
def test_what_is_refused_is_not_kept(panel: Panel, change: dict[str, Any], code: str) -> None:
    answer = handed_in(panel, **change)[1]

    assert answer["error"]["code"] == code
    assert "TUlJ" not in answer["error"]["message"]
    assert panel.get(CASE)[1]["keys"]["consumer"] is None


def test_keys_of_another_consumer_are_refused(panel: Panel) -> None:
    registrants.registered(panel.register.registrations)

    assert handed_in(panel)[1]["error"]["code"] == "key_in_use"


def test_a_firm_has_a_key_for_tests_and_another_for_production(firm: Panel) -> None:
    assert firm.get(CASE)[1]["state"] == "test-setup"
    body = {"actor": "ann", "key": registrants.public(rsa_key("firm"))}
    firm.post(f"{CASE}/client-keys", body | {"networks": ["203.0.113.0/24"]})
    assert firm.post(f"{CASE}/skip")[1]["state"] == "test-active"

    status, refused = firm.post(f"{CASE}/client-keys", body | {"is_live": True})
    assert (status, refused["error"]["code"]) == (409, "keys_not_new")
    body["key"] = registrants.public(rsa_key("production"))
    firm.post(f"{CASE}/client-keys", body | {"is_live": True})
    moved(firm, "go-live", "root", "admin")
    assert firm.post(f"{CASE}/skip")[1]["state"] == "active"


def test_a_firm_goes_live_when_its_client_has_shown_what_it_can(firm: Panel) -> None:
    body = {"actor": "ann", "key": registrants.public(rsa_key("firm"))}
    firm.post(f"{CASE}/client-keys", body | {"networks": ["203.0.113.0/24"]})
    name = firm.post(f"{CASE}/skip")[1]["public_name"]
    body["key"] = registrants.public(rsa_key("production"))
    firm.post(f"{CASE}/client-keys", body | {"is_live": True})
    status, refused = moved(firm, "go-live", "ann", "applicant")
    assert (status, refused["error"]["code"]) == (409, "condition_missing")
    assert "echo-https" in refused["error"]["message"]

    firm.exercises.note(f"{name}-test", "GET", "/", 429, 1)
    for one in EXERCISES:
        firm.exercises.note(f"{name}-test", one.method, one.path, 200, 2)

    assert [row["shown_at"] for row in firm.get(CASE)[1]["exercises"]] == [2] * 9
    assert moved(firm, "go-live", "ann", "applicant")[1]["state"] == "go-live-requested"


def test_a_key_of_another_client_and_two_at_once_are_refused(firm: Panel) -> None:
    clients = CASES.replace("cases", "clients")
    key = registrants.public(rsa_key("firm"))
    firm.post(clients, {"client_id": "Firm-1", "key": key})

    refused = firm.post(f"{CASE}/client-keys", {"actor": "ann", "key": key})[1]

    assert refused["error"]["code"] == "key_in_use"
    assert firm.post(f"{CASE}/client-keys", {"actor": "ann", "key": "x"})[0] == 400
