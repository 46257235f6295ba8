"""Currencies: which pairs a currency has, and what one is worth in another."""

from decimal import Decimal
from typing import Final

from paperdesk.api.definitions import with_point
from paperdesk.api.route import BadRequest, Call, Empty, Evidence, Routes, Tier, Wire
from paperdesk.base.units import Currency
from paperdesk.kernel.rules.exchange_rates import NoExchangeRate, needed, rate

routes = Routes(Tier.BROKERAGE)

RATE_DECIMALS: Final = Decimal("0.00000001")


class CurrencyPair(Wire):
    """A pair that has the currency asked for on one side; `ccy_pair` is the other side."""

    symbol: str
    conid: int
    ccy_pair: str


class ExchangeRate(Wire):
    """How many units of the target one unit of the source is worth."""

    rate: Decimal


@routes.get("/iserver/currency/pairs", evidence=Evidence.RECORDED)
def pairs(call: Call[Empty]) -> dict[Currency, list[CurrencyPair]]:
    """List the pairs of a currency, whichever side it is on."""
    currency = call.query.text("currency").upper()
    if not currency:
        raise BadRequest("Bad Request: currency is required")
    rows = [
        CurrencyPair(
            symbol=pair.local_symbol,
            conid=pair.conid,
            ccy_pair=pair.currency if pair.base == currency else pair.base,
        )
        for pair in call.desk.catalogue.fx_pairs(currency)
        if pair.is_tradable
    ]
    return {currency: rows}


@routes.get("/iserver/exchangerate", evidence=Evidence.RECORDED)
def exchange_rate(call: Call[Empty]) -> ExchangeRate:
    """Tell what one unit of a currency is worth in another now."""
    source = call.query.text("source").upper()
    target = call.query.text("target").upper()
    if not source or not target:
        raise BadRequest("Bad Request: source and target are required")
    known = call.desk.catalogue.currencies
    if source not in known or target not in known:
        raise BadRequest("Bad Request: source and target must be currencies")
    desk = call.desk
    desk.observe(needed(desk.world, [source], target))
    try:
        found = rate(desk.world, source, target)
    except NoExchangeRate:
        raise BadRequest(f"Bad Request: no rate from {source} to {target}") from None
    return ExchangeRate(rate=with_point(found.quantize(RATE_DECIMALS)))
