"""Order status: everything that is known of one order, in the spelling of its own answer."""

from typing import Final

from paperdesk.api.formats import compact_time, plain, price_text
from paperdesk.api.live_orders import (
    CODES,
    COLOURS,
    Row,
    average_price,
    conidex,
    description,
    shown_name,
    size_and_fills,
)
from paperdesk.base.units import ZERO, Size
from paperdesk.kernel.messages.orders import OrderType, Side
from paperdesk.kernel.state.contracts import Contract
from paperdesk.kernel.state.orders import Order, OrderStatus
from paperdesk.kernel.state.world import World

NOTHING_EDITABLE: Final = "\x1e"

EDITABLE: Final = {
    OrderType.MARKET: ("size", "tif"),
    OrderType.LIMIT: ("limit_price", "size", "tif"),
    OrderType.STOP: ("stop_price", "size", "tif"),
    OrderType.STOP_LIMIT: ("limit_price", "stop_price", "size", "tif"),
    OrderType.TRAIL: ("stop_price", "size", "tif"),
    OrderType.TRAIL_LIMIT: ("limit_price", "stop_price", "size", "tif"),
}
"""Fields of an open order that a modification may change."""

CODES_OF_STATUS: Final = {
    OrderStatus.INACTIVE: "8",
    OrderStatus.PENDING_SUBMIT: "A",
    OrderStatus.PRE_SUBMITTED: "0",
    OrderStatus.SUBMITTED: "0",
    OrderStatus.FILLED: "2",
    OrderStatus.PENDING_CANCEL: "6",
    OrderStatus.CANCELLED: "4",
}
"""`order_ccp_status`: 2 is recorded, the others follow FIX's OrdStatus by analogy."""

PARTLY_FILLED: Final = "1"

WORDS_OF_STATUS: Final = {
    OrderStatus.INACTIVE: "Order Inactive",
    OrderStatus.PENDING_SUBMIT: "Order Pending Submit",
    OrderStatus.PRE_SUBMITTED: "Order Submitted",
    OrderStatus.SUBMITTED: "Order Submitted",
    OrderStatus.FILLED: "Order Filled",
    OrderStatus.PENDING_CANCEL: "Order Pending Cancel",
    OrderStatus.CANCELLED: "Order Cancelled",
}


def order_status_row(world: World, order: Order) -> Row:
    """Return one order as /iserver/account/order/status shows it."""
    contract = world.contract(order.conid)
    # Order status has the two colours the other way round from the live orders.
    foreground, background = COLOURS[order.status]
    row: Row = {
        "sub_type": None,
        "request_id": str(order.order_id % REQUEST_IDS),
        "server_id": "0",
        "order_id": order.order_id,
        "conidex": conidex(order),
        "conid": order.conid,
        "symbol": contract.symbol,
        "side": "B" if order.side is Side.BUY else "S",
        "contract_description_1": shown_name(contract),
        "listing_exchange": contract.listing_exchange,
        "option_acct": "c",
        "company_name": contract.name,
        "size": _tenths(order.remaining),
        "total_size": _tenths(order.size),
        "currency": contract.currency,
        "account": order.account_id,
        "order_type": CODES[order.order_type],
        "limit_price": (
            "" if order.limit_price is None else price_text(order.limit_price, contract.decimals)
        ),
        "cum_fill": _tenths(order.filled),
        "order_status": order.status.value,
        "order_ccp_status": _code(order),
        "order_status_description": WORDS_OF_STATUS[order.status],
        "tif": order.ticket.time_in_force.value,
        "fg_color": foreground,
        "bg_color": background,
        "order_not_editable": not order.is_open,
        "editable_fields": _editable(order),
        "cannot_cancel_order": not order.is_open,
        "deactivate_order": order.status is OrderStatus.INACTIVE,
        "sec_type": contract.security_type.value,
        "available_chart_periods": "#R|1",
        "order_description": description(order, contract, with_contract=False),
        "order_description_with_contract": description(order, contract, with_contract=True),
        "clearing_id": "IB",
        "clearing_name": "IB",
        "alert_active": 1,
        "child_order_type": "0" if order.parent_id is None else "3",
        "order_clearing_account": order.account_id,
        "size_and_fills": size_and_fills(order, contract),
        "exit_strategy_tool_availability": "1",
        "allowed_duplicate_opposite": True,
        "order_time": compact_time(order.accepted_at),
    }
    return row | _where_applicable(world, order)


REQUEST_IDS: Final = 100_000_000


def _where_applicable(world: World, order: Order) -> Row:
    contract = world.contract(order.conid)
    ticket = order.ticket
    stop = order.stop_price
    cells: Row = {
        "stop_price": None if stop is None else price_text(stop, contract.decimals),
        "outside_rth": ticket.outside_regular,
        "all_or_none": ticket.is_all_or_none,
        "oca_group_id": order.oca_group_id,
        "parent_order_id": order.parent_id,
        "order_ref": ticket.customer_order_id,
        "order_cancellation_by_system_reason": order.reason,
    }
    row = {name: cell for name, cell in cells.items() if cell}
    return row | (_executed(order, contract) if order.filled > ZERO else {})


def _executed(order: Order, contract: Contract) -> Row:
    average = average_price(order, contract)
    verb = "Bought" if order.side is Side.BUY else "Sold"
    return {
        "average_price": average,
        "exit_strategy_chart_description": f"{verb} {plain(order.filled)} @ {average}",
        "exit_strategy_display_price": average,
    }


def _code(order: Order) -> str:
    if order.is_open and order.filled > ZERO:
        return PARTLY_FILLED
    return CODES_OF_STATUS[order.status]


def _editable(order: Order) -> str:
    """Return the names of what may be changed, separated and ended by U+001E."""
    if not order.is_open:
        return NOTHING_EDITABLE
    return "".join(f"{name}\x1e" for name in EDITABLE[order.order_type])


def _tenths(size: Size) -> str:
    """Return a size with at least one decimal: `10.0`, `0.25`."""
    text = plain(size)
    return text if "." in text else f"{text}.0"
