"""Run benchmarks and print their figures: `python -m benchmarks [AREA]... [--json FILE]`."""

import argparse
import importlib
import platform
import sys
from pathlib import Path

import msgspec

from benchmarks.figures import Figure

AREAS = {
    "kernel": "courses",
    "journal": "journal",
    "history": "history",
    "start": "start",
    "restart": "restart",
    "http": "http",
    "sockets": "sockets",
    "delivery": "delivery",
    "replay": "replay",
    "oauth1": "oauth1",
    "logins": "logins",
    "tokens": "tokens",
    "pacing": "pacing",
}
"""Areas by name, and the module of each."""


def main() -> None:
    """Measure the areas that were named, all of them by default."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("areas", nargs="*", metavar="AREA", help=", ".join(AREAS))
    parser.add_argument("--json", type=Path, help="also write the figures here")
    given = parser.parse_args()
    unknown = [area for area in given.areas if area not in AREAS]
    if unknown:
        parser.error(f"no benchmark is called {unknown[0]}; there are {', '.join(AREAS)}")

    print(f"Python {platform.python_version()}, {platform.machine()}, medians\n")
    figures: list[Figure] = []
    for area in given.areas or AREAS:
        for figure in importlib.import_module(f"benchmarks.{AREAS[area]}").figures():
            figures.append(figure)
            print(line_of(figure), flush=True)
    if given.json:
        given.json.write_bytes(msgspec.json.format(msgspec.json.encode(figures)))
    missed = [figure for figure in figures if figure.is_met is False]
    print(f"\n{len(figures)} figures, {len(missed)} short of their aim")
    sys.exit(0)


def line_of(figure: Figure) -> str:
    """Return a figure as one line of the result."""
    line = f"{figure.name:<58} {_number(figure.value):>10} {figure.unit:<14}"
    if figure.ratio is not None:
        line += f" {figure.ratio:6.2f} x {figure.baseline_name} ({_number(figure.baseline or 0)})"
    if figure.aim:
        word = {True: "met", False: "MISSED", None: ""}[figure.is_met]
        line += f"  aim: {figure.aim} {word}"
    return line


def _number(value: float) -> str:
    if value >= 1000:  # noqa: PLR2004 - where digits after the point say nothing
        return f"{value:,.0f}"
    return f"{value:.3g}" if value < 10 else f"{value:.1f}"  # noqa: PLR2004


if __name__ == "__main__":
    main()
