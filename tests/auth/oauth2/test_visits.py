import pytest
from tests.oauth2 import CLIENT_ID, NOW, SECOND

from paperdesk.auth.oauth2 import visits
from paperdesk.auth.oauth2.visits import Visit, Visits, Why
from paperdesk.auth.sessions import Session
from paperdesk.base.ids import AccountId, UserName


def visit(address: str = "127.0.0.1", expires_at: int = NOW + 60 * SECOND) -> Visit:
    return Visit(
        client_id=CLIENT_ID, user_name=UserName("u"), address=address, expires_at=expires_at
    )


def session() -> Session:
    return Session(
        session_id="0" * 32,
        brokerage_id="0",
        user_name=UserName("u"),
        account_ids=(AccountId("DU1"),),
        is_paper=True,
        signed_in_at=NOW,
        last_used_at=NOW,
        selected=AccountId("DU1"),
    )


def test_a_visit_begins_once() -> None:
    kept, one = Visits(), visit()
    kept.expect("id", one, NOW)

    assert kept.begin("id", "127.0.0.1", NOW) is one
    assert kept.begin("id", "127.0.0.1", NOW) is Why.USED
    assert kept.begin("other", "127.0.0.1", NOW) is Why.UNKNOWN


def test_a_visit_that_is_late_does_not_begin() -> None:
    kept = Visits()
    kept.expect("id", visit(), NOW)

    assert kept.begin("id", "127.0.0.1", NOW + 60 * SECOND) is Why.EXPIRED


@pytest.mark.parametrize("enforces", [True, False])
def test_a_browser_from_elsewhere(enforces: bool) -> None:
    kept, one = Visits(enforces_addresses=enforces), visit("203.0.113.7")
    kept.expect("id", one, NOW)

    assert kept.begin("id", "127.0.0.1", NOW) is (Why.ADDRESS if enforces else one)
    if enforces:
        assert kept.begin("id", "::ffff:203.0.113.7", NOW) is one


def test_a_browser_is_known_by_its_cookie_while_its_session_lives() -> None:
    kept, one, live = Visits(), visit(), session()
    kept.expect("id", one, NOW)
    kept.begin("id", "127.0.0.1", NOW)
    kept.welcome(one, live, "cookie")

    assert kept.of("cookie") is one
    assert kept.is_of("cookie", "id")
    assert not kept.is_of("cookie", "other")
    assert kept.of("") is None
    assert kept.of("other") is None
    live.is_ended = True
    assert kept.of("cookie") is None
    assert not kept.is_of("cookie", "id")


def test_what_is_long_over_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    kept, one, live = Visits(), visit(), session()
    kept.expect("id", one, NOW)
    kept.begin("id", "127.0.0.1", NOW)
    kept.welcome(one, live, "cookie")
    live.is_ended = True

    later = NOW + 3_700 * SECOND
    kept.expect("new", visit(expires_at=later), later)

    assert kept.begin("id", "127.0.0.1", later) is Why.UNKNOWN
    assert (len(kept._by_id), len(kept._by_cookie)) == (1, 0)
    monkeypatch.setattr(visits, "VISITS_MAX", 2)
    for name in ("a", "b", "c"):
        kept.expect(name, visit(expires_at=later), later)
    assert len(kept._by_id) == 2
