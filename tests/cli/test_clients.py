import json
from pathlib import Path

import msgspec
import pytest
import yaml
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from tests import registrants
from tests.cli.running import run
from tests.oauth2 import rsa_key

from paperdesk.auth.keys import to_pem
from paperdesk.auth.registrations import Registrations, Standing
from paperdesk.desk.manifests import place
from paperdesk.desk.scenario import DeskOptions, open_desk

WALL = 1_780_000_000_000_000
CLIENT = "Firm-1"


@pytest.fixture
def desk_dir(tmp_path: Path) -> Path:
    open_desk(DeskOptions(wall=WALL, data_dir=tmp_path, name="default")).close()
    result = run(tmp_path, "consumers", "add", "--oauth2", "--key", CLIENT, "--network", "::1/128")
    assert result.exit_code == 0, result.output
    return tmp_path


@pytest.fixture
def public(tmp_path: Path) -> str:
    file = tmp_path / "new.pem"
    file.write_text(registrants.public(rsa_key("new")), encoding="utf-8")
    return str(file)


def kept(data_dir: Path) -> Registrations:
    file = place(data_dir, "default").directory / "registrations.json"
    return msgspec.json.decode(file.read_bytes(), type=Registrations)


def test_a_client_comes_with_a_key_and_a_ready_configuration(desk_dir: Path) -> None:
    folder = desk_dir / "keys" / "default" / CLIENT

    key = load_pem_private_key((folder / "private_key.pem").read_bytes(), None)
    assert isinstance(key, RSAPrivateKey)
    client = kept(desk_dir).clients[CLIENT]
    assert to_pem(key.public_key()) == client.keys[0].pem
    assert client.networks == ("::1/128",)
    settings = yaml.safe_load((folder / "ibauth.yaml").read_text(encoding="utf-8"))
    assert settings == {
        "client_id": CLIENT,
        "client_key_id": "main",
        "credential": "demo",
        "private_key_file": str(folder / "private_key.pem"),
    }


def test_clients_are_listed_and_shown(desk_dir: Path) -> None:
    (row,) = json.loads(run(desk_dir, "clients", "list", "--json").output)
    shown = json.loads(run(desk_dir, "clients", "show", CLIENT, "--json").output)

    assert (row["client_id"], row["standing"]) == (CLIENT, "active")
    assert shown["public_keys"][0]["kid"] == "main"
    assert CLIENT in run(desk_dir, "clients", "list").output


def test_keys_follow_each_other(desk_dir: Path, public: str) -> None:
    rotated = run(desk_dir, "clients", "rotate", CLIENT, public, "--overlap", "1h")
    assert rotated.output.splitlines()[:2] == ["main: retiring", "key-2: active"]

    retired = run(desk_dir, "clients", "retire-key", CLIENT, "main")
    assert retired.output.splitlines()[:2] == ["main: retired", "key-2: active"]
    revoked = run(desk_dir, "clients", "revoke", CLIENT, "--kid", "key-2")
    assert revoked.output.strip() == f"The key key-2 of {CLIENT} is revoked."


def test_a_key_is_added_for_later(desk_dir: Path, public: str) -> None:
    added = run(desk_dir, "clients", "add-key", CLIENT, public, "--kid", "n", "--starts-in", "1d")

    assert added.output.splitlines()[:2] == ["main: active", "n: pending"]


def test_a_client_is_disabled_enabled_and_ended(desk_dir: Path) -> None:
    for words in ("disable", "enable", "revoke"):
        assert run(desk_dir, "clients", words, CLIENT).exit_code == 0
    assert kept(desk_dir).clients[CLIENT].standing is Standing.REVOKED
    refused = run(desk_dir, "clients", "enable", CLIENT)
    assert "revoked for good" in refused.output
    assert run(desk_dir, "clients", "delete", CLIENT).output.strip() == f"{CLIENT} is gone."
    assert "No client yet" in run(desk_dir, "clients", "list").output


def test_what_is_refused_leaves_no_key_behind(desk_dir: Path) -> None:
    refused = run(desk_dir, "consumers", "add", "--oauth2", "--key", "F2", "--scope", "all")

    assert "is no scope" in refused.output
    assert not (desk_dir / "keys" / "default" / "F2").exists()
