import pytest

from paperdesk.market.nodes import Node, is_leaf, is_valid


@pytest.mark.parametrize(
    ("node", "wanted"),
    [
        ((0, 60, 10, 12, 8, 11, 500, 20), True),
        ((0, 60, 10, 10, 10, 10, 1, 1), True),
        ((0, 60, -3, -1, -3, -1, 2, 2), True),
        ((0, 60, 10, 12, 10, 11, 3, 3), True),
        ((60, 60, 10, 10, 10, 10, 1, 1), False),  # no time
        ((0, 60, 10, 12, 8, 11, 19, 20), False),  # more trades than volume
        ((0, 60, 10, 10, 10, 10, 1, 0), False),  # no trade
        ((0, 60, 10, 9, 8, 9, 500, 20), False),  # opens above its high
        ((0, 60, 10, 12, 11, 11, 500, 20), False),  # opens below its low
        ((0, 60, 10, 11, 10, 10, 1, 1), False),  # one trade at two prices
        ((0, 60, 10, 12, 10, 11, 2, 2), False),  # two trades at three prices
        ((0, 60, 10, 12, 8, 11, 3, 3), False),  # three trades at four prices
    ],
)
def test_bar_is_valid_when_so_many_trades_can_make_it(node: Node, wanted: bool) -> None:
    assert is_valid(node) is wanted


@pytest.mark.parametrize(
    ("node", "wanted"),
    [
        ((0, 60, 10, 12, 8, 11, 500, 16), True),
        ((0, 60, 10, 12, 8, 11, 500, 17), False),
        ((0, 1, 10, 12, 8, 11, 500, 17), True),
    ],
)
def test_few_trades_or_a_second_are_listed(node: Node, wanted: bool) -> None:
    assert is_leaf(node) is wanted
