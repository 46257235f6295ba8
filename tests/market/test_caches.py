from decimal import Decimal

from paperdesk.base.ids import Conid
from paperdesk.market.caches import BarCache, Kind
from paperdesk.market.source import Bar, BarSize, Reading

ONE = Decimal(1)


def kind(conid: int) -> Kind:
    return Kind(Conid(conid), BarSize.D1, Reading.TRADES, is_extended=False, era=-1)


def bars(count: int) -> list[Bar]:
    return [Bar(at, ONE, ONE, ONE, ONE, ONE, 1) for at in range(count)]


def test_what_was_put_comes_back_and_an_empty_list_is_an_answer() -> None:
    cache = BarCache()
    told = bars(3)

    cache.shelf(kind(1)).put(told, 7, 2)
    cache.shelf(kind(1)).put([], 8)

    assert cache.shelf(kind(1)).get(7, 2) is told
    assert cache.shelf(kind(1)).get(7) is None
    assert cache.shelf(kind(1)).get(8) == []
    assert cache.shelf(kind(2)).get(8) is None


def test_the_longest_unused_shelf_is_emptied_first() -> None:
    cache = BarCache(bars_max=10)
    cache.shelf(kind(1)).put(bars(3), 0)
    cache.shelf(kind(2)).put(bars(3), 0)
    cache.shelf(kind(1)).put(bars(2), 1)

    assert cache.shelf(kind(1)).get(0) is not None
    assert cache.shelf(kind(1)).get(1) is not None
    assert cache.shelf(kind(2)).get(0) is None


def test_one_shelf_alone_forgets_what_was_put_there_first() -> None:
    cache = BarCache(bars_max=10)
    shelf = cache.shelf(kind(1))
    for place in range(20):
        shelf.put(bars(4), place)

    assert [place for place in range(20) if shelf.get(place) is not None] == [18, 19]


def test_a_shelf_in_hand_goes_on_after_everything_was_forgotten() -> None:
    cache = BarCache(bars_max=10)
    shelf = cache.shelf(kind(1))
    cache.clear()
    for place in range(20):
        shelf.put(bars(4), place)

    assert shelf.get(0) is None
    assert cache.shelf(kind(1)).get(0) is None
