import pytest
from tests.desks import AAPL, DU1, DU2, FOREIGN, Client, Market, open_desk


def client(*, warm: bool = True) -> Client:
    return Client(open_desk(Market(), asks=False), warm=warm)


def test_accounts_are_the_sessions_and_open_what_trades() -> None:
    caller = client(warm=False)
    assert caller.get("iserver/account/pnl/partitioned").status == 400

    told = caller.get("iserver/accounts").json

    assert told["accounts"] == [DU1, DU2]
    assert told["selectedAccount"] == DU1
    assert told["aliases"] == {DU1: DU1, DU2: DU2}
    assert told["acctProps"][DU1] == {
        "hasChildAccounts": False,
        "supportsCashQty": True,
        "liteUnderPro": False,
        "noFXConv": False,
        "isProp": False,
        "supportsFractions": True,
        "allowCustomerTime": False,
        "autoFx": False,
    }
    assert set(told) == {
        "accounts",
        "acctProps",
        "aliases",
        "allowFeatures",
        "chartPeriods",
        "groups",
        "profiles",
        "selectedAccount",
        "serverInfo",
        "sessionId",
        "isFT",
        "isPaper",
    }
    assert told["isPaper"] is True
    assert told["isFT"] is False
    assert told["chartPeriods"]["OPT"] == ["2h", "1d", "2d", "1w", "1m"]
    assert told["allowFeatures"]["allowedAssetTypes"].startswith("STK,CFD,OPT")
    assert caller.get("iserver/account/pnl/partitioned").status == 200


def test_session_id_is_not_the_one_of_the_socket() -> None:
    caller = client()

    assert caller.get("iserver/accounts").json["sessionId"] != caller.session.session_id


def test_another_account_is_selected() -> None:
    caller = client()

    assert caller.post("iserver/account", {"acctId": DU2}).json == {"set": True, "acctId": DU2}
    assert caller.get("iserver/accounts").json["selectedAccount"] == DU2
    assert caller.post("iserver/account", {"acctId": DU2}).json == {
        "success": "Account already set"
    }


@pytest.mark.parametrize(
    ("body", "status"), [({"acctId": FOREIGN}, 500), ({"acctId": "x"}, 500), ({}, 400)]
)
def test_account_that_cannot_be_selected_is_refused(body: dict[str, str], status: int) -> None:
    caller = client()

    assert caller.post("iserver/account", body).status == status
    assert caller.session.selected == DU1


def test_profit_is_empty_at_first_and_then_of_the_selected_account() -> None:
    caller = client()
    ticket = {"conid": AAPL, "side": "BUY", "quantity": 10, "orderType": "MKT", "tif": "DAY"}
    caller.post(f"iserver/account/{DU1}/orders", {"orders": [ticket]})

    assert caller.get("iserver/account/pnl/partitioned").body == b'{"upnl":{}}'
    assert caller.get("iserver/account/pnl/partitioned").json == {
        "upnl": {
            f"{DU1}.Core": {
                "rowType": 1,
                "dpl": -1.3,
                "nl": 999_998.7,
                "upl": -1.3,
                "el": 999_523.15,
                "mv": 1902.2,
            }
        }
    }

    caller.post("iserver/account", {"acctId": DU2})

    assert list(caller.get("iserver/account/pnl/partitioned").json["upnl"]) == [f"{DU2}.Core"]


def test_owner_is_who_signed_in() -> None:
    assert client().get(f"acesws/{DU1}/signatures-and-owners").json == {
        "accountId": DU1,
        "users": [
            {
                "roleId": "OWNER",
                "hasRightCodeInd": True,
                "userName": "demo",
                "entity": {
                    "firstName": "Pat",
                    "lastName": "",
                    "entityType": "INDIVIDUAL",
                    "entityName": "Pat",
                    "dateOfBirth": "1990-01-15",
                },
            }
        ],
        "applicant": {"signatures": ["Pat"]},
    }


def test_owners_of_somebody_elses_account_are_not_told() -> None:
    refused = client().get(f"acesws/{FOREIGN}/signatures-and-owners")

    assert (refused.status, refused.body) == (401, b"")


def test_dynamic_accounts_are_not_to_be_had() -> None:
    caller = client()
    unavailable = {
        "error": "Details currently unavailable. Please try again later and contact client "
        "services if the issue persists.",
        "statusCode": 503,
    }

    searched = caller.get("iserver/account/search/DU")
    chosen = caller.post("iserver/dynaccount", {"acctId": DU1})

    assert (searched.status, searched.json) == (503, unavailable)
    assert (chosen.status, chosen.json) == (503, unavailable)


def test_bare_account_is_no_page() -> None:
    assert client().get(f"iserver/account/{DU1}").status == 404
