"""Live orders: the rows that list an order, over HTTP and on the stream's sor topic."""

from typing import Final

from paperdesk.api.formats import abbreviated, compact_time, plain, price_text
from paperdesk.base.units import MILLISECOND, Money, Price
from paperdesk.kernel.messages.orders import OrderType, Side, TimeInForce
from paperdesk.kernel.state.contracts import Contract, SecurityType
from paperdesk.kernel.state.orders import Order, OrderStatus
from paperdesk.kernel.state.world import World

Row = dict[str, object]

CODES: Final = {
    OrderType.MARKET: "MARKET",
    OrderType.LIMIT: "LIMIT",
    OrderType.STOP: "STOP",
    OrderType.STOP_LIMIT: "STOP_LIMIT",
    OrderType.TRAIL: "TRAILING_STOP",
    OrderType.TRAIL_LIMIT: "TRAILING_STOP_LIMIT",
}
"""How live orders (`origOrderType`) and order status name a type."""

NAMES: Final = {
    OrderType.MARKET: "Market",
    OrderType.LIMIT: "Limit",
    OrderType.STOP: "Stop",
    OrderType.STOP_LIMIT: "Stop Limit",
    OrderType.TRAIL: "Trailing Stop",
    OrderType.TRAIL_LIMIT: "Trailing Stop Limit",
}
"""How live orders (`orderType`) show a type to a person."""

COLOURS: Final = {
    OrderStatus.INACTIVE: ("#000000", "#AFAFAF"),
    OrderStatus.PENDING_SUBMIT: ("#000000", "#3399CC"),
    OrderStatus.PRE_SUBMITTED: ("#FFFFFF", "#0000CC"),
    OrderStatus.SUBMITTED: ("#000000", "#00F000"),
    OrderStatus.FILLED: ("#FFFFFF", "#000000"),
    OrderStatus.PENDING_CANCEL: ("#000000", "#FF64FF"),
    OrderStatus.CANCELLED: ("#FFFFFF", "#AA0000"),
}
"""Background and foreground of a status."""

BACKEND_STATUS: Final = {
    OrderStatus.INACTIVE: "Pending Submit",
    OrderStatus.PENDING_SUBMIT: "Pending Submit",
    OrderStatus.PRE_SUBMITTED: "Submitted",
    OrderStatus.SUBMITTED: "Submitted",
    OrderStatus.FILLED: "Filled",
    OrderStatus.PENDING_CANCEL: "Submitted",
    OrderStatus.CANCELLED: "Cancelled",
}
"""`order_ccp_status` of live orders."""


def live_order(world: World, order: Order) -> Row:
    """Return an order as one row of the live orders."""
    contract = world.contract(order.conid)
    background, foreground = COLOURS[order.status]
    row: Row = {
        "acct": order.account_id,
        "conidex": conidex(order),
        "conid": order.conid,
        "account": order.account_id,
        "orderId": order.order_id,
        "cashCcy": contract.currency,
        "sizeAndFills": size_and_fills(order, contract),
        "orderDesc": description(order, contract, with_contract=True),
        "description1": shown_name(contract),
        "ticker": contract.symbol,
        "secType": contract.security_type.value,
        "listingExchange": (
            CONVERSIONS if order.ticket.is_currency_conversion else contract.listing_exchange
        ),
        "remainingQuantity": float(order.remaining),
        "filledQuantity": float(order.filled),
        "totalSize": float(order.size),
        "companyName": contract.name,
        "status": order.status.value,
        "order_ccp_status": BACKEND_STATUS[order.status],
        "outsideRTH": order.ticket.outside_regular,
        "origOrderType": CODES[order.order_type],
        "supportsTaxOpt": "1",
        "lastExecutionTime": compact_time(order.updated_at),
        "orderType": NAMES[order.order_type],
        "bgColor": background,
        "fgColor": foreground,
        "isEventTrading": "0",
        "price": shown_price(order, contract),
        "timeInForce": time_in_force(order),
        "lastExecutionTime_r": order.updated_at // MILLISECOND,
        "side": order.side.value,
    }
    return row | _where_applicable(order, contract)


def _where_applicable(order: Order, contract: Contract) -> Row:
    row: Row = {}
    if order.ticket.customer_order_id:
        row["order_ref"] = order.ticket.customer_order_id
    if order.stop_price is not None:
        stop = price_text(order.stop_price, contract.decimals)
        row["auxPrice"] = row["stop_price"] = stop
    if order.filled:
        row["avgPrice"] = average_price(order, contract)
    if order.parent_id is not None:
        row["parentId"] = order.parent_id
    if order.ticket.exchange != "SMART":
        row["exchange"] = order.ticket.exchange
    if order.ticket.cash is not None:
        row["totalCashSize"] = float(order.ticket.cash)
    if order.reason:
        row["order_cancellation_by_system_reason"] = order.reason
    return row


CONVERSIONS: Final = "FXCONV"
"""Where currencies are said to be converted."""


def shown_name(contract: Contract) -> str:
    """Return how people call a contract: a pair by both its currencies, others by their symbol."""
    is_pair = contract.security_type is SecurityType.FOREX
    return contract.local_symbol if is_pair else contract.symbol


def conidex(order: Order) -> str:
    """Return the conid, with the exchange where the order is routed to one."""
    exchange = order.ticket.exchange
    return str(order.conid) if exchange == "SMART" else f"{order.conid}@{exchange}"


def size_and_fills(order: Order, contract: Contract) -> str:
    """Return `filled/total` of an open order, the total of one that is done.

    A conversion of currencies shows the money that is asked for instead: `2.4K CAD`.
    """
    cash = order.ticket.cash
    if order.ticket.is_currency_conversion and cash is not None:
        return f"{_short(cash)} {contract.currency}"
    if order.is_open:
        return f"{plain(order.filled)}/{plain(order.size)}"
    return plain(order.filled or order.size)


def _short(amount: Money) -> str:
    """Return money as `2.4K`, without zeros that say nothing."""
    text = abbreviated(amount)
    number = text.rstrip("KMB")
    letter = text[len(number) :]
    return f"{number.rstrip('0').rstrip('.') if '.' in number else number}{letter}"


def time_in_force(order: Order) -> str:
    """Return the time in force as live orders show it: a day order lives until the close."""
    time = order.ticket.time_in_force
    return "CLOSE" if time is TimeInForce.DAY else time.value


def shown_price(order: Order, contract: Contract) -> str:
    """Return the limit price, a pure stop's stop price, or "" for a market order."""
    price: Price | None = order.limit_price
    if price is None and order.order_type is not OrderType.MARKET:
        price = order.stop_price
    return "" if price is None else price_text(price, contract.decimals)


def average_price(order: Order, contract: Contract) -> str:
    """Return the average price of an order's executions, to the contract's decimals or finer.

    An average that does not fall on the contract's decimals keeps up to eight places.
    """
    average = order.filled_value / order.filled
    return price_text(average, contract.decimals, decimals_max=AVERAGE_DECIMALS_MAX)


AVERAGE_DECIMALS_MAX: Final = 8


def description(order: Order, contract: Contract, *, with_contract: bool) -> str:
    """Return an order in words: `Buy 10 AAPL Limit 300.00, Day`; `Bought` once it has filled."""
    verb = VERBS[order.side][order.status is OrderStatus.FILLED]
    time = TIMES[order.ticket.time_in_force]
    words = [verb, plain(order.size)]
    if with_contract:
        words.append(shown_name(contract))
    words.append(NAMES[order.order_type])
    price = shown_price(order, contract)
    if price:
        words.append(price)
    if order.limit_price is not None and order.stop_price is not None:
        words += ["Stop", price_text(order.stop_price, contract.decimals)]
    return f"{' '.join(words)}, {time}"


VERBS: Final = {Side.BUY: ("Buy", "Bought"), Side.SELL: ("Sell", "Sold")}
TIMES: Final = {
    TimeInForce.DAY: "Day",
    TimeInForce.GTC: "GTC",
    TimeInForce.GTD: "GTD",
    TimeInForce.IOC: "IOC",
}
