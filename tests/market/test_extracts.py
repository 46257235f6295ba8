from decimal import Decimal
from fractions import Fraction

from paperdesk.market.actions import ONE
from paperdesk.market.extracts import money_of, size_of


def test_numbers_become_money_in_later_shares() -> None:
    assert money_of(Decimal("0.01"), ONE)(12_345) == Decimal("123.45")
    assert money_of(Decimal("0.01"), Fraction(4))(12_345) == Decimal("30.8625")


def test_volumes_become_later_shares() -> None:
    assert size_of(1_001, ONE) == 1_001
    assert size_of(1_001, Fraction(3, 2)) == 1_501
