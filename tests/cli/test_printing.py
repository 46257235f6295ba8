import json
from decimal import Decimal

import pytest

from paperdesk.cli.printing import cell, json_text, show, show_one

ROWS = [
    {"user": "demo", "accounts": ["DU1234567"], "paper": True, "orders": 3},
    {"user": "ann", "accounts": [], "paper": False, "orders": 12},
]


def test_rows_become_a_table_with_readable_heads(capsys: pytest.CaptureFixture[str]) -> None:
    show(ROWS, as_json=False, title="Users")

    lines = [line.rstrip() for line in capsys.readouterr().out.splitlines() if line.strip()]
    assert lines[0] == "Users"
    assert lines[1].split() == ["user", "accounts", "paper", "orders"]
    assert lines[3].split() == ["demo", "DU1234567", "yes", "3"]
    assert lines[4].split() == ["ann", "no", "12"]


def test_the_same_rows_become_json_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    show(ROWS, as_json=True)

    assert json.loads(capsys.readouterr().out) == ROWS


def test_no_rows_say_what_to_do_next(capsys: pytest.CaptureFixture[str]) -> None:
    show([], as_json=False, empty="Nobody yet. `paperdesk users add NAME` adds somebody.")

    assert "users add" in capsys.readouterr().out


def test_no_rows_are_an_empty_list_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    show([], as_json=True, empty="Nobody yet.")

    assert json.loads(capsys.readouterr().out) == []


def test_one_record_is_printed_name_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    show_one({"data_dir": "/d", "events": 12}, as_json=False)

    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines == [["data", "dir", "/d"], ["events", "12"]]


def test_decimals_leave_as_numbers_exactly() -> None:
    assert json_text({"price": Decimal("190.250")}) == '{\n  "price": 190.250\n}'


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, ""),
        (True, "yes"),
        (False, "no"),
        ([1, 2], "1, 2"),
        ({"a": 1}, '{"a":1}'),
        (Decimal("1.50"), "1.50"),
    ],
)
def test_cell_shows_a_value_as_people_write_it(value: object, shown: str) -> None:
    assert cell(value) == shown
