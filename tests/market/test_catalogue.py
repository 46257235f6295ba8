"""The catalogue: contracts by conid, symbol, name and pair, and where they come from."""

import runpy
import zlib
from collections import Counter
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from paperdesk.base.errors import UnknownContract
from paperdesk.base.ids import Conid
from paperdesk.kernel.state.contracts import SecurityType
from paperdesk.market import calendars
from paperdesk.market.catalogue import (
    INVENTED_MAX,
    INVENTED_MIN,
    Catalogue,
    Content,
    invented_conid,
    load_catalogue,
)

AAPL, EUR_USD, SPX, SPY = Conid(265598), Conid(12087792), Conid(416904), Conid(756733)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def test_apple_is_what_the_real_service_says(catalogue: Catalogue) -> None:
    apple = catalogue.contract(AAPL)

    assert (apple.symbol, apple.name) == ("AAPL", "APPLE INC")
    assert (apple.primary_exchange, apple.listing_exchange) == ("NASDAQ", "NASDAQ.NMS")
    assert (apple.trading_class, apple.stock_type) == ("NMS", "COMMON")
    assert (apple.sector, apple.group) == ("Technology", "Computers")
    assert apple.exchanges[:4] == ("SMART", "AMEX", "NYSE", "CBOE")
    assert apple.increment_at(Decimal("187.33")) == Decimal("0.01")
    assert apple.calendar == "XNYS"
    assert apple.round_lot == 40
    assert apple.has_options


def test_unknown_conid_is_refused_by_contract_and_none_by_find(catalogue: Catalogue) -> None:
    with pytest.raises(UnknownContract, match="No contract has conid 999999999"):
        catalogue.contract(Conid(999_999_999))
    with pytest.raises(UnknownContract):
        catalogue.parameters(Conid(1))
    assert catalogue.find(Conid(999_999_999)) is None
    assert catalogue.find(AAPL) is catalogue.contract(AAPL)


@pytest.mark.parametrize(
    ("symbol", "conid"),
    [
        ("AAPL", 265598),
        ("MSFT", 272093),
        ("IBM", 8314),
        ("GOOG", 208813720),
        ("META", 107113386),
        ("SPY", 756733),
        ("QQQ", 320227571),
        ("SPX", 416904),
        ("BRK B", 72063691),
    ],
)
def test_conids_are_the_real_ones(catalogue: Catalogue, symbol: str, conid: int) -> None:
    assert [row.conid for row in catalogue.by_symbol(symbol)] == [conid]


def test_no_ticker_has_two_us_listings(catalogue: Catalogue) -> None:
    stocks = [c for c in catalogue.contracts() if c.security_type is SecurityType.STOCK]

    counted = Counter(contract.symbol for contract in stocks)

    assert max(counted.values()) == 1
    assert len(stocks) == 652
    assert all(contract.is_real_conid for contract in stocks)


def test_symbol_of_the_past_gives_todays_contract(catalogue: Catalogue) -> None:
    assert [row.symbol for row in catalogue.by_symbol("FB")] == ["META"]
    assert catalogue.by_symbol("ZZZZ") == ()


def test_conids_are_unique_and_the_invented_ones_stay_in_their_range(catalogue: Catalogue) -> None:
    conids = [contract.conid for contract in catalogue.contracts()]
    invented = [c.conid for c in catalogue.contracts() if not c.is_real_conid]

    assert len(set(conids)) == len(conids) == 776
    assert all(INVENTED_MIN <= conid <= INVENTED_MAX for conid in invented)
    assert all(c.conid < 900_000_000 for c in catalogue.contracts() if c.is_real_conid)


def test_invented_conid_depends_on_the_contract_alone(catalogue: Catalogue) -> None:
    (sek,) = [c for c in catalogue.by_symbol("EUR") if c.currency == "SEK"]

    assert sek.conid == invented_conid(SecurityType.FOREX, "EUR", "SEK") == 2_092_401_611


def test_contracts_keep_one_order(catalogue: Catalogue) -> None:
    again = load_catalogue()

    assert [c.conid for c in again.contracts()] == [c.conid for c in catalogue.contracts()]
    assert again.hash == catalogue.hash
    assert len(catalogue.hash) == 64


def test_index_is_looked_at_and_not_traded(catalogue: Catalogue) -> None:
    index = catalogue.contract(SPX)

    assert index.security_type is SecurityType.INDEX
    assert not index.is_tradable
    assert catalogue.order_profile(index).order_types == ()


def test_pair_is_found_one_way_round(catalogue: Catalogue) -> None:
    pair = catalogue.fx_pair("EUR", "USD")

    assert pair is catalogue.contract(EUR_USD)
    assert catalogue.fx_pair("USD", "EUR") is None
    assert (pair.base, pair.currency, pair.local_symbol) == ("EUR", "USD", "EUR.USD")
    assert pair.increment_at(Decimal("1.16")) == Decimal("0.00005")
    assert (pair.decimals, pair.settlement_days) == (5, 2)
    assert pair.minimum_size == 20_000
    assert pair.calendar == "FX"


def test_pairs_of_a_currency_have_it_on_either_side(catalogue: Catalogue) -> None:
    pairs = catalogue.fx_pairs("USD")

    assert {row.local_symbol for row in pairs} >= {"EUR.USD", "USD.JPY", "GBP.USD"}
    assert all("USD" in (row.base, row.currency) for row in pairs)
    assert catalogue.fx_pairs("ZZZ") == ()


@pytest.mark.parametrize(("symbol", "factor", "loading"), [("SPY", "SPX", 1), ("SQQQ", "NDX", -3)])
def test_fund_follows_a_factor(
    catalogue: Catalogue, symbol: str, factor: str, loading: float
) -> None:
    (fund,) = catalogue.by_symbol(symbol)

    parameters = catalogue.parameters(fund.conid)

    assert (parameters.factor, parameters.loading) == (factor, loading)
    assert parameters.factor_kind == "return"
    assert parameters.daily_reset is (loading < 0)
    assert fund.margin_multiplier == abs(loading)


def test_every_contract_has_parameters_and_a_calendar(catalogue: Catalogue) -> None:
    for contract in catalogue.contracts():
        parameters = catalogue.parameters(contract.conid)
        assert parameters.conid == contract.conid
        assert parameters.price_level > 0
        assert 0 < parameters.yearly_volatility < 4
        assert catalogue.calendar_of(contract.conid).name == contract.calendar
        assert contract.increments[0].lower_edge == 0
        if contract.security_type is SecurityType.STOCK:
            assert 1 <= parameters.liquidity_class <= 4
            assert parameters.average_daily_volume > 0
            assert parameters.spread_increments >= 1


def test_every_stock_has_a_sector_and_less_market_than_risk(catalogue: Catalogue) -> None:
    for contract in catalogue.contracts():
        if contract.stock_type in {"COMMON", "REIT", "ADR"}:
            parameters = catalogue.parameters(contract.conid)
            assert parameters.sector.startswith("SECT_")
            assert parameters.beta * 0.17 < parameters.yearly_volatility


def test_search_by_symbol_is_whole_and_without_case(catalogue: Catalogue) -> None:
    assert [row.conid for row in catalogue.search("aapl ")] == [AAPL]
    assert catalogue.search("AAP") == ()


def test_search_by_name_wants_every_word_to_begin_one(catalogue: Catalogue) -> None:
    assert AAPL in [row.conid for row in catalogue.search("apple", by_name=True)]
    assert [c.symbol for c in catalogue.search("international mach", by_name=True)] == []
    assert [c.symbol for c in catalogue.search("intl mach", by_name=True)] == ["IBM"]
    assert catalogue.search("  ", by_name=True) == ()
    assert catalogue.search("pple", by_name=True) == ()


def test_names_that_begin_with_the_text_come_first(catalogue: Catalogue) -> None:
    found = catalogue.search("american", by_name=True)

    begins = [row.name.startswith("AMERICAN") for row in found]
    assert begins == sorted(begins, reverse=True)
    assert begins.count(True) > 2


def test_order_profile_depends_on_where_the_order_goes(catalogue: Catalogue) -> None:
    apple = catalogue.contract(AAPL)

    assert catalogue.order_profile(apple).name == "US_STK_SMART"
    assert catalogue.order_profile(apple, "ISLAND").name == "US_STK_DIRECT"
    assert catalogue.order_profile(apple, "OVERNIGHT").times_in_force == ("DAY", "OVT", "OND")
    assert catalogue.order_profile(apple, "NOWHERE").name == "US_STK_DIRECT"
    assert catalogue.order_profile(catalogue.contract(EUR_USD)).name == "FX"


def test_restricted_pair_takes_no_orders(catalogue: Catalogue) -> None:
    pair = catalogue.fx_pair("USD", "RUB")

    assert pair is not None
    assert catalogue.order_profile(pair).name == "NONE"


def test_option_classes_stand_for_what_has_options(catalogue: Catalogue) -> None:
    assert [c.trading_class for c in catalogue.option_classes(catalogue.contract(SPX))] == [
        "SPX",
        "SPXW",
    ]
    assert catalogue.option_classes(catalogue.contract(EUR_USD)) == ()
    for contract in catalogue.contracts():
        assert bool(catalogue.option_classes(contract)) is contract.has_options


def test_algos_and_fields_are_there(catalogue: Catalogue) -> None:
    assert [algo.id for algo in catalogue.algos] == [
        "Adaptive",
        "ArrivalPx",
        "ClosePx",
        "DarkIce",
        "PctVol",
        "PctVolPx",
        "PctVolSz",
        "PctVolTm",
        "Twap",
        "Vwap",
    ]
    assert {field.tag for field in catalogue.fields} >= {"31", "55", "84", "86", "7059", "7295"}
    assert len(catalogue.fields) == 166


def test_exchanges_are_known_by_their_older_names(catalogue: Catalogue) -> None:
    island = catalogue.exchange("ISLAND")

    assert island is not None
    assert (island.code, island.mic) == ("NASDAQ", "XNAS")
    assert catalogue.exchange("NOWHERE") is None


def test_contracts_with_the_same_exchanges_share_them(catalogue: Catalogue) -> None:
    assert catalogue.contract(AAPL).exchanges is catalogue.contract(SPY).exchanges


def test_file_with_another_hash_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("paperdesk.market.calendars._hash_of", lambda _content: "0" * 64)

    with pytest.raises(AssertionError, match="not the pinned one"):
        calendars.shipped("contracts.bin")


def test_shipped_file_is_what_the_tables_say() -> None:
    root = Path(__file__).parents[2]
    made = runpy.run_path(str(root / "tools" / "make_catalogue.py"))["content"]()

    shipped = zlib.decompress(calendars.shipped("contracts.bin"))

    assert msgspec.msgpack.encode(made) == shipped, "run tools/make_catalogue.py"


def test_shipped_file_is_small() -> None:
    packed = calendars.shipped("contracts.bin")

    assert len(packed) < 200_000
    assert msgspec.msgpack.decode(zlib.decompress(packed), type=Content).format == 1
