from decimal import Decimal

from tests.kernel.books import STOCK
from tests.tape import open_kernel, play


def test_money_buys_as_much_as_it_can() -> None:
    play(
        open_kernel(),
        """
        quote 190.20 100 190.25 60
        buy $500                     -> accepted 1, filled 1 2.6281 190.25
        """,
    )


def test_cash_order_ends_once_its_money_is_spent() -> None:
    kernel = open_kernel()
    play(
        kernel,
        """
        quote 99.95 100 100.00 2
        buy $500                     -> accepted 1, filled 1 2 100.00
        quote 149.95 100 150.00 60   -> filled 1 2 150.00, cancelled 1
        """,
    )
    (order,) = kernel.world.orders.by_id.values()
    assert order.filled_value == Decimal(500)
    assert order.reason == "The cash quantity has been spent."


def test_money_buys_currency_in_whole_units() -> None:
    play(
        open_kernel(),
        """
        quote 1.10000 5000000 1.10010 5000000 fx
        buy $50000 fx                -> accepted 1, filled 1 45450 1.10010
        """,
    )


def test_small_order_of_currencies_is_an_odd_lot() -> None:
    kernel = open_kernel()
    play(
        kernel,
        """
        quote 1.10000 5000000 1.10010 5000000 fx
        buy 19999 fx                 -> accepted 1, filled 1 19999 1.10010
        buy 20000 fx                 -> accepted 2, filled 2 20000 1.10010
        """,
    )
    assert [row.exchange for row in kernel.world.orders.executions.values()] == [
        "FXCONV",
        "IDEALPRO",
    ]


def test_fractions_are_bought_and_sold_and_not_sold_short() -> None:
    play(
        open_kernel(),
        """
        quote 190.20 100 190.25 60
        buy 1.5                      -> accepted 1, filled 1 1.5 190.25
        sell 1.6                     -> refused invalid_size
        sell 1 195                   -> accepted 2
        modify 2 sell 1.6 195        -> refused invalid_size
        cancel 2                     -> cancelled 2
        sell 1.5                     -> accepted 3, filled 3 1.5 190.20
        """,
    )


def test_fractions_that_wait_are_not_sold_short_when_they_trade() -> None:
    play(
        open_kernel(),
        """
        quote 190.20 100 190.25 60
        buy 1                        -> accepted 1, filled 1 1 190.25
        sell 0.5 195                 -> accepted 2
        sell 0.8                     -> accepted 3, filled 3 0.8 190.20
        sell 1                       -> refused invalid_size
        quote 196 100 196.10 60      -> cancelled 2
        """,
    )


def test_part_of_an_order_that_has_sold_fractions_is_changed() -> None:
    play(
        open_kernel(),
        """
        quote 190.20 1 190.25 60
        buy 1.5                      -> accepted 1, filled 1 1.5 190.25
        sell 1.5 190.20              -> accepted 2, filled 2 1 190.20
        modify 2 sell 1.5 190.22     -> modified 2
        """,
    )


def test_all_or_none_waits_behind_others_until_there_is_enough() -> None:
    play(
        open_kernel(),
        """
        quote 190.20 100 190.25 60
        buy 100 190.30 aon           -> accepted 1
        buy 10 190.25                -> accepted 2, filled 2 10 190.25
        quote 190.20 100 190.25 100  -> filled 1 100 190.25
        """,
    )


def test_order_may_turn_a_long_position_short() -> None:
    kernel = open_kernel()
    play(
        kernel,
        """
        quote 190.20 100 190.25 60
        buy 10                       -> accepted 1, filled 1 10 190.25
        sell 30                      -> accepted 2, filled 2 30 190.20
        """,
    )
    assert kernel.world.ledger.size("DU1234567", STOCK.conid) == -20  # type: ignore[arg-type]


def test_stop_that_the_account_cannot_afford_any_more_is_cancelled() -> None:
    kernel = open_kernel("10000")
    play(
        kernel,
        """
        quote 100.00 500 100.05 500
        buy 300 stp 101              -> accepted 1
        buy 300                      -> accepted 2, filled 2 300 100.05
        quote 101.00 500 101.05 500  -> triggered 1, cancelled 1
        """,
    )
    first, *_ = kernel.world.orders.by_id.values()
    assert "MUST EXCEED THE INITIAL MARGIN" in first.reason


def test_market_order_that_waited_is_paid_for_or_cancelled() -> None:
    play(
        open_kernel("10000"),
        """
        quote 100.00 500 - 0 last 100
        buy 350                      -> accepted 1
        clock +1
        quote 130.00 500 130.05 500  -> cancelled 1
        """,
    )


def test_orders_that_the_account_affords_alone_do_not_all_trade() -> None:
    kernel = open_kernel("10000")
    play(
        kernel,
        """
        quote 100.00 500 100.05 500
        buy 350 99                   -> accepted 1
        buy 350 98                   -> accepted 2
        clock +1
        quote 98.90 500 98.95 500    -> filled 1 350 98.95
        sell 350 102                 -> accepted 3
        quote 97.90 500 97.95 500    -> cancelled 2
        quote 102.00 500 102.05 500  -> filled 3 350 102.00
        """,
    )
    second = list(kernel.world.orders.by_id.values())[1]
    assert "MUST EXCEED THE INITIAL MARGIN" in second.reason
