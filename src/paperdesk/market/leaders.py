"""Leaders: which contract's path is the path of what funds and scaled indices follow."""

from typing import Final

from paperdesk.kernel.state.contracts import Contract
from paperdesk.market.catalogue import MarketParameters

LEADERS: Final = {
    "BIOTECH": "XBI",
    "BTC": "IBIT",
    "BTC_FUT": "IBIT",
    "EAFE": "EFA",
    "EM": "EEM",
    "ETH": "ETHA",
    "EUR.USD": "EUR.USD",
    "GOLD": "GLD",
    "INDU": "INDU",
    "MID": "MID",
    "NDX": "NDX",
    "NVDA": "NVDA",
    "RUT": "RUT",
    "SECT_REALESTATE": "XLRE",
    "SEMIS": "SOX",
    "SML": "SML",
    "SPX": "SPX",
    "TSLA": "TSLA",
    "US20Y": "TLT",
    "US_AGG": "AGG",
    "US_BILL": "SGOV",
    "US_GROWTH": "VUG",
    "US_HY": "HYG",
    "US_VALUE": "VTV",
    "VIX_ST_FUT": "VXX",
}
"""What a fund follows, and the symbol (or pair) that carries it. A factor that one fund alone
follows is not here: that fund has a path of its own. An entry may be added, never changed."""

SCALED: Final = {"XSP": "SPX", "XND": "NDX", "MRUT": "RUT", "DJX": "INDU", "XEO": "OEX"}
"""Indices that are another one divided by a number."""


def leader_of(contract: Contract, parameters: MarketParameters) -> str | None:
    """Return the symbol or pair whose path a contract's is a map of, or None for its own."""
    factor = parameters.factor
    leader = LEADERS.get(factor) if factor else SCALED.get(contract.symbol)
    return None if leader == contract.symbol else leader


def multiple_of(parameters: MarketParameters, leader: MarketParameters) -> float:
    """Return how many times its leader's daily move a contract makes.

    Units of an underlying in a share scale a price and not its moves; durations and multiples of
    return are relative to the leader's where that is a fund on the same factor.
    """
    if parameters.factor_kind == "unit" or not parameters.factor:
        return 1.0
    if leader.factor == parameters.factor:
        return parameters.loading / leader.loading
    return parameters.loading
