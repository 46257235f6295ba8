"""The contract area as a whole: its sixteen operations, and what is no request to any of them."""

from paperdesk.api import contracts as area
from paperdesk.api.route import Evidence, Tier


def test_area_has_its_sixteen_operations() -> None:
    rows = {
        (route.method, route.path, table.tier, route.evidence)
        for table in area.TABLES
        for route in table.routes
    }

    assert {(method, path) for method, path, _, _ in rows} == {
        ("GET", "/contract/trading-schedule"),
        ("POST", "/iserver/contract/rules"),
        ("GET", "/iserver/contract/{conid}/algos"),
        ("GET", "/iserver/contract/{conid}/info"),
        ("GET", "/iserver/contract/{conid}/info-and-rules"),
        ("GET", "/iserver/secdef/bond-filters"),
        ("GET", "/iserver/secdef/info"),
        ("GET", "/iserver/secdef/search"),
        ("POST", "/iserver/secdef/search"),
        ("GET", "/iserver/secdef/strikes"),
        ("GET", "/trsrv/all-conids"),
        ("GET", "/trsrv/futures"),
        ("GET", "/trsrv/secdef"),
        ("POST", "/trsrv/secdef"),
        ("GET", "/trsrv/secdef/schedule"),
        ("GET", "/trsrv/stocks"),
    }
    assert all(
        tier is (Tier.BROKERAGE if path.startswith("/iserver") else Tier.SESSION)
        for _, path, tier, _ in rows
    )
    assert all(evidence is Evidence.RECORDED for _, _, _, evidence in rows)
