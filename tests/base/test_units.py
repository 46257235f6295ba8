from decimal import Decimal

import pytest

from paperdesk.base.units import down_to_step, is_multiple, quotient, to_step, up_to_step

CENT = Decimal("0.01")


@pytest.mark.parametrize(
    ("dividend", "divisor", "expected"),
    [("1", "3", "0.33333333"), ("2", "3", "0.66666667"), ("-1", "3", "-0.33333333")],
)
def test_quotient_has_eight_places(dividend: str, divisor: str, expected: str) -> None:
    assert quotient(Decimal(dividend), Decimal(divisor)) == Decimal(expected)


@pytest.mark.parametrize(("value", "expected"), [("0.125", "0.12"), ("0.135", "0.14")])
def test_quotient_rounds_a_tie_to_even(value: str, expected: str) -> None:
    assert quotient(Decimal(value), Decimal(1), CENT) == Decimal(expected)


@pytest.mark.parametrize(
    ("value", "nearest", "down", "up"),
    [
        ("190.254", "190.25", "190.25", "190.26"),
        ("190.255", "190.26", "190.25", "190.26"),
        ("190.25", "190.25", "190.25", "190.25"),
        ("-0.014", "-0.01", "-0.02", "-0.01"),
    ],
)
def test_value_goes_to_a_step_as_the_function_is_named(
    value: str, nearest: str, down: str, up: str
) -> None:
    assert to_step(Decimal(value), CENT) == Decimal(nearest)
    assert down_to_step(Decimal(value), CENT) == Decimal(down)
    assert up_to_step(Decimal(value), CENT) == Decimal(up)


@pytest.mark.parametrize(("value", "expected"), [("190.25", True), ("190.255", False), ("0", True)])
def test_multiple_of_a_step(value: str, expected: bool) -> None:
    assert is_multiple(Decimal(value), CENT) is expected
