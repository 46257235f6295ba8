"""Bytes of generator 1: they never change, on any machine, Python or hash seed.

A change that fails here needs a new generator beside this one: every recorded seed, example of
the documentation and test of a user depends on these bytes.
"""

from collections.abc import Iterable
from hashlib import blake2b

import pytest

from paperdesk.market.arith import exp, log, normal_cdf
from paperdesk.market.draws import KINDS, Draws
from paperdesk.market.lattice import PROFILES, profile
from paperdesk.market.readings import CELL, CLASSES, Cell, Side, cell_at, read_bars, shown_size
from paperdesk.market.source import Reading
from paperdesk.market.touches import next_touch
from paperdesk.market.tree import Factor, Root, Tree
from paperdesk.market.walk import bars, cursor, state_at, trades

SECOND = 1_000_000
OPEN = 1_767_277_800  # 2026-01-01 14:30 UTC
CLOSE = OPEN + 23_400
BOOK = Draws(1, 7, "265598", "book")


def digest(values: Iterable[object]) -> str:
    total = blake2b(digest_size=8)
    for value in values:
        total.update(repr(value).encode("ascii") + b"\n")
    return total.hexdigest()


def session(kind: str = "us_regular", n: int = 40_000, factors: int = 0) -> list[Root]:
    common = [
        (40_000, Factor(1, 7, "factor/market")),
        (20_000, Factor(1, 7, "factor/sector/10")),
    ]
    tree = Tree(1, 7, "265598", profile(kind, OPEN, CLOSE), common[:factors], lot=100)
    return [Root((OPEN, CLOSE, 60_000, 60_900, 59_600, 60_300, n * 125, n), tree)]


def cell_of(second: int) -> Cell:
    return cell_at(BOOK, second, CLASSES[2])


def test_words() -> None:
    found = digest(Draws(1, 7, "265598", kind).words(a, -a) for kind in KINDS for a in range(50))

    assert found == "72bc5e3bb68b6821"


def test_arithmetic() -> None:
    found = digest(
        function(k / 7).hex() for function in (exp, log, normal_cdf) for k in range(-300, 300)
    )

    assert found == "ffe7425ac67ba401"


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        ("us_regular", "9698ab570715b151"),
        ("pre_market", "0eb982f22244fcbc"),
        ("after_hours", "225effb56d54aa7f"),
        ("overnight", "cc29b617dc1e1778"),
        ("fx", "0700b8dceeb16780"),
        ("flat", "394f246ec8a00c77"),
    ],
)
def test_profiles_and_their_minute_bars(kind: str, wanted: str) -> None:
    assert kind in PROFILES
    shape = profile(kind, OPEN, CLOSE)

    assert digest([shape, *bars(session(kind), list(range(OPEN, CLOSE + 1, 60)))]) == wanted


@pytest.mark.parametrize(
    ("factors", "wanted"),
    [(0, "c7e9da5103e7ac89"), (1, "8015c97e8005d03b"), (2, "c84fe5d1aa89ac1a")],
)
def test_five_second_bars_of_a_day(factors: int, wanted: str) -> None:
    made = bars(session(factors=factors), list(range(OPEN, CLOSE + 1, 5)))

    assert digest(made) == wanted


@pytest.mark.parametrize(
    ("n", "wanted"),
    [
        (1, "c99af34771e49b6a"),
        (40, "d011c2c67326b820"),
        (2_500, "f5601d0ea908b8d5"),
        (40_000, "22d3c83617003c8e"),
    ],
)
def test_trades_of_a_day(n: int, wanted: str) -> None:
    roots = session(n=n)
    if n == 1:
        roots = [Root((OPEN, CLOSE, 7, 7, 7, 7, 300, 1), roots[0].tree)]

    assert digest(trades(roots, 0, 1 << 60)) == wanted


def test_states() -> None:
    instants = [OPEN * SECOND + 7_777_777 * k for k in range(3_010)]
    walking = cursor(session())

    assert digest(state_at(session(), at) for at in instants[::301]) == "2a160452f8ce89be"
    assert digest(walking.at(at) for at in instants) == "605bb9fd78fd9631"


def test_touches() -> None:
    found = digest(
        next_touch(session(), x if x > 60_000 else None, x if x <= 60_000 else None, 0, 1 << 60)
        for x in range(59_590, 60_910, 10)
    )

    assert found == "95a7398e62a1c785"


def test_readings_and_sizes() -> None:
    edges = list(range(OPEN, CLOSE + 1, 1_800))

    assert (
        digest(cell_at(BOOK, CELL * k, c) for k in range(99) for c in CLASSES) == "b1de89aea9ec2f9a"
    )
    assert (
        digest(read_bars(session(), edges, cell_of, r) for r in list(Reading)[:4])
        == "2a0b3da147fbf97a"
    )
    assert (
        digest(
            shown_size(BOOK, price, side, SECOND * price, CLASSES[price % 5], price % 11)
            for price in range(500)
            for side in Side
        )
        == "14d3b3934f81a053"
    )
