"""Values: every figure of an account under the name that the broker gives it.

A figure is of the whole account, or of one of its segments: securities (S), commodities (C) and
crypto (P). What this desk trades is all in the first; the others are empty.
"""

from collections.abc import Iterator
from typing import Final, TypeAlias

import msgspec

from paperdesk.base.calendar import civil
from paperdesk.base.ids import AccountId
from paperdesk.base.units import SECOND, ZERO, Currency, Day, Instant, Money
from paperdesk.kernel.rules import exchange_rates, holds, margin, requirements, stands
from paperdesk.kernel.rules.margin import AccountValues
from paperdesk.kernel.rules.settlement import STOCK_CALENDAR
from paperdesk.kernel.state.world import World

Figures: TypeAlias = dict[str, Money]

SECURITIES: Final = "S"
COMMODITIES: Final = "C"
CRYPTO: Final = "P"
SEGMENTS: Final = (COMMODITIES, SECURITIES, CRYPTO)
TITLES: Final = {
    COMMODITIES: "US Commodities",
    SECURITIES: "US Securities",
    CRYPTO: "Crypto at Paxos",
}
PRIORITIES: Final = {COMMODITIES: "2", SECURITIES: "1", CRYPTO: "5"}
UNLIMITED: Final = "-1"


class Metric(msgspec.Struct, frozen=True, gc=False):
    """One figure, in the account's base currency, or one text.

    `name` is spelt as the broker does; `segment` is "" for the whole account. Exactly one of
    `amount` and `text` is not None.
    """

    name: str
    segment: str
    amount: Money | None
    text: str | None = None

    @property
    def key(self) -> str:
        """Name and segment together: `AccruedCash-S`."""
        return f"{self.name}-{self.segment}" if self.segment else self.name


def metrics(world: World, account_id: AccountId) -> list[Metric]:
    """Return all that the summary of an account names; a cash account has no segments.

    Raises:
        NoExchangeRate: a currency that it holds has no rate to its base currency.
    """
    values = margin.values(world, account_id)
    segments = SEGMENTS if values.is_margin else ()
    told = list(_texts(world, values, segments))
    for name, amount in _in_each(world, values).items():
        told.append(Metric(name, "", amount))
        told.extend(
            Metric(name, segment, amount if segment == SECURITIES else ZERO) for segment in segments
        )
    for name, amount in _of_securities(values).items():
        told.append(Metric(name, "", amount))
        if values.is_margin:
            told.append(Metric(name, SECURITIES, amount))
    told.append(Metric("BuyingPower", "", values.buying_power))
    told.append(Metric("NetLiquidationUncertainty", "", ZERO))
    return sorted(told, key=lambda metric: metric.key.lower())


def currency(world: World, account_id: AccountId) -> Currency:
    """Return the currency that an account's figures are in."""
    return world.accounts.by_id[account_id].base_currency


def withdrawable(world: World, values: AccountValues) -> Money:
    """Return what may be taken out: settled, not needed, and less a haircut for other currencies.

    Source: documented.
    """
    book = world.ledger.book(values.account_id)
    held = {
        name: amount * exchange_rates.rate(world, name, values.currency)
        for name, amount in book.cash.items()
        if name != values.currency and amount
    }
    free = min(values.settled_cash, values.excess_liquidity) - requirements.of_withdrawals(held)
    return max(ZERO, free)


def tradable(world: World, values: AccountValues) -> Money:
    """Return what may be spent: available funds, less open orders in a cash account."""
    if values.is_margin:
        return max(ZERO, values.available_funds)
    spoken_for = holds.reserved(world, values.account_id)
    reserved = exchange_rates.converted(world, spoken_for.items(), values.currency)
    return max(ZERO, values.available_funds - reserved)


def next_close(world: World) -> Instant | None:
    """Return when the regular session that runs, or the next one, closes."""
    calendar = world.contracts.calendars.get(STOCK_CALENDAR)
    if calendar is None:
        return None
    session = calendar.session_at(world.now)
    if session is not None and session.close > world.now:
        return session.close
    return calendar.next_session(world.now).close


def settled_by_date(world: World, account_id: AccountId) -> list[tuple[Day, Money]]:
    """Return today's settled cash and what it will be after each day on which some settles.

    Raises:
        NoExchangeRate: a currency that it holds has no rate to its base currency.
    """
    base = currency(world, account_id)
    book = world.ledger.book(account_id)
    rates = stands.currency_rates(world, stands.currencies_of(book), base)
    total = sum((book.settled(name) * rates[name] for name in book.cash), ZERO)
    told = [(_day(world, world.now), total)]
    for due_at in sorted(world.ledger.pending):
        for name, moves in world.ledger.pending[due_at].get(account_id, {}).items():
            total += (moves.receivable - moves.payable) * rates[name]
        if account_id in world.ledger.pending[due_at]:
            told.append((_day(world, due_at), total))
    return told


def _day(world: World, at: Instant) -> Day:
    return world.contracts.calendars[STOCK_CALENDAR].local(at)[0]


def _in_each(world: World, values: AccountValues) -> Figures:
    """Return the figures that the account and each segment have."""
    return {
        "AccruedCash": ZERO,
        "AccruedDividend": values.accrued_dividends,
        "AvailableFunds": values.available_funds,
        "AvailableToTrade": tradable(world, values),
        "AvailableToWithdraw": withdrawable(world, values),
        "Billable": ZERO,
        "EquityWithLoanValue": values.equity_with_loan,
        "ExcessLiquidity": values.excess_liquidity,
        "FullAvailableFunds": values.available_funds,
        "FullExcessLiquidity": values.excess_liquidity,
        "FullInitMarginReq": values.initial,
        "FullMaintMarginReq": values.maintenance,
        "Guarantee": ZERO,
        "IncentiveCoupons": ZERO,
        "IndianStockHaircut": ZERO,
        "InitMarginReq": values.initial,
        "LookAheadAvailableFunds": values.available_funds,
        "LookAheadExcessLiquidity": values.excess_liquidity,
        "LookAheadInitMarginReq": values.initial,
        "LookAheadMaintMarginReq": values.maintenance,
        "MaintMarginReq": values.maintenance,
        "NetLiquidation": values.net_liquidation,
        "PASharesValue": ZERO,
        "PhysicalCertificateValue": ZERO,
        "PostExpirationExcess": ZERO,
        "PostExpirationMargin": ZERO,
        "TotalCashValue": values.total_cash,
        "TotalDebitCardPendingCharges": ZERO,
    }


def _of_securities(values: AccountValues) -> Figures:
    """Return the figures that the account and its securities have."""
    return {
        "GrossPositionValue": values.gross_position_value,
        "PreviousDayEquityWithLoanValue": values.previous_equity_with_loan,
        "RegTEquity": values.equity_with_loan + values.accrued_dividends,
        "RegTMargin": values.reg_t_margin,
        "SettledCash": values.settled_cash,
        "SMA": values.sma,
    }


def _texts(world: World, values: AccountValues, segments: tuple[str, ...]) -> Iterator[Metric]:
    by_date = ";".join(
        f"{date_text(day)}:{amount:.2f}"
        for day, amount in settled_by_date(world, values.account_id)
    )
    close = next_close(world)
    whole = {
        "AccountCode": str(values.account_id),
        "AccountReady": "true",
        "AccountType": "INDIVIDUAL",
        "Cushion": str(values.cushion),
        "DayTradesRemaining": UNLIMITED,
        **{f"DayTradesRemainingT+{ahead}": UNLIMITED for ahead in range(1, 5)},
        "DepositOnCreditHold": "null",
        "HighestSeverity": "null",
        "LookAheadNextChange": "0" if close is None else str(close // SECOND),
        "NLVAndMarginInReview": "false",
        "SettledCashByDate": by_date,
        "WhatIfPMEnabled": "true",
    }
    securities = {
        "DayTradingStatus": "",
        "Leverage": f"{values.leverage:.2f}",
        "SettledCashByDate": by_date,
        "TradingType": "STKNOPT" if values.is_margin else "STKCASH",
    }
    yield from (Metric(name, "", None, text) for name, text in whole.items())
    yield from (Metric(name, SECURITIES, None, text) for name, text in securities.items())
    for segment in segments or (SECURITIES,):
        yield Metric("ColumnPrio", segment, None, PRIORITIES[segment])
        yield Metric("SegmentTitle", segment, None, TITLES[segment])


def date_text(day: Day) -> str:
    """Return a day as `YYYYMMDD`."""
    year, month, of_month = civil(day)
    return f"{year:04}{month:02}{of_month:02}"
