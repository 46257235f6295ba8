import pytest

from paperdesk.api import oauth1
from paperdesk.auth.oauth1.causes import Cause
from paperdesk.auth.oauth1.requests import Endpoint

TOKEN = "2d9018307ff2c61b0f7d"


def body(cause: Cause, endpoint: Endpoint = Endpoint.PROTECTED) -> tuple[int, bytes]:
    answer = oauth1.refused(cause, 39_687, endpoint, TOKEN)
    return answer.status, answer.body


@pytest.mark.parametrize(
    ("cause", "expected"),
    [
        (Cause.NO_HEADER, (401, b'{"error":"not authenticated","statusCode":401}')),
        (
            Cause.MISSING_QUOTE,
            (400, b'{"error":"id: 39687, error: invalid request","statusCode":400}'),
        ),
        (
            Cause.UNKNOWN_CONSUMER,
            (401, b'{"error":"id: 39687, error: invalid consumer","statusCode":401}'),
        ),
        (
            Cause.UNKNOWN_TOKEN,
            (401, b'{"error":"id: 39687, error: invalid signature","statusCode":401}'),
        ),
        (
            Cause.NONCE_REUSED,
            (401, b'{"error":"id: 39687, error: invalid signature","statusCode":401}'),
        ),
        (
            Cause.LIVE_SESSION_TOKEN_EXPIRED,
            (401, b'{"error":"not authenticated","statusCode":401}'),
        ),
    ],
)
def test_a_refusal_looks_as_recorded(cause: Cause, expected: tuple[int, bytes]) -> None:
    assert body(cause) == expected


def test_a_token_without_secret_is_named_where_a_session_is_asked_for() -> None:
    assert body(Cause.UNKNOWN_TOKEN, Endpoint.LIVE_SESSION_TOKEN) == (
        401,
        (
            b'{"error":"id: 39687, error: LST failed, error: No access secret key found for '
            b'2d9018307ff2c61b0f7d","statusCode":401}'
        ),
    )


def test_what_is_named_is_short_and_escaped() -> None:
    long = '"}<script>' * 100
    answer = oauth1.refused(Cause.UNKNOWN_TOKEN, 1, Endpoint.LIVE_SESSION_TOKEN, long)

    assert len(answer.body) < 200
    assert answer.body.count(b'\\"}') == 4


@pytest.mark.parametrize("cause", list(Cause))
def test_every_cause_has_an_answer_that_keeps_it_to_itself(cause: Cause) -> None:
    answer = oauth1.refused(cause, 1, Endpoint.ACCESS_TOKEN)

    assert answer.status in {400, 401}
    assert oauth1.REASON not in dict(answer.headers)
    assert cause.value.encode() not in answer.body


def test_to_developers_a_header_says_the_cause() -> None:
    answer = oauth1.refused(Cause.NONCE_REUSED, 1, Endpoint.PROTECTED, is_explained=True)

    assert dict(answer.headers)["X-Paperdesk-Reason"] == "nonce_reused"


def test_what_is_handed_out_is_spelt_as_clients_read_it() -> None:
    assert oauth1.issued(oauth1.RequestTokenIssued("ab")).body == b'{"oauth_token":"ab"}'
    assert oauth1.issued(oauth1.AccessTokenIssued(True, "ab", "cd")).body == (  # noqa: FBT003
        b'{"is_paper":true,"oauth_token":"ab","oauth_token_secret":"cd"}'
    )
    assert oauth1.issued(oauth1.LiveSessionTokenIssued("ab", "cd", 5)).body == (
        b'{"diffie_hellman_response":"ab","live_session_token_signature":"cd",'
        b'"live_session_token_expiration":5}'
    )
