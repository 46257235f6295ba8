from typing import Any

import pytest

from paperdesk.api.matching import Matcher
from paperdesk.api.route import Call, Evidence, Routes, Tier


def handler(_: Call[Any]) -> None:
    """Answer nothing."""


def matcher(*routes: str) -> Matcher:
    table = Routes(Tier.SESSION)
    for route in routes:
        method, _, path = route.partition(" ")
        table.add((method,), path, evidence=Evidence.JUDGED)(handler)
    return Matcher([table])


SOME = matcher(
    "GET /tickle",
    "GET /iserver/account/orders",
    "GET /iserver/account/{account_id}/summary",
    "POST /iserver/account/{account_id}/orders",
    "POST /iserver/account/{account_id}/order/{order_id}",
    "DELETE /iserver/account/{account_id}/order/{order_id}",
    "POST /iserver/account/{account_id}/order/whatif",
    "GET /iserver/account/order/status/{order_id}",
)


@pytest.mark.parametrize(
    ("method", "path", "route", "parameters"),
    [
        ("GET", "/tickle", "/tickle", {}),
        ("GET", "/tickle/", "/tickle", {}),
        ("GET", "/iserver/account/orders", "/iserver/account/orders", {}),
        (
            "GET",
            "/iserver/account/DU1/summary/",
            "/iserver/account/{account_id}/summary",
            {"account_id": "DU1"},
        ),
        (
            "POST",
            "/iserver/account/DU1/order/7",
            "/iserver/account/{account_id}/order/{order_id}",
            {"account_id": "DU1", "order_id": "7"},
        ),
        (
            "POST",
            "/iserver/account/DU1/order/whatif",
            "/iserver/account/{account_id}/order/whatif",
            {"account_id": "DU1"},
        ),
        (
            "DELETE",
            "/iserver/account/DU1/order/whatif",
            "/iserver/account/{account_id}/order/{order_id}",
            {"account_id": "DU1", "order_id": "whatif"},
        ),
        (
            "GET",
            "/iserver/account/order/status/7",
            "/iserver/account/order/status/{order_id}",
            {"order_id": "7"},
        ),
    ],
)
def test_literal_segments_beat_parameters(
    method: str, path: str, route: str, parameters: dict[str, str]
) -> None:
    match = SOME.match(method, path)

    assert match is not None
    assert (match.route.path, match.parameters) == (route, parameters)
    assert match.tier is Tier.SESSION


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "//",
        "tickle",
        "/tickle//",
        "/tickle/x",
        "/iserver/account//summary",
        "/iserver/account/DU1/summary/x",
        "/iserver/account",
        "/" * 5_000,
    ],
)
def test_other_paths_have_no_route(path: str) -> None:
    assert SOME.match("GET", path) is None
    assert not SOME.is_known(path)


@pytest.mark.parametrize("path", ["/tickle", "/tickle/", "/iserver/account/DU1/orders"])
def test_a_path_is_known_whatever_the_method(path: str) -> None:
    assert SOME.match("PUT", path) is None
    assert SOME.is_known(path)


def test_two_routes_of_one_shape_are_a_mistake_of_ours() -> None:
    with pytest.raises(AssertionError, match="has two routes"):
        matcher("GET /a/{x}", "GET /a/{y}")
