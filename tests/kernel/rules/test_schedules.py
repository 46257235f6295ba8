import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from paperdesk.base.calendar import day_of
from paperdesk.kernel.rules.schedules import in_force
from paperdesk.kernel.rules.tables import COMMISSIONS, FEES, SETTLEMENT_CYCLES

ROOT = Path(__file__).parents[3]


@pytest.fixture
def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "make_brokerage_tables", ROOT / "tools" / "make_brokerage_tables.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_tables_of_the_kernel_are_those_that_are_written_down(maker: ModuleType) -> None:
    assert maker.MODULE.read_text() == maker.module(), "run tools/make_brokerage_tables.py"


def test_row_holds_from_its_first_day_to_its_last() -> None:
    rows = SETTLEMENT_CYCLES["STK", "US"]

    days = [
        row.days
        for day in (
            day_of(2017, 9, 4),
            day_of(2017, 9, 5),
            day_of(2024, 5, 27),
            day_of(2024, 5, 28),
        )
        if (row := in_force(rows, day)) is not None
    ]

    assert days == [3, 2, 2, 1]


def test_day_that_no_row_covers_has_none() -> None:
    assert in_force(FEES["STK", "US"], day_of(2008, 9, 29)) is None


def test_schedule_covers_every_day() -> None:
    assert all(
        in_force(rows, day) is not None
        for rows in COMMISSIONS.values()
        for day in (day_of(1999, 1, 4), day_of(2040, 12, 31))
    )
