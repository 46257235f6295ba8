from decimal import Decimal

import pytest
from tests.kernel.books import STOCK, TRIPLE

from paperdesk.base.calendar import day_of
from paperdesk.kernel.rules import requirements
from paperdesk.kernel.rules.requirements import NOTHING, Requirement

RATES = requirements.stock_margin(day_of(2026, 6, 10))


@pytest.mark.parametrize(
    ("size", "price", "initial", "maintenance", "reg_t"),
    [
        ("100", "20", "500", "500", "1000"),
        ("-100", "20", "600", "600", "1000"),
        ("-100", "16.67", "500.1", "500.1", "833.5"),
        ("-100", "16", "500", "500", "800"),
        ("-100", "4", "400", "400", "200"),
        ("-100", "1", "250", "250", "50"),
    ],
)
def test_stock_asks_for_a_part_of_its_value(
    size: str, price: str, initial: str, maintenance: str, reg_t: str
) -> None:
    asked = requirements.of_stock(RATES, STOCK, Decimal(size), Decimal(price))

    assert asked == Requirement(Decimal(initial), Decimal(maintenance), Decimal(reg_t))


def test_leveraged_fund_asks_for_no_more_than_its_value() -> None:
    long = requirements.of_stock(RATES, TRIPLE, Decimal(100), Decimal(100))
    short = requirements.of_stock(RATES, TRIPLE, Decimal(-100), Decimal(100))

    assert (long.initial, long.reg_t) == (Decimal(7500), Decimal(10000))
    assert (short.initial, short.maintenance) == (Decimal(9000), Decimal(9000))


def test_largest_debt_is_set_off_first_against_the_cheapest_credit() -> None:
    asked = requirements.of_currencies(
        {
            "USD": Decimal(50000),
            "EUR": Decimal(110000),
            "JPY": Decimal(-61200),
            "AUD": Decimal(-19800),
        }
    )

    assert asked.initial == Decimal(2430)
    assert asked.maintenance == Decimal(50000) * Decimal("0.025") + Decimal(31000) * Decimal("0.03")


def test_debt_without_a_credit_asks_for_its_own_haircut() -> None:
    assert requirements.of_currencies({"USD": Decimal(-1000)}).initial == 25


def test_credits_alone_ask_for_nothing() -> None:
    assert requirements.of_currencies({"USD": Decimal(1), "EUR": Decimal(2)}) == NOTHING


def test_currency_that_the_table_does_not_name_asks_for_a_fifth() -> None:
    assert requirements.of_currencies({"ZZZ": Decimal(-1000), "USD": Decimal(5000)}).initial == 200
