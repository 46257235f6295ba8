import json
from typing import Any

from click.testing import CliRunner

from paperdesk.cli.commands import paperdesk


def listed(*arguments: str) -> list[dict[str, Any]]:
    output = CliRunner().invoke(paperdesk, ["data", "list", "--json", *arguments]).output
    rows: list[dict[str, Any]] = json.loads(output)
    return rows


def test_share_with_real_days_says_which_and_from_where() -> None:
    (row,) = listed("AAPL")

    assert row["conid"] == 265598
    assert row["real days"].startswith("2000-")
    assert "2013-" in row["real days"]
    assert "WIKI" in row["from"]
    assert row["otherwise"] == "invented"


def test_symbol_of_the_past_finds_its_contract() -> None:
    (row,) = listed("FB")

    assert row["symbol"] == "META"


def test_pair_is_real_where_both_currencies_have_fixings() -> None:
    rows = {row["symbol"]: row for row in listed("EUR")}

    assert rows["EUR.USD"]["real days"].startswith("1999-01-04")
    assert "ECB" in rows["EUR.USD"]["from"]


def test_fund_says_what_it_follows() -> None:
    (row,) = listed("SPY")

    assert row["real days"] == ""
    assert row["otherwise"] == "invented, follows SPX"


def test_only_real_ones_can_be_listed() -> None:
    rows = listed("--real")

    assert {"AAPL", "MSFT", "IBM", "GOOG", "META", "EUR.USD"} <= {row["symbol"] for row in rows}
    assert all(row["real days"] for row in rows)


def test_unknown_symbol_says_so() -> None:
    assert "No such" in CliRunner().invoke(paperdesk, ["data", "list", "ZZZZQQ"]).output
