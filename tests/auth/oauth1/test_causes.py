import pytest

from paperdesk.auth.oauth1.causes import Cause, SignedRequestRefused, Step, Verdict


@pytest.mark.parametrize(
    ("cause", "step"),
    [
        (Cause.NO_HEADER, Step.HEADER),
        (Cause.WRONG_VERSION, Step.HEADER),
        (Cause.UNKNOWN_CONSUMER, Step.CONSUMER),
        (Cause.CALLBACK_NOT_REGISTERED, Step.CONSUMER),
        (Cause.UNKNOWN_TOKEN, Step.TOKEN),
        (Cause.NO_LIVE_SESSION_TOKEN, Step.TOKEN),
        (Cause.WRONG_METHOD, Step.METHOD),
        (Cause.TIMESTAMP_MALFORMED, Step.TIMESTAMP),
        (Cause.CLOCK_IN_LOCAL_TIME, Step.TIMESTAMP),
        (Cause.SIGNATURE_NOT_BASE64, Step.SIGNATURE),
        (Cause.LIVE_SESSION_TOKEN_OF_ANOTHER, Step.SIGNATURE),
        (Cause.NONCE_MALFORMED, Step.NONCE),
        (Cause.NONCE_BEYOND_MEMORY, Step.NONCE),
        (Cause.LIVE_SESSION_TOKEN_EXPIRED, Step.LIFE),
        (Cause.CHALLENGE_NOT_HEX, Step.GRANT),
        (Cause.WRONG_VERIFIER, Step.GRANT),
    ],
)
def test_a_cause_belongs_to_the_step_that_finds_it(cause: Cause, step: Step) -> None:
    assert cause.step is step


def test_steps_come_in_the_order_of_their_causes() -> None:
    order = list(Step)

    assert [order.index(cause.step) for cause in Cause] == sorted(
        order.index(cause.step) for cause in Cause
    )
    assert {cause.step for cause in Cause} == set(Step)


@pytest.mark.parametrize(
    ("cause", "verdict"),
    [
        (Cause.NO_HEADER, Verdict.NOT_SIGNED),
        (Cause.WRONG_SCHEME, Verdict.NOT_SIGNED),
        (Cause.MISSING_QUOTE, Verdict.MALFORMED),
        (Cause.MISSING_PARAMETER, Verdict.MALFORMED),
        (Cause.UNKNOWN_CONSUMER, Verdict.INVALID_CONSUMER),
        (Cause.CONSUMER_NOT_YET_ACTIVE, Verdict.INVALID_CONSUMER),
        (Cause.UNKNOWN_TOKEN, Verdict.NO_ACCESS_SECRET),
        (Cause.TOKEN_REVOKED, Verdict.NO_ACCESS_SECRET),
        (Cause.NO_LIVE_SESSION_TOKEN, Verdict.INVALID_SIGNATURE),
        (Cause.TIMESTAMP_TOO_OLD, Verdict.INVALID_SIGNATURE),
        (Cause.SIGN_BYTE_FORGOTTEN, Verdict.INVALID_SIGNATURE),
        (Cause.NONCE_REUSED, Verdict.INVALID_SIGNATURE),
        (Cause.LIVE_SESSION_TOKEN_EXPIRED, Verdict.EXPIRED),
        (Cause.CHALLENGE_TRIVIAL, Verdict.INVALID_SIGNATURE),
    ],
)
def test_a_client_is_told_a_verdict_and_no_cause(cause: Cause, verdict: Verdict) -> None:
    assert cause.verdict is verdict


def test_a_refusal_has_its_cause_beside_its_sentence() -> None:
    refusal = SignedRequestRefused(Cause.NO_HEADER, "There is none.")

    assert (refusal.cause, refusal.message) == (Cause.NO_HEADER, "There is none.")
    assert refusal.code == "signed_request_refused"
