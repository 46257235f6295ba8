"""`paperdesk data`: what is real in the market, and prices of one's own."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from paperdesk.cli.places import data_dir_option
from paperdesk.cli.printing import json_option, show

if TYPE_CHECKING:
    from paperdesk.kernel.state.contracts import Contract
    from paperdesk.market.layers import Layer

EPILOG = """\b
Examples:
  paperdesk data list             every instrument, and what of its prices is real
  paperdesk data list AAPL EUR    some of them
  paperdesk data list --real      those with real days

Where it says "invented" prices are drawn by a generator from the desk's seed: they look like a
market and are none. Real days have the real open, high, low, close and volume; what happens within
the day is invented to fit them."""


@click.group(epilog=EPILOG)
def command() -> None:
    """Say what is real in the market."""


@command.command("list")
@click.argument("symbols", nargs=-1, metavar="[SYMBOL]...")
@click.option("--real", is_flag=True, help="Only instruments that have real days.")
@data_dir_option
@json_option
def list_data(symbols: tuple[str, ...], real: bool, data_dir: Path, as_json: bool) -> None:
    """List instruments, and for each what of its prices is real and from where."""
    rows = [row for row in _rows(data_dir, symbols) if not real or row["real days"]]
    show(rows, as_json=as_json, empty="No such instrument.")


def _rows(data_dir: Path, symbols: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    from paperdesk.market.anchors import SHIPPED, shipped_layers
    from paperdesk.market.catalogue import load_catalogue

    del data_dir
    catalogue = load_catalogue()
    layers = shipped_layers(SHIPPED, catalogue)
    # A symbol of the past, such as FB, names the contract that has another one today.
    conids = {row.conid for symbol in symbols for row in catalogue.by_symbol(symbol.upper())}
    for contract in catalogue.contracts():
        if symbols and contract.conid not in conids:
            continue
        spans = [(layer, span) for layer in layers if (span := _span(layer, contract))]
        follows = catalogue.parameters(contract.conid).factor
        yield {
            "symbol": contract.local_symbol or contract.symbol,
            "type": contract.security_type.value,
            "conid": contract.conid,
            "name": contract.name,
            "real days": ", ".join(
                f"{_date(first)} to {_date(last)}" for _, (first, last) in spans
            ),
            "from": ", ".join(SOURCES.get(layer.name, layer.origin) for layer, _ in spans),
            "otherwise": f"invented, follows {follows}" if follows else "invented",
        }


SOURCES = {
    "wiki": "WIKI daily prices, public domain",
    "ecb": "ECB reference rates",
}


def _span(layer: "Layer", contract: "Contract") -> tuple[int, int] | None:
    """Return the first and last day that a layer has real prices of a contract for."""
    from paperdesk.kernel.state.contracts import SecurityType
    from paperdesk.market.layers import days_of

    if contract.security_type is not SecurityType.FOREX:
        return days_of(layer, contract.conid)
    spans = [
        _quoted(layer, currency)
        for currency in (contract.base, contract.currency)
        if currency != "EUR"
    ]
    known = [span for span in spans if span]
    if len(known) < len(spans) or not known:
        return None
    return max(first for first, _ in known), min(last for _, last in known)


def _quoted(layer: "Layer", currency: str) -> tuple[int, int] | None:
    from paperdesk.market.series import NOT_QUOTED

    found = layer.rates(currency)
    if found is None:
        return None
    days, rates, _ = found
    quoted = [day for day, rate in zip(days, rates, strict=True) if rate != NOT_QUOTED]
    return (quoted[0], quoted[-1]) if quoted else None


def _date(day: int) -> str:
    from paperdesk.base.calendar import civil

    return "{:04}-{:02}-{:02}".format(*civil(day))
