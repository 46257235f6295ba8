from typing import Any

import pytest
from tests.forgeries import FORGERIES, Forgery
from tests.oauth2 import (
    CLIENT_ID,
    COMPATIBLE,
    HEADER,
    HEADERS,
    ISSUER,
    NOW,
    OTHER_ID,
    SECOND,
    SIGNS,
    STRICT,
    VECTORS,
    assertion,
    client,
    clients,
    rs256,
    said,
    strict_assertion,
)

from paperdesk.auth.oauth2 import assertions
from paperdesk.auth.oauth2.assertions import Accepted, Case, Cause, Rejected
from paperdesk.auth.oauth2.replays import Replays
from paperdesk.auth.oauth2.rules import Rules
from paperdesk.auth.registrations import Standing
from paperdesk.base.units import Instant


def judged(
    text: str, rules: Rules = COMPATIBLE, now: Instant = NOW, form_client_id: str = ""
) -> Cause | None:
    """Return why an assertion is refused, None where it is taken."""
    verdict = assertions.judge(text, clients(), rules, now, form_client_id)
    return verdict.cause if isinstance(verdict, Rejected) else None


def why(vector: dict[str, Any]) -> str:
    return str(vector["why"])


@pytest.mark.parametrize("vector", VECTORS["assertions_accepted"], ids=why)
def test_what_clients_send_is_taken(vector: dict[str, Any]) -> None:
    assert judged(vector["client_assertion"], now=vector["verify_at"] * SECOND) is None


@pytest.mark.parametrize("vector", VECTORS["assertions_rejected"], ids=why)
def test_what_is_wrong_is_refused_and_what_is_loose_is_not(vector: dict[str, Any]) -> None:
    cause = judged(vector["client_assertion"], now=vector["verify_at"] * SECOND)

    assert (cause is None) == vector["only_in_strict_mode"]


@pytest.mark.parametrize("vector", VECTORS["assertions_rejected"], ids=why)
def test_the_strict_profile_refuses_all_of_it(vector: dict[str, Any]) -> None:
    assert judged(vector["client_assertion"], STRICT, vector["verify_at"] * SECOND) is not None


@pytest.mark.parametrize("forgery", FORGERIES, ids=lambda forgery: forgery.name)
def test_forgery_is_refused_for_its_own_reason(forgery: Forgery) -> None:
    rules = STRICT if forgery.is_strict else COMPATIBLE

    assert judged(forgery.assertion, rules) is forgery.cause


def test_there_are_enough_forgeries_and_each_has_a_name() -> None:
    assert len(FORGERIES) >= 150
    assert len({(forgery.name, forgery.assertion) for forgery in FORGERIES}) == len(FORGERIES)
    assert len({forgery.cause for forgery in FORGERIES}) >= 17


@pytest.mark.parametrize("algorithm", ["RS256", "PS256", "ES256"])
def test_each_algorithm_is_taken_with_the_key_that_is_for_it(algorithm: str) -> None:
    assert judged(assertion(said(), HEADERS[algorithm], SIGNS[algorithm])) is None


@pytest.mark.parametrize("algorithm", ["PS256", "ES256"])
def test_the_strict_profile_takes_the_newer_algorithms(algorithm: str) -> None:
    assert judged(strict_assertion(algorithm), STRICT) is None


@pytest.mark.parametrize("exp", [20, 299, 300])
def test_the_strict_profile_takes_five_minutes(exp: int) -> None:
    assert judged(strict_assertion(exp=NOW // SECOND + exp), STRICT) is None


@pytest.mark.parametrize(
    "claims",
    [
        said(aud=["https://elsewhere.example", "/token"]),
        said(aud=f"{ISSUER}/oauth2/api/v1/token"),
        said(aud="https://localhost:5001"),
        said(iat=...),
        said(iat=NOW // SECOND + 10, nbf=NOW // SECOND + 10),
        said(exp=NOW // SECOND - 4.5),
        said(exp=NOW // SECOND + 86_400),
        said(deep={"a": [{"b": "\U0001f600"}]}),
    ],
)
def test_the_compatible_profile_takes_what_the_standards_allow(claims: dict[str, object]) -> None:
    assert judged(assertion(claims)) is None


@pytest.mark.parametrize("token_type", ["JWT", "jwt", "client-authentication+jwt"])
def test_either_type_is_taken(token_type: str) -> None:
    assert judged(assertion(header=HEADER | {"typ": token_type})) is None


def test_certificates_in_the_header_are_ignored() -> None:
    assert judged(assertion(header=HEADER | {"x5c": ["A" * 4_000] * 3})) is None


def test_a_client_with_one_key_needs_no_kid() -> None:
    theirs = assertion(said(iss=OTHER_ID, sub=OTHER_ID), {"alg": "RS256"}, rs256("theirs"))

    assert judged(theirs) is None


@pytest.mark.parametrize(("name", "cause"), [(CLIENT_ID, None), (OTHER_ID, Cause.CLIENT_ID)])
def test_the_forms_client_id_is_the_subject(name: str, cause: Cause | None) -> None:
    assert judged(assertion(), form_client_id=name) is cause


@pytest.mark.parametrize("standing", [Standing.DISABLED, Standing.REVOKED])
def test_a_client_that_is_no_more_is_told_nothing(standing: Standing) -> None:
    gone = client()
    gone.standing = standing

    verdict = assertions.judge(assertion(), {CLIENT_ID: gone}, COMPATIBLE, NOW)

    assert isinstance(verdict, Rejected)
    assert verdict.cause is Cause.CLIENT_INACTIVE
    assert verdict.description == "client authentication failed"
    assert standing.value in verdict.reason


@pytest.mark.parametrize(
    "cause",
    [
        Cause.CLIENT_UNKNOWN,
        Cause.CLIENT_INACTIVE,
        Cause.KEY_UNKNOWN,
        Cause.ALGORITHM_MISMATCH,
        Cause.ALGORITHM_NOT_STRICT,
        Cause.SIGNATURE,
    ],
)
def test_strangers_cannot_tell_which_clients_and_keys_there_are(cause: Cause) -> None:
    assert Rejected(cause, "reason").description == assertions.VAGUE


@pytest.mark.parametrize("cause", Cause)
def test_what_is_told_has_only_the_characters_that_are_allowed(cause: Cause) -> None:
    told = Rejected(cause, "").description

    assert all(" " <= character <= "~" and character not in '"\\' for character in told)


def taken_once(text: str, replays: Replays, rules: Rules = COMPATIBLE, now: Instant = NOW) -> bool:
    case = assertions.judge(text, clients(), rules, now)
    assert isinstance(case, Case)
    verdict = assertions.once(case, replays)
    if isinstance(verdict, Rejected):
        assert verdict.cause is Cause.REPLAYED
    return isinstance(verdict, Accepted)


def test_an_assertion_with_an_id_is_taken_once_however_it_is_signed() -> None:
    replays = Replays()
    first = assertion(said(jti="one"))
    again = assertion(said(jti="one", exp=NOW // SECOND + 60), HEADERS["ES256"], SIGNS["ES256"])

    assert [taken_once(text, replays) for text in (first, first, again)] == [True, False, False]


def test_an_assertion_without_an_id_may_come_again() -> None:
    replays = Replays()

    assert [taken_once(assertion(), replays) for _ in range(3)] == [True] * 3
    assert len(replays) == 0


def test_bytes_can_be_taken_once_whatever_their_signature() -> None:
    replays = Replays()
    rules = Rules(issuers=COMPATIBLE.issuers, bytes_once=True)
    first, second = (assertion(said(), HEADERS["ES256"], SIGNS["ES256"]) for _ in range(2))

    assert first != second
    assert taken_once(first, replays, rules)
    assert not taken_once(second, replays, rules)
    assert taken_once(assertion(said(exp=NOW // SECOND + 21)), replays, rules)


def test_ids_of_two_clients_never_meet() -> None:
    replays = Replays()
    theirs = said(iss=OTHER_ID, sub=OTHER_ID, jti="one")

    assert taken_once(assertion(said(jti="one")), replays)
    assert taken_once(assertion(theirs, {"alg": "RS256"}, rs256("theirs")), replays)


def test_an_assertion_is_remembered_as_long_as_it_would_be_taken() -> None:
    replays = Replays()
    text = assertion(said(jti="one"))
    last = NOW + 25 * SECOND - 1

    assert taken_once(text, replays)
    assert not taken_once(text, replays, now=last)
    assert judged(text, now=last + 1) is Cause.EXPIRED


def test_a_full_memory_takes_no_more_rather_than_the_same_twice() -> None:
    replays = Replays(entries_max=1)
    assert taken_once(assertion(said(jti="one")), replays)
    case = assertions.judge(assertion(said(jti="two")), clients(), COMPATIBLE, NOW)
    assert isinstance(case, Case)

    verdict = assertions.once(case, replays)

    assert isinstance(verdict, Rejected)
    assert verdict.cause is Cause.REPLAYS_FULL
