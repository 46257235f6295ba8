from base64 import b64decode, b64encode

import pytest
from msgspec import json
from tests.auth.oauth1.mistaken import (
    HEX,
    LIVE,
    QUERY,
    URL,
    by,
    explained,
    judge,
    plain,
    protected,
    sealed,
)
from tests.auth.oauth1.signer import (
    BASE,
    KEY,
    STAMP,
    VECTORS,
    Signer,
    live_of,
    sent,
    verifier,
)

from paperdesk.auth.oauth1.causes import Cause
from paperdesk.auth.oauth1.challenges import Encoding


def test_two_mistakes_at_once_are_found_together() -> None:
    found = explained(protected(by("POST", key=b64encode(LIVE))))

    assert (found.cause, found.also) == (Cause.KEY_IS_BASE64_TEXT, Cause.ANOTHER_HTTP_METHOD)
    found = explained(sealed(lambda s, t: s.rsa(HEX.upper() + t.replace("POST", "GET"))))
    assert (found.cause, found.also) == (Cause.PREPEND_IN_UPPERCASE, Cause.ANOTHER_HTTP_METHOD)


def test_what_was_expected_and_what_was_signed_are_shown_with_the_prepend_hidden() -> None:
    found = explained(sealed(plain(HEX.upper())))

    assert found.base_string.startswith("<prepend>POST&https%3A%2F%2Flocalhost%3A5001%2Fv1")
    assert found.signed == found.base_string
    assert found.variant == "A"
    assert explained(sealed(plain(""))).signed.startswith("POST&")
    assert explained(protected(by("POST"))).signed.startswith("POST&")
    assert explained(protected(by("POST"))).base_string.startswith("GET&")


def test_a_prepend_that_does_not_belong_there_is_found_and_hidden() -> None:
    signer = Signer()
    url = f"{BASE}/oauth/request_token"
    parameters = signer.parameters("RSA-SHA256", oauth_token=None, oauth_callback="oob")
    text = HEX + signer.text("POST", url, parameters)

    found = explained(sent(url, signer.header(parameters, signer.rsa(text)), "POST"), client=text)

    assert found.cause is Cause.PREPEND_UNWANTED
    assert found.signed.startswith("<prepend>POST&")
    assert found.difference is not None
    assert found.difference.theirs.startswith("<prepend>POST&")


def test_the_first_byte_that_differs_is_shown_where_a_client_tells_its_base_string() -> None:
    signer = Signer(live=LIVE)
    parameters = signer.parameters("HMAC-SHA256")
    wrong = signer.text("GET", URL, parameters | {"oauth_nonce": "unheard"})
    request = sent(URL, signer.header(parameters, signer.hmac(wrong)))

    found = explained(request, client=wrong)

    assert found.cause is Cause.BASE_STRING_DIFFERS
    assert found.difference is not None
    at = found.difference.at
    assert found.base_string[:at] == wrong[:at]
    assert found.base_string[at] != wrong[at]
    assert "oauth_nonce" in found.difference.ours
    assert found.difference.theirs.endswith("unheard%26oauth_") or "unheard" in (
        found.difference.theirs
    )
    assert found.signed == wrong


def test_a_right_base_string_and_a_wrong_signature_mean_a_wrong_key() -> None:
    signer = Signer(live=b"?" * 20)
    parameters = signer.parameters("HMAC-SHA256")
    text = signer.text("GET", URL, parameters)

    found = explained(sent(URL, signer.header(parameters, signer.hmac(text))), client=text)

    assert found.cause is Cause.WRONG_KEY
    assert found.difference is None


@pytest.mark.parametrize("client", [HEX, HEX.upper(), "nonsense " + HEX, HEX[:10] + "post"])
def test_a_clients_text_that_is_no_base_string_is_not_shown(client: str) -> None:
    found = explained(sealed(plain(HEX + "&")), client=client)

    assert found.cause is Cause.PREPEND_SEPARATED
    assert found.difference is not None
    assert HEX[:8] not in json.encode(found).decode().lower()


def test_strictness_tells_that_the_query_is_not_protected() -> None:
    strict = judge(strict=True)

    found = explained(protected(by(), URL + QUERY), judged=strict)

    assert found.cause is Cause.QUERY_NOT_SIGNED


def test_a_consumer_key_in_another_case_is_known_again() -> None:
    signer = Signer(key=f" {KEY.lower()}", live=LIVE)

    assert explained(signer.get()).cause is Cause.CONSUMER_KEY_MISSPELT
    signer.key = "NOBODYCON"
    assert explained(signer.get()).cause is Cause.UNKNOWN_CONSUMER


def test_what_the_verification_finds_itself_keeps_its_sentence() -> None:
    signer = Signer(live=LIVE)

    found = explained(signer.get(oauth_timestamp=str(STAMP - 7_200)))
    assert found.cause is Cause.CLOCK_IN_LOCAL_TIME
    assert found.sentence == (
        "oauth_timestamp is 7200 s behind the desk's clock; 300 s are accepted."
    )
    assert found.base_string.startswith("GET&")

    found = explained(sent(URL, None))
    assert found.cause is Cause.NO_HEADER
    assert found.base_string == ""
    assert found.difference is None


def test_a_live_token_of_the_vectors_is_explained_too() -> None:
    live = VECTORS["protected_resources"][0]["live_session_token_base64"]
    forgotten = VECTORS["live_session_token"]["server_cases"][0]["lst_if_sign_byte_is_forgotten"]
    by_vectors = verifier()
    by_vectors.live.add(
        live_of(
            live, keys={Encoding.JAVA: b64decode(live), Encoding.UNSIGNED: b64decode(forgotten)}
        )
    )

    found = explained(Signer(live=b64decode(forgotten)).get(), judged=by_vectors)

    assert found.cause is Cause.SIGN_BYTE_FORGOTTEN
