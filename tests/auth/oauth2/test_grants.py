import json
from typing import Any
from urllib.parse import urlencode

import pytest
from tests.oauth2 import (
    CLIENT_ID,
    COMPATIBLE,
    NOW,
    SECOND,
    STRICT,
    VECTORS,
    assertion,
    clients,
    said,
)

from paperdesk.auth.oauth2 import token_requests
from paperdesk.auth.oauth2.grants import Authority, Granted, Known, Request
from paperdesk.auth.oauth2.problems import Problem
from paperdesk.auth.oauth2.replays import Replays
from paperdesk.auth.oauth2.rules import Rules
from paperdesk.auth.oauth2.token_requests import Header

FORM = Header("application/x-www-form-urlencoded")


def authority(rules: Rules = COMPATIBLE) -> Authority:
    return Authority(clients(), rules, Replays())


def request(body: bytes, remote: str = "127.0.0.1") -> Request:
    return Request(body=body, header=FORM, remote=remote, now=NOW)


def form(text: str, **more: str) -> bytes:
    fields = {
        "grant_type": token_requests.GRANT,
        "client_assertion_type": token_requests.ASSERTION_TYPE,
        "client_assertion": text,
    }
    return urlencode(fields | more).encode()


def error(verdict: object) -> tuple[int, str]:
    assert isinstance(verdict, Problem)
    return verdict.status, json.loads(verdict.body)["error"]


@pytest.mark.parametrize("vector", VECTORS["token_request_forms"], ids=lambda one: one["why"])
def test_forms_of_the_vectors(vector: dict[str, Any]) -> None:
    verdict = authority().granted(request(vector["body"].encode()))

    if vector["expect_error"] is None:
        assert isinstance(verdict, Granted)
        assert verdict.known.client.client_id == CLIENT_ID
    else:
        assert error(verdict) == (vector["expect_status"], vector["expect_error"])


def test_the_request_of_the_vectors_is_granted_what_it_asks_for() -> None:
    verdict = authority().granted(request(VECTORS["token_request"]["body"].encode()))

    assert isinstance(verdict, Granted)
    assert verdict.scopes == ("sso-sessions.write", "echo.read", "echo.write")


def test_the_reason_is_for_the_developer_and_not_in_the_body() -> None:
    verdict = authority().granted(request(form(assertion(said(iss="nobody", sub="nobody")))))

    assert isinstance(verdict, Problem)
    assert "nobody" in verdict.reason
    assert b"nobody" not in verdict.body


def test_a_client_outside_its_networks_is_turned_away_and_may_come_again() -> None:
    ours = authority()
    ours.registered[CLIENT_ID].networks = ("203.0.113.0/24",)
    body = form(assertion(said(jti="one")))

    assert error(ours.granted(request(body))) == (403, "invalid_client")
    assert isinstance(ours.granted(request(body, "203.0.113.7")), Granted)


def test_a_client_without_the_grant_is_not_authorized() -> None:
    ours = authority()
    ours.registered[CLIENT_ID].grants = ("authorization_code",)

    assert error(ours.granted(request(form(assertion())))) == (400, "unauthorized_client")


@pytest.mark.parametrize(("rules", "status"), [(COMPATIBLE, None), (STRICT, 400)])
def test_scopes_that_are_not_allowed(rules: Rules, status: int | None) -> None:
    from_ours = Authority(clients(), rules, Replays())
    body = form(assertion(), scope="echo.read accounts.read")

    verdict = from_ours.granted(request(body))

    if status is None:
        assert isinstance(verdict, Granted)
        assert verdict.scopes == ("echo.read",)
    else:
        assert error(verdict)[0] == status


def test_an_assertion_with_an_id_is_good_for_one_request_and_is_handed_on_to_be_kept() -> None:
    ours = authority()
    body = form(assertion(said(jti="one")))

    first = ours.granted(request(body))

    assert isinstance(first, Granted)
    assert first.known.used is not None
    assert first.known.used.until == NOW + 25 * SECOND
    assert error(ours.granted(request(body))) == (400, "invalid_client")


def test_a_client_is_known_without_asking_for_a_token() -> None:
    body = form(assertion(), token="t").replace(b"grant_type=client_credentials&", b"")

    known = authority().known(request(body), needs_grant=False)

    assert isinstance(known, Known)
    assert known.form.token == "t"
