import pytest
from tests.desks import AAPL, DU1, FOREIGN, Client, Market, open_desk


def client() -> Client:
    caller = Client(open_desk(Market(), asks=False))
    ticket = {"conid": AAPL, "side": "BUY", "quantity": 1000, "orderType": "MKT", "tif": "DAY"}
    caller.post(f"iserver/account/{DU1}/orders", {"orders": [ticket]})
    return caller


def test_summary_is_in_numbers_of_whole_units() -> None:
    assert client().get(f"iserver/account/{DU1}/summary").json == {
        "accountType": "",
        "status": "",
        "balance": 952_410.0,
        "SMA": 904_875.0,
        "buyingPower": 3_809_640.0,
        "availableFunds": 952_410.0,
        "excessLiquidity": 952_410.0,
        "netLiquidationValue": 999_965.0,
        "equityWithLoanValue": 999_965.0,
        "regTLoan": 0.0,
        "securitiesGVP": 190_220.0,
        "totalCashValue": 809_745.0,
        "accruedInterest": 0.0,
        "regTMargin": 95_110.0,
        "initialMargin": 47_555.0,
        "maintenanceMargin": 47_555.0,
        "cashBalances": [
            {"currency": "USD", "balance": 809_745.0, "settledCash": 1_000_000.0},
            {"currency": "Total (in USD)", "balance": 809_745.0, "settledCash": 1_000_000.0},
        ],
    }


def test_available_funds_are_texts_by_segment() -> None:
    told = client().get(f"iserver/account/{DU1}/summary/available_funds").json

    assert told["total"] == {
        "current_available": "952,410 USD",
        "current_excess": "952,410 USD",
        "Prdctd Pst-xpry Excss": "0 USD",
        "SMA": "904,875 USD",
        "Lk Ahd Avlbl Fnds": "952,410 USD",
        "Lk Ahd Excss Lqdty": "952,410 USD",
        "overnight_available": "952,410 USD",
        "overnight_excess": "952,410 USD",
        "buying_power": "3,809,640 USD",
        "leverage": "n/a",
        "Lk Ahd Nxt Chng": "@ 16:00:00",
        "day_trades_left": "Unlimited",
    }
    assert told["securities"]["leverage"] == "0.19"
    assert told["commodities"]["current_available"] == "0 USD"
    assert "SMA" not in told["commodities"]


def test_balances_are_texts_by_segment() -> None:
    told = client().get(f"iserver/account/{DU1}/summary/balances").json

    assert told["total"] == {
        "net_liquidation": "999,965 USD",
        "Nt Lqdtn Uncrtnty": "0 USD",
        "equity_with_loan": "999,965 USD",
        "Prvs Dy Eqty Wth Ln Vl": "999,965 USD",
        "Rg T Eqty Wth Ln Vl": "999,965 USD",
        "sec_gross_pos_val": "190,220 USD",
        "cash": "809,745 USD",
        "MTD Interest": "0 USD",
        "Pndng Dbt Crd Chrgs": "0 USD",
    }
    assert set(told) == {"total", "commodities", "securities"}


def test_margins_are_texts_by_segment() -> None:
    told = client().get(f"iserver/account/{DU1}/summary/margins").json

    assert told["total"] == {
        "RegT Margin": "95,110 USD",
        "current_initial": "47,555 USD",
        "Prdctd Pst-xpry Mrgn @ Opn": "0 USD",
        "current_maint": "47,555 USD",
        "projected_liquidity_inital_margin": "47,555 USD",
        "Prjctd Lk Ahd Mntnnc Mrgn": "47,555 USD",
        "projected_overnight_initial_margin": "47,555 USD",
        "Prjctd Ovrnght Mntnnc Mrgn": "47,555 USD",
    }


def test_market_values_are_texts_by_currency() -> None:
    told = client().get(f"iserver/account/{DU1}/summary/market_value").json

    assert list(told) == ["USD", "Total (in USD)"]
    assert told["USD"]["total_cash"] == "809,745"
    assert told["USD"]["stock"] == "190,220"
    assert told["USD"]["unrealized_pnl"] == "-35"
    assert told["USD"]["Exchange Rate"] == "1.00"
    assert told["USD"]["Govt Bonds"] == "0"
    assert len(told["USD"]) == 24


@pytest.mark.parametrize("part", ["", "/available_funds", "/balances", "/margins", "/market_value"])
@pytest.mark.parametrize("account", [FOREIGN, "INVALID"])
def test_account_of_somebody_else_is_not_valid(part: str, account: str) -> None:
    refused = client().get(f"iserver/account/{account}/summary{part}")

    assert refused.status == 400
    assert refused.json == {
        "error": f"Bad Request: accountId is not valid: {account}",
        "statusCode": 400,
    }
