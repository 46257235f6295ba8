"""The documentation's table of paces, typed again from the page it stands on, beside ours."""

import pytest

from paperdesk.api import catalogue
from paperdesk.api.paces import DOCUMENTED, TICKLE
from paperdesk.api.route import Route

AS_DOCUMENTED = {
    "GET /fyi/deliveryoptions": "1 a second",
    "PUT /fyi/deliveryoptions/email": "1 a second",
    "POST /fyi/deliveryoptions/device": "1 a second",
    "DELETE /fyi/deliveryoptions/{device_id}": "1 a second",
    "GET /fyi/disclaimer/{typecode}": "1 a second",
    "PUT /fyi/disclaimer/{typecode}": "1 a second",
    "GET /fyi/notifications": "1 a second",
    "GET /fyi/notifications/more": "1 a second",
    "PUT /fyi/notifications/{notification_id}": "1 a second",
    "GET /fyi/settings": "1 a second",
    "POST /fyi/settings/{typecode}": "1 a second",
    "GET /fyi/unreadnumber": "1 a second",
    "GET /iserver/account/orders": "1 in 5 s",
    "GET /iserver/account/trades": "1 in 5 s",
    "GET /iserver/account/pnl/partitioned": "1 in 5 s",
    "GET /iserver/marketdata/history": "5 at once",
    "GET /iserver/marketdata/snapshot": "10 a second",
    "GET /iserver/scanner/params": "1 in 900 s",
    "POST /iserver/scanner/run": "1 a second",
    "POST /pa/allperiods": "1 in 900 s",
    "POST /pa/performance": "1 in 900 s",
    "POST /pa/summary": "1 in 900 s",
    "POST /pa/transactions": "1 in 900 s",
    "GET /portfolio/accounts": "1 in 5 s",
    "GET /portfolio/subaccounts": "1 in 5 s",
    "GET /portfolio/subaccounts2": "1 in 5 s",
    "GET /sso/validate": "1 in 60 s",
    "GET/POST /tickle": "1 a second",
}

NOT_YET_THERE = {
    "GET /fyi/deliveryoptions",
    "PUT /fyi/deliveryoptions/email",
    "POST /fyi/deliveryoptions/device",
    "DELETE /fyi/deliveryoptions/{device_id}",
    "GET /fyi/disclaimer/{typecode}",
    "PUT /fyi/disclaimer/{typecode}",
    "GET /fyi/notifications",
    "GET /fyi/notifications/more",
    "PUT /fyi/notifications/{notification_id}",
    "GET /fyi/settings",
    "POST /fyi/settings/{typecode}",
    "GET /fyi/unreadnumber",
    "GET /iserver/scanner/params",
    "POST /iserver/scanner/run",
    "POST /pa/allperiods",
    "POST /pa/performance",
    "POST /pa/summary",
    "POST /pa/transactions",
}
"""Rows whose routes have still to be built."""

ALIASES = {("GET", "/portal/sso/validate"): "GET /sso/validate"}
"""Routes that are counted under another's name."""

GATEWAYS = [route for table in catalogue.TABLES for route in table.routes]
PACED = [route for route in GATEWAYS if route.pace is not None]


def key_of(method: str, path: str) -> str:
    """Return the row that a route falls under by its method and path; "" for none."""
    rows = [
        key
        for key in DOCUMENTED
        if key.split(" ")[1] == path and method in key.split(" ")[0].split("/")
    ]
    return rows[0] if rows else ALIASES.get((method, path), "")


def test_the_table_stands_as_it_is_documented() -> None:
    assert {key: pace.text for key, pace in DOCUMENTED.items()} == AS_DOCUMENTED
    assert all(pace.key == key for key, pace in DOCUMENTED.items())


def test_only_tickles_may_come_more_than_the_pace_at_once() -> None:
    assert {key: pace.burst for key, pace in DOCUMENTED.items() if pace.burst} == {TICKLE: 3}


def test_every_row_is_on_a_route_or_named_as_not_yet_there() -> None:
    on_routes = {route.pace.key for route in PACED if route.pace is not None}

    assert on_routes | NOT_YET_THERE == set(AS_DOCUMENTED)
    assert not on_routes & NOT_YET_THERE


@pytest.mark.parametrize("route", GATEWAYS, ids=lambda route: f"{route.method} {route.path}")
def test_route_has_the_pace_of_its_row_and_no_other(route: Route) -> None:
    assert route.pace == DOCUMENTED.get(key_of(route.method, route.path))
