from decimal import Decimal
from typing import Any

import pytest
from tests.kernel.books import EURUSD, STOCK
from tests.tape import USER, limit, market, open_kernel, place, quote, stop, ticket

from paperdesk.base.ids import Conid
from paperdesk.kernel.kernel import Kernel
from paperdesk.kernel.messages.orders import OrdersQuestioned, PlaceOrders, Question, Ticket
from paperdesk.kernel.messages.presets import Presets, SetPresets

CLIENT_KNOWS = {
    "o163": "price exceeds the Percentage constraint of 3%",
    "o354": (
        "You are submitting an order without market data. We strongly recommend against this as"
        " it may result in erroneous and unexpected trades."
    ),
    "o382": "exceeds the Tick Size Limit of",
    "o383": "size exceeds the Size Limit of 500.",
    "o403": "This order will most likely trigger and fill immediately.",
    "o451": "exceeds the Total Value Limit of 100,000 USD.",
    "o10138": "size modification exceeds the size modification limit",
    "o10151": "A Market Order is an instruction to trade your order at any available price",
    "o10152": (
        "A Stop Order - i.e. a Stop (Market) Order - is an instruction to buy or sell at the"
        ' market price once your trigger ("stop") price is reached'
    ),
    "o10153": ("To avoid trading at a price that is not consistent with a fair and orderly market"),
    "o10164": (
        "Traders are responsible for understanding cash quantity details, which are provided on a"
        " best efforts basis only."
    ),
    "o10223": (
        "Orders that express size using a monetary value (cash quantity) are provided on a"
        " non-guaranteed basis."
    ),
    "o10331": (
        "You are about to submit a stop order. Please be aware of the various stop order types"
        " available and the risks associated with each one."
    ),
}
"""Literal fragments by which clients know a question, line breaks taken out."""


@pytest.fixture
def kernel() -> Kernel:
    kernel = open_kernel(asks=True)
    kernel.handle(quote(kernel, "190.20", "190.24", last="190.22"))
    kernel.handle(quote(kernel, "1.10000", "1.10010", conid=EURUSD.conid))
    return kernel


def asked(kernel: Kernel, command: PlaceOrders) -> tuple[Question, ...]:
    (event,) = (row for row in kernel.handle(command) if isinstance(row, OrdersQuestioned))
    return event.questions


def ids(kernel: Kernel, *tickets: Ticket, without_data: tuple[Conid, ...] = ()) -> list[str]:
    events = kernel.handle(place(*tickets, suppressed=(), without_data=without_data))
    return [
        question.message_id
        for event in events
        if isinstance(event, OrdersQuestioned)
        for question in event.questions
    ]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (limit("buy", "1", "190.20"), []),
        (limit("buy", "1", "184.52"), []),
        (limit("buy", "1", "184.51"), ["o163"]),
        (limit("sell", "1", "195.93"), ["o163"]),
        (limit("buy", "500", "190.20"), []),
        (limit("buy", "501", "190.20"), ["o383"]),
        (limit("buy", "526", "190.20"), ["o383", "o451"]),
        (market("buy", "1"), []),
        (stop("sell", "1", "180"), ["o10331"]),
        (stop("sell", "1", "190.22"), ["o10331", "o403"]),
        (
            ticket("sell", "1", order_type="STOP_LIMIT", stop_price="180", limit_price="179"),
            ["o163", "o10331"],
        ),
        (ticket("sell", "1", order_type="TRAIL", trail="5"), ["o10331"]),
        (market("buy", None, cash="500"), ["o10223"]),
        (limit("buy", "0.5", "190.20", outside_regular=True), []),
        (limit("buy", "100000", "1.10000", conid=EURUSD.conid), ["o451"]),
        (limit("buy", "90000", "1.10000", conid=EURUSD.conid), []),
    ],
)
def test_order_is_asked_about(kernel: Kernel, wanted: Ticket, expected: list[str]) -> None:
    assert ids(kernel, wanted) == expected


def test_order_without_data_is_asked_about_as_recorded(kernel: Kernel) -> None:
    asked_for = ids(kernel, limit("buy", "1", "180"), without_data=(STOCK.conid,))

    assert asked_for == ["o163", "o354", "o10153"]


def test_questions_of_a_request_come_ticket_by_ticket(kernel: Kernel) -> None:
    parent = market("buy", "1", customer_order_id="p")
    exits = limit("sell", "1", "240", parent="p"), stop("sell", "1", "130", parent="p")

    assert ids(kernel, parent, *exits) == ["o163", "o10331"]


def test_later_cash_orders_are_asked_the_short_form(kernel: Kernel) -> None:
    kernel.handle(place(market("buy", None, cash="500"), suppressed=("o10164", "o10223")))

    assert ids(kernel, market("buy", None, cash="500")) == ["o10164"]


def test_texts_hold_what_clients_look_for(kernel: Kernel) -> None:
    kernel.handle(
        SetPresets(
            user_name=USER,
            presets=Presets(
                increments=Decimal(10),
                size_change=Decimal(1),
                market_order_question="always",
                stop_question="always",
            ),
        )
    )
    orders = [
        place(limit("buy", "600", "180"), without_data=(STOCK.conid,), suppressed=()),
        place(stop("sell", "1", "190.22"), suppressed=()),
        place(market("buy", None, cash="500"), suppressed=()),
    ]
    told = {row.message_id: row.text for order in orders for row in asked(kernel, order)}
    kernel.handle(place(market("buy", None, cash="500"), suppressed=("o10151", "o10164", "o10223")))
    told |= {
        row.message_id: row.text
        for row in asked(kernel, place(market("buy", None, cash="5"), suppressed=()))
    }

    for message_id, fragment in CLIENT_KNOWS.items():
        if message_id != "o10138":
            assert fragment in told[message_id].replace("\n", ""), message_id


def test_far_price_is_named_with_its_order(kernel: Kernel) -> None:
    (question,) = asked(kernel, place(limit("buy", "1", "1.00"), suppressed=()))

    assert question.text == (
        'The following order "BUY 1 AAA NASDAQ.NMS @ 1.00" price exceeds \n'
        "the Percentage constraint of 3%.\n"
        "Are you sure you want to submit this order?"
    )


def test_value_is_estimated_in_base_currency(kernel: Kernel) -> None:
    wanted = limit("buy", "100000", "1.10000", conid=EURUSD.conid)

    (question,) = asked(kernel, place(wanted, suppressed=()))

    assert "value estimate of 110,000.00 USD exceeds \nthe Total Value" in question.text


def test_thresholds_are_the_users(kernel: Kernel) -> None:
    kernel.handle(
        SetPresets(user_name=USER, presets=Presets(percentage=Decimal(10), size=Decimal(5)))
    )

    assert ids(kernel, limit("buy", "6", "180")) == ["o383"]


@pytest.mark.parametrize(
    ("bid", "ask", "hours", "expected"),
    [
        ("100.00", "101.00", {}, []),
        ("100.00", "101.01", {}, ["o10151"]),
        ("-", "100.00", {}, ["o10151"]),
        ("100.00", "100.01", {"is_regular": False}, ["o10151"]),
        ("-", "-", {"is_open": False, "is_regular": False}, ["o10151"]),
    ],
)
def test_market_order_is_asked_about_where_it_has_much_to_lose(
    kernel: Kernel, bid: str, ask: str, hours: dict[str, Any], expected: list[str]
) -> None:
    kernel.handle(quote(kernel, bid, ask, last="100.00", **hours))

    assert ids(kernel, market("buy", "1")) == expected


def test_user_may_be_asked_about_everything_each_time(kernel: Kernel) -> None:
    always = Presets(
        market_order_question="always",
        stop_question="always",
        own_crosses=True,
        fractions_outside=True,
    )
    kernel.handle(SetPresets(user_name=USER, presets=always))
    kernel.handle(place(limit("sell", "1", "190.24")))

    assert ids(kernel, market("buy", "1")) == ["o2137", "o10151"]
    assert ids(kernel, stop("sell", "1", "180")) == ["o10331", "o10152"]
    assert ids(kernel, limit("buy", "0.5", "190.20", outside_regular=True)) == ["o2165"]


def test_new_user_is_asked_what_clients_in_wide_use_can_confirm(kernel: Kernel) -> None:
    """All but a market order that has much to lose."""
    known = CLIENT_KNOWS.keys() - {"o10151", "o10152"}
    kernel.handle(place(limit("sell", "1", "190.24")))
    tickets = [
        limit("buy", "600", "180"),
        limit("buy", "0.5", "190.24", outside_regular=True),
        market("buy", "600"),
        market("buy", None, cash="500"),
        stop("sell", "1", "190.22"),
        ticket("sell", "1", order_type="TRAIL", trail="5"),
    ]

    asked_for = {name for row in tickets for name in ids(kernel, row, without_data=(STOCK.conid,))}

    assert asked_for <= known
