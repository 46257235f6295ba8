from tests.tape import USER, open_kernel, play

from paperdesk.kernel.kernel import Kernel
from paperdesk.kernel.messages.presets import Presets, SetPresets


def test_questions_come_one_after_another() -> None:
    play(
        open_kernel(asks=True),
        """
        quote 190.20 100 190.25 60
        buy 600 184                  -> asked o163
        yes                          -> answered, asked o383
        yes                          -> answered, asked o451
        yes                          -> answered, accepted 1
        """,
    )


def test_declined_question_lets_the_order_go() -> None:
    play(
        open_kernel(asks=True),
        """
        quote 190.20 100 190.25 60
        buy 1 184                    -> asked o163
        no                           -> answered
        yes                          -> refused unknown_question
        """,
    )


def test_another_order_makes_a_waiting_question_void() -> None:
    play(
        open_kernel(asks=True),
        """
        quote 190.20 100 190.25 60
        buy 1 184                    -> asked o163
        buy 1 190                    -> dropped, accepted 1
        yes                          -> refused question_void
        buy 1 184                    -> asked o163
        cancel 1                     -> dropped, cancelled 1
        """,
    )


def careful() -> Kernel:
    """Return a desk whose user is asked about everything each time."""
    kernel = open_kernel(asks=True)
    always = Presets(market_order_question="always", stop_question="always", own_crosses=True)
    kernel.handle(SetPresets(user_name=USER, presets=always))
    return kernel


def test_market_orders_outside_regular_hours_are_asked_about() -> None:
    play(
        open_kernel(asks=True, at="2026-06-10 08:00"),
        """
        quote 190.20 100 190.25 60 pre
        buy 1                        -> asked o10151
        yes                          -> answered, accepted 1
        clock 2026-06-10 09:30       -> released 1
        quote 190.20 100 190.25 60   -> filled 1 1 190.25
        sell 1                       -> accepted 2, filled 2 1 190.20
        """,
        suppressed=(),
    )


def test_market_orders_and_stops_may_be_asked_about_each_time() -> None:
    play(
        careful(),
        """
        quote 190.20 100 190.25 60
        buy 1                        -> asked o10151
        yes                          -> answered, accepted 1, filled 1 1 190.25
        sell 1 stp 180               -> asked o10331
        yes                          -> answered, asked o10152
        yes                          -> answered, accepted 2
        sell 1 stplmt 191 190        -> asked o10331
        """,
        suppressed=(),
    )


def test_suppressed_questions_count_as_confirmed() -> None:
    play(
        open_kernel(asks=True),
        """
        quote 190.20 100 190.25 60
        buy 600 184                  -> accepted 1
        """,
        suppressed=("o163", "o383", "o451"),
    )


def test_order_that_could_trade_with_ones_own_is_asked_about() -> None:
    play(
        careful(),
        """
        quote 190.20 100 190.25 60
        buy 1 190.22                 -> accepted 1
        sell 1 190.23                -> accepted 2
        sell 1 190.21                -> asked o2137
        """,
    )


def test_closing_a_position_cancels_what_is_open_first() -> None:
    play(
        open_kernel(),
        """
        quote 190.20 100 190.25 100
        buy 30                       -> accepted 1, filled 1 30 190.25
        sell 10 200                  -> accepted 2
        sell 30 close                -> asked
        yes                          -> answered, cancelled 2, accepted 3, filled 3 30 190.20
        """,
    )


def test_modification_is_asked_about_too() -> None:
    play(
        open_kernel(asks=True),
        """
        quote 190.20 100 190.25 60
        buy 1 189                    -> accepted 1
        modify 1 buy 1 180           -> asked o163
        yes                          -> answered, modified 1
        """,
    )
