"""Definitions: a contract as the security definition service describes it.

The same record answers /trsrv/secdef and completes the positions of /portfolio.
"""

from decimal import Decimal
from typing import Final

import msgspec

from paperdesk.api.route import Wire
from paperdesk.kernel.state.contracts import Contract, SecurityType

BEST_ROUTING: Final = "SMART"
PAGE_SIZE: Final = 100
WHOLE_DIGITS: Final = 4
TENTH: Final = Decimal("0.0")


class IncrementStep(Wire):
    """From `lower_edge` up, prices are multiples of `increment`."""

    lower_edge: Decimal
    increment: Decimal


class DisplayStep(Wire):
    """From `lower_edge` up, prices are shown with so many digits."""

    decimal_digits: int
    lower_edge: Decimal
    whole_digits: int


class DisplayRule(Wire):
    """How prices are shown."""

    magnification: int
    display_rule_step: list[DisplayStep]


class Definition(Wire):
    """Everything that the security definition service says of a contract.

    The real one adds `chineseName` where a contract has one; none of the catalogue has.
    """

    conid: int
    currency: str
    time: int
    all_exchanges: str
    listing_exchange: str
    country_code: str | None
    name: str
    asset_class: str
    expiry: str | None
    last_trading_day: str | None
    group: str | None
    put_or_call: str | None
    sector: str | None
    sector_group: str | None
    strike: str
    ticker: str
    und_conid: int
    multiplier: Decimal
    type: str | None
    und_comp: str | None
    und_sym: str | None
    has_options: bool
    full_name: str
    is_us: bool = msgspec.field(name="isUS")
    increment_rules: list[IncrementStep]
    display_rule: DisplayRule
    is_event_contract: bool
    cross_currency: str | None
    base_currency: str | None
    page_size: int


def definition(contract: Contract) -> Definition:
    """Return what the security definition service says of a contract of the catalogue."""
    is_pair = contract.security_type is SecurityType.FOREX
    return Definition(
        conid=contract.conid,
        currency=contract.currency,
        time=1,
        all_exchanges=",".join(code for code in contract.exchanges if code != BEST_ROUTING),
        listing_exchange=contract.primary_exchange,
        country_code=contract.country or None,
        name=contract.name,
        asset_class=contract.security_type.value,
        expiry=None,
        last_trading_day=None,
        group=contract.group or None,
        put_or_call=None,
        sector=contract.sector or None,
        sector_group=contract.sector_group or None,
        strike="0",
        ticker=contract.symbol,
        und_conid=0,
        multiplier=TENTH,
        type=contract.stock_type or None,
        und_comp=None,
        und_sym=None,
        has_options=contract.has_options,
        full_name=contract.local_symbol,
        is_us=contract.country == "US",
        increment_rules=increment_steps(contract),
        display_rule=DisplayRule(
            magnification=0,
            display_rule_step=[
                DisplayStep(
                    decimal_digits=contract.decimals, lower_edge=TENTH, whole_digits=WHOLE_DIGITS
                )
            ],
        ),
        is_event_contract=False,
        cross_currency=contract.currency if is_pair else None,
        base_currency=contract.base if is_pair else None,
        page_size=PAGE_SIZE,
    )


def increment_steps(contract: Contract) -> list[IncrementStep]:
    """Return a contract's price increments as the wire lists them."""
    return [
        IncrementStep(lower_edge=with_point(rule.lower_edge), increment=with_point(rule.increment))
        for rule in contract.increments
    ]


def with_point(number: Decimal) -> Decimal:
    """Return a number that leaves as JSON with a decimal point: 3 as `3.0`, 0.01 as it is."""
    whole = number.to_integral_value()
    return whole.quantize(TENTH) if number == whole else number.normalize()
