import json
from base64 import b64decode
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from tests.cli.running import run, while_served

from paperdesk.auth.registrations import Registrations, Standing
from paperdesk.desk.manifests import place
from paperdesk.desk.scenario import DeskOptions, open_desk
from paperdesk.server.serve import Opened

WALL = 1_780_000_000_000_000
KEY = "TESTERABC"


@pytest.fixture
def desk_dir(tmp_path: Path) -> Path:
    open_desk(DeskOptions(wall=WALL, data_dir=tmp_path, name="default")).close()
    return tmp_path


def kept(data_dir: Path) -> Registrations:
    file = place(data_dir, "default").directory / "registrations.json"
    return msgspec.json.decode(file.read_bytes(), type=Registrations)


def added(data_dir: Path, *more: str) -> str:
    result = run(data_dir, "consumers", "add", "--oauth1", "--key", KEY, *more)
    assert result.exit_code == 0, result.output
    return result.output


def exported(text: str) -> dict[str, str]:
    lines = [line.removeprefix("export ") for line in text.splitlines() if "export " in line]
    return dict(line.split("=", 1) for line in lines)


def test_a_consumer_comes_with_keys_and_a_ready_configuration(desk_dir: Path) -> None:
    output = added(desk_dir)

    told = exported(output)
    folder = desk_dir / "keys" / "default" / KEY
    assert told["IBIND_OAUTH1A_CONSUMER_KEY"] == KEY
    assert told["IBIND_OAUTH1A_SIGNATURE_KEY_FP"] == str(folder / "private_signature.pem")
    key = load_pem_private_key((folder / "private_encryption.pem").read_bytes(), None)
    assert isinstance(key, RSAPrivateKey)
    encrypted = told["IBIND_OAUTH1A_ACCESS_TOKEN_SECRET"].strip("'")
    (token,) = kept(desk_dir).tokens.values()
    assert key.decrypt(b64decode(encrypted), PKCS1v15()) == b64decode(token.secret)
    assert (token.token, token.user_name) == (told["IBIND_OAUTH1A_ACCESS_TOKEN"], "demo")
    assert "OAuth1aConfig(" in output
    assert "PRIVATE KEY" not in output
    assert (folder / "ibind.env").read_text(encoding="utf-8") in output


def test_it_is_there_at_once_on_a_desk_that_runs(desk_dir: Path) -> None:
    def story(opened: Opened) -> tuple[Opened, str, list[dict[str, object]]]:
        output = added(desk_dir, "--user", "demo", "--bits", "3072")
        listed = json.loads(run(desk_dir, "consumers", "list", "--json").output)
        return opened, output, listed

    opened, output, listed = while_served(desk_dir, story)

    assert f"{opened.hosted_url}/v1/api/" in output
    assert [(row["consumer_key"], row["stage"]) for row in listed] == [(KEY, "active")]


def test_a_consumer_can_wait_for_the_reset_as_with_the_real_service(desk_dir: Path) -> None:
    output = added(desk_dir, "--activation", "after-reset")

    assert "good after the next midnight reset" in output
    row = json.loads(run(desk_dir, "consumers", "show", KEY, "--json").output)
    assert row["stage"] == "pending"


def test_a_third_party_is_registered_with_its_callbacks(desk_dir: Path) -> None:
    result = run(
        desk_dir,
        "consumers",
        "add",
        "--oauth1",
        "--third-party",
        "--callback",
        "https://vendor.example/cb",
    )

    assert result.exit_code == 0, result.output
    assert "/authorize" in result.output
    (consumer,) = kept(desk_dir).consumers.values()
    assert (len(consumer.consumer_key), consumer.callbacks) == (25, ("https://vendor.example/cb",))
    assert kept(desk_dir).tokens == {}


def test_what_is_refused_leaves_no_keys_behind(desk_dir: Path) -> None:
    result = run(desk_dir, "consumers", "add", "--oauth1", "--key", KEY, "--user", "nobody")

    assert result.exit_code == 1
    assert "no user" in result.output
    assert not (desk_dir / "keys" / "default" / KEY).exists()
    assert not (place(desk_dir, "default").directory / "registrations.json").exists()


def test_keys_that_are_there_are_not_overwritten(desk_dir: Path) -> None:
    added(desk_dir)
    before = (desk_dir / "keys" / "default" / KEY / "dhparam.pem").stat().st_mtime_ns

    again = run(desk_dir, "consumers", "add", "--oauth1", "--key", KEY)

    assert again.exit_code == 1
    assert (desk_dir / "keys" / "default" / KEY / "dhparam.pem").stat().st_mtime_ns == before


def test_a_consumer_is_disabled_enabled_and_ended(desk_dir: Path) -> None:
    added(desk_dir)

    outputs = [
        run(desk_dir, "consumers", *words, KEY).output.strip()
        for words in (["disable"], ["enable"], ["revoke"])
    ]

    assert outputs[1:] == [f"{KEY} is active.", f"{KEY} is revoked."]
    assert kept(desk_dir).consumers[KEY].standing is Standing.REVOKED
    assert run(desk_dir, "consumers", "delete", KEY).output.strip() == f"{KEY} is gone."
    assert kept(desk_dir).consumers == {}


def test_a_token_keeps_its_name_and_gets_another_secret(desk_dir: Path) -> None:
    first = exported(added(desk_dir))

    again = exported(run(desk_dir, "consumers", "regenerate-token", KEY).output)

    name = "IBIND_OAUTH1A_ACCESS_TOKEN"
    assert again[name] == first[name]
    assert again[f"{name}_SECRET"] != first[f"{name}_SECRET"].strip("'")
    token = first[name]
    revoked = run(desk_dir, "consumers", "revoke", KEY, "--token", token)
    assert "is revoked" in revoked.output
    assert kept(desk_dir).tokens[token].standing is Standing.REVOKED


def test_keys_are_replaced_by_files_and_private_ones_refused(desk_dir: Path) -> None:
    added(desk_dir)
    other = desk_dir / "other"
    made = run(
        desk_dir, "consumers", "add", "--oauth1", "--key", "OTHERSKEY", "--folder", str(other)
    )
    assert made.exit_code == 0, made.output
    run(desk_dir, "consumers", "delete", "OTHERSKEY")
    files = [str(other / name) for name in ("public_signature.pem", "public_encryption.pem")]
    parameters = str(other / "dhparam.pem")

    private = str(other / "private_signature.pem")
    refused = run(desk_dir, "consumers", "replace-keys", KEY, private, files[1], parameters)
    assert "private key" in refused.output
    replaced = run(desk_dir, "consumers", "replace-keys", KEY, *files, parameters)

    assert replaced.output.strip() == f"{KEY} has other keys, good after the next midnight reset."
    waiting = kept(desk_dir).consumers[KEY].next_keys
    assert waiting is not None
    assert waiting.signature_key == (other / "public_signature.pem").read_text(encoding="utf-8")


def test_one_says_which_scheme(desk_dir: Path) -> None:
    assert run(desk_dir, "consumers", "add").exit_code == 2
    assert "No consumer yet" in run(desk_dir, "consumers", "list").output
