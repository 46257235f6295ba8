from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from tests.sources import asked, catalogue, conid, figures, joined, utc

from paperdesk.base.calendar import day_of
from paperdesk.base.units import HOUR, SECOND
from paperdesk.market.imported import ImportedLayer, check, contract_named, imported_layers, keep
from paperdesk.market.imports import read_bars
from paperdesk.market.series import DamagedSeries
from paperdesk.market.source import BarSize, Reading
from paperdesk.market.synthetic import SyntheticSource

ZONE = catalogue().calendar("XNYS").zone
HEADER = "Date,Open,High,Low,Close,Volume\n"


def layer(folder: Path, text: str, name: str = "AAPL") -> ImportedLayer:
    contract = contract_named(name, catalogue())
    assert contract is not None
    path = folder / "mine.pdm"
    keep(read_bars(text.splitlines(), ZONE), contract, path)
    return ImportedLayer(path, catalogue())


def source(imported: ImportedLayer) -> SyntheticSource:
    return SyntheticSource(1, 7, catalogue(), (imported,))


cents = st.integers(1_000, 90_000)
bars = st.lists(
    st.tuples(cents, cents, cents, cents, st.integers(4, 10**8)), min_size=1, max_size=9
)


@given(bars)
@settings(max_examples=15, phases=(Phase.explicit, Phase.generate))
def test_every_imported_daily_bar_comes_back(
    tmp_path_factory: pytest.TempPathFactory, told: list[tuple[int, int, int, int, int]]
) -> None:
    sessions = list(catalogue().calendar("XNYS").sessions(day_of(2015, 3, 2), day_of(2015, 3, 20)))
    rows: list[str] = []
    expected: list[tuple[int, list[Decimal], int]] = []
    for session, (a, b, c, d, volume) in zip(sessions, told, strict=False):
        low, o, close, high = sorted((a, b, c, d))
        prices = [Decimal(number).scaleb(-2) for number in (o, high, low, close)]
        rows.append(
            ",".join(
                [
                    f"2015-03-{session.day - day_of(2015, 3, 1) + 1:02}",
                    *map(str, prices),
                    str(volume),
                ]
            )
        )
        expected.append((session.open, prices, volume))
    imported = layer(tmp_path_factory.mktemp("import"), HEADER + "\n".join(rows))
    market, now = source(imported), utc(2015, 3, 31)

    found = market.bars(conid("AAPL"), asked(BarSize.D1, now, 30), now)

    by_start = {bar.at: bar for bar in found}
    for at, told_prices, volume in expected:
        bar = by_start[at]
        assert [bar.open, bar.high, bar.low, bar.close] == told_prices
        assert bar.volume == volume
        minutes = market.bars(conid("AAPL"), asked(BarSize.M30, at + 7 * HOUR, 13), now)
        day = joined([minute for minute in minutes if minute.at >= at])
        assert figures(day) == figures(bar)
    assert market.origin(conid("AAPL"), sessions[0].day) == "import: mine"
    assert market.origin(conid("AAPL"), sessions[0].day - 7) == "synthetic"


def test_every_imported_minute_comes_back_and_makes_its_day(tmp_path: Path) -> None:
    text = HEADER + (
        "2024-01-02 09:30,187.15,188.44,183.89,185.64,8248\n"
        "2024-01-02 09:31,185.6,185.7,185.5,185.55,900\n"
        "2024-01-02 09:35,184.2255,185.88,183.43,184.25,5841\n"
    )
    market, now = source(layer(tmp_path, text)), utc(2024, 1, 3)
    apple, opens = conid("AAPL"), utc(2024, 1, 2, "14:30:00")

    minutes = market.bars(apple, asked(BarSize.M1, now, 3), now)
    (day,) = market.bars(apple, asked(BarSize.D1, now, 1), now)

    assert [bar.at - opens for bar in minutes] == [0, 60 * SECOND, 300 * SECOND]
    assert [str(bar.open) for bar in minutes] == ["187.1500", "185.6000", "184.2255"]
    assert [str(bar.volume) for bar in minutes] == ["8248", "900", "5841"]
    assert joined(minutes) == day
    seconds = market.bars(apple, asked(BarSize.S5, opens + 60 * SECOND, 12), now)
    assert joined(seconds) == minutes[0]


def test_pair_comes_back_as_its_midpoint(tmp_path: Path) -> None:
    text = "Date,Open,High,Low,Close\n2024-01-03,1.0945,1.09655,1.0893,1.0922\n"
    market, now = source(layer(tmp_path, text, "EUR.USD")), utc(2024, 1, 3, "23:30:00")

    (day,) = market.bars(
        conid("EUR.USD"),
        asked(BarSize.D1, now, 1, reading=Reading.MIDPOINT),
        utc(2024, 1, 3, "22:00:00"),
    )

    assert (day.open, day.high, day.low, day.close) == (
        Decimal("1.0945"),
        Decimal("1.09655"),
        Decimal("1.0893"),
        Decimal("1.0922"),
    )


def test_check_names_strange_days_gaps_and_what_looks_like_a_split(tmp_path: Path) -> None:
    text = HEADER + (
        "2024-01-05,180,181,179,180,1000\n"
        "2024-01-06,180,181,179,180,1000\n"
        "2024-01-09,90.5,91,90,90,1000\n"
    )

    assert check(layer(tmp_path, text), catalogue()) == [
        "AAPL: 2024-01-06: no session on this day, its bar is not used",
        "AAPL: 2024-01-08: no bar of this session",
        (
            "AAPL: 2024-01-09: the price changed 1.99 times, like a split of 2: if it was one, "
            "import prices with a split column"
        ),
    ]


def test_layers_of_a_folder_come_by_name_and_damage_is_noticed(tmp_path: Path) -> None:
    layer(tmp_path, HEADER + "2024-01-05,180,181,179,180,1000\n")
    (only,) = imported_layers(tmp_path, catalogue())
    assert only.conids() == [conid("AAPL")]

    path = tmp_path / "mine.pdm"
    path.write_bytes(path.read_bytes()[:-5] + b"other")

    with pytest.raises(DamagedSeries):
        ImportedLayer(path, catalogue()).conids()
