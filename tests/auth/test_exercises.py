import pytest

from paperdesk.auth.exercises import EXERCISES, PATIENCE, TITLES, Exercises, client_of


@pytest.fixture
def seen() -> Exercises:
    return Exercises()


def test_what_was_called_with_success_is_shown_once(seen: Exercises) -> None:
    seen.note("firm", "GET", "/iserver/accounts", 200, 5)
    seen.note("firm", "GET", "/iserver/accounts", 200, 9)
    seen.note("firm", "POST", "/logout", 401, 9)
    seen.note("firm", "GET", "/portfolio/accounts", 200, 9)

    assert seen.of("firm") == {"accounts": 5}
    assert seen.of("other") == {}


def test_patience_is_to_go_on_after_too_many(seen: Exercises) -> None:
    seen.note("firm", "POST", "/tickle", 429, 1)
    assert seen.of("firm") == {}
    seen.note("firm", "POST", "/tickle", 503, 2)

    seen.note("firm", "POST", "/tickle", 200, 3)

    assert seen.of("firm") == {PATIENCE: 3, "tickle": 3}


def test_who_has_shown_everything_misses_nothing(seen: Exercises) -> None:
    assert seen.missing("firm") == list(TITLES)
    seen.note("firm", "GET", "/x", 429, 1)
    for one in EXERCISES:
        seen.note("firm", one.method, one.path, 200, 2)

    assert seen.missing("firm") == []


def test_a_session_is_a_clients_by_its_credential() -> None:
    assert client_of("oauth2 Firm-1") == "Firm-1"
    assert client_of("oauth1 KEY token") == client_of("login") == ""
