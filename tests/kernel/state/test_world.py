import msgspec
import pytest
from tests.kernel.books import EURUSD, STOCK, USDJPY, new_york
from tests.tape import CONTRACTS, limit, open_kernel, place

from paperdesk.base.errors import UnknownContract
from paperdesk.base.ids import Conid
from paperdesk.kernel.state.world import Models, World, trade_day, world_at


def test_world_is_stored_without_its_contracts() -> None:
    kernel = open_kernel()
    kernel.handle(place(limit("buy", "1", "180")))

    packed = msgspec.msgpack.encode(kernel.world)
    read = msgspec.msgpack.decode(packed, type=World)

    assert b"NASDAQ.NMS" not in packed
    assert read == kernel.world
    with pytest.raises(KeyError):
        read.contract(STOCK.conid)
    read.attach(CONTRACTS, Models())
    assert read.contract(STOCK.conid) is STOCK


def test_unknown_contract_is_refused() -> None:
    with pytest.raises(UnknownContract, match="conid 7"):
        open_kernel().world.contract(Conid(7))


def test_pairs_are_known_by_their_currencies() -> None:
    assert CONTRACTS.pairs["EUR", "USD"] == EURUSD.conid
    assert CONTRACTS.pairs["USD", "JPY"] == USDJPY.conid
    assert CONTRACTS.calendar(EURUSD) is CONTRACTS.calendars["FX"]


def test_trade_counts_for_the_day_of_its_session() -> None:
    world = open_kernel().world
    wednesday = trade_day(world, STOCK.conid, new_york("2026-06-10 10:00"))

    assert trade_day(world, STOCK.conid, new_york("2026-06-10 19:59")) == wednesday
    assert trade_day(world, EURUSD.conid, new_york("2026-06-10 18:00")) == wednesday + 1


def test_new_world_is_empty() -> None:
    world = world_at(5, seed=1)

    assert world.now == 5
    assert not world.orders.by_id
    assert not world.accounts.by_id
