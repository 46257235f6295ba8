import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from paperdesk.cli.certificates import authority_file
from paperdesk.cli.commands import paperdesk
from paperdesk.server import overrides


def test_authority_is_shown_with_the_names_it_vouches_for(tmp_path: Path) -> None:
    result = CliRunner().invoke(paperdesk, ["tls", "show", "--json", "--data-dir", str(tmp_path)])

    record = json.loads(result.output)
    assert Path(record["authority"]) == authority_file(tmp_path)
    assert "localhost" in record["names"]
    assert len(record["sha256"].split(":")) == 32


def test_trust_help_names_the_authority_for_each_kind_of_client(tmp_path: Path) -> None:
    result = CliRunner().invoke(
        paperdesk, ["tls", "trust-help", "--json", "--data-dir", str(tmp_path)]
    )

    rows = json.loads(result.output)
    assert {"curl", "Python requests", "macOS"} <= {row["for"] for row in rows}
    assert any(str(authority_file(tmp_path)) in row["do"] for row in rows)


def tls(tmp_path: Path, *arguments: str) -> Result:
    return CliRunner().invoke(paperdesk, ["tls", *arguments, "--data-dir", str(tmp_path)])


def test_names_of_others_get_a_certificate_and_every_way_here(tmp_path: Path) -> None:
    result = tls(tmp_path, "names", "API.ibkr.com", "--port", "5009", "--json")

    rows = {row["for"]: row["do"] for row in json.loads(result.output)}
    authority = tmp_path / "tls" / "overrides" / "ca.pem"
    assert authority.is_file()
    assert rows["start"] == "paperdesk serve --name api.ibkr.com"
    assert f"--cacert {authority}" in rows["curl"]
    assert "--connect-to api.ibkr.com:443:127.0.0.1:5009" in rows["curl"]
    assert '"MAP api.ibkr.com:443 127.0.0.1:5009"' in rows["Chromium"]
    assert "api.ibkr.com  # paperdesk" in rows["hosts file, port 443 alone"]


def test_whoever_makes_them_is_warned(tmp_path: Path) -> None:
    assert "which the real service refuses" in tls(tmp_path, "names", "api.ibkr.com").output


@pytest.mark.parametrize("name", ["localhost", "desk.example", "10.0.0.7", "*.ibkr.com", "a b.com"])
def test_names_of_this_machine_are_no_names_of_others(tmp_path: Path, name: str) -> None:
    result = tls(tmp_path, "names", name)

    assert result.exit_code == 2
    assert "is no name of a host of somebody else" in result.output
    assert not (tmp_path / "tls").exists()


def test_the_lines_for_the_hosts_file_are_printed_again(tmp_path: Path) -> None:
    before = tls(tmp_path, "hosts").output
    tls(tmp_path, "names", "api.ibkr.com")

    assert "No names are overridden here" in before
    assert "127.0.0.1 api.ibkr.com" in tls(tmp_path, "hosts").output


@pytest.mark.parametrize(
    ("address", "status", "told"),
    [("127.0.0.1", 1, "take their lines out"), ("203.0.113.7", 0, "203.0.113.7")],
)
def test_a_check_says_whether_a_name_leads_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str, status: int, told: str
) -> None:
    asked: list[str] = []

    def resolved(name: str) -> list[str]:
        asked.append(name)
        return [address]

    monkeypatch.setattr(overrides, "resolved", resolved)

    result = tls(tmp_path, "hosts", "--check")

    assert result.exit_code == status
    assert told in result.output
    assert "api.ibkr.com" in asked
