import json
from base64 import urlsafe_b64decode

import pytest
from tests.oauth2 import CLIENT_ID, NOW, SECOND, client

from paperdesk.auth.oauth2 import bearers
from paperdesk.auth.oauth2.bearers import Bearer, Bearers
from paperdesk.auth.sessions import Session
from paperdesk.base.ids import AccountId, UserName
from paperdesk.kernel.state.accounts import User

USER = User(
    user_name=UserName("sample01"), user_id=77, account_ids=(AccountId("DU1"),), is_paper=True
)


def session() -> Session:
    return Session(
        session_id="0" * 32,
        brokerage_id="0",
        user_name=USER.user_name,
        account_ids=USER.account_ids,
        is_paper=True,
        signed_in_at=NOW,
        last_used_at=NOW,
        selected=USER.account_ids[0],
    )


def bearer(token_id: str = "a" * 40, addresses: tuple[str, ...] = ()) -> Bearer:
    return Bearer(token_id=token_id, client_id=CLIENT_ID, session=session(), addresses=addresses)


def test_a_token_has_the_shape_of_the_sample() -> None:
    token = Bearers(b"secret").issue(bearer(), client(), USER, NOW + 7_000)

    header, payload = (json.loads(urlsafe_b64decode(part + "==")) for part in token.split(".")[:2])

    assert header == {"alg": "HS256"}
    assert payload == {
        "sub": "WEB_API",
        "aud": "77",
        "iss": "com.ib.sso",
        "iat": 1_700_000_000_007,
        "jti": "a" * 40,
        "ctp": f"{CLIENT_ID}_F1234567",
    }


def test_a_token_opens_its_session_until_that_ends() -> None:
    kept, one = Bearers(b"secret"), bearer()
    token = kept.issue(one, client(), USER, NOW)

    assert kept.find(token) is one
    one.session.is_ended = True
    assert kept.find(token) is None
    assert kept.of(CLIENT_ID) == []


def test_older_tokens_of_a_user_stay_good() -> None:
    kept, first, second = Bearers(b"secret"), bearer("a" * 40), bearer("b" * 40)
    tokens = [kept.issue(one, client(), USER, NOW) for one in (first, second)]

    assert [kept.find(token) for token in tokens] == [first, second]
    assert kept.of(CLIENT_ID) == [first, second]
    assert kept.of("another") == []


def test_what_was_not_issued_opens_nothing() -> None:
    kept = Bearers(b"secret")
    token = kept.issue(bearer(), client(), USER, NOW)
    stranger = Bearers(b"other").issue(bearer(), client(), USER, NOW)

    forged = [stranger, token[:-1], f"{token} ", token.lower(), "", "x" * 10_000, "\ud800"]

    assert [kept.find(text) for text in forged] == [None] * len(forged)


def test_ended_sessions_make_room_before_open_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bearers, "BEARERS_MAX", 2)
    kept, first, second, third = Bearers(b"s"), *(bearer(one * 40) for one in "abc")
    old, ended = (kept.issue(one, client(), USER, NOW) for one in (first, second))
    second.session.is_ended = True

    kept.issue(third, client(), USER, NOW)
    assert kept.find(old) is first
    assert kept.find(ended) is None

    kept.issue(bearer("d" * 40), client(), USER, NOW + SECOND)
    assert kept.find(old) is None


@pytest.mark.parametrize(
    ("remote", "may"),
    [
        ("203.0.113.7", True),
        ("::ffff:203.0.113.7", True),
        ("2001:DB8:0:0::7", True),
        ("203.0.113.8", False),
        ("::1", False),
    ],
)
def test_a_token_is_used_from_the_addresses_that_were_named(remote: str, may: bool) -> None:
    named = bearer(addresses=("203.0.113.7", bearers.plain("2001:db8::7")))

    assert named.may_come_from(remote) is may
    assert bearer().may_come_from(remote)


@pytest.mark.parametrize("address", ["", "nowhere", "203.0.113", "1.2.3.4/8"])
def test_what_is_no_address_is_said_to_be_none(address: str) -> None:
    with pytest.raises(ValueError, match="does not appear"):
        bearers.plain(address)
