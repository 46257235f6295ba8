import pytest
from msgspec.structs import replace
from tests.auth.oauth1.signer import BASE, LST, SNAPSHOT, Signer, sent, verifier

from paperdesk.auth.oauth1.causes import Cause
from paperdesk.auth.oauth1.headers import parse
from paperdesk.auth.oauth1.requests import SignedRequest
from paperdesk.auth.oauth1.wrong_texts import WrongText, right_text, wrong_texts

URL = f"{BASE}{SNAPSHOT}?conids=265598,8314&fields=31,84&a=b%20c&d=%2B"
PUBLIC = ("https://localhost:5001", "https://api.ibkr.com")


def found(request: SignedRequest, *, strict: bool = False) -> list[WrongText]:
    return list(wrong_texts(request, parse(request.authorization), PUBLIC, strict=strict))


def test_there_are_thousands_and_not_more() -> None:
    request = replace(Signer().get(URL, "POST"), body=b'{"publish":true,"compete":true}')

    texts = found(request)

    assert 1_000 < len(texts) < 8_000
    assert all(row.cause is not None for row in texts)


def test_every_way_to_be_wrong_is_among_them() -> None:
    request = replace(Signer().get(URL, "POST"), body=b'{"publish":true}')

    assert {row.cause for row in found(request)} == {
        Cause.ANOTHER_HTTP_METHOD,
        Cause.METHOD_IN_LOWERCASE,
        Cause.ANOTHER_SCHEME,
        Cause.ANOTHER_PATH,
        Cause.ANOTHER_HOST,
        Cause.ANOTHER_QUERY,
        Cause.ANOTHER_VALUE,
        Cause.PARAMETER_NOT_SIGNED,
        Cause.REALM_SIGNED,
        Cause.BODY_SIGNED,
        Cause.PARAMETERS_UNSORTED,
        Cause.ENCODED_TWICE,
        Cause.NOT_ENCODED,
        Cause.LOWERCASE_ESCAPES,
    }
    strict = [row.cause for row in found(request, strict=True)]
    assert strict[0] is Cause.QUERY_NOT_SIGNED


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[1]", b"7", b"\xff\xfe", b"a=1&b", b'{"a":' * 9_000, b"{}", b"x" * 20_000]
)
def test_no_body_whatever_breaks_the_search(body: bytes) -> None:
    assert found(replace(Signer().get(f"{BASE}/tickle", "POST"), body=body))


def test_a_request_of_the_first_steps_has_mistakes_of_its_own() -> None:
    signer = Signer()
    parameters = signer.parameters("RSA-SHA256", diffie_hellman_challenge="0ab")

    texts = found(sent(LST, signer.header(parameters, b"s"), "POST"))

    values = {row.text.rpartition("challenge%3D")[2].partition("%26")[0] for row in texts}
    assert {"0AB", "0x0ab", "00ab", "ab"} <= values


def test_a_right_text_has_no_cause_and_its_variant() -> None:
    judge = verifier()
    request = Signer().get()

    texts = [right_text(row) for row in judge.texts(request, parse(request.authorization))]

    assert {row.cause for row in texts} == {None}
    assert texts[0].variant == "A"
