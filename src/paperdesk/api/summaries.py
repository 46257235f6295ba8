"""Summaries: what an account is worth and must hold, as /iserver tells it.

The summary is in numbers of whole units; its four parts are in texts, with thousands separators and
the currency behind, under names that are partly abbreviated.
"""

from typing import Final, TypeAlias

import msgspec

from paperdesk.api.formats import double, local_clock, whole, with_currency
from paperdesk.api.route import Call, Empty, Evidence, Routes, Tier, Wire
from paperdesk.base.units import ZERO, Money
from paperdesk.desk.desk import Desk
from paperdesk.kernel.rules import margin
from paperdesk.kernel.rules.margin import AccountValues
from paperdesk.kernel.rules.settlement import STOCK_CALENDAR
from paperdesk.views import cash
from paperdesk.views.cash import Balance
from paperdesk.views.values import next_close

routes = Routes(Tier.BROKERAGE)

Texts: TypeAlias = dict[str, str]
Segments: TypeAlias = dict[str, Texts]
Figures: TypeAlias = dict[str, Money]

NOTHING: Final = "0"
EXACT_RATE: Final = 6

EMPTY_CLASSES: Final = (
    "options",
    "futures",
    "future_options",
    "funds",
    "mutual_funds",
    "money_market",
    "bonds",
    "Govt Bonds",
    "t_bills",
    "warrants",
    "issuer_option",
    "commodity",
    "Notional CFD",
    "cfd",
    "Cryptocurrency",
)
"""Classes of which a desk holds nothing."""


class CashBalance(Wire):
    """Cash in one currency, by trade date and settled."""

    currency: str
    balance: float
    settled_cash: float


class Summary(Wire, kw_only=True):
    """An account at a glance, rounded to whole units."""

    account_type: str = ""
    status: str = ""
    balance: float
    sma: float = msgspec.field(name="SMA")
    buying_power: float
    available_funds: float
    excess_liquidity: float
    net_liquidation_value: float
    equity_with_loan_value: float
    reg_t_loan: float = msgspec.field(name="regTLoan")
    securities_gvp: float = msgspec.field(name="securitiesGVP")
    total_cash_value: float
    accrued_interest: float
    reg_t_margin: float = msgspec.field(name="regTMargin")
    initial_margin: float
    maintenance_margin: float
    cash_balances: list[CashBalance]


def _values(call: Call[Empty]) -> AccountValues:
    account_id = call.account()
    call.desk.observe_account(account_id)
    return margin.values(call.desk.world, account_id)


@routes.get("/iserver/account/{account_id}/summary", evidence=Evidence.RECORDED)
def account_summary(call: Call[Empty]) -> Summary:
    """Show an account at a glance."""
    values = _values(call)
    rows = cash.balances(call.desk.world, values.account_id)
    rows.append(cash.together(rows, f"Total (in {values.currency})"))
    return Summary(
        balance=_whole(values.available_funds),
        sma=_whole(values.sma),
        buying_power=_whole(values.buying_power),
        available_funds=_whole(values.available_funds),
        excess_liquidity=_whole(values.excess_liquidity),
        net_liquidation_value=_whole(values.net_liquidation),
        equity_with_loan_value=_whole(values.equity_with_loan),
        reg_t_loan=_whole(max(ZERO, -values.total_cash)),
        securities_gvp=_whole(values.gross_position_value),
        total_cash_value=_whole(values.total_cash),
        accrued_interest=0.0,
        reg_t_margin=_whole(values.reg_t_margin),
        initial_margin=_whole(values.initial),
        maintenance_margin=_whole(values.maintenance),
        cash_balances=[
            CashBalance(row.currency, _whole(row.cash), _whole(row.settled)) for row in rows
        ],
    )


@routes.get("/iserver/account/{account_id}/summary/available_funds", evidence=Evidence.SPECIFIED)
def available_funds(call: Call[Empty]) -> Segments:
    """Show what an account may still spend, now and at the next change."""
    values = _values(call)
    common = {
        "current_available": values.available_funds,
        "current_excess": values.excess_liquidity,
        "Prdctd Pst-xpry Excss": ZERO,
        "Lk Ahd Avlbl Fnds": values.available_funds,
        "Lk Ahd Excss Lqdty": values.excess_liquidity,
        "overnight_available": values.available_funds,
        "overnight_excess": values.excess_liquidity,
    }
    segments = _segments(values, common, {"SMA": values.sma})
    segments["total"] |= {
        "buying_power": with_currency(values.buying_power, values.currency),
        "leverage": "n/a",
        "Lk Ahd Nxt Chng": _next_change(call.desk),
        "day_trades_left": "Unlimited",
    }
    segments["securities"]["leverage"] = f"{values.leverage:.2f}"
    return segments


@routes.get("/iserver/account/{account_id}/summary/balances", evidence=Evidence.SPECIFIED)
def balances(call: Call[Empty]) -> Segments:
    """Show what an account is worth."""
    values = _values(call)
    common = {
        "net_liquidation": values.net_liquidation,
        "equity_with_loan": values.equity_with_loan,
        "Prvs Dy Eqty Wth Ln Vl": values.previous_equity_with_loan,
        "Rg T Eqty Wth Ln Vl": values.equity_with_loan + values.accrued_dividends,
        "cash": values.total_cash,
        "MTD Interest": ZERO,
        "Pndng Dbt Crd Chrgs": ZERO,
    }
    segments = _segments(values, common, {"sec_gross_pos_val": values.gross_position_value})
    segments["total"]["Nt Lqdtn Uncrtnty"] = with_currency(ZERO, values.currency)
    return segments


@routes.get("/iserver/account/{account_id}/summary/margins", evidence=Evidence.SPECIFIED)
def margins(call: Call[Empty]) -> Segments:
    """Show what an account must hold, now, at the next change and overnight."""
    values = _values(call)
    common = {
        "current_initial": values.initial,
        "Prdctd Pst-xpry Mrgn @ Opn": ZERO,
        "current_maint": values.maintenance,
        "projected_liquidity_inital_margin": values.initial,
        "Prjctd Lk Ahd Mntnnc Mrgn": values.maintenance,
        "projected_overnight_initial_margin": values.initial,
        "Prjctd Ovrnght Mntnnc Mrgn": values.maintenance,
    }
    return _segments(values, common, {"RegT Margin": values.reg_t_margin})


@routes.get("/iserver/account/{account_id}/summary/market_value", evidence=Evidence.SPECIFIED)
def market_value(call: Call[Empty]) -> Segments:
    """Show what an account holds in each currency and altogether, without currency signs."""
    account_id = call.account()
    call.desk.observe_account(account_id)
    rows = cash.balances(call.desk.world, account_id)
    base = rows[0].currency
    told = {row.currency: _market_value(row, base) for row in rows}
    total = f"Total (in {base})"
    told[total] = _market_value(cash.together(rows, base), base)
    return told


def _market_value(row: Balance, base: str) -> Texts:
    rate = "1.00" if row.currency == base else f"{row.rate:.{EXACT_RATE}f}"
    return {
        "total_cash": whole(row.cash),
        "settled_cash": whole(row.settled),
        "MTD Interest": NOTHING,
        "stock": whole(row.stock),
        **dict.fromkeys(EMPTY_CLASSES, NOTHING),
        "dividends_receivable": whole(row.dividends),
        "net_liquidation": whole(row.net_liquidation),
        "unrealized_pnl": whole(row.unrealised),
        "realized_pnl": whole(row.realised),
        "Exchange Rate": rate,
    }


def _segments(values: AccountValues, common: Figures, of_securities: Figures) -> Segments:
    """Return figures as texts: all is in securities, nothing in commodities."""
    told = {
        name: with_currency(amount, values.currency)
        for name, amount in (common | of_securities).items()
    }
    nothing = with_currency(ZERO, values.currency)
    return {
        "total": dict(told),
        "commodities": dict.fromkeys(common, nothing),
        "securities": dict(told),
    }


def _next_change(desk: Desk) -> str:
    """Return when requirements may change next, by New York's clock: `@ 16:00:00`."""
    close = next_close(desk.world)
    if close is None:
        return "n/a"
    _, of_day = desk.world.contracts.calendars[STOCK_CALENDAR].local(close)
    return f"@ {local_clock(of_day)}"


def _whole(amount: Money) -> float:
    return double(amount, 0)
