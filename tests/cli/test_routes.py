import json

from click.testing import CliRunner

from paperdesk.cli.commands import paperdesk


def test_routes_are_listed_with_how_we_know_them() -> None:
    rows = json.loads(CliRunner().invoke(paperdesk, ["routes", "tickle", "--json"]).output)

    assert {(row["method"], row["path"]) for row in rows} == {
        ("GET", "/tickle"),
        ("POST", "/tickle"),
    }
    assert all(row["evidence"] == "recorded" for row in rows)


def test_routes_can_be_asked_for_by_evidence() -> None:
    rows = json.loads(
        CliRunner().invoke(paperdesk, ["routes", "--evidence", "judged", "--json"]).output
    )

    assert rows
    assert {row["evidence"] for row in rows} == {"judged"}


def test_unknown_part_says_so() -> None:
    assert "'zzz'" in CliRunner().invoke(paperdesk, ["routes", "zzz"]).output
