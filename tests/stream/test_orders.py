"""Orders and executions on the stream, frame by frame."""

import pytest
from tests.desks import AAPL, FOREIGN, Client, Market, Socket
from tests.tickets import FAR, MARKET, ORDER, ORDERS, body, place

from paperdesk.base.ids import AccountId


@pytest.fixture
def socket(trader: Client) -> Socket:
    return trader.socket()


def rows(socket: Socket, topic: str = "sor") -> list[dict[str, object]]:
    """Return the rows of the frames since; every frame holds one."""
    found = []
    for frame in socket.receive(topic):
        (row,) = frame["args"]
        found.append(row)
    return found


# sor


def test_without_open_orders_nothing_comes_at_first(socket: Socket) -> None:
    assert socket.ask("sor+{}") == []


def test_open_orders_come_first_all_in_one_frame(trader: Client, socket: Socket) -> None:
    first, second = place(trader), place(trader, price=190.05)
    place(trader, price=190.30)

    (frame,) = socket.ask("sor")

    assert frame["topic"] == "sor"
    assert [row["orderId"] for row in frame["args"]] == [int(second), int(first)]
    assert frame["args"][0]["price"] == "190.05"


def test_place_and_cancel_is_the_recorded_sequence(trader: Client, socket: Socket) -> None:
    socket.ask("sor+{}")
    order_id = int(place(trader))
    trader.delete(f"iserver/account/DU1234567/order/{order_id}")

    inactive, marker, sent, held, working, pending, done = rows(socket)

    assert inactive["orderId"] == order_id
    assert inactive["status"] == "Inactive"
    assert inactive["order_ccp_status"] == "Pending Submit"
    assert (inactive["bgColor"], inactive["fgColor"]) == ("#000000", "#AFAFAF")
    assert inactive["outsideRTH"] is False
    assert inactive["sizeAndFills"] == "0/10"
    assert inactive["price"] == "190.10"
    assert marker == {
        "acct": "DU1234567",
        "conidex": "265598",
        "conid": 265598,
        "orderId": order_id,
        "isEventTrading": "0",
    }
    assert sent == {
        "acct": "DU1234567",
        "orderId": order_id,
        "status": "PendingSubmit",
        "fgColor": "#3399CC",
    }
    assert held == {
        "acct": "DU1234567",
        "orderId": order_id,
        "status": "PreSubmitted",
        "bgColor": "#FFFFFF",
        "fgColor": "#997EE5",
    }
    assert working == {
        "acct": "DU1234567",
        "orderId": order_id,
        "status": "Submitted",
        "order_ccp_status": "Submitted",
        "bgColor": "#000000",
        "fgColor": "#00F000",
    }
    assert pending["status"] == "PendingCancel"
    assert pending["fgColor"] == "#FF64FF"
    assert pending["sizeAndFills"] == "0/10"
    assert pending["orderDesc"] == "Buy 10 AAPL Limit 190.10, Day"
    assert done == {
        "acct": "DU1234567",
        "orderId": order_id,
        "status": "Cancelled",
        "order_ccp_status": "Cancelled",
        "bgColor": "#FFFFFF",
        "fgColor": "#AA0000",
    }


def test_order_that_fills_at_once_begins_unfilled(trader: Client, socket: Socket) -> None:
    socket.ask("sor+{}")
    trader.post(ORDERS, body(MARKET))

    told = rows(socket)

    assert told[0]["sizeAndFills"] == "0/10"
    assert told[0]["remainingQuantity"] == 10.0
    assert told[0]["filledQuantity"] == 0.0
    assert told[0]["price"] == ""
    assert told[0]["orderDesc"] == "Buy 10 AAPL Market, Day"
    assert "avgPrice" not in told[0]
    assert [row.get("status") for row in told] == [
        "Inactive",
        None,
        "PendingSubmit",
        "PreSubmitted",
        "Submitted",
        "Filled",
    ]


def test_fills_are_told_as_what_has_changed(trader: Client, market: Market, socket: Socket) -> None:
    socket.ask("sor+{}")
    order_id = int(place(trader, quantity=722, price=190.22))
    socket.receive()
    at = trader.desk.now
    market.show(AAPL, "190.20", "190.22", size=100, at=at + 1_000_000)
    trader.wait(1)
    market.show(AAPL, "190.20", "190.21", size=1_000, at=at + 2_000_000)
    trader.wait(1)

    first, last = rows(socket)

    assert first == {
        "acct": "DU1234567",
        "orderId": order_id,
        "sizeAndFills": "100/722",
        "remainingQuantity": 622.0,
        "filledQuantity": 100.0,
        "avgPrice": "190.22",
        "price": "190.22",
    }
    assert last["sizeAndFills"] == "722"
    assert last["remainingQuantity"] == 0.0
    assert last["status"] == "Filled"
    assert last["order_ccp_status"] == "Filled"
    assert (last["bgColor"], last["fgColor"]) == ("#FFFFFF", "#000000")
    assert last["orderDesc"] == "Bought 722 Limit 190.22, Day"


def test_paused_order_stays_inactive(trader: Client, socket: Socket) -> None:
    socket.ask("sor+{}")
    place(trader, deactivated=True)

    statuses = [row.get("status") for row in rows(socket)]

    assert "Submitted" not in statuses
    assert statuses[-1] == "Inactive"


def test_stop_waits_and_is_working_once_it_is_reached(
    trader: Client, market: Market, socket: Socket
) -> None:
    socket.ask("sor+{}")
    stop = ORDER | {"side": "SELL", "orderType": "STP", "price": 190.10}
    trader.post(ORDERS, body(stop))
    assert [row.get("status") for row in rows(socket)][-1] == "PreSubmitted"
    market.show(AAPL, "190.05", "190.08", last="190.06", at=trader.desk.now + 1_000_000)

    trader.wait(2)

    assert [row["status"] for row in rows(socket)] == ["Submitted", "Filled"]


def test_trailing_stop_tells_where_it_has_come_to(
    trader: Client, market: Market, socket: Socket
) -> None:
    trail = ORDER | {"side": "SELL", "orderType": "TRAIL", "price": None, "trailingAmt": 5}
    trader.post(ORDERS, body(trail))
    socket.ask("sor+{}")
    market.show(AAPL, "192.00", "192.10", last="192.05", at=trader.desk.now + 1_000_000)

    trader.wait(3)

    assert rows(socket)[-1]["stop_price"] == "187.05"


def test_modified_order_is_told_whole(trader: Client, socket: Socket) -> None:
    order_id = place(trader)
    socket.ask("sor+{}")

    trader.post(f"iserver/account/DU1234567/order/{order_id}", ORDER | {"price": 190})

    (row,) = rows(socket)
    assert row["price"] == "190.00"
    assert row["ticker"] == "AAPL"


def test_system_cancels_without_a_pending_state(trader: Client, socket: Socket) -> None:
    socket.ask("sor+{}")
    place(trader, tif="IOC")

    statuses = [row.get("status") for row in rows(socket)]

    assert "PendingCancel" not in statuses
    assert statuses[-1] == "Cancelled"


def test_day_order_ends_with_its_day(trader: Client, socket: Socket) -> None:
    place(trader)
    socket.ask("sor+{}")

    trader.wait(7 * 3600)

    (row,) = rows(socket)
    assert row["status"] == "Cancelled"
    assert row["order_cancellation_by_system_reason"]


def test_bracket_tells_how_its_children_come_to_work(trader: Client, socket: Socket) -> None:
    socket.ask("sor+{}")
    entry = MARKET | {"cOID": "entry"}
    profit = ORDER | {"side": "SELL", "price": 195, "parentId": "entry"}
    loss = ORDER | {"side": "SELL", "orderType": "STP", "price": 185, "parentId": "entry"}

    ids = [row["order_id"] for row in trader.post(ORDERS, body(entry, profit, loss)).json]

    told = rows(socket)
    last = {row["orderId"]: row["status"] for row in told if "status" in row}
    assert [last[int(order_id)] for order_id in ids] == ["Filled", "Submitted", "PreSubmitted"]


@pytest.mark.parametrize(
    ("filters", "statuses"),
    [
        ('["Submitted"]', ["Submitted"]),
        ('["submitted","pre_submitted"]', ["PreSubmitted", "Submitted"]),
        ('["Cancelled"]', []),
    ],
)
def test_filters_choose_what_is_told(
    trader: Client, socket: Socket, filters: str, statuses: list[str]
) -> None:
    socket.ask(f'sor+{{"filters":{filters}}}')
    place(trader)

    assert [row["status"] for row in rows(socket) if "status" in row] == statuses


def test_filters_hold_for_the_first_frame(trader: Client, socket: Socket) -> None:
    place(trader)

    assert socket.ask('sor+{"filters":["Filled"]}') == []
    assert len(socket.ask('sor+{"filters":["submitted"]}')) == 1


def test_filtered_list_mutes_the_stream_until_it_is_forced(trader: Client, socket: Socket) -> None:
    socket.ask("sor+{}")
    trader.get("iserver/account/orders")
    trader.get("iserver/account/orders?filters=filled")
    place(trader)
    assert socket.receive("sor") == []

    trader.get("iserver/account/orders?force=true")
    place(trader, price=190.05)

    assert rows(socket)


def test_unsubscribed_orders_are_told_no_more(trader: Client, socket: Socket) -> None:
    socket.ask("sor+{}")

    assert socket.ask("uor+{}") == []
    place(trader)

    assert socket.receive() == []


def test_orders_of_other_accounts_are_nobodys_business(trader: Client, socket: Socket) -> None:
    socket.ask("sor+{}")
    socket.ask("str+{}")
    trader.session.account_ids = (AccountId("DU1234568"), FOREIGN)
    owner = Client(trader.desk)

    owner.post(ORDERS, body(MARKET))

    assert socket.receive("sor") == []
    assert socket.receive("str") == []


def test_question_is_told_to_nobody(client: Client) -> None:
    socket = client.socket()
    socket.ask("sor+{}")

    client.post(ORDERS, body(FAR))

    assert socket.receive("sor") == []


# str


def test_executions_begin_with_an_empty_frame(socket: Socket) -> None:
    assert socket.ask("str+{}") == [{"topic": "str", "args": []}]


def test_past_executions_come_twice_the_second_time_with_commission(
    trader: Client, socket: Socket
) -> None:
    trader.post(ORDERS, body(MARKET))

    empty, first, second = socket.ask('str+{"realtimeUpdatesOnly":false,"days":1}')

    assert empty["args"] == []
    (without,), (whole,) = first["args"], second["args"]
    assert "commission" not in without
    assert whole["commission"] == "1.00035"
    assert without == {name: cell for name, cell in whole.items() if name != "commission"}
    assert whole["price"] == "190.25"


def test_new_executions_come_twice_too(trader: Client, socket: Socket) -> None:
    socket.ask("str+{}")
    trader.post(ORDERS, body(MARKET))

    without, whole = rows(socket, "str")

    assert "commission" not in without
    assert whole["commission"] == "1.00035"
    assert whole["execution_id"] == without["execution_id"]


@pytest.mark.parametrize("flag", ["true", '"true"', '"True"'])
def test_past_executions_can_be_left_out(trader: Client, socket: Socket, flag: str) -> None:
    trader.post(ORDERS, body(MARKET))

    assert len(socket.ask(f'str+{{"realtimeUpdatesOnly":{flag}}}')) == 1


@pytest.mark.parametrize(
    ("days", "count"), [("1", 1), ("2", 3), ('"7"', 3), ("99", 3), ('"x"', 1), ("true", 1)]
)
def test_days_reach_back_to_seven(trader: Client, socket: Socket, days: str, count: int) -> None:
    trader.post(ORDERS, body(MARKET))
    trader.wait(24 * 3600)
    socket.receive()

    frames = [row for row in socket.ask(f'str+{{"days":{days}}}') if row["topic"] == "str"]

    assert len(frames) == count


def test_unsubscribed_executions_are_told_no_more(trader: Client, socket: Socket) -> None:
    socket.ask("str+{}")

    assert socket.ask("utr") == []
    trader.post(ORDERS, body(MARKET))

    assert socket.receive("str") == []
