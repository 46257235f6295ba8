import pytest
from tests.tape import open_kernel, play


def test_exits_work_for_as_much_as_their_parent_has_traded() -> None:
    play(
        open_kernel(),
        """
        quote 190.20 100 190.25 40
        bracket buy 100 190.25 / sell 100 195 / sell 100 stp 185
            -> accepted 1, accepted 2, accepted 3, filled 1 40 190.25, released 2 40, released 3 40
        """.replace("\n            ->", " ->"),
    )


def test_what_one_exit_trades_the_other_need_not() -> None:
    play(
        open_kernel(),
        "quote 190.20 100 190.25 100\n"
        "bracket buy 100 190.25 / sell 100 195 / sell 100 stp 185 ->"
        " accepted 1, accepted 2, accepted 3, filled 1 100 190.25, released 2 100, released 3 100\n"
        "quote 195.00 30 195.10 100 -> filled 2 30 195.00, reduced 3 70\n"
        "quote 195.20 500 195.30 100 -> filled 2 70 195.20, cancelled 3\n",
    )


def test_stop_of_a_bracket_fires_and_cancels_the_target() -> None:
    play(
        open_kernel(),
        "quote 190.20 100 190.25 100\n"
        "bracket buy 10 / sell 10 195 / sell 10 stp 185 ->"
        " accepted 1, accepted 2, accepted 3, filled 1 10 190.25, released 2 10, released 3 10\n"
        "quote 184.90 500 185.00 500 -> triggered 3, filled 3 10 184.90, cancelled 2\n",
    )


def test_exits_go_with_a_parent_that_has_not_traded() -> None:
    play(
        open_kernel(),
        """
        quote 190.20 100 190.25 40
        bracket buy 100 180 / sell 100 195 / sell 100 stp 175 -> accepted 1, accepted 2, accepted 3
        cancel 1                     -> cancelled 1, cancelled 2, cancelled 3
        """,
    )


def test_exits_keep_what_their_cancelled_parent_has_traded() -> None:
    play(
        open_kernel(),
        "quote 190.20 100 190.25 40\n"
        "bracket buy 100 190.25 / sell 100 195 / sell 100 stp 185 ->"
        " accepted 1, accepted 2, accepted 3, filled 1 40 190.25, released 2 40, released 3 40\n"
        "cancel 1 -> cancelled 1, reduced 2 40, reduced 3 40\n"
        "quote 195.00 500 195.10 100 -> filled 2 40 195.00, cancelled 3\n",
    )


def test_cancelled_exit_cancels_its_sibling() -> None:
    play(
        open_kernel(),
        "quote 190.20 100 190.25 100\n"
        "bracket buy 10 190.25 / sell 10 195 / sell 10 stp 185 ->"
        " accepted 1, accepted 2, accepted 3, filled 1 10 190.25, released 2 10, released 3 10\n"
        "cancel 2 -> cancelled 2, cancelled 3\n",
    )


def test_child_may_come_later_by_its_parents_id() -> None:
    kernel = open_kernel()
    play(
        kernel,
        """
        quote 190.20 100 190.25 100
        buy 10 189 as=mine           -> accepted 1
        sell 10 195 of=mine          -> accepted 2
        buy 10 195 of=mine           -> refused invalid_bracket
        sell 10 195 of=nobody        -> refused unknown_parent
        quote 188.90 100 189.00 100  -> filled 1 10 189.00, released 2 10
        """,
    )
    parent_id = next(iter(kernel.world.orders.by_id))
    play(kernel, f"sell 10 stp 180 of={parent_id} -> accepted 3")


def test_moving_the_target_into_the_market_fills_it() -> None:
    play(
        open_kernel(),
        "quote 190.20 100 190.25 100\n"
        "bracket buy 1 / sell 1 240 / sell 1 stp 130 ->"
        " accepted 1, accepted 2, accepted 3, filled 1 1 190.25, released 2 1, released 3 1\n"
        "modify 2 sell 1 188 -> modified 2, filled 2 1 190.20, cancelled 3\n",
    )


def test_first_of_a_group_to_trade_cancels_the_others() -> None:
    play(
        open_kernel(),
        """
        quote 190.20 100 190.25 100
        quote 1.10000 5000000 1.10010 5000000 fx
        group buy 10 189 / buy 20 188 / sell 5 fx 1.20 -> accepted 1, accepted 2, accepted 3
        quote 188.90 4 189.00 4      -> filled 1 4 189.00, cancelled 2, cancelled 3
        cancel 1                     -> cancelled 1
        """,
    )


def test_cancelling_one_of_a_group_cancels_the_others() -> None:
    play(
        open_kernel(),
        """
        quote 190.20 100 190.25 100
        group buy 10 189 / buy 20 188 -> accepted 1, accepted 2
        cancel 2                      -> cancelled 2, cancelled 1
        """,
    )


def test_exit_of_a_parent_that_is_done_is_changed_as_a_whole() -> None:
    play(
        open_kernel(),
        "quote 190.20 100 190.25 40\n"
        "bracket buy 100 190.25 / sell 100 195 / sell 100 stp 185 ->"
        " accepted 1, accepted 2, accepted 3, filled 1 40 190.25, released 2 40, released 3 40\n"
        "cancel 1 -> cancelled 1, reduced 2 40, reduced 3 40\n"
        "modify 2 sell 40 194 -> modified 2\n"
        "quote 194.00 500 194.10 100 -> filled 2 40 194.00, cancelled 3\n",
    )


def test_parent_made_as_small_as_it_has_traded_leaves_exits_for_that() -> None:
    play(
        open_kernel(),
        "quote 190.20 100 190.25 40\n"
        "bracket buy 100 190.25 / sell 100 195 / sell 100 stp 185 ->"
        " accepted 1, accepted 2, accepted 3, filled 1 40 190.25, released 2 40, released 3 40\n"
        "modify 1 buy 40 190.25 -> modified 1, reduced 2 40, reduced 3 40\n"
        "quote 195.00 500 195.10 100 -> filled 2 40 195.00, cancelled 3\n",
    )


def test_exits_follow_the_size_that_their_entry_is_given() -> None:
    play(
        open_kernel(),
        "quote 190.20 100 190.25 100\n"
        "bracket buy 100 180 / sell 100 200 / sell 100 stp 170 ->"
        " accepted 1, accepted 2, accepted 3\n"
        "modify 1 buy 50 191 -> modified 1, modified 2, modified 3,"
        " filled 1 50 190.25, released 2 50, released 3 50\n"
        "quote 169.00 500 169.10 100 last 169.00 -> triggered 3, filled 3 50 169.00, cancelled 2\n",
    )


def test_exits_of_an_entry_made_larger_while_it_trades_fit_it() -> None:
    play(
        open_kernel(),
        "quote 190.20 100 190.25 30\n"
        "bracket buy 100 190.25 / sell 50 195 / sell 100 stp 170 paused ->"
        " accepted 1, accepted 2, accepted 3, deactivated 3,"
        " filled 1 30 190.25, released 2 15, released 3 30\n"
        "modify 1 buy 200 190.25 -> modified 1, modified 2, modified 3, deactivated 3\n"
        "modify 3 sell 200 stp 170 -> modified 3\n"
        "quote 190.20 100 190.25 170 -> filled 1 170 190.25, released 2 100, released 3 200\n"
        "quote 169.00 500 169.10 100 last 169.00 ->"
        " triggered 3, filled 3 200 169.00, cancelled 2\n",
    )


@pytest.mark.parametrize("size", ["50", "100"])
def test_new_price_of_an_exit_lets_it_trade_no_more_than_before(size: str) -> None:
    play(
        open_kernel(),
        "quote 190.20 100 190.25 50\n"
        "bracket buy 100 190.25 / sell 100 195 / sell 100 stp 170 ->"
        " accepted 1, accepted 2, accepted 3, filled 1 50 190.25, released 2 50, released 3 50\n"
        "quote 195.00 500 195.10 50 -> filled 2 50 195.00, reduced 3 50\n"
        f"modify 3 sell {size} stp 171 -> modified 3\n"
        "quote 169.00 500 195.10 50 last 169.00 ->\n"
        "quote 190.20 100 190.25 50 -> filled 1 50 190.25, released 2 100, released 3 50\n"
        "quote 169.00 500 195.10 50 last 169.00 -> triggered 3, filled 3 50 169.00, cancelled 2\n",
    )


def test_exits_of_a_cash_account_are_changed_and_added_in_each_others_place() -> None:
    play(
        open_kernel("100000", kind="CASH"),
        "quote 190.20 100 190.25 500\n"
        "bracket buy 100 / sell 100 200 / sell 100 stp 180 ->"
        " accepted 1, accepted 2, accepted 3, filled 1 100 190.25, released 2 100, released 3 100\n"
        "modify 2 sell 100 201 -> modified 2\n"
        "modify 3 sell 100 stp 181 -> modified 3\n"
        "modify 3 sell 101 stp 181 -> refused short_not_allowed\n"
        "buy 50 as=other -> accepted 4, filled 4 50 190.25\n"
        "sell 50 202 of=other -> accepted 5\n"
        "sell 50 stp 182 of=other -> accepted 6\n"
        "sell 1 -> refused short_not_allowed\n",
    )


def test_members_of_a_group_of_sales_are_changed_in_each_others_place() -> None:
    play(
        open_kernel("100000", kind="CASH"),
        "quote 190.20 100 190.25 500\n"
        "buy 100 -> accepted 1, filled 1 100 190.25\n"
        "group sell 100 200 / sell 100 stp 180 -> accepted 2, accepted 3\n"
        "modify 2 sell 100 201 -> modified 2\n"
        "modify 3 sell 101 stp 181 -> refused short_not_allowed\n",
    )
