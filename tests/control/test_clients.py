from typing import Any

import pytest
import yaml
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from tests import registrants
from tests.control.panels import WALL, Panel, begun
from tests.oauth2 import rsa_key

from paperdesk.auth.keys import to_pem
from paperdesk.auth.registrations import Revocation
from paperdesk.base.units import DAY, HOUR

DESK = "/desks/history-2008-09-29"
CLIENTS = f"{DESK}/clients"


@pytest.fixture
def panel() -> Panel:
    return Panel(begun())


def pem(name: str) -> str:
    return registrants.public(rsa_key(name))


def added(panel: Panel, **more: Any) -> Any:  # noqa: ANN401 - JSON
    return panel.post(CLIENTS, {"client_id": "Firm-1", "key": pem("firm")} | more)


def test_a_client_is_registered_and_shown(panel: Panel) -> None:
    status, told = added(panel, user_names=["demo"], networks=["127.0.0.0/8"])

    assert status == 200
    assert told["standing"] == "active"
    assert [key["stage"] for key in told["keys"]] == ["active"]
    assert "2048 bits" in told["warnings"][0]
    assert panel.get(CLIENTS)[1] == [told]
    (public,) = panel.get(f"{CLIENTS}/Firm-1")[1]["public_keys"]
    assert public["pem"] == pem("firm")


def test_everything_is_made_at_once(panel: Panel) -> None:
    told = panel.post(f"{CLIENTS}/instant", {"user": "demo"})[1]

    private = load_pem_private_key(told["private"]["key"].encode(), None)
    kept = panel.register.registrations.clients[told["client_id"]]
    assert to_pem(private.public_key()) == kept.keys[0].pem  # type: ignore[arg-type]
    assert yaml.safe_load(told["settings"])["client_id"] == told["client_id"]
    assert "PRIVATE" not in str(panel.get(CLIENTS)[1])
    assert told["warnings"] == []


def test_keys_follow_each_other(panel: Panel) -> None:
    added(panel)

    told = panel.post(f"{CLIENTS}/Firm-1/rotate", {"key": pem("next"), "overlap": "1h"})[1]

    assert [(key["kid"], key["stage"]) for key in told["keys"]] == [
        ("main", "retiring"),
        ("key-2", "active"),
    ]
    assert told["keys"][0]["retire_at"] == WALL + HOUR
    panel.wall += HOUR
    assert panel.get(CLIENTS)[1][0]["keys"][0]["stage"] == "retired"


def test_a_key_waits_retires_and_is_revoked(panel: Panel) -> None:
    added(panel)

    later = panel.post(f"{CLIENTS}/Firm-1/keys", {"key": pem("next"), "starts_in": "1d"})[1]
    assert later["keys"][1]["not_before"] == WALL + DAY
    retired = panel.post(f"{CLIENTS}/Firm-1/keys/main/retire", {})[1]
    assert [key["stage"] for key in retired["keys"]] == ["retired", "pending"]
    assert "no key that stays good" in retired["warnings"][-1]
    revoked = panel.post(f"{CLIENTS}/Firm-1/keys/key-2/revoke")[1]
    assert revoked["keys"][1]["stage"] == "revoked"


def test_what_ends_takes_its_sessions_with_it(panel: Panel) -> None:
    told: list[Revocation] = []
    panel.register.revoked.append(told.append)
    added(panel)

    standings = [
        panel.post(f"{CLIENTS}/Firm-1/{change}")[1]["standing"]
        for change in ("disable", "enable", "revoke")
    ]
    panel.ask("DELETE", f"{CLIENTS}/Firm-1")

    assert standings == ["disabled", "active", "revoked"]
    assert told == [Revocation(client_id="Firm-1")] * 3
    assert panel.get(CLIENTS)[1] == []


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"client_id": "a b"}, 400, "invalid_client"),
        ({"scopes": ["all"]}, 400, "invalid_client"),
        ({"user_names": ["nobody"]}, 400, "unknown_user"),
        ({"key": "-----BEGIN PRIVATE KEY-----"}, 400, "private_key_given"),
        ({"key": '{"kty": "oct", "k": "AA"}'}, 400, "symmetric_key_given"),
        ({"key": ""}, 400, "key_not_understood"),
    ],
)
def test_what_is_refused_is_not_kept(
    panel: Panel, change: dict[str, Any], status: int, code: str
) -> None:
    told, answer = added(panel, **change)

    assert (told, answer["error"]["code"]) == (status, code)
    assert panel.register.registrations.clients == {}


def test_ids_and_keys_are_taken_once(panel: Panel) -> None:
    added(panel)

    assert added(panel, key=pem("other"))[1]["error"]["code"] == "client_exists"
    assert added(panel, client_id="Firm-2")[1]["error"]["code"] == "key_in_use"
    assert panel.post(f"{CLIENTS}/Firm-1/keys/none/revoke")[0] == 404
    assert panel.post(f"{CLIENTS}/Firm-2/revoke")[0] == 404
    assert panel.post(f"{CLIENTS}/instant", {"user": "nobody"})[0] == 400
    assert panel.post(f"{CLIENTS}/instant", {"bits": 1_024})[0] == 400
    assert panel.get("/desks/other/clients")[0] == 404
