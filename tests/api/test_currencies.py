"""Currencies: pairs from either side, rates by the middle of the market."""

from collections.abc import Iterable
from decimal import Decimal
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import msgspec
import pytest

from paperdesk.api.currencies import exchange_rate, pairs, routes
from paperdesk.api.leniency import query
from paperdesk.api.route import BadRequest, Call, Empty, Tier
from paperdesk.base.ids import Conid
from paperdesk.kernel.messages.quotes import Quote
from paperdesk.kernel.state.quotes import Quotes
from paperdesk.kernel.state.world import Contracts
from paperdesk.market.catalogue import Catalogue, load_catalogue

if TYPE_CHECKING:
    from paperdesk.auth.roster import Roster
    from paperdesk.auth.sessions import Session
    from paperdesk.desk.desk import Desk

EUR_USD, USD_JPY = Conid(12087792), Conid(15016059)
MARKET = {
    EUR_USD: ("1.15995", "1.16005"),
    USD_JPY: ("156.00", "156.01"),
}

encode = msgspec.json.Encoder(decimal_format="number").encode


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def quote(conid: Conid, bid: str, ask: str) -> Quote:
    return Quote(
        conid=conid,
        at=0,
        bid=Decimal(bid),
        bid_size=Decimal(1_000_000),
        ask=Decimal(ask),
        ask_size=Decimal(1_000_000),
        last=None,
        last_size=Decimal(0),
        last_at=0,
        volume=Decimal(0),
        is_open=True,
        is_regular=True,
    )


class Observing:
    """A desk that knows a price only after it has looked."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.world = SimpleNamespace(
            contracts=Contracts(catalogue.by_conid, catalogue.calendars), quotes=Quotes({})
        )

    def observe(self, conids: Iterable[Conid]) -> None:
        for conid in conids:
            if conid in MARKET:
                self.world.quotes.by_conid[conid] = quote(conid, *MARKET[conid])


def call(catalogue: Catalogue, parameters: str) -> Call[Empty]:
    return Call(
        desk=cast("Desk", Observing(catalogue)),
        roster=cast("Roster", None),
        session=cast("Session", None),
        path={},
        query=query(parameters.encode()),
        body=Empty(),
        now=0,
    )


def told(answer: object) -> Any:  # noqa: ANN401 - as JSON is
    return msgspec.json.decode(encode(answer))


def test_both_routes_need_a_brokerage_session() -> None:
    assert routes.tier is Tier.BROKERAGE
    assert [route.path for route in routes.routes] == [
        "/iserver/currency/pairs",
        "/iserver/exchangerate",
    ]


def test_pairs_name_the_other_currency(catalogue: Catalogue) -> None:
    rows = told(pairs(call(catalogue, "currency=usd")))["USD"]

    assert {"symbol": "USD.JPY", "conid": 15016059, "ccyPair": "JPY"} in rows
    assert {"symbol": "EUR.USD", "conid": 12087792, "ccyPair": "EUR"} in rows
    assert all("USD" in row["symbol"] for row in rows)
    assert "USD.RUB" not in {row["symbol"] for row in rows}


def test_unknown_currency_has_no_pairs(catalogue: Catalogue) -> None:
    assert told(pairs(call(catalogue, "currency=ZZZ"))) == {"ZZZ": []}


@pytest.mark.parametrize(
    ("parameters", "text"),
    [
        ("source=EUR&target=USD", b'{"rate":1.16}'),
        ("Source=USD&Target=EUR", b'{"rate":0.86206897}'),
        ("source=USD&target=USD", b'{"rate":1.0}'),
        ("source=XYZ&target=XYZ", None),
        ("source=USD&target=JPY", b'{"rate":156.005}'),
        ("source=JPY&target=USD", b'{"rate":0.00641005}'),
    ],
)
def test_rate_is_how_many_of_the_target_one_of_the_source_is(
    catalogue: Catalogue, parameters: str, text: bytes | None
) -> None:
    if text is None:
        with pytest.raises(BadRequest):
            exchange_rate(call(catalogue, parameters))
        return
    assert encode(exchange_rate(call(catalogue, parameters))) == text


def test_rate_that_no_pair_shows_is_crossed_through_the_dollar(catalogue: Catalogue) -> None:
    assert catalogue.fx_pair("ILS", "JPY") is None
    shekel = catalogue.fx_pair("USD", "ILS")
    assert shekel is not None

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(MARKET, shekel.conid, ("3.2500", "3.2500"))
        crossed = told(exchange_rate(call(catalogue, "source=ILS&target=JPY")))

    assert crossed == {"rate": 48.00153846}


@pytest.mark.parametrize("parameters", ["", "source=USD", "target=USD", "source=USD&target=CHF"])
def test_rate_needs_two_currencies_and_a_price(catalogue: Catalogue, parameters: str) -> None:
    with pytest.raises(BadRequest, match="Bad Request: "):
        exchange_rate(call(catalogue, parameters))


def test_pairs_need_a_currency(catalogue: Catalogue) -> None:
    with pytest.raises(BadRequest, match="currency is required"):
        pairs(call(catalogue, ""))
