from itertools import count

import pytest
from tests.auth.oauth1.signer import KEY, NOW

from paperdesk.auth.oauth1 import request_tokens
from paperdesk.auth.oauth1.causes import SignedRequestRefused
from paperdesk.auth.oauth1.request_tokens import (
    LIFETIME,
    RequestToken,
    RequestTokens,
    check_redeemable,
    with_answer,
)
from paperdesk.base.ids import AccountId, UserName

USER = UserName("demo")


def tokens() -> RequestTokens:
    numbers = count(1)
    return RequestTokens(lambda digits: f"{next(numbers):0{digits}x}")


def cause(token: RequestToken, verifier: str, at: int = NOW) -> str:
    try:
        check_redeemable(token, verifier, at)
    except SignedRequestRefused as refusal:
        return refusal.cause.value
    return "redeemable"


def test_a_token_waits_for_its_user_and_is_exchanged_once() -> None:
    kept = tokens()
    token = kept.issue(KEY, "oob", NOW)

    assert len(token.token) == 20
    assert kept.find(token.token) is token
    assert cause(token, "") == "request_token_not_approved"
    verifier = kept.approve(token, USER, (AccountId("DU1"),))
    assert (token.user_name, token.account_ids) == (USER, ("DU1",))
    assert cause(token, verifier) == "redeemable"
    assert cause(token, verifier[:-1]) == "wrong_verifier"
    assert cause(token, "") == "wrong_verifier"
    token.is_used = True
    assert cause(token, verifier) == "request_token_used"


def test_a_token_lives_ten_minutes() -> None:
    kept = tokens()
    token = kept.issue(KEY, "oob", NOW)
    verifier = kept.approve(token, USER, ())

    assert cause(token, verifier, NOW + LIFETIME - 1) == "redeemable"
    assert cause(token, verifier, NOW + LIFETIME) == "request_token_expired"


def test_a_user_may_refuse() -> None:
    kept = tokens()
    token = kept.issue(KEY, "oob", NOW)
    kept.approve(token, USER, ())

    kept.deny(token)

    assert cause(token, "") == "request_token_not_approved"
    with pytest.raises(SignedRequestRefused, match="has refused"):
        check_redeemable(token, "", NOW)


def test_expired_tokens_are_forgotten_and_there_are_never_too_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(request_tokens, "CAPACITY", 3)
    kept = tokens()
    old = kept.issue(KEY, "oob", NOW)

    later = [kept.issue(KEY, "oob", NOW + 2 * LIFETIME) for _ in range(4)]

    assert kept.find(old.token) is None
    assert [kept.find(row.token) is not None for row in later] == [False, True, True, True]
    assert kept.find("never made") is None


@pytest.mark.parametrize(
    ("callback", "expected"),
    [
        ("https://v.example/cb", "https://v.example/cb?oauth_token=t&oauth_verifier=v"),
        ("https://v.example/cb?x=1", "https://v.example/cb?x=1&oauth_token=t&oauth_verifier=v"),
        ("https://v.example/cb#p?q", "https://v.example/cb?oauth_token=t&oauth_verifier=v#p?q"),
    ],
)
def test_a_user_goes_back_with_the_answer(callback: str, expected: str) -> None:
    token = RequestToken(token="t", consumer_key=KEY, callback=callback, issued_at=NOW)

    refused = with_answer(callback, token)
    token.verifier = "v"

    assert with_answer(callback, token) == expected
    assert refused == expected.replace("oauth_verifier=v", "oauth_problem=user_refused")


def test_a_token_shows_no_verifier() -> None:
    token = RequestToken(
        token="abcdef", consumer_key=KEY, callback="oob", issued_at=NOW, verifier="secret"
    )

    assert repr(token) == f"RequestToken({KEY} abcd…)"
