from typing import Any

import pytest
from rich.console import Console

from paperdesk.cli.screens import ORDERS_SHOWN_MAX, Screen

AAPL = 265598


def screen() -> Screen:
    return Screen(url="https://localhost:5000/v1/api", account_id="DU1", symbols={AAPL: "AAPL"})


def text_of(shown: Screen, width: int = 140) -> str:
    console = Console(width=width, record=True, file=None, quiet=False, force_terminal=False)
    with console.capture() as captured:
        console.print(shown.drawing())
    return captured.get()


def quote(**fields: str) -> dict[str, Any]:
    return {"topic": "smd+265598", "conid": AAPL, **fields}


def order(order_id: int, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - wire fields
    return {"topic": "sor", "args": [{"orderId": order_id, "ticker": "AAPL", **fields}]}


def test_delta_is_merged_into_the_quote_known_so_far() -> None:
    shown = screen()

    shown.hear(
        {"topic": "smd+265598", "conid": AAPL, "31": "190.20", "84": "190.20", "86": "190.25"}
    )
    shown.hear({"topic": "smd+265598", "conid": AAPL, "86": "190.26"})

    assert shown.quotes[AAPL] == {"31": "190.20", "84": "190.20", "86": "190.26"}
    assert "190.26" in text_of(shown)


def test_no_figure_is_cut_off_in_a_terminal_of_eighty_characters(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    shown = Screen(url="", account_id="DU1", symbols={12087792: "EUR.USD"})
    bid, ask = {"84": "1.12835", "88": "2,750,000"}, {"86": "1.12840", "85": "1,250,000"}

    shown.hear({"topic": "smd+12087792", "conid": 12087792, "55": "EUR", **bid, **ask, "82": "-1"})

    text = text_of(shown, 80)
    assert "EUR.USD" in text
    assert "1.12835 2,750,000 1.12840 1,250,000" in text
    assert "…" not in text


def test_frame_without_a_conid_is_let_pass() -> None:
    shown = screen()

    shown.hear({"topic": "smd+265598", "31": "190.20"})

    assert shown.quotes == {}


def test_order_row_is_completed_by_its_deltas() -> None:
    shown = screen()

    shown.hear(order(7, orderDesc="Bought 100 Limit 190.30, Day", status="PreSubmitted"))
    shown.hear(order(7, status="Filled", sizeAndFills="100"))

    assert shown.orders[7]["status"] == "Filled"
    assert "Bought 100 Limit 190.30" in text_of(shown)


def test_newest_orders_are_shown_and_old_ones_fall_off() -> None:
    shown = screen()
    for order_id in range(101, 101 + ORDERS_SHOWN_MAX + 1):
        shown.hear(order(order_id))

    text = text_of(shown)

    assert "102" in text
    assert " 101 " not in text


def test_profit_of_the_account_stands_on_top() -> None:
    shown = screen()

    shown.hear({"topic": "spl", "args": {"DU1.Core": {"dpl": -12.5, "nl": 1000000.0}}})

    assert "day -12.50" in text_of(shown)
    assert "net liquidation 1,000,000.00" in text_of(shown)


def test_error_of_the_stream_is_shown() -> None:
    shown = screen()

    shown.hear({"error": "Topic unknown", "code": 1})

    assert "Topic unknown" in text_of(shown)


def test_contract_without_a_quote_yet_has_its_row() -> None:
    assert "AAPL" in text_of(screen())
