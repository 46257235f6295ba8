from tests.tape import open_kernel, play


def test_day_order_ends_with_its_session() -> None:
    play(
        open_kernel(),
        """
        quote 190.20 100 190.25 60
        buy 10 180                   -> accepted 1
        buy 10 180 outside           -> accepted 2
        clock 2026-06-10 15:59
        clock 2026-06-10 16:00       -> cancelled 1
        clock 2026-06-10 20:00       -> cancelled 2
        """,
    )


def test_order_after_the_close_waits_for_the_next_open() -> None:
    play(
        open_kernel(at="2026-06-12 17:00"),
        """
        buy 10 180                   -> accepted 1
        sell 10 250 gtc outside      -> accepted 2
        clock 2026-06-12 20:00       -> held 2
        clock 2026-06-15 04:00       -> released 2
        clock 2026-06-15 09:30       -> released 1
        quote 179.00 100 179.10 60   -> filled 1 10 179.10
        """,
    )


def test_good_till_cancelled_order_waits_overnight_and_ends_with_the_next_quarter() -> None:
    play(
        open_kernel(at="2026-06-29 10:00"),
        """
        buy 10 180 gtc               -> accepted 1
        clock 2026-06-29 17:00       -> held 1
        clock 2026-06-30 09:31       -> released 1
        """,
    )
    kernel = open_kernel(at="2026-06-29 10:00")
    play(kernel, "buy 10 180 gtc -> accepted 1")
    (order,) = kernel.world.orders.by_id.values()
    play(kernel, "clock 2026-09-30 15:59 -> " + ", ".join(["held 1, released 1"] * 65))
    play(kernel, "clock 2026-09-30 16:00 -> cancelled 1")
    assert order.reason == "The order has expired."


def test_good_till_date_order_ends_at_its_instant() -> None:
    play(
        open_kernel(),
        """
        buy 10 180 gtd               -> refused time_in_force_not_supported
        buy 10 180 gtd until=2026-06-10T09:00 -> refused time_in_force_not_supported
        buy 10 180 gtd until=2026-06-11T12:00 -> accepted 1
        clock 2026-06-11 12:00       -> held 1, released 1, cancelled 1
        """,
    )


def test_immediate_order_needs_an_open_market() -> None:
    play(
        open_kernel(at="2026-06-10 08:00"),
        """
        buy 10 180 ioc               -> refused market_closed
        buy 10 180 ioc outside       -> accepted 1, cancelled 1
        """,
    )


def test_market_order_of_a_stock_ignores_extended_hours() -> None:
    kernel = open_kernel(at="2026-06-10 08:00")
    play(
        kernel,
        """
        quote 190.20 100 190.25 60 pre
        buy 10 outside               -> accepted 1
        buy 10 191 outside           -> accepted 2, filled 2 10 190.25
        """,
    )
    assert "will not be placed at the exchange until 2026-06-10 09:30:00" in (
        next(iter(kernel.world.orders.by_id.values())).warning
    )
