from decimal import Decimal

from tests.desks import AAPL, DU1, DU2, FOREIGN, Client, Market, open_desk

from paperdesk.kernel.messages.accounts import AccountKind, DepositCash


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


def test_allocation_is_long_and_short_by_class_sector_and_industry() -> None:
    caller = client()
    trade(caller, "BUY", 10)

    told = caller.get(f"portfolio/{DU1}/allocation").json

    assert told == {
        "assetClass": {"long": {"CASH": 998_096.5, "STK": 1902.2}, "short": {}},
        "sector": {"long": {"Technology": 1902.2}, "short": {}},
        "group": {"long": {"Computers": 1902.2}, "short": {}},
    }
    assert caller.get(f"portfolio/{DU1}/allocation", model="Growth").json == {
        name: {"long": {}, "short": {}} for name in ("assetClass", "sector", "group")
    }


def test_allocation_of_several_accounts_takes_their_ids_from_body_or_query() -> None:
    caller = client()
    caller.desk.execute(DepositCash(account_id=DU2, currency="USD", amount=Decimal(500)))

    def cash(told: dict[str, dict[str, dict[str, float]]]) -> float:
        return told["assetClass"]["long"]["CASH"]

    assert cash(caller.post("portfolio/allocation", {"acctIds": [DU2]}).json) == 500.0
    assert cash(caller.get("portfolio/allocation", acctIds=f"{DU1},{DU2}").json) == 1_000_500.0
    assert cash(caller.get("portfolio/allocation").json) == 1_000_500.0
    assert caller.post("portfolio/allocation", {"acctIds": [FOREIGN]}).status == 401
    assert caller.post("portfolio/allocation", {"acctIds": "x"}).status == 400


def test_summary_has_every_figure_under_its_lower_case_name() -> None:
    told = client().get(f"portfolio/{DU1}/summary").json

    assert len(told) == 151
    assert told["netliquidation"] == {
        "amount": 1_000_000.0,
        "currency": "USD",
        "isNull": False,
        "timestamp": 1_772_463_600_000,
        "value": None,
        "severity": 0,
    }
    assert told["accountcode"] == {
        "amount": 0.0,
        "currency": None,
        "isNull": False,
        "timestamp": 1_772_463_600_000,
        "value": "DU1234567",
        "severity": 0,
    }
    assert told["daytradesremainingt+4"]["value"] == "-1"


def test_ledger_of_one_currency() -> None:
    told = client().get(f"portfolio/{DU1}/ledger").json

    assert list(told) == ["USD", "BASE"]
    assert told["USD"] == {
        "commoditymarketvalue": 0.0,
        "futuremarketvalue": 0.0,
        "settledcash": 1_000_000.0,
        "exchangerate": 1,
        "sessionid": 1,
        "cashbalance": 1_000_000.0,
        "corporatebondsmarketvalue": 0.0,
        "warrantsmarketvalue": 0.0,
        "netliquidationvalue": 1_000_000.0,
        "interest": 0,
        "unrealizedpnl": 0.0,
        "stockmarketvalue": 0.0,
        "moneyfunds": 0.0,
        "currency": "USD",
        "realizedpnl": 0.0,
        "funds": 0.0,
        "acctcode": DU1,
        "issueroptionsmarketvalue": 0.0,
        "key": "LedgerList",
        "timestamp": 1_772_463_600,
        "severity": 0,
        "stockoptionmarketvalue": 0.0,
        "futuresonlypnl": 0.0,
        "tbondsmarketvalue": 0.0,
        "futureoptionmarketvalue": 0.0,
        "cashbalancefxsegment": 0.0,
        "secondkey": "USD",
        "tbillsmarketvalue": 0.0,
        "endofbundle": 1,
        "dividends": 0.0,
        "cryptocurrencyvalue": 0.0,
    }
    assert told["BASE"]["secondkey"] == "BASE"
    assert told["BASE"]["endofbundle"] == 1


def test_ledger_of_two_currencies_ends_its_bundle_with_the_last() -> None:
    caller = client()
    caller.desk.execute(DepositCash(account_id=DU1, currency="EUR", amount=Decimal(1000)))

    told = caller.get(f"portfolio/{DU1}/ledger").json

    assert [name for name, row in told.items() if "endofbundle" in row] == ["EUR"]
    assert told["EUR"]["exchangerate"] == 1.08505
    assert told["BASE"]["cashbalance"] == 1_001_085.05


def test_cash_account_trades_for_cash() -> None:
    caller = client(kind=AccountKind.CASH)

    assert caller.get(f"portfolio/{DU1}/meta").json["tradingType"] == "STKCASH"
    assert "availablefunds-s" not in caller.get(f"portfolio/{DU1}/summary").json
