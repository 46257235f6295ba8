"""Rows: encoded once for each state of what they are about."""

import msgspec
import pytest
from tests.desks import Market, open_desk

from paperdesk.api import rows
from paperdesk.api.live_orders import Row
from paperdesk.api.rows import Rows
from paperdesk.desk.desk import Desk
from paperdesk.kernel.state.world import World


class Lamp(msgspec.Struct):
    """A thing with a state."""

    name: str
    is_lit: bool = False


class Teller:
    """Writes lamps as rows and counts how often."""

    def __init__(self) -> None:
        self.told = 0

    def __call__(self, _: World, lamp: Lamp) -> Row:
        self.told += 1
        return {"name": lamp.name, "is_lit": lamp.is_lit}


@pytest.fixture
def desk(market: Market) -> Desk:
    return open_desk(market)


@pytest.fixture
def teller() -> Teller:
    return Teller()


@pytest.fixture
def lamps(teller: Teller) -> Rows[Lamp]:
    return Rows(teller, name=lambda lamp: lamp.name, state=lambda lamp: (lamp.is_lit,))


def test_row_is_encoded_once_while_nothing_changes(
    desk: Desk, lamps: Rows[Lamp], teller: Teller
) -> None:
    lamp = Lamp("hall")

    first, second = lamps.listed(desk, [lamp]), lamps.listed(desk, [lamp])

    assert bytes(first[0]) == bytes(second[0]) == b'{"name":"hall","is_lit":false}'
    assert teller.told == 1


def test_row_is_told_anew_when_its_state_has_changed(
    desk: Desk, lamps: Rows[Lamp], teller: Teller
) -> None:
    lamp = Lamp("hall")
    lamps.listed(desk, [lamp])
    lamp.is_lit = True

    (row,) = lamps.listed(desk, [lamp])

    assert bytes(row) == b'{"name":"hall","is_lit":true}'
    assert teller.told == 2


def test_desks_share_no_rows(desk: Desk, market: Market, lamps: Rows[Lamp], teller: Teller) -> None:
    lamps.listed(desk, [Lamp("hall")])
    lamps.listed(open_desk(market), [Lamp("hall")])

    assert teller.told == 2


def test_rows_that_are_kept_have_a_limit(
    desk: Desk, lamps: Rows[Lamp], teller: Teller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "ROWS_MAX", 2)
    many = [Lamp("hall"), Lamp("stairs"), Lamp("cellar")]

    assert len(lamps.listed(desk, many)) == 3
    lamps.listed(desk, many[2:])

    assert teller.told == 3
