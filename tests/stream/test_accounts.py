import msgspec
from tests.desks import AAPL, DU1, DU2, FOREIGN, Client, Market, open_desk, payloads

from paperdesk.stream import accounts
from paperdesk.stream.accounts import Asked


def client() -> Client:
    return Client(open_desk(Market(), asks=False))


def buy(caller: Client, size: int = 10) -> None:
    ticket = {"conid": AAPL, "side": "BUY", "quantity": size, "orderType": "MKT", "tif": "DAY"}
    caller.post(f"iserver/account/{DU1}/orders", {"orders": [ticket]})


def keys(told: dict[str, list[dict[str, str]]]) -> list[str]:
    return [row["key"] for row in told["result"]]


def test_accounts_greet_between_the_system_and_the_status() -> None:
    caller = client()
    subscriber = caller.audience.join(caller.session)

    greeting = [msgspec.json.decode(payload) for payload in payloads(subscriber.take())]

    assert [told["topic"] for told in greeting] == ["system", "act", "sts"]


def test_accounts_come_again_when_another_one_is_selected() -> None:
    caller = client()
    socket = caller.socket()
    socket.ask("spl+{}")
    caller.post("iserver/account", {"acctId": DU2})

    caller.wait(1)

    (told,) = socket.receive("act")
    assert told["args"]["selectedAccount"] == DU2


def test_profit_comes_at_once_and_then_as_it_changes() -> None:
    caller = client()
    socket = caller.socket()

    (first,) = socket.ask("spl")
    caller.wait(1)
    quiet = socket.receive("spl")
    buy(caller)
    caller.wait(1)
    (later,) = socket.receive("spl")

    assert first == {
        "topic": "spl",
        "args": {
            f"{DU1}.Core": {
                "rowType": 1,
                "dpl": 0.0,
                "nl": 1_000_000.0,
                "upl": 0.0,
                "uel": 1_000_000.0,
                "mv": 0.0,
            }
        },
    }
    assert quiet == []
    assert later["args"][f"{DU1}.Core"] == {
        "rowType": 1,
        "dpl": -1.3,
        "nl": 999_998.7,
        "upl": -1.3,
        "uel": 999_523.15,
        "mv": 1902.2,
    }


def test_profit_on_the_stream_opens_it_over_http() -> None:
    caller = client()
    caller.socket().ask("spl+{}")

    assert f"{DU1}.Core" in caller.get("iserver/account/pnl/partitioned").json["upnl"]


def test_profit_ends() -> None:
    caller = client()
    socket = caller.socket()
    socket.ask("spl+{}")

    assert socket.ask("upl+{}") == []
    buy(caller)
    caller.wait(2)
    assert socket.receive("spl") == []


def test_summary_begins_with_everything() -> None:
    (told,) = client().socket().ask(f"ssd+{DU1}")

    assert told["topic"] == f"ssd+{DU1}"
    assert len(told["result"]) == 151
    rows = {row["key"]: row for row in told["result"]}
    assert rows["ExcessLiquidity-S"] == {
        "key": "ExcessLiquidity-S",
        "currency": "USD",
        "monetaryValue": 1_000_000.0,
        "severity": 0,
        "timestamp": 1_772_463_600,
    }
    assert rows["AccountCode"] == {
        "key": "AccountCode",
        "value": DU1,
        "severity": 0,
        "timestamp": 1_772_463_600,
    }


def test_summary_has_the_keys_and_fields_that_were_asked_for() -> None:
    (told,) = (
        client()
        .socket()
        .ask(f'ssd+{DU1}+{{"keys":["NetLiquidation-S"],"fields":["monetaryValue"]}}')
    )

    assert told["result"] == [
        {"key": "NetLiquidation-S", "monetaryValue": 1_000_000.0, "timestamp": 1_772_463_600}
    ]


def test_summary_goes_on_with_what_has_changed() -> None:
    caller = client()
    socket = caller.socket()
    socket.ask(f'ssd+{DU1}+{{"keys":["NetLiquidation","SMA","Guarantee"]}}')
    caller.wait(3)
    assert socket.receive(f"ssd+{DU1}") == []

    buy(caller)
    caller.wait(3)

    (told,) = socket.receive(f"ssd+{DU1}")
    assert keys(told) == ["NetLiquidation", "SMA"]


def test_summary_of_somebody_else_is_refused() -> None:
    (told,) = client().socket().ask(f"ssd+{FOREIGN}+{{}}")

    assert told == {"error": f"accountId is not valid: {FOREIGN}", "code": 2}


def test_summary_without_an_account_is_of_the_selected_one() -> None:
    (told,) = client().socket().ask("ssd+{}")

    assert told["topic"] == f"ssd+{DU1}"


def test_ledger_begins_with_base_and_every_currency() -> None:
    (told,) = client().socket().ask(f"sld+{DU1}+{{}}")

    assert keys(told) == ["LedgerListBASE", "LedgerListUSD"]
    assert told["result"][0] == {
        "acctCode": DU1,
        "cashbalance": 1_000_000.0,
        "cashBalanceFXSegment": 0.0,
        "commodityMarketValue": 0.0,
        "corporateBondsMarketValue": 0.0,
        "key": "LedgerListBASE",
        "dividends": 0.0,
        "exchangeRate": 1.0,
        "funds": 0.0,
        "marketValue": 0.0,
        "optionMarketValue": 0.0,
        "interest": 0.0,
        "issueOptionsMarketValue": 0.0,
        "moneyFunds": 0.0,
        "netLiquidationValue": 1_000_000.0,
        "realizedPnl": 0.0,
        "unrealizedPnl": 0.0,
        "secondKey": "BASE",
        "settledCash": 1_000_000.0,
        "severity": 0,
        "stockMarketValue": 0.0,
        "tBillsMarketValue": 0.0,
        "tBondsMarketValue": 0.0,
        "warrantsMarketValue": 0.0,
        "timestamp": 1_772_463_600,
    }


def test_ledger_comes_every_ten_seconds_with_keys_alone_where_nothing_changed() -> None:
    caller = client()
    socket = caller.socket()
    socket.ask(f"sld+{DU1}+{{}}")

    caller.wait(9)
    assert socket.receive(f"sld+{DU1}") == []

    caller.wait(1)
    (told,) = socket.receive(f"sld+{DU1}")
    assert told["result"] == [
        {"key": "LedgerListBASE", "timestamp": 1_772_463_610},
        {"key": "LedgerListUSD", "timestamp": 1_772_463_610},
    ]


def test_end_of_summary_and_ledger_is_confirmed() -> None:
    socket = client().socket()
    socket.ask(f"ssd+{DU1}")
    socket.ask(f"sld+{DU1}")

    assert socket.ask(f"usd+{DU1}+{{}}") == [{"result": "unsubscribed from summary"}]
    assert socket.ask(f"uld+{DU1}+{{}}") == [{"result": "unsubscribed from ledger"}]
    assert not socket.subscriber.lines


def test_field_that_was_asked_for_is_found_in_any_spelling() -> None:
    asked = Asked(frozenset(), frozenset({"cashbalance"}))

    assert asked.of({"key": "k", "cashbalance": 1, "interest": 2}) == {"key": "k", "cashbalance": 1}


def test_profit_that_has_not_changed_says_nothing() -> None:
    picture = {"DU1.Core": {"rowType": 1, "dpl": 1.0, "nl": 2.0}}

    assert accounts.changed_profit(picture, picture) is None
    assert accounts.changed_profit(
        picture, {"DU1.Core": {"rowType": 1, "dpl": 1.0, "nl": 3.0}}
    ) == {
        "topic": "spl",
        "args": {"DU1.Core": {"rowType": 1, "nl": 3.0}},
    }
