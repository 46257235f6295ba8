"""Calibrate how volume follows range, so that the mean share of volume is the profile's.

    PYTHONPATH=src python tools/calibrate_volume.py norm.json
    python tools/make_tables.py src/paperdesk/market/data/tables.bin norm.json

A split gives volume to the halves by the profile's odds times the odds of their ranges. The
ranges' odds have a mean of their own, which depends on the share of variance f, and odds are not
shares. For 128 classes of f and 8 of the volume's share w this finds the factor with which the
mean share over many splits is w.
"""

import json
import sys
from pathlib import Path
from random import Random

from paperdesk.market.arith import read_table
from paperdesk.market.lattice import Profile
from paperdesk.market.nodes import Node
from paperdesk.market.shapes import ONE, shaped
from paperdesk.market.tree import Tree

CLASSES = 128
SHARES = 8
SPLITS = 12_000
DEPTH = 7
SEED = 7

CASCADE = read_table("cascade")
COUPLE = read_table("couple")
SPREAD = read_table("volume_some")


def typical_nodes(count: int) -> list[Node]:
    """Return nodes as they are met some levels down."""
    nodes: list[Node] = []
    number = 0
    while len(nodes) < count:
        tree = Tree(1, SEED, f"calibration/{number}", Profile(0, (0,), (0,)))
        number += 1
        level: list[Node] = [(0, 1 << 17, 0, 3000, -2500, 800, 10**8, 10**7)]
        for _ in range(DEPTH):
            level = [half for node in level for half in tree.split(node) if half is not None]
        nodes += [node for node in level if node[3] - node[4] > 32]
    return nodes[:count]


def odds_of(f: int, nodes: list[Node], draw: Random) -> list[float]:
    """Return the odds of the first half's volume, but for the profile's, over many splits."""
    found = []
    for node in nodes:
        words = tuple(draw.getrandbits(16) for _ in range(16))
        cascaded = (f << 32) // ((f << 16) + (ONE - f) * CASCADE[words[0] >> 4])
        h1, l1, _, _, h2, l2 = shaped(node, cascaded, words[4], words)
        e = ((node[3] - node[4]) >> 1) + 1
        moved = SPREAD[words[1] >> 4] * COUPLE[words[0] >> 4] / ONE / ONE
        found.append((h1 - l1 + e) / (h2 - l2 + e) / moved)
    return found


def norm_of(w: float, odds: list[float]) -> int:
    """Return the factor in 1/65536 with which the mean share is w, by halving an interval."""
    low, high = 0.01, 100.0
    for _ in range(40):
        middle = (low * high) ** 0.5
        mean = sum(w * r * middle / (w * r * middle + 1 - w) for r in odds) / len(odds)
        low, high = (middle, high) if mean < w else (low, middle)
    return round(ONE * low)


def main() -> None:
    """Write the file that the first argument names."""
    draw = Random(SEED)  # noqa: S311 - a calibration is no secret
    nodes = typical_nodes(SPLITS)
    norms = []
    for index in range(CLASSES):
        odds = odds_of((2 * index + 1) * ONE // (2 * CLASSES), nodes, draw)
        norms += [norm_of((k + 0.5) / SHARES, odds) for k in range(SHARES)]
    Path(sys.argv[1]).write_text(json.dumps(norms))


if __name__ == "__main__":
    main()
