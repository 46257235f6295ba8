import pytest

from paperdesk.auth.oauth2 import scopes
from paperdesk.auth.oauth2.scopes import SCOPES, InvalidScope

ALLOWED = ("echo.read", "echo.write", "sso-sessions.write")


def test_the_catalogue_is_sorted_and_names_each_once() -> None:
    assert list(SCOPES) == sorted(set(SCOPES))


@pytest.mark.parametrize("is_strict", [True, False])
def test_the_grant_is_in_the_order_that_was_asked_for(is_strict: bool) -> None:
    wanted = "sso-sessions.write echo.read sso-sessions.write"

    given = scopes.granted(wanted, ALLOWED, is_strict=is_strict)

    assert given == ("sso-sessions.write", "echo.read")


def test_nothing_asks_for_everything() -> None:
    assert scopes.granted("", ALLOWED, is_strict=True) == ALLOWED


def test_what_is_not_allowed_is_left_out_or_refused() -> None:
    wanted = "echo.read accounts.read"

    assert scopes.granted(wanted, ALLOWED, is_strict=False) == ("echo.read",)
    with pytest.raises(InvalidScope, match="not allowed"):
        scopes.granted(wanted, ALLOWED, is_strict=True)


@pytest.mark.parametrize(
    "wanted",
    [
        "no.such.scope",
        "echo.read no.such.scope",
        "ECHO.READ",
        'echo.read  "x"',
        "echo.read  echo.write",
        " echo.read",
        "echo.read ",
        "echo.read\techo.write",
        "echo.read\necho.write",
        "echo.read,echo.write",
        'echo."read',
        "echo\\read",
        "echo.r\u00e9ad",
        "echo.read\0",
        "accounts.read",
        "x " * 3_000 + "x",
    ],
)
def test_what_nobody_can_be_given_is_refused(wanted: str) -> None:
    with pytest.raises(InvalidScope):
        scopes.granted(wanted, ALLOWED, is_strict=False)


def test_a_client_without_scopes_is_given_none() -> None:
    with pytest.raises(InvalidScope):
        scopes.granted("", (), is_strict=False)


def test_a_token_lives_as_long_as_its_shortest_scope() -> None:
    assert scopes.expires_in(("echo.read",)) == 86_399
    assert scopes.expires_in(("echo.read", "restrictions.write")) == 2_999


def test_any_of_an_endpoints_scopes_opens_it() -> None:
    assert scopes.opens(("reports.read",), ("statements.read", "reports.read"))
    assert not scopes.opens(("reports.write",), ("statements.read", "reports.read"))
