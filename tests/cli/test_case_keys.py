import json
from pathlib import Path

import pytest
from tests.cli.running import run

from paperdesk.desk.scenario import DeskOptions, open_desk

WALL = 1_780_000_000_000_000


@pytest.fixture
def desk_dir(tmp_path: Path) -> Path:
    open_desk(DeskOptions(wall=WALL, data_dir=tmp_path, name="default")).close()
    for words in (
        ["consumers", "add", "--oauth1", "--key", "TESTERABC", "--folder", str(tmp_path / "own")],
        ["consumers", "delete", "TESTERABC"],
    ):
        assert run(tmp_path, *words).exit_code == 0
    return tmp_path


def tell(desk_dir: Path, *words: str) -> str:
    result = run(desk_dir, "cases", *words)
    assert result.exit_code == 0, result.output
    return result.output.strip()


def key(desk_dir: Path, name: str) -> str:
    return str(desk_dir / "own" / name)


def test_a_vendor_hands_in_keys_and_shows_that_they_are_theirs(desk_dir: Path) -> None:
    tell(desk_dir, "open", "Vendor Ltd", "--as", "ann")
    tell(desk_dir, "move", "case-1", "submit", "--as", "ann", "--role", "applicant")
    tell(desk_dir, "skip", "case-1")
    tell(desk_dir, "move", "case-1", "request-keys", "--as", "o", "--role", "onboarding")
    public = [key(desk_dir, f"public_{name}.pem") for name in ("signature", "encryption")]
    private = [key(desk_dir, f"private_{name}.pem") for name in ("signature", "encryption")]
    callback = ["--callback", "https://vendor.example/cb", "--as", "ann"]
    tell(desk_dir, "keys", "case-1", *public, key(desk_dir, "dhparam.pem"), *callback)

    swapped = run(desk_dir, "cases", "test-keys", "case-1", *reversed(private), "--as", "ann")
    passed = run(desk_dir, "cases", "test-keys", "case-1", *private, "--as", "ann")

    # A running desk has one trial at a time; a desk that does not run begins and ends with it.
    assert "files are swapped" in swapped.output
    assert passed.output.strip() == "case-1: passed."


def test_a_firm_hands_in_its_key(desk_dir: Path) -> None:
    tell(desk_dir, "open", "Firm Ltd", "--client", "--as", "ann")
    tell(desk_dir, "skip", "case-1")
    public = key(desk_dir, "public_signature.pem")

    tell(desk_dir, "client-key", "case-1", public, "--network", "::1/128", "--as", "ann")

    told = json.loads(tell(desk_dir, "show", "case-1", "--json"))
    assert told["keys"]["test"]["networks"] == ["::1/128"]
    tell(desk_dir, "skip", "case-1")
    text = tell(desk_dir, "show", "case-1")
    assert "use an access token" in text
    assert "not yet" in text
