"""Formats: every encoding writes what the real service writes."""

from decimal import Decimal

import pytest

from paperdesk.api import formats


@pytest.mark.parametrize(
    ("price", "decimals", "most", "told"),
    [
        ("300", 2, None, "300.00"),
        ("190.255", 2, None, "190.26"),
        ("1.163", 5, None, "1.16300"),
        ("190.2533333333", 2, 8, "190.25333333"),
        ("190.25", 2, 8, "190.25"),
        ("1", 0, 8, "1"),
        ("-37.63", 2, None, "-37.63"),
    ],
)
def test_price_has_the_decimals_of_its_contract(
    price: str, decimals: int, most: int | None, told: str
) -> None:
    assert formats.price_text(Decimal(price), decimals, most) == told


@pytest.mark.parametrize(
    ("number", "told"),
    [
        ("0", "0"),
        ("950", "950"),
        ("1000", "1.00K"),
        ("81234", "81.2K"),
        ("24214233", "24.2M"),
        ("524000000", "524M"),
        ("1310000000", "1.31B"),
    ],
)
def test_large_number_is_three_digits_and_a_letter(number: str, told: str) -> None:
    assert formats.abbreviated(Decimal(number)) == told


@pytest.mark.parametrize(
    ("number", "told"), [("1200", "1,200"), ("300", "300"), ("12345.5", "12,345.5")]
)
def test_size_has_thousands_separators(number: str, told: str) -> None:
    assert formats.commas(Decimal(number)) == told


@pytest.mark.parametrize(("number", "told"), [("10.000", "10"), ("0.50", "0.5"), ("1E+2", "100")])
def test_plain_number_has_no_trailing_zeros_and_no_exponent(number: str, told: str) -> None:
    assert formats.plain(Decimal(number)) == told


def test_fraction_is_told_in_per_cent() -> None:
    assert formats.percent(Decimal("0.319"), 1) == "31.9%"
    assert formats.percent(Decimal("-0.00984"), 2) == "-0.98%"


def test_amount_is_told_in_whole_units() -> None:
    assert formats.whole(Decimal("994830.6")) == "994,831"
    assert formats.whole(Decimal("-0.2")) == "0"


def test_one_instant_in_each_spelling() -> None:
    at = 1_788_875_891_250_000

    assert formats.epoch_ms(at) == 1_788_875_891_250
    assert formats.dashed_time(at) == "20260908-13:58:11"
    assert formats.compact_time(at) == "260908135811"


def test_day_is_told_as_eight_digits() -> None:
    assert formats.day_text(20_704) == "20260908"
