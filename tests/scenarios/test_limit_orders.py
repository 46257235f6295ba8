from tests.tape import open_kernel, play


def test_limit_orders_take_turns_by_price_then_time() -> None:
    play(
        open_kernel(),
        """
        quote 190.20 100 190.25 60
        buy 100 190.30               -> accepted 1, filled 1 60 190.25
        buy  50 190.31               -> accepted 2
        buy  10 190.10               -> accepted 3
        quote 190.20 100 190.28 70   -> filled 2 50 190.28, filled 1 20 190.28
        quote 190.20 100 190.28 500  -> filled 1 20 190.28
        quote 190.00 100 190.10 500  -> filled 3 10 190.10
        """,
    )


def test_size_that_the_desk_has_taken_stays_taken_until_the_quote_changes() -> None:
    play(
        open_kernel(),
        """
        quote 190.20 100 190.25 60
        buy 40 190.25                -> accepted 1, filled 1 40 190.25
        buy 40 190.25                -> accepted 2, filled 2 20 190.25
        quote 190.20 100 190.25 60
        buy 10                       -> accepted 3
        quote 190.20 100 190.25 61   -> filled 3 10 190.25, filled 2 20 190.25
        """,
    )


def test_order_trades_at_the_touch_and_not_at_its_limit() -> None:
    play(
        open_kernel(),
        """
        quote 190.20 100 190.25 100
        buy 10 195                   -> accepted 1, filled 1 10 190.25
        sell 10 185                  -> accepted 2, filled 2 10 190.20
        """,
    )


def test_trade_at_its_price_does_not_fill_a_resting_order() -> None:
    play(
        open_kernel(),
        """
        quote 0.25 100 0.50 100 last 0.25
        sell 10 0.50                 -> accepted 1
        quote 0.25 100 0.50 100 last 0.50
        quote 0.50 100 0.75 100      -> filled 1 10 0.50
        """,
    )


def test_model_alone_fills_everything_at_once() -> None:
    play(
        open_kernel(fill="alone"),
        """
        quote 190.20 1 190.25 1
        buy 400 190.25               -> accepted 1, filled 1 400 190.25
        buy 400 190.10               -> accepted 2
        quote 190.00 1 190.05 1      -> filled 2 400 190.05
        """,
    )


def test_immediate_order_does_not_rest() -> None:
    play(
        open_kernel(),
        """
        quote 190.20 100 190.25 60
        buy 100 190.25 ioc           -> accepted 1, filled 1 60 190.25, cancelled 1
        buy 100 180 ioc              -> accepted 2, cancelled 2
        buy 10 stp 195 ioc           -> refused time_in_force_not_supported
        """,
    )


def test_market_order_waits_for_somebody_to_trade_with() -> None:
    play(
        open_kernel(),
        """
        quote 190.20 100 - 0
        buy 100                      -> accepted 1
        quote 190.20 100 190.25 60   -> filled 1 60 190.25
        quote 190.20 100 190.30 60   -> filled 1 40 190.30
        """,
    )


def test_halted_contract_trades_nothing() -> None:
    play(
        open_kernel(),
        """
        quote 190.20 100 190.25 60 halted
        buy 10 191                   -> accepted 1
        buy 10 ioc                   -> accepted 2, cancelled 2
        sell 10 stp 195              -> accepted 3
        quote 190.20 100 190.25 60   -> triggered 3, filled 1 10 190.25, filled 3 10 190.20
        """,
    )
