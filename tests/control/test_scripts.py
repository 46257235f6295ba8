from pathlib import Path
from typing import Any

import pytest
from tests.control.panels import Panel, begun

SCRIPTS = "/desks/history-2008-09-29/market/scripts"
CLOCK = "/desks/history-2008-09-29/clock/advance"
AAPL = 265598


def direct(panel: Panel, **script: Any) -> Any:  # noqa: ANN401 - JSON
    return panel.post(SCRIPTS, {"script": {"contract": "AAPL"} | script})


def test_a_market_goes_through_a_price_at_its_time() -> None:
    panel = Panel(begun())

    status, told = direct(panel, kind="path", pins=[{"at": "2008-09-29 10:05", "price": "150"}])

    assert (status, told["scripts"]) == (200, 1)
    panel.post(CLOCK, {"to": "2008-09-29 10:05"})
    quote = panel.desk.quote(AAPL)  # type: ignore[arg-type]
    assert quote is not None
    assert str(quote.last) == "150.00"
    assert panel.get(SCRIPTS)[1][0]["type"] == "path"


def test_a_halted_market_shows_nothing() -> None:
    panel = Panel(begun())

    direct(panel, kind="halt", at="2008-09-29 11:00", lasts="25min")
    panel.post(CLOCK, {"to": "2008-09-29 11:10"})

    quote = panel.desk.quote(AAPL)  # type: ignore[arg-type]
    assert quote is not None
    assert quote.is_halted


def test_a_script_is_there_after_opening_again(tmp_path: Path) -> None:
    desk = begun(tmp_path)
    direct(Panel(desk, tmp_path), kind="jump", change="-20%")
    desk.advance(desk.now + 60_000_000)
    before = desk.source.quote(AAPL, desk.now)  # type: ignore[arg-type]
    desk.close()

    again = begun(tmp_path)

    assert again.source.quote(AAPL, again.now) == before  # type: ignore[arg-type]
    again.close()


@pytest.mark.parametrize(
    "script",
    [
        {"kind": "jump", "change": "much"},
        {"kind": "jump", "at": "2008-09-29 09:00", "change": "5%"},
        {"kind": "path", "pins": [{"at": "2008-09-29 10:05", "price": "-1"}]},
        {"kind": "dance"},
        {"kind": "jump", "contract": "²", "change": "5%"},
        {"kind": "jump", "contract": "9" * 5_000, "change": "5%"},
        {"kind": "jump", "contract": -1, "change": "5%"},
        {"kind": "jump", "at": "9999-12-31 10:00", "change": "5%"},
        {"kind": "path", "pins": [{"at": "2008-09-29 10:05", "price": "NaN"}]},
        {"kind": "path", "pins": [{"at": "2008-09-29 10:05", "price": "1e309"}]},
        {"kind": "path", "pins": [{"at": "2008-09-29 10:05", "price": "9" * 5_000}]},
        {"kind": "jump", "change": "5%", "colour": "red"},
    ],
)
def test_what_no_market_can_follow_is_refused_and_leaves_no_trace(script: dict[str, Any]) -> None:
    panel = Panel(begun())
    seq = panel.desk.seq

    assert direct(panel, **script)[0] == 400

    assert panel.desk.seq == seq
    assert panel.get(SCRIPTS) == (200, [])
