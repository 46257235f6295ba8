import json

import pytest

from paperdesk.auth.oauth2 import problems
from paperdesk.auth.oauth2.problems import InvalidArgument, Problem


def test_a_refused_token_request_satisfies_both_readers() -> None:
    problem = problems.token_error("invalid_client", "assertion expired", reason="by 7 s")

    assert problem.status == 400
    assert json.loads(problem.body) == {
        "error": "invalid_client",
        "error_description": "assertion expired",
        "type": "/simple",
        "title": "Bad Request",
        "status": 400,
    }
    assert problem.content_type == "application/json"
    assert problem.reason == "by 7 s"


@pytest.mark.parametrize(
    ("problem", "status", "detail", "challenge"),
    [
        (problems.no_credentials(), 401, "The access token request is invalid", "Bearer"),
        (
            problems.invalid_token("why"),
            401,
            "The access token request is invalid",
            'Bearer error="invalid_token"',
        ),
        (
            problems.expired_token(),
            401,
            "Access token expired",
            'Bearer error="invalid_token", error_description="Access token expired"',
        ),
        (
            problems.insufficient_scope(("a.read", "a.write")),
            403,
            "The access token fails to have sufficient scope",
            'Bearer error="insufficient_scope", scope="a.read a.write"',
        ),
    ],
)
def test_a_token_that_opens_nothing_is_challenged(
    problem: Problem, status: int, detail: str, challenge: str
) -> None:
    body = json.loads(problem.body)

    assert (problem.status, body["status"], body["detail"]) == (status, status, detail)
    assert body["type"] == "/simple"
    assert problem.content_type == "application/problem+json"
    assert dict(problem.headers)["WWW-Authenticate"] == challenge


def test_fields_are_named() -> None:
    problem = problems.invalid_arguments([InvalidArgument("ip", "Missing required parameter")])

    assert json.loads(problem.body) == {
        "type": "/invalid-argument",
        "title": "Bad Request",
        "status": 400,
        "invalidArguments": [{"field": "ip", "description": "Missing required parameter"}],
    }


def test_a_problem_without_detail_has_none() -> None:
    assert json.loads(problems.simple(500).body) == {
        "type": "/simple",
        "title": "Internal Server Error",
        "status": 500,
    }


def test_an_unsigned_body_is_refused_in_the_services_words() -> None:
    body = json.loads(problems.invalid_payload("why").body)

    assert body["detail"] == "Invalid payload for security policy: SIGNED_JWT"
    assert "why" not in body.values()
