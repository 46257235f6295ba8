import msgspec
from tests.oauth2 import NOW, client

from paperdesk.api import oauth2
from paperdesk.auth.oauth2 import access_tokens


def test_a_token_is_handed_out_with_its_scope_and_a_second_less_than_its_life() -> None:
    said = access_tokens.claims(client(), ("restrictions.write", "echo.read"), NOW, "f" * 40)

    answer = oauth2.issued("a.b.c", said)

    assert msgspec.json.decode(answer.body) == {
        "access_token": "a.b.c",
        "token_type": "Bearer",
        "scope": "restrictions.write echo.read",
        "expires_in": 2_999,
    }
    assert answer.content_type == "application/json"


def test_every_route_is_about_tokens_or_says_where_they_are() -> None:
    assert [(route.method, route.path) for route in oauth2.routes.routes] == [
        ("POST", "/oauth2/api/v1/token"),
        ("POST", "/oauth2/api/v1/token/revoke"),
        ("GET", "/oauth2/api/v1/jwks"),
        ("GET", "/.well-known/oauth-authorization-server"),
    ]
