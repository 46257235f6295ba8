"""The catalogue of routes: complete, each with what must be known of it."""

import pytest

from paperdesk.api import catalogue
from paperdesk.api.matching import Matcher
from paperdesk.api.route import Route, Tier

ROUTES = list(catalogue.routes())


def name(row: tuple[Route, Tier]) -> str:
    return f"{row[0].method} {row[0].path}"


@pytest.mark.parametrize("row", ROUTES, ids=name)
def test_route_has_the_tier_of_its_table(row: tuple[Route, Tier]) -> None:
    route, tier = row

    assert route.tier is tier


@pytest.mark.parametrize("row", ROUTES, ids=name)
def test_path_is_spelt_as_paths_are(row: tuple[Route, Tier]) -> None:
    path = row[0].path

    assert path.startswith("/")
    assert not path.endswith("/")
    assert all(part.isascii() for part in path.split("/"))


@pytest.mark.parametrize(
    ("method", "path", "tier"),
    [
        ("POST", "/iserver/account/{account_id}/orders", Tier.ACCOUNTS),
        ("POST", "/iserver/account/{account_id}/orders/whatif", Tier.ACCOUNTS),
        ("POST", "/iserver/account/{account_id}/order/{order_id}", Tier.ACCOUNTS),
        ("DELETE", "/iserver/account/{account_id}/order/{order_id}", Tier.ACCOUNTS),
        ("POST", "/iserver/reply/{question_id}", Tier.ACCOUNTS),
        ("GET", "/iserver/account/orders", Tier.ACCOUNTS),
        ("GET", "/iserver/account/order/status/{order_id}", Tier.ACCOUNTS),
        ("GET", "/iserver/account/trades", Tier.ACCOUNTS),
        ("POST", "/iserver/questions/suppress", Tier.BROKERAGE),
        ("POST", "/iserver/questions/suppress/reset", Tier.BROKERAGE),
        ("GET", "/iserver/marketdata/snapshot", Tier.ACCOUNTS),
        ("GET", "/iserver/marketdata/history", Tier.ACCOUNTS),
        ("POST", "/iserver/marketdata/unsubscribe", Tier.ACCOUNTS),
        ("GET", "/iserver/marketdata/unsubscribeall", Tier.ACCOUNTS),
        ("GET", "/hmds/history", Tier.SESSION),
        ("GET", "/iserver/secdef/search", Tier.BROKERAGE),
        ("GET", "/trsrv/stocks", Tier.SESSION),
        ("GET", "/portfolio/{account_id}/ledger", Tier.SESSION),
        ("GET", "/tickle", Tier.NOTHING),
    ],
)
def test_operation_that_clients_cannot_do_without_is_there(
    method: str, path: str, tier: Tier
) -> None:
    tiers = {(route.method, route.path): told for route, told in ROUTES}

    assert tiers[method, path] is tier


def test_order_routes_do_not_hide_one_another() -> None:
    matcher = Matcher(catalogue.TABLES)
    for path, shape in {
        "/iserver/account/orders": "/iserver/account/orders",
        "/iserver/account/DU1/orders/whatif": "/iserver/account/{account_id}/orders/whatif",
        "/iserver/account/DU1/order/whatif": "/iserver/account/{account_id}/order/whatif",
        "/iserver/account/DU1/order/77": "/iserver/account/{account_id}/order/{order_id}",
        "/iserver/questions/suppress/reset": "/iserver/questions/suppress/reset",
    }.items():
        found = matcher.match("GET" if path.endswith("account/orders") else "POST", path)
        assert found is not None, path
        assert found.route.path == shape


def test_lists_of_orders_and_trades_are_paced() -> None:
    paces = {route.path: route.pace for route, _ in ROUTES if route.method == "GET"}

    for path in ("/iserver/account/orders", "/iserver/account/trades"):
        pace = paces[path]
        assert pace is not None
        assert (pace.requests, pace.seconds) == (1, 5)
    history = paces["/iserver/marketdata/history"]
    assert history is not None
    assert history.concurrent == 5
