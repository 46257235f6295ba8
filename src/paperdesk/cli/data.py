"""`paperdesk data`: what is real in the market, and prices of one's own."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from paperdesk.cli.places import data_dir_option
from paperdesk.cli.printing import json_option, show, show_one

if TYPE_CHECKING:
    from paperdesk.base.calendar import Zone
    from paperdesk.kernel.state.contracts import Contract
    from paperdesk.market.catalogue import Catalogue
    from paperdesk.market.layers import Layer

EPILOG = """\b
Examples:
  paperdesk data list             every instrument, and what of its prices is real
  paperdesk data list AAPL EUR    some of them
  paperdesk data list --real      those with real days
  paperdesk data import AAPL.csv  prices of your own win over the shipped ones
  paperdesk data remove AAPL      and go again

Where it says "invented" prices are drawn by a generator from the desk's seed: they look like a
market and are none. Real days have the real open, high, low, close and volume; what happens within
the day is invented to fit them."""


ZONE_HELP = "Where times of intraday bars are told: exchange, UTC, or a distance such as +01:00."


@click.group(epilog=EPILOG)
def command() -> None:
    """Say what is real in the market, and bring prices of your own."""


@command.command("list")
@click.argument("symbols", nargs=-1, metavar="[SYMBOL]...")
@click.option("--real", is_flag=True, help="Only instruments that have real days.")
@data_dir_option
@json_option
def list_data(symbols: tuple[str, ...], real: bool, data_dir: Path, as_json: bool) -> None:
    """List instruments, and for each what of its prices is real and from where."""
    rows = [row for row in _rows(data_dir, symbols) if not real or row["real_days"]]
    show(rows, as_json=as_json, empty="No such instrument.")


@command.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--symbol", default="", help="Whose prices: AAPL, EUR.USD; else the file's own word.")
@click.option("--zone", default="exchange", show_default=True, help=ZONE_HELP)
@click.option("--name", default="", help="How the prices are called; the symbol when left out.")
@data_dir_option
@json_option
def import_file(
    file: Path, symbol: str, zone: str, name: str, data_dir: Path, as_json: bool
) -> None:
    """Bring prices from FILE: open, high, low, close and volume, a day or a few seconds a line.

    Columns, dates and the length of a bar are guessed, and the guess is printed. A bar that cannot
    have been is left out and named. The prices win over the shipped ones from the next start of a
    desk on.
    """
    from paperdesk.desk.terms import NAME
    from paperdesk.market.catalogue import load_catalogue
    from paperdesk.market.imported import ENDING, ImportedLayer, check, contract_named, keep
    from paperdesk.market.imports import read_bars

    lines = _lines(file)
    catalogue = load_catalogue()
    told = (symbol or read_bars(lines, None).ticker or file.stem).upper()
    contract = contract_named(told, catalogue)
    if contract is None:
        raise click.ClickException(
            f"No instrument is called {told}. Name one with --symbol; "
            "`paperdesk data list` has them all."
        )
    name = name or told.lower()
    if not NAME.fullmatch(name):
        raise click.BadParameter("small letters, digits, dots and dashes", param_hint="--name")
    found = _zone(zone, catalogue.calendar(contract.calendar).zone)
    imported = read_bars(lines, found, zone_name=zone, ticker=symbol or "")
    path = own_folder(data_dir) / f"{name}{ENDING}"
    remarks = keep(imported, contract, path)
    problems = [*imported.problems, *remarks, *check(ImportedLayer(path, catalogue), catalogue)]
    if as_json:
        record = {
            "name": name,
            "symbol": told,
            "conid": contract.conid,
            "bars": len(imported.bars),
            "guess": imported.guess.lines(),
            "problems": problems,
        }
        show_one(record, as_json=True)
        return
    click.echo("Taken for:")
    for line in imported.guess.lines():
        click.echo(f"  {line}")
    for line in problems:
        click.echo(f"! {line}", err=True)
    click.echo(f"{len(imported.bars):,} bars of {told} are kept as {name}.")
    click.echo("A desk has them from its next start on.")


@command.command("remove")
@click.argument("name")
@data_dir_option
def remove(name: str, data_dir: Path) -> None:
    """Forget imported prices; NAME is what `data import` called them."""
    from paperdesk.market.imported import ENDING

    names = [path.stem for path in sorted(own_folder(data_dir).glob(f"*{ENDING}"))]
    if name not in names:
        raise click.ClickException(
            f"Nothing imported is called {name}; there is: {', '.join(names) or 'nothing'}."
        )
    (own_folder(data_dir) / f"{name}{ENDING}").unlink()
    click.echo(f"{name} is forgotten, from the next start of a desk on.")


def own_folder(data_dir: Path) -> Path:
    """Return where a user's prices are kept."""
    return data_dir / "market"


def own_layers(data_dir: Path, catalogue: "Catalogue | None" = None) -> tuple["Layer", ...]:
    """Return a user's prices as layers; the catalogue is read only where there are any."""
    from paperdesk.market.catalogue import load_catalogue
    from paperdesk.market.imported import ENDING, imported_layers

    folder = own_folder(data_dir)
    if not any(folder.glob(f"*{ENDING}")):
        return ()
    return tuple(imported_layers(folder, catalogue or load_catalogue()))


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{file} is no text in UTF-8: {error}.") from error


def _zone(text: str, own: "Zone") -> "Zone":
    """Return where times are told: the exchange's own zone, UTC, or a fixed distance from it."""
    from paperdesk.market.dates import fixed_zone

    if text == "exchange":
        return own
    found = fixed_zone(text)
    if found is None:
        raise click.BadParameter(f"{text!r}: say exchange, UTC, or +01:00", param_hint="--zone")
    return found


def _rows(data_dir: Path, symbols: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    from paperdesk.market.anchors import SHIPPED, shipped_layers
    from paperdesk.market.catalogue import load_catalogue

    catalogue = load_catalogue()
    layers = (*shipped_layers(SHIPPED, catalogue), *own_layers(data_dir, catalogue))
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
            "real_days": ", ".join(
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
