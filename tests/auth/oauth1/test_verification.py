import re
from base64 import b64decode
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.auth.oauth1.signer import (
    BASE,
    CALLBACK,
    KEY,
    NOW,
    PRIME,
    SNAPSHOT,
    STAMP,
    TOKEN,
    VECTORS,
    Signer,
    cause_of,
    consumer,
    live_of,
    registrations,
    sent,
    token,
    verifier,
)

from paperdesk.auth.oauth1.challenges import Encoding
from paperdesk.auth.oauth1.conventions import Variant
from paperdesk.auth.oauth1.outcomes import Accepted, Rejected
from paperdesk.auth.oauth1.requests import RequestLine, SignedRequest
from paperdesk.auth.oauth1.verification import Verifier
from paperdesk.auth.registrations import ConsumerKind

URL = BASE + SNAPSHOT
QUERY = "?conids=265598,8314&fields=31,84"
LIVE = VECTORS["protected_resources"][0]["live_session_token_base64"]
LETTERS = {"A": "PATH_ALONE", "B": "URL", "B2": "URL_UNESCAPED", "C": "MERGED", "D": "RFC5849"}


def ready(**settings_: Any) -> tuple[Verifier, Signer]:  # noqa: ANN401 - any setting
    judge = verifier(**settings_)
    judge.live.add(live_of(LIVE))
    return judge, Signer(live=b64decode(LIVE))


@pytest.mark.parametrize("form", ["realm_first", "realm_sorted", "tight_realm_last"])
@pytest.mark.parametrize(
    "name", ["request_token", "request_token_with_callback_url", "live_session_token"]
)
def test_the_vectors_steps_are_accepted(name: str, form: str) -> None:
    vector = VECTORS[name]
    request = sent(vector["url"], vector[f"authorization_{form}"], "POST")
    at = int(vector["oauth_params"]["oauth_timestamp"]) * 1_000_000

    outcome = verifier().verify(request, at, 0)

    assert isinstance(outcome, Accepted), outcome
    assert outcome.live is None
    assert outcome.challenge == int(vector["oauth_params"].get("diffie_hellman_challenge", "0"), 16)


@pytest.mark.parametrize("form", ["realm_first", "realm_sorted", "tight_realm_last"])
def test_the_vectors_request_token_is_exchanged_once(form: str) -> None:
    vector = VECTORS["access_token"]
    at = int(vector["oauth_params"]["oauth_timestamp"]) * 1_000_000
    judge = verifier()
    drawn = iter([vector["oauth_params"]["oauth_token"], vector["oauth_params"]["oauth_verifier"]])
    judge.request_tokens._draw_hex = lambda digits: next(drawn)
    given_ = judge.request_tokens.issue(KEY, "oob", at)
    request = sent(vector["url"], vector[f"authorization_{form}"], "POST")

    assert cause_of(judge.verify(request, at, 0)) == "request_token_not_approved"
    judge.request_tokens.approve(given_, token().user_name, ())
    outcome = judge.verify(request, at, 0)
    assert isinstance(outcome, Accepted), outcome
    assert outcome.request_token is given_

    given_.is_used = True
    again = judge.verify(request, at, 0)
    assert isinstance(again, Accepted)
    assert again.is_repeated
    assert again.replay_key == outcome.replay_key


@pytest.mark.parametrize("resource", VECTORS["protected_resources"], ids=lambda r: str(r["name"]))
@pytest.mark.parametrize("letter", LETTERS)
def test_the_vectors_resources_are_accepted_in_every_convention(
    resource: dict[str, Any], letter: str
) -> None:
    found = [row for name, row in resource["variants"].items() if name.split("_")[0] == letter]
    judge = verifier(public=("https://api.ibkr.com", "https://localhost:8443"))
    judge.live.add(live_of(resource["live_session_token_base64"]))
    url = resource["url"]
    if resource["request_target_query_plus"]:
        url += "?" + resource["request_target_query_plus"]
    for row in found:
        header = re.sub(
            r'oauth_signature="[^"]*"',
            f'oauth_signature="{row["signature_percent_encoded"]}"',
            resource["authorization_variant_A_realm_first"],
        )
        request = sent(url, header, resource["method"])
        request = replace(request, line=replace(request.line, host="api.ibkr.com"))
        at = int(resource["oauth_params"]["oauth_timestamp"]) * 1_000_000

        outcome = judge.verify(request, at, 0)

        assert isinstance(outcome, Accepted), outcome
        assert outcome.convention.variant is Variant[LETTERS[letter]]


@pytest.mark.parametrize("case", VECTORS["negative_cases"][:2], ids=lambda row: str(row["why"]))
def test_the_vectors_wrong_signatures_are_refused(case: dict[str, Any]) -> None:
    judge, _ = ready(public=("https://api.ibkr.com",))
    url = case.get("url", "https://api.ibkr.com/v1/api/portfolio/accounts")
    request = sent(url, case["authorization"], case.get("method", "GET"))

    assert cause_of(judge.verify(request, 1_700_000_181_000_000, 0)) == "wrong_signature"


@pytest.mark.parametrize("path", ["", "/"])
@pytest.mark.parametrize("host", ["api.ibkr.com", "localhost:5001", "127.0.0.1:5001", ""])
def test_a_client_that_shakes_hands_may_ask(host: str, path: str) -> None:
    judge, signer = verifier(), Signer()
    live = signer.shake_hands(judge)
    assert live.key == signer.live

    request = signer.get(URL + path + QUERY)
    request = replace(request, line=replace(request.line, host=host))
    outcome = judge.verify(request, NOW, 0)

    assert isinstance(outcome, Accepted), outcome
    assert outcome.consumer.consumer_key == KEY
    assert outcome.access_token is not None
    assert outcome.access_token.token == TOKEN
    assert outcome.live is live
    assert outcome.convention.variant is Variant.PATH_ALONE


@pytest.mark.parametrize(
    "base",
    [
        "https://localhost:5001",
        "https://127.0.0.1:5001",
        "https://api.ibkr.com",
        "https://api.ibkr.com:443",
        "https://desk.example",
        "https://desk.example:443",
    ],
)
def test_a_client_may_sign_any_url_that_the_desk_goes_by(base: str) -> None:
    judge, signer = ready(public=("https://localhost:5001", "https://desk.example"))
    request = signer.get(f"{base}/v1/api{SNAPSHOT}{QUERY}")
    request = replace(request, line=replace(request.line, host="api.ibkr.com", port=5001))

    assert cause_of(judge.verify(request, NOW, 0)) == "accepted"


def test_how_a_client_signs_is_remembered_and_tried_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    judge, signer = ready()
    assert cause_of(judge.verify(signer.get(BASE + "/tickle", "POST"), NOW, 0)) == "accepted"
    (live,) = judge.live
    assert live.convention is not None
    remembered = live.convention
    monkeypatch.setattr(judge, "texts", lambda *_: pytest.fail("every convention was tried"))

    assert cause_of(judge.verify(signer.get(), NOW, 0)) == "accepted"
    assert live.convention is remembered


def test_a_client_that_changes_its_habit_is_still_understood() -> None:
    judge, signer = ready()
    assert cause_of(judge.verify(signer.get(URL + QUERY), NOW, 0)) == "accepted"
    parameters = signer.parameters("HMAC-SHA256")
    merged = parameters | {"conids": "265598,8314", "fields": "31,84"}
    header = signer.header(parameters, signer.hmac(signer.text("GET", URL, merged)))

    outcome = judge.verify(sent(URL + QUERY, header), NOW, 0)

    assert isinstance(outcome, Accepted)
    assert outcome.convention.variant is Variant.MERGED


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_a_repetition_is_known_and_anything_else_under_its_nonce_refused(method: str) -> None:
    judge, signer = ready()
    request = signer.get(URL + QUERY, method)

    first = judge.verify(request, NOW, 0)
    again = judge.verify(request, NOW + 250_000_000, 0)

    assert isinstance(first, Accepted)
    assert isinstance(again, Accepted)
    assert not first.is_repeated
    assert again.is_repeated
    assert first.replay_key == again.replay_key
    other = replace(request, line=replace(request.line, raw_query="conids=1"))
    assert cause_of(judge.verify(other, NOW, 0)) == "nonce_reused"
    assert cause_of(judge.verify(replace(request, body=b"{}"), NOW, 0)) == "nonce_reused"


def test_strictness_executes_and_repeats_nothing_twice() -> None:
    judge, signer = ready(strict=True)
    request = signer.get(BASE + "/tickle", "POST")

    assert cause_of(judge.verify(request, NOW, 0)) == "accepted"
    assert cause_of(judge.verify(request, NOW, 0)) == "nonce_reused"


def test_strictness_wants_the_query_protected_and_a_realm() -> None:
    judge, signer = ready(strict=True)

    assert cause_of(judge.verify(signer.get(URL + QUERY), NOW, 0)) == "wrong_signature"
    assert cause_of(judge.verify(signer.get(URL), NOW, 0)) == "accepted"
    signer.realm = None
    assert cause_of(judge.verify(signer.get(URL), NOW, 0)) == "wrong_realm"


def test_a_refused_request_uses_up_no_nonce() -> None:
    judge, signer = ready()
    parameters = signer.parameters("HMAC-SHA256", oauth_nonce="precious")
    forged = sent(URL, signer.header(parameters, b"\0" * 32))
    true = sent(URL, signer.header(parameters, signer.hmac(signer.text("GET", URL, parameters))))

    assert cause_of(judge.verify(forged, NOW, 0)) == "wrong_signature"
    assert cause_of(judge.verify(true, NOW, 0)) == "accepted"


def test_a_challenge_refused_is_refused_again_and_not_taken_for_a_repetition() -> None:
    judge, signer = verifier(), Signer()
    request = signer.challenge(f"{PRIME - 1:x}")

    assert cause_of(judge.verify(request, NOW, 0)) == "challenge_trivial"
    assert cause_of(judge.verify(request, NOW, 0)) == "challenge_trivial"


def test_several_programs_of_one_user_each_have_their_token() -> None:
    judge = verifier()
    one, other = Signer(), Signer()
    one.draw.seed("one")
    first, second = one.shake_hands(judge), other.shake_hands(judge)

    for signer, live in ((one, first), (other, second), (one, first)):
        outcome = judge.verify(signer.get(), NOW, 0)
        assert isinstance(outcome, Accepted)
        assert outcome.live is live


def test_one_token_at_a_time_where_the_desk_wants_it() -> None:
    judge = verifier(single_live_session_token=True)
    one, other = Signer(), Signer()
    one.draw.seed("one")
    one.shake_hands(judge)
    other.shake_hands(judge)

    assert cause_of(judge.verify(other.get(), NOW, 0)) == "accepted"
    assert cause_of(judge.verify(one.get(), NOW, 0)) == "wrong_signature"


def test_a_token_lives_a_day_of_the_wall() -> None:
    judge, signer = verifier(), Signer()
    live = signer.shake_hands(judge)
    late = live.expires_at // 1_000_000
    request = signer.get(oauth_timestamp=str(late))

    assert live.expires_at - live.issued_at == 86_400 * 1_000_000
    assert cause_of(judge.verify(request, live.expires_at, 0)) == "live_session_token_expired"
    assert cause_of(judge.verify(request, live.expires_at - 1, 0)) == "accepted"


def with_two_encodings() -> tuple[Verifier, Signer]:
    """Return a handshake whose shared secret has its top bit set."""
    for seed in range(40):
        judge, signer = verifier(both_encodings=True), Signer()
        signer.draw.seed(seed)
        if len(signer.shake_hands(judge, both_encodings=True).accepted) == 2:
            return judge, signer
    raise AssertionError("a third of the handshakes have two encodings")


def test_the_first_signature_decides_between_two_encodings() -> None:
    judge, signer = with_two_encodings()
    (live,) = judge.live
    right, wrong = live.keys[Encoding.JAVA], live.keys[Encoding.UNSIGNED]

    signer.live = wrong
    assert cause_of(judge.verify(signer.get(), NOW, 0)) == "accepted"
    signer.live = right
    assert cause_of(judge.verify(signer.get(), NOW, 0)) == "wrong_signature"

    judge, signer = with_two_encodings()
    (live,) = judge.live
    assert cause_of(judge.verify(signer.get(), NOW, 0)) == "accepted"
    signer.live = live.keys[Encoding.UNSIGNED]
    assert cause_of(judge.verify(signer.get(), NOW, 0)) == "wrong_signature"


def test_the_public_test_consumer_has_a_realm_of_its_own() -> None:
    known = registrations(
        consumer(consumer_key="TESTCONS", realm="test_realm"),
        token(token="00", consumer_key="TESTCONS"),
    )
    judge = verifier(known)
    signer = Signer(key="TESTCONS", access_token="00", realm="test_realm")
    signer.shake_hands(judge)

    assert cause_of(judge.verify(signer.get(), NOW, 0)) == "accepted"
    signer.realm = "limited_poa"
    assert cause_of(judge.verify(signer.get(), NOW, 0)) == "wrong_realm"


def test_a_first_party_consumer_begins_with_its_live_session_token() -> None:
    judge = verifier(registrations(kind=ConsumerKind.FIRST_PARTY))
    signer = Signer()
    signer.shake_hands(judge)

    assert cause_of(judge.verify(signer.get(), NOW, 0)) == "accepted"
    vector = VECTORS["request_token"]
    request = sent(vector["url"], vector["authorization_realm_first"], "POST")
    assert cause_of(judge.verify(request, 1_700_000_000_000_000, 0)) == "first_party_consumer"


def test_a_callback_that_stands_percent_encoded_is_signed_decoded_or_as_it_stands() -> None:
    url = f"{BASE}/oauth/request_token"
    for signed in (CALLBACK, quote(CALLBACK, safe="")):
        judge, signer = verifier(), Signer()
        parameters = signer.parameters("RSA-SHA256", oauth_token=None, oauth_callback=signed)
        text = signer.text("POST", url, parameters)
        shown = parameters | {"oauth_callback": quote(CALLBACK, safe="")}

        request = sent(url, signer.header(shown, signer.rsa(text)), "POST")

        assert cause_of(judge.verify(request, NOW, 0)) == "accepted"


def test_a_refusal_says_what_was_known_until_then() -> None:
    judge, signer = ready()
    outcome = judge.verify(signer.get(oauth_timestamp="1"), NOW, 0)

    assert isinstance(outcome, Rejected)
    assert outcome.consumer is not None
    assert outcome.access_token is not None
    assert outcome.header is not None
    assert "10 digits" in outcome.message


ALPHABET = st.characters(min_codepoint=33, max_codepoint=126, exclude_characters='"%')
CHANGES = st.tuples(
    st.sampled_from(["method", "path", "host_path", "nonce", "timestamp", "token", "signature"]),
    st.text(ALPHABET, min_size=1, max_size=12),
)


@settings(max_examples=200)
@given(CHANGES)
def test_nothing_but_the_right_request_verifies(change: tuple[str, str]) -> None:
    kind, text = change
    judge, signer = ready()
    parameters = signer.parameters("HMAC-SHA256", oauth_nonce="n0")
    signature = signer.hmac(signer.text("GET", URL, parameters))
    line = RequestLine(method="GET", raw_path=urlsplit(URL).path, host="localhost", port=5001)
    sent_as = dict(parameters)
    match kind:
        case "method":
            line = replace(line, method=text)
        case "path":
            line = replace(line, raw_path=f"{line.raw_path}/{text}")
        case "host_path":
            line = replace(line, raw_path=f"/{text}{line.raw_path}")
        case "nonce":
            sent_as["oauth_nonce"] = f"n0{text}"
        case "timestamp":
            sent_as["oauth_timestamp"] = str(STAMP + 1 + len(text))
        case "token":
            sent_as["oauth_token"] = TOKEN + text
        case _:
            place = len(text) % 32
            signature = bytes([*signature[:place], signature[place] ^ 1, *signature[place + 1 :]])
    request = SignedRequest(line=line, authorization=signer.header(sent_as, signature))

    assert cause_of(judge.verify(request, NOW, 0)) in {"wrong_signature", "unknown_token"}


def test_the_body_of_a_form_may_hold_no_parameter_of_the_protocol() -> None:
    judge, signer = ready()
    request = signer.get(BASE + "/tickle", "POST")

    refused = replace(request, body=b"a=1&oauth_token=x", is_form=True)
    assert cause_of(judge.verify(refused, NOW, 0)) == "parameters_elsewhere"
    assert cause_of(judge.verify(replace(refused, is_form=False), NOW, 0)) == "accepted"
