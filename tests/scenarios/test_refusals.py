import pytest
from tests.tape import open_kernel, play

QUOTE = "quote 190.20 100 190.25 100\n"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("buy 0 190", "size_not_positive"),
        ("buy -5 190", "size_not_positive"),
        ("buy NaN 190", "invalid_size"),
        ("buy 1E+12 190", "invalid_size"),
        ("buy 0.00001 190", "invalid_size"),
        ("sell 0.5 191", "invalid_size"),
        ("buy 600000 180", "size_too_large"),
        ("buy 10 190.255", "price_off_increment"),
        ("buy 10 stp 195.001", "price_off_increment"),
        ("buy 10 -190", "invalid_price"),
        ("buy 10 0", "invalid_price"),
        ("buy 10 Infinity", "invalid_price"),
        ("buy 10 stp", "invalid_price"),
        ("buy 10 stplmt 195", "invalid_price"),
        ("buy 10 trail", "invalid_price"),
        ("buy 10 trail -1", "invalid_price"),
        ("buy 10 trail 100%", "invalid_price"),
        ("buy 10 trail 0.005", "price_off_increment"),
        ("sell 10 trail 191", "invalid_price"),
        ("buy 10 210", "price_too_far"),
        ("sell 10 170", "price_too_far"),
        ("buy 30000 190.25", "insufficient_funds"),
        ("buy 9000000 fx 1.1", "size_too_large"),
        ("buy $0.001", "invalid_size"),
        ("sell 10 195 of=nobody", "unknown_parent"),
    ],
)
def test_order_is_refused(said: str, code: str) -> None:
    play(open_kernel(), f"{QUOTE}{said} -> refused {code}")


def test_customer_order_id_is_used_once_a_day() -> None:
    play(
        open_kernel(),
        """
        quote 190.20 100 190.25 100
        buy 10 180 as=mine           -> accepted 1
        buy 10 180 as=mine           -> refused duplicate_order
        cancel 1                     -> cancelled 1
        buy 10 180 as=mine           -> refused duplicate_order
        clock 2026-06-11 09:59
        buy 10 180 as=mine           -> refused duplicate_order
        clock 2026-06-11 10:00
        buy 10 180 as=mine           -> accepted 2
        """,
    )


def test_sixteenth_order_of_a_side_is_refused() -> None:
    orders = "".join(f"buy 1 180 -> accepted {n}\n" for n in range(1, 16))

    play(
        open_kernel(),
        f"{QUOTE}{orders}buy 1 180 -> refused too_many_orders\nsell 1 200 -> accepted 16\n"
        "cancel 1 -> cancelled 1\nbuy 1 180 -> accepted 17\n",
    )


def test_cash_account_sells_what_it_holds_and_pays_what_it_has() -> None:
    play(
        open_kernel("2000", kind="CASH"),
        """
        quote 190.20 100 190.25 100
        sell 1 195                   -> refused short_not_allowed
        buy 11 190.25                -> refused insufficient_funds
        buy 5                        -> accepted 1, filled 1 5 190.25
        sell 6 195                   -> refused short_not_allowed
        sell 5 195                   -> accepted 2
        """,
    )


def test_nothing_is_cancelled_or_modified_twice() -> None:
    play(
        open_kernel(),
        """
        quote 190.20 100 190.25 100
        buy 10                       -> accepted 1, filled 1 10 190.25
        cancel 1                     -> refused order_not_open
        modify 1 buy 20              -> refused order_not_modifiable
        """,
    )


def test_exits_of_a_cash_account_reserve_what_their_parent_has_traded_once() -> None:
    play(
        open_kernel("10000", kind="CASH"),
        "quote 100.00 100 100.05 100\n"
        "bracket buy 10 95 / sell 10 110 / sell 10 stp 90 -> accepted 1, accepted 2, accepted 3\n"
        "buy 5 100 -> accepted 4\n"
        "sell 1 110 -> refused short_not_allowed\n"
        "quote 94 100 95 100 -> filled 4 5 95, filled 1 10 95, released 2 10, released 3 10\n"
        "sell 6 110 -> refused short_not_allowed\n"
        "sell 5 110 -> accepted 5\n",
    )
