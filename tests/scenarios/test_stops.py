from tests.tape import open_kernel, play


def test_stop_goes_by_the_last_trade_and_trades_at_the_bid() -> None:
    play(
        open_kernel(),
        """
        quote 190.20 100 190.25 60
        sell 10 stp 185              -> accepted 1
        quote 184.00 100 190.25 60 last 185.01
        quote 184.90 100 185.10 60 last 185.00 -> triggered 1, filled 1 10 184.90
        """,
    )


def test_stop_of_currencies_goes_by_the_other_side_of_the_quote() -> None:
    play(
        open_kernel(),
        """
        quote 1.10000 5000000 1.10010 5000000 fx
        buy 50000 fx stp 1.10500     -> accepted 1
        sell 50000 fx stp 1.09500    -> accepted 2
        quote 1.10490 5000000 1.10510 5000000 fx
        quote 1.10500 5000000 1.10520 5000000 fx -> triggered 1, filled 1 50000 1.10520
        quote 1.09490 5000000 1.09510 5000000 fx
        quote 1.09480 5000000 1.09500 5000000 fx -> triggered 2, filled 2 50000 1.09480
        """,
    )


def test_stop_limit_waits_at_its_limit_once_it_has_fired() -> None:
    play(
        open_kernel(),
        """
        quote 190.20 100 190.25 60
        sell 10 stplmt 185 184.50    -> accepted 1
        quote 184.00 100 184.20 60   -> triggered 1
        quote 184.49 100 184.60 60
        quote 184.50 100 184.60 60   -> filled 1 10 184.50
        """,
    )


def test_trailing_stop_follows_the_market_and_never_comes_back() -> None:
    play(
        open_kernel(),
        """
        quote 190.20 100 190.25 60 last 190.20
        sell 10 trail 5              -> accepted 1
        quote 192.00 100 192.10 60 last 192.00 -> moved 1 187.00
        quote 191.00 100 191.10 60 last 191.00
        high 1 193.50                -> moved 1 188.50
        high 1 193.00
        quote 188.40 100 188.60 60 last 188.50 -> triggered 1, filled 1 10 188.40
        """,
    )


def test_trailing_buy_in_per_cent_is_rounded_away_from_the_market() -> None:
    play(
        open_kernel(),
        """
        quote 100.00 100 100.05 60 last 100.00
        buy 10 trail 5%              -> accepted 1
        quote 90.00 100 90.05 60 last 90.01 -> moved 1 94.52
        quote 94.50 100 94.55 60 last 94.52 -> triggered 1, filled 1 10 94.55
        """,
    )


def test_trailing_limit_keeps_its_distance_from_the_stop() -> None:
    kernel = open_kernel()
    play(
        kernel,
        """
        quote 190.20 100 190.25 60 last 190.20
        sell 10 traillmt 5 185.20 185.00 -> accepted 1
        quote 192.20 100 192.25 60 last 192.20 -> moved 1 187.20
        """,
    )

    (order,) = kernel.world.orders.by_id.values()
    assert str(order.limit_price) == "187.00"


def test_first_stop_of_a_trailing_order_may_be_given() -> None:
    play(
        open_kernel(),
        """
        quote 190.20 100 190.25 60 last 190.20
        sell 10 trail 5 188          -> accepted 1
        quote 192.90 100 193.00 60 last 192.90
        quote 193.10 100 193.20 60 last 193.10 -> moved 1 188.10
        sell 10 trail 5 150          -> accepted 2, moved 2 188.10
        """,
    )


def test_print_of_extended_hours_fires_no_stop_of_regular_ones() -> None:
    play(
        open_kernel(at="2026-06-10 08:00"),
        """
        sell 10 stp 185 gtc          -> accepted 1
        sell 10 stplmt 185 180 gtc outside -> accepted 2
        quote 183.90 100 184.10 60 last 184.00 pre -> triggered 2, filled 2 10 183.90
        clock 2026-06-10 09:30       -> released 1
        quote 183.90 100 184.10 60 last 184.00 -> triggered 1, filled 1 10 183.90
        """,
    )
