import json
from pathlib import Path

from click.testing import CliRunner

from paperdesk.cli.certificates import authority_file
from paperdesk.cli.commands import paperdesk


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
