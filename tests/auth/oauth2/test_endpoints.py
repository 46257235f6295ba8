from collections import Counter

import pytest

from paperdesk.auth.oauth2 import endpoints
from paperdesk.auth.oauth2.endpoints import ENDPOINTS, Policy, Provider
from paperdesk.auth.oauth2.scopes import SCOPES


def test_every_documented_operation_is_there_once() -> None:
    assert len(ENDPOINTS) == 50
    assert len({(row.method, row.path) for row in ENDPOINTS}) == 50
    assert Counter(row.provider for row in ENDPOINTS) == {
        Provider.FUNDS: 21,
        Provider.ACCOUNTS: 17,
        Provider.STATEMENTS: 6,
        Provider.GATEWAY: 2,
        Provider.RESTRICTIONS: 2,
        Provider.SINGLE_SIGN_ON: 2,
    }


def test_every_scope_of_an_endpoint_is_known() -> None:
    assert {scope for row in ENDPOINTS for scope in row.scopes} <= set(SCOPES)


def test_what_changes_something_is_signed() -> None:
    for row in ENDPOINTS:
        assert (row.policy is Policy.HTTPS) == (row.method == "GET")


def test_an_operation_is_found_by_method_and_path() -> None:
    assert endpoints.endpoint("POST", "/statements").scopes == (
        "statements.read",
        "statements.write",
        "reports.write",
    )
    with pytest.raises(KeyError):
        endpoints.endpoint("PUT", "/statements")
