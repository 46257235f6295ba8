"""Snapshots: rows that are worked out once a tick, told whole or as what has changed."""

from decimal import Decimal

import msgspec
import pytest
from tests.desks import AAPL, DU1, EURUSD, MSFT, Client, Market, open_desk

from paperdesk.api import snapshots
from paperdesk.api.snapshots import (
    Board,
    board,
    board_of,
    conid_of,
    difference,
    identity,
    sees_undelayed,
)
from paperdesk.auth.sessions import nobody
from paperdesk.base.units import SECOND
from paperdesk.desk.desk import Desk

START = 1_772_463_600 * SECOND
TAGS = ("31", "84", "86")


@pytest.fixture
def desk(market: Market) -> Desk:
    return open_desk(market)


def test_row_is_the_same_object_within_a_tick(desk: Desk) -> None:
    first = board(desk).shown("265598", TAGS, DU1)
    desk.advance(START + SECOND // 4)

    assert board(desk).shown("265598", TAGS, DU1) is first


def test_row_without_change_is_the_same_over_ticks(desk: Desk) -> None:
    first = board(desk).shown("265598", TAGS, DU1)
    desk.advance(START + 10 * SECOND)

    again = board(desk).shown("265598", TAGS, DU1)

    assert again is first
    assert again.row["_updated"] == 1772463600000


def test_board_keeps_so_many_rows_and_no_more(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "ROWS_MAX", 10)

    for number in range(100):
        board(desk).shown(f"265598@X{number}", TAGS, DU1)

    assert len(board(desk)._fresh) <= 10
    assert len(board(desk)._last) <= 10


def test_row_with_a_change_is_a_new_version_of_its_tick(desk: Desk, market: Market) -> None:
    first = board(desk).shown("265598", TAGS, DU1)
    market.show(AAPL, "190.21", "190.25", last="190.22", at=START + 2 * SECOND)
    desk.advance(START + 2 * SECOND + 700_000)

    changed = board(desk).shown("265598", TAGS, DU1)

    assert changed.version > first.version
    assert changed.row["_updated"] == 1772463602500
    assert difference(changed, first) == {
        "conidEx": "265598",
        "conid": 265598,
        "6119": "q14",
        "server_id": "q14",
        "_updated": 1772463602500,
        "84": "190.21",
    }


def test_body_is_the_row_in_json(desk: Desk) -> None:
    shown = board(desk).shown("265598@ARCA", TAGS, DU1)

    assert msgspec.json.decode(shown.body) == shown.row
    assert shown.row["conidEx"] == "265598@ARCA"


def test_difference_to_nothing_is_everything(desk: Desk) -> None:
    shown = board(desk).shown("265598", TAGS, DU1)

    assert difference(shown, None) == shown.row


def test_contract_without_data_shows_that_it_has_none(desk: Desk) -> None:
    shown = board(desk).shown(str(MSFT), TAGS, DU1)

    assert shown.row["31"] == "N/A"
    assert shown.row["55"] == "-"
    assert "6509" not in shown.row


def test_contract_nobody_knows_shows_itself_alone(desk: Desk) -> None:
    shown = board(desk).shown("0", TAGS, DU1)

    assert shown.row.keys() == {"conidEx", "conid", "6119", "server_id", "_updated"}


def test_board_of_a_desk_is_one(desk: Desk) -> None:
    assert board(desk) is board(desk)


def test_identity_names_one_of_33_servers() -> None:
    assert identity("265598", AAPL) == {
        "conidEx": "265598",
        "conid": 265598,
        "6119": "q14",
        "server_id": "q14",
    }
    assert conid_of("265598@ARCA") == 265598


def test_position_fields_follow_every_fill(market: Market) -> None:
    client = Client(open_desk(market, asks=False))
    before = board(client.desk).shown("265598", ("76",), DU1)
    order = {"conid": AAPL, "side": "BUY", "orderType": "MKT", "quantity": 10, "tif": "DAY"}
    client.post("iserver/account/DU1234567/orders", {"orders": [order]})

    after = board(client.desk).shown("265598", ("76",), DU1)

    assert "76" not in before.row
    assert after.row["76"] == "10"
    assert client.desk.world.ledger.size(DU1, AAPL) == Decimal(10)


def seen_by(desk: Desk, *market_data: str) -> Board:
    session = nobody()
    session.market_data = market_data
    return board_of(desk, session, AAPL)


def test_who_has_no_subscription_sees_the_market_a_quarter_of_an_hour_later(
    desk: Desk, market: Market
) -> None:
    market.show(AAPL, "200.00", "200.05", last="200.02", at=START + 60 * SECOND)
    desk.advance(START + 60 * SECOND)

    live = seen_by(desk, "STK").shown("265598", TAGS, DU1).row
    before = seen_by(desk).shown("265598", TAGS, DU1).row
    desk.advance(START + 16 * 60 * SECOND)
    after = seen_by(desk).shown("265598", TAGS, DU1).row

    assert (live["84"], live["6509"]) == ("200.00", "RpB")
    assert (before["84"], before["6509"]) == ("190.20", "DpB")
    assert (after["84"], after["6509"]) == ("200.00", "DpB")


def test_values_that_are_frozen_have_a_letter_of_their_own_when_they_are_late(
    desk: Desk, market: Market
) -> None:
    market.show(AAPL, "200.00", "200.05", at=0, is_open=False)

    assert seen_by(desk).shown("265598", TAGS, DU1).row["6509"] == "YB"
    assert seen_by(desk, "all").shown("265598", TAGS, DU1).row["6509"] == "ZB"


@pytest.mark.parametrize(
    ("market_data", "sees"),
    [(("all",), True), (("STK",), True), (("IND", "STK"), True), (("IND",), False), ((), False)],
)
def test_a_subscription_is_for_a_kind_of_contracts(
    desk: Desk, market_data: tuple[str, ...], sees: bool
) -> None:
    session = nobody()
    session.market_data = market_data

    assert sees_undelayed(desk, session, AAPL) is sees
    assert sees_undelayed(desk, session, EURUSD)
