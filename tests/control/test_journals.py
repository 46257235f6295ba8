from pathlib import Path

import pytest
from tests.control.panels import Panel, begun

JOURNAL = "/desks/history-2008-09-29/journal"


@pytest.fixture
def panel() -> Panel:
    return Panel(begun())


def test_events_are_read_with_their_fields(panel: Panel) -> None:
    status, told = panel.get(JOURNAL)

    assert status == 200
    assert [row["kind"] for row in told["events"]] == [
        "AccountOpened",
        "CashDeposited",
        "UserAdded",
    ]
    deposit = told["events"][1]
    assert (deposit["seq"], deposit["time"]) == (2, "2008-09-29T09:30:00-04:00")
    assert deposit["event"] == {
        "account_id": "DU1234567",
        "currency": "USD",
        "amount": "1000000",
    }
    assert (told["after"], told["seq"]) == (3, 3)


def test_events_are_read_page_by_page(panel: Panel) -> None:
    first = panel.get(f"{JOURNAL}?limit=2")[1]
    second = panel.get(f"{JOURNAL}?limit=2&after={first['after']}")[1]

    assert [row["seq"] for row in first["events"] + second["events"]] == [1, 2, 3]
    assert panel.get(f"{JOURNAL}?after=900")[1]["events"] == []


def test_events_of_one_kind_are_read(panel: Panel) -> None:
    told = panel.get(f"{JOURNAL}?kind=UserAdded")[1]

    assert [row["seq"] for row in told["events"]] == [3]


def test_all_events_come_as_lines(panel: Panel) -> None:
    panel.desk.advance(panel.desk.now + 30 * 86_400_000_000)

    lines = panel.lines(f"{JOURNAL}/download")

    assert [line["seq"] for line in lines] == list(range(1, panel.desk.seq + 1))


def test_a_journal_on_disk_is_read_while_it_is_written(tmp_path: Path) -> None:
    desk = begun(tmp_path)
    panel = Panel(desk, tmp_path)
    panel.post("/desks/history-2008-09-29/clock/advance", {"by": "1d"})

    assert len(panel.get(JOURNAL)[1]["events"]) == desk.seq
    desk.close()
