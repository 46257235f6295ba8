import json
from base64 import urlsafe_b64decode

import pytest
from tests.oauth2 import CLIENT_ID, HEADER, NOW, SECOND, client, rs256, rsa_key, text, token

from paperdesk.auth.keys import to_pem
from paperdesk.auth.oauth2 import access_tokens, signatures
from paperdesk.auth.oauth2.access_tokens import AccessTokens, Flaw, Revoked, TokenClaims
from paperdesk.base.units import Instant

KID = "0123456789abcdef0123456789abcdef01234567"
TOKEN_ID = "f" * 40
SERVER = rsa_key("server")
GOOD = {"typ": "at+jwt", "alg": "RS256", "kid": KID}


def tokens() -> AccessTokens:
    return AccessTokens({KID: to_pem(SERVER.public_key())})


def issued(scopes: tuple[str, ...] = ("echo.read",), now: Instant = NOW) -> str:
    said = access_tokens.claims(client(), scopes, now, TOKEN_ID)
    part = access_tokens.to_sign(said, KID)
    return access_tokens.signed(part, signatures.rs256(part, SERVER))


def said(**more: object) -> dict[str, object]:
    at = NOW // SECOND
    usual = {"iss": "/token", "sub": CLIENT_ID, "exp": at + 86_400, "iat": at}
    return usual | {"scope": "", "csid": CLIENT_ID, "accountId": "", "jti": "x"} | more


def test_a_token_has_the_header_and_the_claims_of_the_sample() -> None:
    header, payload = (
        json.loads(urlsafe_b64decode(part + "==")) for part in issued().split(".")[:2]
    )

    assert header == GOOD
    assert payload == {
        "iss": "/token",
        "sub": CLIENT_ID,
        "exp": 1_700_086_400,
        "iat": 1_700_000_000,
        "scope": "echo.read",
        "csid": CLIENT_ID,
        "accountId": "F1234567",
        "jti": TOKEN_ID,
    }


def test_a_token_is_good_until_it_expires() -> None:
    ours, life = tokens(), 86_400 * SECOND
    good = issued()

    first = ours.verified(good, NOW)

    assert isinstance(first, TokenClaims)
    assert first.scopes == ("echo.read",)
    assert ours.verified(good, NOW + life - 1) == first
    assert ours.verified(good, NOW + life) is Flaw.EXPIRED


def test_a_token_for_restrictions_is_short() -> None:
    short = tokens().verified(issued(("restrictions.write", "echo.read")), NOW)

    assert isinstance(short, TokenClaims)
    assert short.exp - short.iat == 3_000


def test_a_revoked_token_stays_so_across_a_restart() -> None:
    ours = tokens()
    good = ours.verified(issued(), NOW)
    assert isinstance(good, TokenClaims)

    revoked = ours.revoke(good, NOW)

    assert revoked == Revoked(TOKEN_ID, good.expires_at)
    assert ours.verified(issued(), NOW) is Flaw.REVOKED
    again = AccessTokens({KID: to_pem(SERVER.public_key())}, [revoked])
    assert again.verified(issued(), NOW) is Flaw.REVOKED


def test_more_tokens_than_are_remembered_are_read_again() -> None:
    ours = tokens()
    first = issued(now=NOW - SECOND)

    for index in range(3):
        assert ours.verified(issued(now=NOW + index * SECOND), NOW) is not Flaw.NOT_OURS
        assert ours.verified(first, NOW) is not Flaw.NOT_OURS


FOREIGN = {
    "nothing": "",
    "a word": "token",
    "signed by a client": token(text(GOOD), text(said()), rs256()),
    "of a client's key": token(text(HEADER), text(said()), rs256()),
    "unsigned": token(text(GOOD | {"alg": "none"}), text(said()), lambda _: b""),
    "by HMAC": token(text(GOOD | {"alg": "HS256"}), text(said()), rs256("server")),
    "of another type": token(text(GOOD | {"typ": "JWT"}), text(said()), rs256("server")),
    "of no type": token(text({"alg": "RS256", "kid": KID}), text(said()), rs256("server")),
    "of an unknown key": token(text(GOOD | {"kid": "0"}), text(said()), rs256("server")),
    "of a key that is no text": token(text(GOOD | {"kid": [KID]}), text(said()), rs256("server")),
    "of no key": token(text({"alg": "RS256", "typ": "at+jwt"}), text(said()), rs256("server")),
    "with padding": issued() + "==",
    "cut": issued()[:-8],
    "long": issued() + "A" * 9_000,
    "half a pair": "\ud800",
}


@pytest.mark.parametrize("name", FOREIGN)
def test_what_was_not_issued_here_opens_nothing(name: str) -> None:
    assert tokens().verified(FOREIGN[name], NOW) is Flaw.NOT_OURS


def test_a_token_whose_scope_was_widened_opens_nothing() -> None:
    head, _, signature = issued().split(".")
    wider = token(text(GOOD), text(said(scope="accounts.write")), rs256("server")).split(".")[1]

    assert tokens().verified(f"{head}.{wider}.{signature}", NOW) is Flaw.NOT_OURS
