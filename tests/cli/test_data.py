import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from paperdesk.base.ids import Conid
from paperdesk.cli.commands import paperdesk
from paperdesk.cli.data import own_layers
from paperdesk.desk.scenario import DeskOptions, open_desk


def listed(*arguments: str) -> list[dict[str, Any]]:
    output = CliRunner().invoke(paperdesk, ["data", "list", "--json", *arguments]).output
    rows: list[dict[str, Any]] = json.loads(output)
    return rows


def test_share_with_real_days_says_which_and_from_where() -> None:
    (row,) = listed("AAPL")

    assert row["conid"] == 265598
    assert row["real_days"].startswith("2000-")
    assert "2013-" in row["real_days"]
    assert "WIKI" in row["from"]
    assert row["otherwise"] == "invented"


def test_symbol_of_the_past_finds_its_contract() -> None:
    (row,) = listed("FB")

    assert row["symbol"] == "META"


def test_pair_is_real_where_both_currencies_have_fixings() -> None:
    rows = {row["symbol"]: row for row in listed("EUR")}

    assert rows["EUR.USD"]["real_days"].startswith("1999-01-04")
    assert "ECB" in rows["EUR.USD"]["from"]


def test_fund_says_what_it_follows() -> None:
    (row,) = listed("SPY")

    assert row["real_days"] == ""
    assert row["otherwise"] == "invented, follows SPX"


def test_only_real_ones_can_be_listed() -> None:
    rows = listed("--real")

    assert {"AAPL", "MSFT", "IBM", "GOOG", "META", "EUR.USD"} <= {row["symbol"] for row in rows}
    assert all(row["real_days"] for row in rows)


def test_unknown_symbol_says_so() -> None:
    assert "No such" in CliRunner().invoke(paperdesk, ["data", "list", "ZZZZQQ"]).output


CSV = """Date,Open,High,Low,Close,Volume
2024-01-02,187.15,188.44,183.89,185.64,82488700
2024-01-03,184.22,185.88,183.43,184.25,58414500
2024-01-04,182.15,180.00,180.88,181.91,71983600
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    (tmp_path / "AAPL.csv").write_text(CSV, encoding="utf-8")
    return tmp_path


def run(own: Path, *arguments: str) -> Result:
    return CliRunner().invoke(paperdesk, ["data", *arguments, "--data-dir", str(own)])


def test_import_tells_what_it_guessed_and_what_it_left_out(own: Path) -> None:
    result = run(own, "import", str(own / "AAPL.csv"))

    assert result.exit_code == 0, result.output
    assert "close: column 5 (close)" in result.output
    assert "bars: one a day" in result.output
    assert "line 4: high 180.00 is below open or close" in result.output
    assert "2 bars of AAPL are kept as aapl." in result.output


def test_imported_days_are_listed_after_the_shipped_ones(own: Path) -> None:
    run(own, "import", str(own / "AAPL.csv"))

    (row,) = json.loads(run(own, "list", "AAPL", "--json").output)

    assert row["real_days"].endswith("2024-01-02 to 2024-01-03")
    assert row["from"].endswith("import: aapl")


def test_imported_prices_are_what_a_desk_trades_on(own: Path) -> None:
    run(own, "import", str(own / "AAPL.csv"))

    layers = own_layers(own)

    desk = open_desk(
        DeskOptions(
            wall=1_780_000_000_000_000, scenario="history", date="2024-01-03", layers=layers
        )
    )
    quote = desk.quote(Conid(265598))
    assert quote is not None
    assert quote.last == Decimal("184.22")
    desk.close()


def test_imported_prices_can_be_forgotten(own: Path) -> None:
    run(own, "import", str(own / "AAPL.csv"))

    assert run(own, "remove", "aapl").exit_code == 0
    assert own_layers(own) == ()
    assert run(own, "remove", "aapl").exit_code == 1


def test_prices_of_nobody_ask_for_a_symbol(own: Path) -> None:
    (own / "prices.csv").write_text(CSV, encoding="utf-8")

    result = run(own, "import", str(own / "prices.csv"))

    assert result.exit_code == 1
    assert "--symbol" in result.output


@pytest.mark.parametrize("zone", ["mars", "+1", "25:00"])
def test_zone_that_is_none_is_refused(own: Path, zone: str) -> None:
    result = run(own, "import", str(own / "AAPL.csv"), "--zone", zone)

    assert result.exit_code == 2
    assert "exchange, UTC" in result.output


def test_file_that_is_no_table_says_why(own: Path) -> None:
    (own / "AAPL.csv").write_text("hello\nworld\n", encoding="utf-8")

    result = run(own, "import", str(own / "AAPL.csv"))

    assert result.exit_code == 1
    assert "header" in result.output
