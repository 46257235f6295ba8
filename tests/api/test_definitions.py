"""Definitions: numbers with a point, increments in steps, what pairs and indices leave out."""

from decimal import Decimal

import msgspec
import pytest

from paperdesk.api.definitions import definition, increment_steps, with_point
from paperdesk.base.ids import Conid
from paperdesk.market.catalogue import Catalogue, load_catalogue

encode = msgspec.json.Encoder(decimal_format="number").encode


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("3", b"3.0"),
        ("0", b"0.0"),
        ("0.0100", b"0.01"),
        ("0.00005", b"0.00005"),
        ("1E+2", b"100.0"),
    ],
)
def test_numbers_leave_with_a_decimal_point(number: str, text: bytes) -> None:
    assert encode(with_point(Decimal(number))) == text


def test_increments_are_steps(catalogue: Catalogue) -> None:
    steps = increment_steps(catalogue.contract(Conid(12087792)))

    assert encode(steps) == b'[{"lowerEdge":0.0,"increment":0.00005}]'


def test_pair_has_currencies_and_no_company(catalogue: Catalogue) -> None:
    told = definition(catalogue.contract(Conid(12087792)))

    assert (told.asset_class, told.full_name, told.ticker) == ("CASH", "EUR.USD", "EUR")
    assert (told.base_currency, told.cross_currency) == ("EUR", "USD")
    assert (told.country_code, told.sector, told.type) == (None, None, None)
    assert not told.is_us


def test_index_is_american_and_has_options(catalogue: Catalogue) -> None:
    told = definition(catalogue.contract(Conid(416904)))

    assert (told.asset_class, told.is_us, told.has_options) == ("IND", True, True)
    assert told.base_currency is None
