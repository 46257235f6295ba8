"""Executions: what has traded, over HTTP and on the stream's str topic. IBKR calls them trades."""

from typing import Final

import msgspec

from paperdesk.api.formats import dashed_time, plain, price_text
from paperdesk.api.live_orders import Row, shown_name
from paperdesk.api.paces import DOCUMENTED
from paperdesk.api.route import BadRequest, Call, Empty, Evidence, Routes, Tier
from paperdesk.api.rows import Rows
from paperdesk.base.units import MILLISECOND
from paperdesk.kernel.messages.orders import Side
from paperdesk.kernel.state.contracts import SecurityType
from paperdesk.kernel.state.orders import Execution
from paperdesk.kernel.state.world import World
from paperdesk.views import executions as view

routes = Routes(Tier.ACCOUNTS)

DAYS_MAX: Final = 7


PACE: Final = DOCUMENTED["GET /iserver/account/trades"]


@routes.get("/iserver/account/trades", evidence=Evidence.RECORDED, pace=PACE)
def trades(call: Call[Empty]) -> list[msgspec.Raw]:
    """List the executions of today or of up to seven days, oldest first; empty the first time."""
    if not call.session.trades_queried:
        call.session.trades_queried = True
        return []
    named = call.query.text("accountId")
    account_id = call.own(named) if named else call.session.selected
    return _rows.listed(call.desk, view.of_days(call.desk.world, account_id, _days(call)))


def _days(call: Call[Empty]) -> int:
    if not call.query.text("days"):
        return 1
    days = call.query.integer("days")
    if days is None or not 0 <= days <= DAYS_MAX:
        raise BadRequest(f"Bad Request: days must be a number from 0 to {DAYS_MAX}")
    return max(days, 1)


def trade(world: World, execution: Execution, *, with_commission: bool = True) -> Row:
    """Return an execution as one row of the trades.

    `with_commission` is false for the stream's first message of an execution: the real service
    tells the commission in a second one.
    """
    contract = world.contract(execution.conid)
    order = world.orders.by_id.get(execution.order_id)
    bought = execution.side is Side.BUY
    price = price_text(execution.price, contract.decimals, decimals_max=EXACT_DECIMALS)
    row: Row = {
        "execution_id": execution.execution_id,
        "symbol": contract.symbol,
        "supports_tax_opt": "1",
        "side": "B" if bought else "S",
        "order_description": (
            f"{'Bot' if bought else 'Sold'} {plain(execution.size)} @ {price}"
            f" on {execution.exchange}"
        ),
        "trade_time": dashed_time(execution.at),
        "trade_time_r": execution.at // MILLISECOND,
        "size": float(execution.size),
        "price": price,
        "order_ref": "" if order is None else order.ticket.customer_order_id,
        "submitter": execution.user_name,
        "exchange": execution.exchange,
        "net_amount": float(execution.net_amount),
        "account": execution.account_id,
        "accountCode": execution.account_id,
        "account_allocation_name": execution.account_id,
        "company_name": contract.name,
        "contract_description_1": shown_name(contract),
        "sec_type": contract.security_type.value,
        "conid": execution.conid,
        "conidEx": str(execution.conid),
        "position": plain(execution.position_after),
        "clearing_id": "IB",
        "clearing_name": "IB",
        "liquidation_trade": "1" if execution.is_liquidation else "0",
        "is_event_trading": "0",
        "order_id": execution.order_id,
    }
    if contract.security_type is not SecurityType.FOREX:
        row["listing_exchange"] = contract.listing_exchange
    if order is not None and order.ticket.exchange != "SMART":
        row["conidEx"] = f"{execution.conid}@{order.ticket.exchange}"
    if with_commission:
        row["commission"] = price_text(
            execution.commission + execution.fees, 1, decimals_max=EXACT_DECIMALS
        )
    return row


EXACT_DECIMALS: Final = 8

_rows: Final = Rows(trade, name=lambda execution: execution.execution_id, state=lambda _: ())
