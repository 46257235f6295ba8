import pytest
from tests.desks import AAPL, DU1, DU2, EURUSD, FOREIGN, MSFT, Client, Market, open_desk

from paperdesk.api.portfolio import POSITION_PAGE_SIZE
from paperdesk.kernel.messages.accounts import AccountKind


def client(*, asked: bool = True, kind: AccountKind = AccountKind.MARGIN) -> Client:
    """Return somebody who has asked for the portfolio's accounts."""
    caller = Client(open_desk(Market(), asks=False, kind=kind))
    if asked:
        caller.get("portfolio/accounts")
    return caller


def trade(caller: Client, side: str, size: int, conid: int = AAPL) -> None:
    ticket = {"conid": conid, "side": side, "quantity": size, "orderType": "MKT", "tif": "DAY"}
    placed = caller.post(f"iserver/account/{DU1}/orders", {"orders": [ticket]})
    assert placed.json[0]["order_status"] == "Filled"


def test_accounts_say_what_is_known_of_them() -> None:
    row, other = client(asked=False).get("portfolio/accounts").json

    assert other["id"] == DU2
    assert row == {
        "id": DU1,
        "PrepaidCrypto-Z": False,
        "PrepaidCrypto-P": False,
        "brokerageAccess": True,
        "accountId": DU1,
        "accountVan": DU1,
        "accountTitle": "Pat",
        "displayName": "Pat",
        "accountAlias": None,
        "accountStatus": 1_772_463_600_000,
        "currency": "USD",
        "type": "DEMO",
        "tradingType": "STKNOPT",
        "businessType": "INDEPENDENT",
        "category": "",
        "ibEntity": "IBLLC-US",
        "faclient": False,
        "clearingStatus": "O",
        "covestor": False,
        "noClientTrading": False,
        "trackVirtualFXPortfolio": False,
        "acctCustType": "INDIVIDUAL",
        "parent": {
            "mmc": [],
            "accountId": "",
            "isMParent": False,
            "isMChild": False,
            "isMultiplex": False,
        },
        "desc": DU1,
    }


def test_subaccounts_and_meta_tell_the_same_without_brokerage_access() -> None:
    caller = client()
    row = caller.get("portfolio/accounts").json[0] | {"brokerageAccess": False}

    assert caller.get("portfolio/subaccounts").json[0] == row
    assert caller.get(f"portfolio/{DU1}/meta").json == row


def test_large_structures_come_in_pages() -> None:
    caller = client()

    first = caller.get("portfolio/subaccounts2", page=0).json
    second = caller.get("portfolio/subaccounts2", page=1).json

    assert first["metadata"] == {"total": 2, "pageSize": 20, "pageNum": 0}
    assert [row["id"] for row in first["subaccounts"]] == [DU1, DU2]
    assert second == {
        "metadata": {"total": 2, "pageSize": 20, "pageNum": 1},
        "subaccounts": [],
    }


@pytest.mark.parametrize(
    "path",
    [
        "portfolio/{}/meta",
        "portfolio/{}/summary",
        "portfolio/{}/ledger",
        "portfolio/{}/allocation",
        "portfolio/{}/positions/0",
        "portfolio2/{}/positions",
        "portfolio/{}/position/265598",
        "portfolio/{}/combo/positions",
    ],
)
@pytest.mark.parametrize("account", [FOREIGN, "INVALID"])
def test_account_of_somebody_else_is_401_without_a_body(path: str, account: str) -> None:
    refused = client().get(path.format(account))

    assert (refused.status, refused.body) == (401, b"")


def test_positions_of_somebody_else_cannot_be_invalidated() -> None:
    assert client().post(f"portfolio/{FOREIGN}/positions/invalidate").status == 401


def test_first_rows_lack_what_is_known_of_the_contract() -> None:
    caller = client()
    trade(caller, "BUY", 10)

    assert caller.get(f"portfolio/{DU1}/positions/0").body == (
        b'[{"acctId":"DU1234567","conid":265598,"contractDesc":"AAPL","position":10.0,'
        b'"mktPrice":190.2200012,"mktValue":1902.2,"currency":"USD","avgCost":190.350035,'
        b'"avgPrice":190.350035,"realizedPnl":0.0,"unrealizedPnl":-1.3,"exchs":null,"expiry":null,'
        b'"putOrCall":null,"multiplier":null,"strike":0.0,"exerciseStyle":null,"conExchMap":[],'
        b'"assetClass":"STK","undConid":0,"model":""}]'
    )


def test_later_rows_are_complete() -> None:
    caller = client()
    trade(caller, "BUY", 10)
    caller.get(f"portfolio/{DU1}/positions/0")

    (row,) = caller.get(f"portfolio/{DU1}/positions/0").json

    assert row["ticker"] == "AAPL"
    assert row["listingExchange"] == "NASDAQ"
    assert row["multiplier"] == 0.0
    assert row["strike"] == "0"
    assert row["baseMktValue"] == 1902.2
    assert row["incrementRules"] == [{"lowerEdge": 0.0, "increment": 0.01}]
    assert row["pageSize"] == POSITION_PAGE_SIZE
    assert "undSym" not in row


def test_rows_are_complete_at_once_where_the_caller_waits_for_definitions() -> None:
    caller = client()
    trade(caller, "BUY", 10)

    (row,) = caller.get(f"portfolio/{DU1}/position/265598", waitForSecDef="true").json

    assert row["name"] == "APPLE INC"


def test_row_of_a_pair_names_both_currencies() -> None:
    caller = client()
    trade(caller, "BUY", 20_000, EURUSD)
    caller.get(f"portfolio/{DU1}/positions/0")

    (row,) = caller.get(f"portfolio/{DU1}/positions/0").json

    assert row["contractDesc"] == "EUR.USD"
    assert row["assetClass"] == "CASH"
    assert row["crossCurrency"] == "USD"


def two_positions() -> Client:
    market = Market()
    market.show(MSFT, "400.00", "400.00", last="400.00")
    caller = Client(open_desk(market, asks=False))
    caller.get("portfolio/accounts")
    trade(caller, "BUY", 30)
    trade(caller, "BUY", 20, MSFT)
    return caller


@pytest.mark.parametrize(
    ("query", "conids"),
    [
        ({}, [AAPL, MSFT]),
        ({"direction": "d"}, [MSFT, AAPL]),
        ({"sort": "position", "direction": "a"}, [MSFT, AAPL]),
        ({"sort": "position", "direction": "d"}, [AAPL, MSFT]),
        ({"sort": "mktValue", "direction": "a"}, [AAPL, MSFT]),
        ({"sort": "whatever"}, [AAPL, MSFT]),
        ({"model": "Growth"}, []),
    ],
)
def test_positions_are_sorted_as_asked(query: dict[str, str], conids: list[int]) -> None:
    rows = two_positions().get(f"portfolio/{DU1}/positions/0", **query).json

    assert [row["conid"] for row in rows] == conids


def test_page_past_the_end_is_empty_and_no_page_at_all_is_refused() -> None:
    caller = two_positions()

    assert caller.get(f"portfolio/{DU1}/positions/1").json == []
    assert caller.get(f"portfolio/{DU1}/positions/x").status == 400
    assert caller.get(f"portfolio/{DU1}/positions/-1").status == 400


def test_position_closed_today_shows_until_it_is_invalidated() -> None:
    caller = client()
    trade(caller, "BUY", 10)
    trade(caller, "SELL", 10)

    (row,) = caller.get(f"portfolio/{DU1}/positions/0").json
    assert row["position"] == 0.0
    assert row["realizedPnl"] < 0

    invalidated = caller.post(f"portfolio/{DU1}/positions/invalidate")

    assert invalidated.json == {"message": "success"}
    assert caller.get(f"portfolio/{DU1}/positions/0").json == []


def test_position_that_is_closed_after_invalidation_shows_again() -> None:
    caller = client()
    trade(caller, "BUY", 10)
    caller.post(f"portfolio/{DU1}/positions/invalidate")
    caller.wait(1)
    trade(caller, "SELL", 10)

    assert caller.get(f"portfolio/{DU1}/positions/0").json[0]["position"] == 0.0


def test_positions_are_empty_before_the_accounts_were_asked_for() -> None:
    caller = client(asked=False)
    trade(caller, "BUY", 10)

    assert caller.get(f"portfolio/{DU1}/positions/0").json == []
    assert caller.get(f"portfolio/{DU1}/position/{AAPL}").json == []
    assert caller.get(f"portfolio/positions/{AAPL}").json == {}

    caller.get("portfolio/subaccounts")

    assert len(caller.get(f"portfolio/{DU1}/positions/0").json) == 1


def test_invalidation_opens_positions_as_well() -> None:
    caller = client(asked=False)
    trade(caller, "BUY", 10)
    caller.post(f"portfolio/{DU1}/positions/invalidate")

    assert caller.get(f"portfolio/{DU1}/positions/0").json[0]["position"] == 10.0


def test_newer_service_has_other_names_and_a_conid_in_text() -> None:
    caller = client()
    trade(caller, "BUY", 10)

    assert caller.get(f"portfolio2/{DU1}/positions").json == [
        {
            "position": 10.0,
            "conid": "265598",
            "avgCost": 190.350035,
            "avgPrice": 190.350035,
            "currency": "USD",
            "description": "AAPL",
            "isLastToLoq": False,
            "marketPrice": 190.22000122070312,
            "marketValue": 1902.2,
            "realizedPnl": 0.0,
            "secType": "STK",
            "timestamp": 1_772_463_600,
            "unrealizedPnl": -1.3,
            "assetClass": "STK",
            "sector": "Technology",
            "group": "Computers",
            "model": "",
        }
    ]
    assert caller.get(f"portfolio2/{DU1}/positions", model="Growth").json == []


def test_position_of_a_contract_is_by_account() -> None:
    caller = client()
    trade(caller, "BUY", 10)

    told = caller.get(f"portfolio/positions/{AAPL}").json

    assert list(told) == [DU1]
    assert told[DU1][0]["acctId"] == DU1


@pytest.mark.parametrize("conid", ["999999999", "8314"])
def test_contract_that_is_not_held_has_no_rows(conid: str) -> None:
    caller = client()

    assert caller.get(f"portfolio/{DU1}/position/{conid}").json == []
    assert caller.get(f"portfolio/positions/{conid}").json == {}


def test_conid_that_is_none_is_refused() -> None:
    assert client().get(f"portfolio/{DU1}/position/AAPL").status == 400


def test_combinations_are_none() -> None:
    assert client().get(f"portfolio/{DU1}/combo/positions").json == []
