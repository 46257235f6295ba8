from decimal import Decimal

import pytest
from tests.sources import catalogue

from paperdesk.base.calendar import day_of
from paperdesk.market.dates import fixed_zone
from paperdesk.market.imports import Imported, InvalidImport, read_bars
from paperdesk.market.series import DIVIDEND, SPLIT, Action

YAHOO = """Date,Open,High,Low,Close,Adj Close,Volume
2024-01-02,187.15,188.44,183.89,185.64,184.94,82488700
2024-01-03,184.22,185.88,183.43,184.25,183.55,58414500
"""
STOOQ = """<TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>,<OPENINT>
AAPL.US,5,20240102,143000,187.15,188.44,183.89,185.64,82488700,0
AAPL.US,5,20240102,143500,184.22,185.88,183.43,184.25,58414500,0
AAPL.US,5,20240102,144000,184.22,185.88,183.43,184.25,58414500,0
"""
KIBOT = """01/02/2024,09:30,187.15,188.44,183.89,185.64,8248
01/02/2024,09:31,184.22,185.88,183.43,184.25,5841
01/02/2024,09:33,184.22,185.88,183.43,184.25,5841
01/02/2024,09:34,184.22,185.88,183.43,184.25,5841
"""
WIKI = """ticker,date,open,high,low,close,volume,ex-dividend,split_ratio,adj_open
AAPL,2005-02-25,89.62,89.91,88.19,88.99,16364600,0.0,1.0,6.04
AAPL,2005-02-28,44.68,45.14,43.96,44.86,11608600,0.25,2.0,6.02
"""
SEMICOLONS = """Datum;time;o;h;l;c
02.01.2024;09:30:00;1.10;1.11;1.09;1.105
"""
EPOCH = """timestamp,open,high,low,close,volume
1704205800,187.15,188.44,183.89,185.64,100
1704205860000,184.22,185.88,183.43,184.25,100
"""


def imported(text: str, zone: str = "") -> Imported:
    where = fixed_zone(zone) if zone else catalogue().calendar("XNYS").zone
    return read_bars(text.splitlines(), where, zone_name=zone or "America/New_York")


def test_daily_file_is_read_with_what_it_was_taken_for() -> None:
    read = imported(YAHOO)

    assert read.bars[0].at == day_of(2024, 1, 2)
    assert read.bars[0][1:] == (
        Decimal("187.15"),
        Decimal("188.44"),
        Decimal("183.89"),
        Decimal("185.64"),
        82488700,
    )
    assert read.guess.lines() == [
        "delimiter: ','",
        "header: yes",
        "date: column 1 (date)",
        "open: column 2 (open)",
        "high: column 3 (high)",
        "low: column 4 (low)",
        "close: column 5 (close)",
        "volume: column 7 (volume)",
        "dates: year-month-day",
        "bars: one a day",
    ]


def test_stooq_file_of_five_minutes() -> None:
    read = imported(STOOQ, "UTC")

    assert read.ticker == "AAPL.US"
    assert read.guess.seconds == 300
    assert read.bars[0].at == day_of(2024, 1, 2) * 86_400 + (14 * 60 + 30) * 60


def test_file_without_header_is_told_in_new_york() -> None:
    read = imported(KIBOT)

    assert read.guess.header == ()
    assert read.guess.seconds == 60
    assert read.bars[0].at == day_of(2024, 1, 2) * 86_400 + (14 * 60 + 30) * 60


def test_wiki_rows_tell_splits_and_dividends() -> None:
    day = day_of(2005, 2, 28)

    assert imported(WIKI).actions == [Action(day, SPLIT, 2, 1), Action(day, DIVIDEND, 1, 4)]


def test_seconds_and_milliseconds_since_1970_are_told_apart() -> None:
    bars = imported(EPOCH).bars

    assert [bar.at for bar in bars] == [1_704_205_800, 1_704_205_860]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("2024-01-04,10,9,8,9,9,100", "line 4: high 9 is below open or close"),
        ("2024-01-04,10,11,10.5,11,11,100", "line 4: low 10.5 is above open or close"),
        ("2024-01-04,-1,11,-2,11,11,100", "line 4: a price is not above zero: -2"),
        ("2024-01-04,10,12,9,11,11,3", "line 4: volume 3 cannot have made 4 prices"),
        ("2024-01-04,10,11,9,nan,11,3", "line 4: is no bar: 2024-01-04,10,11,9,nan,11,3"),
        ("2024-13-04,10,11,9,10,11,3", "line 4: is no bar: 2024-13-04,10,11,9,10,11,3"),
        ("2024-01-03,10,11,9,10,11,30", "line 4: a second bar of the same time; the first is kept"),
    ],
)
def test_bar_that_cannot_have_been_is_left_out_and_named(row: str, words: str) -> None:
    read = imported(YAHOO + row + "\n")

    assert read.problems == [words]
    assert len(read.bars) == 2


@pytest.mark.parametrize("text", ["", "a,b,c\n1,2,3\n", "Date,Open,High,Low,Close\n", "x\n"])
def test_file_without_bars_is_refused(text: str) -> None:
    with pytest.raises(InvalidImport):
        imported(text)
