"""Previews: what an order would cost and do to its account, in the spelling of a what-if answer."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from paperdesk.api.formats import commas, plain, whole
from paperdesk.api.live_orders import Row
from paperdesk.base.units import SECOND, Money
from paperdesk.kernel.messages.orders import PlaceOrders, Question
from paperdesk.kernel.state.contracts import SecurityType
from paperdesk.kernel.state.world import World
from paperdesk.views.preview import Change, Preview

CENT: Final = Decimal("0.01")
NOT_AVAILABLE: Final = "NA"
ISSUE: Final = "order_submit_issue"
CONVERT: Final = "convert_from_base_currency"

WARNINGS: Final = {
    "o354": (
        "21/You are trying to submit an order without having market data for this instrument. \n"
        "IB strongly recommends against this kind of blind trading which may result in \n"
        "erroneous or unexpected trades."
    ),
    "o10151": "23/<h4>Market Order Confirmation</h4>{text}",
    "o10153": "26/{text}",
}
"""A preview numbers its warnings otherwise than the questions of an order. Source: recorded."""


def preview_row(world: World, command: PlaceOrders, preview: Preview) -> Row:
    """Return a preview as the answer to a what-if request.

    Margins and position are null where the order cannot be taken: `error` says why, and where
    money is what is missing, `data` shows how the funds would stand. Source: recorded; the rest
    of the numbers of warnings, and which action goes with which answer, judged.
    """
    warnings = [warning(question) for question in preview.warnings]
    is_possible = preview.error is None
    row: Row = {
        "amount": _amount(preview),
        "equity": _money(preview.equity) if is_possible else None,
        "initial": _money(preview.initial) if is_possible else None,
        "maintenance": _money(preview.maintenance) if is_possible else None,
        "position": _position(preview.position) if is_possible else None,
        "warn": warnings[0] if warnings else None,
        "error": preview.error,
        "warns": warnings,
        "errors": [] if is_possible else [preview.error],
        "accruedInterest": None,
        "action": ISSUE,
        "order_id": _order_id(world, command),
        "cqe": {"post_payload": {"snapshots": []}},
    }
    if not is_possible and preview.available is not None:
        row["action"] = CONVERT
        row["data"] = _data(preview, preview.available)
        row["cqe"] = _conversion(command, preview, str(row["order_id"]))
    return row


def warning(question: Question) -> str:
    """Return a question as a preview warns of it: a number, a slash, the text."""
    told = WARNINGS.get(question.message_id)
    if told is None:
        number = question.message_id.lstrip("op") or "0"
        return f"{number}/{question.text}"
    return told.replace("{text}", question.text)


def _amount(preview: Preview) -> Row:
    commission = NOT_AVAILABLE
    if preview.commission is not None:
        commission = f"{plain(_cents(preview.commission))} {preview.commission_currency}"
    amount = total = NOT_AVAILABLE
    if preview.amount is not None:
        amount = f"{_exact(preview.amount)} {preview.currency} ({_size(preview)})"
    if preview.total is not None:
        total = f"{_exact(preview.total)} {preview.currency}"
    return {"amount": amount, "commission": commission, "total": total}


def _cents(amount: Money) -> Money:
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def _exact(amount: Money) -> str:
    return f"{_cents(amount):,f}"


def _size(preview: Preview) -> str:
    contract = preview.contract
    unit = contract.base if contract.security_type is SecurityType.FOREX else "Shares"
    return f"{commas(preview.size)} {unit}"


def _money(change: Change | None) -> Row:
    assert change is not None, "an order that can be taken has its figures"
    return {
        "current": whole(change.current),
        "change": whole(change.change),
        "after": whole(change.after),
    }


def _position(change: Change | None) -> Row:
    assert change is not None, "an order that can be taken has its figures"
    return {
        "current": commas(change.current),
        "change": commas(change.change),
        "after": commas(change.after),
    }


def _data(preview: Preview, available: Change) -> Sequence[Row]:
    position = preview.position
    assert position is not None
    cells = (
        (plain(position.current), "Current Position", "CURRENT_POS"),
        (plain(position.after), "Post-Trade Position*", "AFTER_POS"),
        (whole(available.current), "Available Funds", "CURRENT_FUNDS"),
        (whole(available.after), "Post Trade Available Funds*", "AFTER_FUNDS"),
    )
    return [{"V": [value], "L": label, "N": name} for value, label, name in cells]


def _conversion(command: PlaceOrders, preview: Preview, order_id: str) -> Row:
    total = preview.total if preview.total is not None else preview.amount
    return {
        "post_payload": {"snapshots": []},
        "query": {
            "account_id": command.account_id,
            "sec_type": preview.contract.security_type.value,
            "order_currency": preview.currency,
            "exchange": command.tickets[0].exchange,
            "conid": preview.contract.conid,
            "order_total": None if total is None else plain(_cents(total)),
            "order_id": order_id,
        },
        "request_method": "GET",
    }


def _order_id(world: World, command: PlaceOrders) -> str:
    """Return the id that a preview is given: user, orders so far, second, one."""
    user_id = world.accounts.users[command.user_name].user_id
    return f"{user_id:08x}.{world.orders.accepted:08x}.{world.now // SECOND:08x}.0001"
