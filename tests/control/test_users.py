from pathlib import Path
from typing import Any

import pytest
from tests.control.panels import Panel, begun

from paperdesk.base.ids import AccountId, UserName

DESK = "/desks/history-2008-09-29"
USERS, ACCOUNTS = f"{DESK}/users", f"{DESK}/accounts"


@pytest.fixture
def panel(tmp_path: Path) -> Panel:
    return Panel(begun(tmp_path), tmp_path)


def test_a_user_is_added_with_an_account_cash_and_a_password(panel: Panel) -> None:
    status, told = panel.post(USERS, {"user_name": "ann", "cash": "50000"})

    assert status == 200
    assert told["account_ids"] == ["DU1234568"]
    assert panel.passwords is not None
    assert told["password"] == panel.passwords.printable("ann")
    assert panel.desk.world.ledger.cash(AccountId("DU1234568"), "USD") == 50_000
    rows = panel.get(USERS)[1]
    assert [row["user_name"] for row in rows] == ["demo", "ann"]
    assert not any("password" in row for row in rows)


def test_a_live_user_without_permission_to_trade_has_a_live_account(panel: Panel) -> None:
    body = {"user_name": "rich", "is_paper": False, "may_trade": False, "kind": "CASH"}
    told = panel.post(USERS, body)[1]

    assert (told["account_ids"], told["is_paper"], told["may_trade"]) == (
        ["U1234567"],
        False,
        False,
    )
    rows = {row["account_id"]: row for row in panel.get(ACCOUNTS)[1]}
    assert (rows["U1234567"]["kind"], rows["U1234567"]["user_names"]) == ("CASH", ["rich"])


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"user_name": "demo"}, 409, "user_exists"),
        ({"user_name": "a b"}, 400, "invalid_name"),
        ({"user_name": "ann", "cash": "-1"}, 400, "invalid_amount"),
        ({"user_name": "ann", "cash": "0.001"}, 400, "invalid_amount"),
        ({"user_name": "ann", "currency": "XXX"}, 400, "invalid_name"),
        ({"user_name": "ann", "account_id": "a/b"}, 400, "invalid_name"),
        ({"user_name": "ann", "subscriptions": ["stk!"]}, 400, "invalid_name"),
        ({"user_name": "ann", "admin": True}, 400, "bad_request"),
    ],
)
def test_who_cannot_be_added_leaves_nothing_behind(
    panel: Panel, body: dict[str, Any], status: int, code: str
) -> None:
    before = panel.desk.seq

    told, answer = panel.post(USERS, body)

    assert (told, answer["error"]["code"]) == (status, code)
    assert panel.desk.seq == before
    assert not panel.desk.is_stopped


def test_a_user_is_changed_and_what_is_left_out_stays(panel: Panel) -> None:
    account = panel.post(ACCOUNTS, {"cash": 0})[1]["account_id"]

    panel.post(f"{USERS}/demo", {"may_trade": False})
    told = panel.post(f"{USERS}/demo", {"account_ids": ["DU1234567", account]})[1]

    assert (told["account_ids"], told["may_trade"]) == (["DU1234567", account], False)
    assert panel.desk.world.accounts.users[UserName("demo")].user_id == 100_000_001


def test_a_password_is_changed(panel: Panel) -> None:
    assert panel.post(f"{USERS}/demo", {"password": "correct horse"})[0] == 200
    assert panel.passwords is not None
    assert panel.passwords.matches("demo", "correct horse")
    assert panel.post(f"{USERS}/demo", {"password": "short"})[1]["error"]["code"] == (
        "invalid_password"
    )


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("nobody", {"may_trade": True}, "unknown_user"),
        ("demo", {"account_ids": []}, "unknown_account"),
        ("demo", {"account_ids": ["DU9"]}, "unknown_account"),
    ],
)
def test_changes_that_make_no_sense_are_refused(
    panel: Panel, path: str, body: dict[str, Any], code: str
) -> None:
    assert panel.post(f"{USERS}/{path}", body)[1]["error"]["code"] == code


def test_money_comes_into_an_account(panel: Panel) -> None:
    path = f"{ACCOUNTS}/DU1234567/deposits"

    assert panel.post(path, {"currency": "EUR", "amount": "10.50"})[0] == 200
    assert panel.desk.world.ledger.cash(AccountId("DU1234567"), "EUR") * 2 == 21
    assert panel.post(path, {"currency": "EUR", "amount": "0"})[1]["error"]["code"] == (
        "invalid_amount"
    )


def test_an_account_is_opened_once(panel: Panel) -> None:
    assert panel.post(ACCOUNTS, {"account_id": "DU1234567"})[0] == 409
    assert panel.post(ACCOUNTS, {"is_paper": False})[1]["account_id"] == "U1234567"
    assert panel.get("/desks/other/users")[0] == 404
