"""Make `kernel/rules/tables.py` from the tables in `data/brokerage`.

    python tools/make_brokerage_tables.py

The kernel opens no files, so what it must know of rates is made into a module.
"""

import csv
from datetime import date
from pathlib import Path

ROOT = Path(__file__).parents[1]
TABLES = ROOT / "data" / "brokerage"
MODULE = ROOT / "src" / "paperdesk" / "kernel" / "rules" / "tables.py"

EPOCH = date(1970, 1, 1).toordinal()
TEXTS = frozenset({"security_type", "market", "unit", "currency", "fee", "side"})
COLUMNS_MAX = 100
WHOLE = frozenset({"days"})

# File, constant, record, and whether rows are looked up by security type and market.
SOURCES = (
    ("commissions.csv", "COMMISSIONS", "CommissionRow", True),
    ("fees.csv", "FEES", "FeeRow", True),
    ("settlement.csv", "SETTLEMENT_CYCLES", "SettlementRow", True),
    ("fx-margin.csv", "FX_MARGIN", "FxMarginRow", False),
    ("stock-margin.csv", "STOCK_MARGIN", "StockMarginRow", False),
    ("short-steps.csv", "SHORT_STEPS", "ShortStep", False),
)


def cell(name: str, text: str) -> str:
    """Return a cell as Python."""
    if name == "first_day":
        return str(date.fromisoformat(text).toordinal() - EPOCH) if text else "SINCE_EVER"
    if name == "last_day":
        return str(date.fromisoformat(text).toordinal() - EPOCH) if text else "UNTIL_FURTHER_NOTICE"
    if name in TEXTS:
        return f'"{text}"'
    if name in WHOLE:
        return text
    if not text:
        return "None"
    return f"Decimal({text})" if text.isdigit() else f'Decimal("{text}")'


def record(kind: str, row: dict[str, str], indent: int) -> list[str]:
    """Return a row as the call that makes its record, on one line or on one for each cell."""
    cells = [cell(name, text) for name, text in row.items() if name != "evidence"]
    blank = " " * indent
    line = f"{blank}{kind}({', '.join(cells)}),"
    if len(line) <= COLUMNS_MAX:
        return [line]
    return [f"{blank}{kind}(", *(f"{blank}    {text}," for text in cells), f"{blank}),"]


def rows_of(name: str) -> list[dict[str, str]]:
    """Return the rows of a table."""
    with (TABLES / name).open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


def keyed(constant: str, kind: str, rows: list[dict[str, str]]) -> list[str]:
    """Return a table whose rows are found by security type and market."""
    groups: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        key = (row["security_type"], row["market"])
        groups.setdefault(key, []).extend(record(kind, row, 8))
    lines = [f"{constant}: Final[Mapping[tuple[str, str], Sequence[{kind}]]] = {{"]
    for (security_type, market), records in groups.items():
        lines.append(f'    ("{security_type}", "{market}"): [')
        lines += [*records, "    ],"]
    return [*lines, "}"]


def listed(constant: str, kind: str, rows: list[dict[str, str]]) -> list[str]:
    """Return a table whose rows are walked through."""
    lines = [f"{constant}: Final[tuple[{kind}, ...]] = ("]
    return [*lines, *(line for row in rows for line in record(kind, row, 4)), ")"]


def module() -> str:
    """Return the module's text."""
    lines = [
        '"""Tables: rates by date. Made by tools/make_brokerage_tables.py; not written by hand."""',
        "",
        "from collections.abc import Mapping, Sequence",
        "from decimal import Decimal",
        "from typing import Final",
        "",
        "from paperdesk.kernel.rules.schedules import (",
        "    SINCE_EVER,",
        "    UNTIL_FURTHER_NOTICE,",
        *(f"    {kind}," for kind in sorted(kind for _, _, kind, _ in SOURCES)),
        ")",
    ]
    for name, constant, kind, by_key in SOURCES:
        lines += ["", *(keyed if by_key else listed)(constant, kind, rows_of(name))]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    MODULE.write_text(module(), encoding="utf-8")
    print(f"{MODULE.relative_to(ROOT)}: {len(module().splitlines())} lines")
