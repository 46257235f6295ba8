from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from tests.tape import limit, open_kernel, place

from paperdesk.kernel.state.ladders import EMPTY_LEVELS_MAX, Ladder
from paperdesk.kernel.state.orders import Order


def orders(count: int) -> list[Order]:
    kernel = open_kernel()
    for start in range(0, count, 10):
        kernel.handle(place(*[limit("buy", "1", f"{100 + start}")] * min(10, count - start)))
    return list(kernel.world.orders.by_id.values())


TEN = orders(10)


def test_lowest_key_is_best_and_none_without_orders() -> None:
    ladder = Ladder()
    assert ladder.best() is None
    ladder.add(Decimal(5), TEN[0])
    ladder.add(Decimal(3), TEN[1])

    assert ladder.best() == Decimal(3)
    ladder.remove(Decimal(3), TEN[1])
    assert ladder.best() == Decimal(5)


def test_level_that_was_emptied_can_be_used_again() -> None:
    ladder = Ladder()
    ladder.add(Decimal(3), TEN[0])
    ladder.remove(Decimal(3), TEN[0])
    ladder.add(Decimal(3), TEN[1])

    assert ladder.reached(Decimal(3)) == [TEN[1]]
    assert ladder.reached(Decimal(3)) == [TEN[1]]


def test_orders_of_a_level_come_by_priority_however_they_were_added() -> None:
    ladder = Ladder()
    for order in (TEN[2], TEN[0], TEN[1]):
        ladder.add(Decimal(3), order)

    assert ladder.reached(Decimal(3)) == TEN[:3]


def test_first_order_is_of_the_lowest_key_and_the_oldest() -> None:
    ladder = Ladder()
    for key, order in ((3, TEN[2]), (2, TEN[5]), (2, TEN[4])):
        ladder.add(Decimal(key), order)

    assert ladder.first(Decimal(9)) is TEN[4]
    assert ladder.first(Decimal(1)) is None
    ladder.remove(Decimal(2), TEN[4])
    assert ladder.first(Decimal(2)) is TEN[5]
    assert ladder.reached(Decimal(9)) == [TEN[5], TEN[2]]


def test_empty_levels_do_not_pile_up() -> None:
    ladder = Ladder()
    for key in range(EMPTY_LEVELS_MAX * 4):
        ladder.add(Decimal(key), TEN[0])
        ladder.remove(Decimal(key), TEN[0])

    assert len(ladder._levels) <= EMPTY_LEVELS_MAX + 1
    assert ladder.best() is None


keys = st.integers(-3, 3).map(Decimal)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 9), keys), max_size=80), keys)
def test_ladder_says_what_a_plain_dict_says(
    steps: list[tuple[bool, int, Decimal]], asked: Decimal
) -> None:
    ladder, plain = Ladder(), dict[int, Decimal]()
    for adds, which, key in steps:
        if adds and which not in plain:
            ladder.add(key, TEN[which])
            plain[which] = key
        elif not adds and which in plain:
            ladder.remove(plain.pop(which), TEN[which])

    assert ladder.best() == min(plain.values(), default=None)
    lowest = min(((key, which) for which, key in plain.items()), default=None)
    first = None if lowest is None or lowest[0] > asked else TEN[lowest[1]]
    assert ladder.first(asked) is first
    expected = sorted((key, which) for which, key in plain.items() if key <= asked)
    assert ladder.reached(asked) == [TEN[which] for _, which in expected]
