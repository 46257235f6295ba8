from decimal import Decimal
from typing import Any

import pytest
from tests.kernel.books import new_york

from paperdesk.base.ids import Conid
from paperdesk.base.units import MINUTE, SECOND
from paperdesk.desk.directions import Direction, InvalidScript, Waypoint, script_of, scripts_of
from paperdesk.desk.times import InvalidTime
from paperdesk.kernel.messages.scripts import (
    Afterwards,
    HaltScript,
    JumpScript,
    PathScript,
    Pin,
    Script,
)
from paperdesk.market.catalogue import load_catalogue

CATALOGUE = load_catalogue()
AAPL = Conid(265598)
NOW = new_york("2026-06-10 10:00")


def script(**fields: Any) -> Script:  # noqa: ANN401 - the fields of a direction
    return script_of(Direction(**({"contract": "AAPL"} | fields)), CATALOGUE, NOW)


def test_a_jump_is_a_fraction_or_per_cent() -> None:
    expected = JumpScript(conid=AAPL, start=NOW, change=Decimal("0.05"))

    assert script(kind="jump", change="5%") == expected
    assert script(kind="jump", change="0.05") == expected
    assert script(kind="jump", change="0.05", contract=265598) == expected
    assert script(kind="jump", change="0.05", contract="265598") == expected
    assert script(kind="jump", change="0.05", contract="aapl") == expected


def test_a_halt_lasts_and_reopens_elsewhere() -> None:
    assert script(kind="halt", at="2026-06-10 11:00", lasts="25min", change="-6%") == HaltScript(
        conid=AAPL,
        start=new_york("2026-06-10 11:00"),
        until=new_york("2026-06-10 11:25"),
        change=Decimal("-0.06"),
    )


def test_a_path_goes_through_its_pins_and_may_come_back() -> None:
    pins = (
        Waypoint(at="2026-06-10 10:05", price=Decimal(190)),
        Waypoint(at="2026-06-10 12:00", price=Decimal(186)),
    )

    assert script(kind="path", pins=pins, then="return", back="30min") == PathScript(
        conid=AAPL,
        start=NOW,
        pins=(
            Pin(new_york("2026-06-10 10:05"), Decimal(190)),
            Pin(new_york("2026-06-10 12:00"), Decimal(186)),
        ),
        afterwards=Afterwards.RETURN,
        back=30 * MINUTE,
    )


def test_a_path_of_another_day_starts_with_its_session() -> None:
    path = script(kind="path", pins=(Waypoint(at="2026-06-12 14:00", price=Decimal(150)),))

    assert path.start == new_york("2026-06-12 09:30")


def test_what_starts_now_starts_at_a_whole_second() -> None:
    direction = Direction(contract="AAPL", kind="jump", change="1%")

    assert script_of(direction, CATALOGUE, NOW + 1).start == NOW + SECOND


def test_directions_stay_in_order() -> None:
    directions = [
        Direction(contract=symbol, kind="jump", change="1%") for symbol in ("MSFT", "AAPL")
    ]

    assert [row.conid for row in scripts_of(directions, CATALOGUE, NOW)] == [272093, AAPL]


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"kind": "jump", "change": "much"}, InvalidScript),
        ({"kind": "jump", "change": "1e9"}, InvalidScript),
        ({"kind": "jump", "contract": "NOBODY"}, InvalidScript),
        ({"kind": "jump", "contract": 1}, InvalidScript),
        ({"kind": "path"}, InvalidScript),
        ({"kind": "halt", "lasts": "long"}, InvalidTime),
        ({"kind": "halt", "at": "noon"}, InvalidTime),
    ],
)
def test_a_direction_without_sense_is_refused(
    fields: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        script(**fields)
