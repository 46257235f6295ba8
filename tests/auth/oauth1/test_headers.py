from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.auth.oauth1.signer import VECTORS

from paperdesk.auth.oauth1.causes import Cause, SignedRequestRefused
from paperdesk.auth.oauth1.headers import (
    KNOWN,
    PARAMETERS_MAX,
    SIZE_MAX,
    parse,
    refuse_elsewhere,
)

PLAIN = 'oauth_consumer_key="PAPERDESK", oauth_nonce="n1", oauth_signature="QUI="'


def refused(value: bytes | str | None) -> str:
    with pytest.raises(SignedRequestRefused) as caught:
        parse(value)
    return caught.value.cause.value


@pytest.mark.parametrize("name", ["request_token", "access_token", "live_session_token"])
@pytest.mark.parametrize("form", ["realm_first", "realm_sorted", "tight_realm_last"])
def test_headers_of_the_vectors_hold_the_same_whatever_their_order(name: str, form: str) -> None:
    vector: dict[str, Any] = VECTORS[name]

    header = parse(vector[f"authorization_{form}"])

    assert header.realm == "limited_poa"
    assert header.parameters == vector["oauth_params"]
    assert header.signature == vector["signature_base64"]


@pytest.mark.parametrize(
    "value",
    [
        f"OAuth {PLAIN}",
        f"oauth {PLAIN}",
        f"OAUTH {PLAIN}",
        f"  OAuth   {PLAIN}  ",
        f"OAuth\t{PLAIN}\t",
        f"OAuth {PLAIN}".replace(", ", ","),
        f"OAuth {PLAIN}".replace(", ", " ,\t "),
        f"OAuth {PLAIN}".encode(),
        f"OAuth {PLAIN}".replace("QUI=", "QUI%3D"),
        f"OAuth {PLAIN}".replace("QUI=", "QUI%3d"),
        f"OAuth {PLAIN}".replace("QUI=", "QUI%253D"),
        f"OAuth {PLAIN}".replace("PAPERDESK", "%50APERDESK"),
    ],
)
def test_what_clients_do_differently_is_tolerated(value: bytes | str) -> None:
    header = parse(value)

    assert header.parameters == {"oauth_consumer_key": "PAPERDESK", "oauth_nonce": "n1"}
    assert header.signature == "QUI="
    assert header.realm is None


@pytest.mark.parametrize("at", range(4))
def test_the_realm_may_stand_anywhere_and_is_never_a_parameter(at: int) -> None:
    parts = PLAIN.split(", ")
    parts.insert(at, 'realm="test_realm"')

    header = parse("OAuth " + ", ".join(parts))

    assert header.realm == "test_realm"
    assert "realm" not in header.parameters


def test_a_comma_inside_quotes_separates_nothing() -> None:
    header = parse(f'OAuth oauth_callback="https://v.example/cb?a=1,b=2", {PLAIN}')

    assert header.get("oauth_callback") == "https://v.example/cb?a=1,b=2"


def test_raw_values_are_kept_beside_decoded_ones() -> None:
    header = parse(f'OAuth oauth_callback="https%3A%2F%2Fv%2Fcb", {PLAIN}')

    assert header.get("oauth_callback") == "https://v/cb"
    assert header.raw["oauth_callback"] == "https%3A%2F%2Fv%2Fcb"


def test_a_signature_is_decoded_twice_and_no_more() -> None:
    assert parse('OAuth oauth_signature="a%25252Bb"').signature == "a%2Bb"
    assert parse('OAuth oauth_signature="a%252Bb%2Fc"').signature == "a+b/c"
    assert parse('OAuth oauth_signature="a+b/c="').signature == "a+b/c="


def test_an_escape_that_is_none_stays_as_it_is() -> None:
    assert parse('OAuth oauth_callback="100%", oauth_nonce="%zz"').get("oauth_nonce") == "%zz"


def test_a_parameter_that_is_not_the_protocols_is_kept_to_be_signed() -> None:
    header = parse(f'OAuth {PLAIN}, diffie_hellman_challenge="a1", x_own="1"')

    assert header.get("diffie_hellman_challenge") == "a1"
    assert header.get("x_own") == "1"
    assert header.get("oauth_token") == ""


def test_version_one_is_taken_and_signed() -> None:
    assert parse(f'OAuth {PLAIN}, oauth_version="1.0"').get("oauth_version") == "1.0"


BROKEN: list[tuple[bytes | str | None, Cause]] = [
    (None, Cause.NO_HEADER),
    ("", Cause.WRONG_SCHEME),
    ("   ", Cause.WRONG_SCHEME),
    ("Bearer abc", Cause.WRONG_SCHEME),
    ("Basic YTpi", Cause.WRONG_SCHEME),
    ("OAuth2 abc", Cause.WRONG_SCHEME),
    (f"OAuth{PLAIN}", Cause.WRONG_SCHEME),
    (f"OAuth, {PLAIN}", Cause.WRONG_SCHEME),
    (PLAIN, Cause.WRONG_SCHEME),
    ("OAuth", Cause.MALFORMED_HEADER),
    ("OAuth ", Cause.MALFORMED_HEADER),
    (f"OAuth {PLAIN},", Cause.MALFORMED_HEADER),
    (f"OAuth {PLAIN}, ", Cause.MALFORMED_HEADER),
    (f"OAuth , {PLAIN}", Cause.MALFORMED_HEADER),
    (f"OAuth {PLAIN}".replace(", ", ",,", 1), Cause.MALFORMED_HEADER),
    (f"OAuth {PLAIN}".replace(", ", " "), Cause.MALFORMED_HEADER),
    (f"OAuth {PLAIN}".replace(", ", ";"), Cause.MALFORMED_HEADER),
    (f"OAuth {PLAIN}".replace(", ", "&"), Cause.MALFORMED_HEADER),
    (f"OAuth {PLAIN} trailing", Cause.MALFORMED_HEADER),
    (f"OAuth OAuth {PLAIN}", Cause.MALFORMED_HEADER),
    (f"OAuth {PLAIN}".replace("=", " = ", 1), Cause.MALFORMED_HEADER),
    (f"OAuth {PLAIN}".replace('="', ':"'), Cause.MALFORMED_HEADER),
    ('OAuth oauth-nonce="1"', Cause.MALFORMED_HEADER),
    ('OAuth ="1"', Cause.MALFORMED_HEADER),
    ('OAuth "oauth_nonce"="1"', Cause.MALFORMED_HEADER),
    ('OAuth oauth_nonce="a"b"', Cause.MALFORMED_HEADER),
    ('OAuth oauth_nonce="a\\"b"', Cause.MALFORMED_HEADER),
    ("OAuth oauth_nonce=1", Cause.MISSING_QUOTE),
    ('OAuth oauth_nonce="1', Cause.MISSING_QUOTE),
    ('OAuth oauth_nonce=1"', Cause.MISSING_QUOTE),
    ("OAuth oauth_nonce='1'", Cause.MISSING_QUOTE),
    ("OAuth oauth_nonce=", Cause.MISSING_QUOTE),
    (f'OAuth {PLAIN}, oauth_token="', Cause.MISSING_QUOTE),
    ('OAuth oauth_nonce= "1"', Cause.MISSING_QUOTE),
    (f'OAuth {PLAIN}, oauth_nonce="n2"', Cause.DUPLICATE_PARAMETER),
    (f'OAuth {PLAIN}, oauth_nonce="n1"', Cause.DUPLICATE_PARAMETER),
    (f'OAuth {PLAIN}, oauth_signature="QUI="', Cause.DUPLICATE_PARAMETER),
    (f'OAuth realm="a", realm="a", {PLAIN}', Cause.DUPLICATE_PARAMETER),
    (f'OAuth realm="", realm="", {PLAIN}', Cause.DUPLICATE_PARAMETER),
    (f'OAuth {PLAIN}, x="1", x="2"', Cause.DUPLICATE_PARAMETER),
    (f'OAuth {PLAIN}, oauth_foo="1"', Cause.UNKNOWN_PARAMETER),
    (f'OAuth {PLAIN}, oauth_="1"', Cause.UNKNOWN_PARAMETER),
    (f'OAuth {PLAIN}, OAuth_Token="1"', Cause.UNKNOWN_PARAMETER),
    (f'OAuth {PLAIN}, oauth_token_secret="1"', Cause.UNKNOWN_PARAMETER),
    (f'OAuth {PLAIN}, oauth_body_hash="1"', Cause.UNKNOWN_PARAMETER),
    (f'OAuth {PLAIN}, oauth_version="2.0"', Cause.WRONG_VERSION),
    (f'OAuth {PLAIN}, oauth_version="1"', Cause.WRONG_VERSION),
    (f'OAuth {PLAIN}, oauth_version=""', Cause.WRONG_VERSION),
    (f'OAuth {PLAIN}, oauth_version="1.0a"', Cause.WRONG_VERSION),
    (f'OAuth {PLAIN}, oauth_callback="%ff"', Cause.MALFORMED_ENCODING),
    (f'OAuth {PLAIN}, oauth_callback="%C3%28"', Cause.MALFORMED_ENCODING),
    ('OAuth oauth_signature="%ff%fe"', Cause.MALFORMED_ENCODING),
    (f"OAuth {PLAIN}\n", Cause.HEADER_NOT_PRINTABLE),
    (f"OAuth {PLAIN}".replace("n1", "n\r\n1"), Cause.HEADER_NOT_PRINTABLE),
    (f"OAuth {PLAIN}".replace("n1", "n\0"), Cause.HEADER_NOT_PRINTABLE),
    (f"OAuth {PLAIN}".replace("n1", "né"), Cause.HEADER_NOT_PRINTABLE),
    (f"OAuth {PLAIN}".replace("n1", "né").encode(), Cause.HEADER_NOT_PRINTABLE),
    (f"OAuth {PLAIN}".replace("n1", "\x7f"), Cause.HEADER_NOT_PRINTABLE),
    (f"OAuth {PLAIN}".replace("n1", "n" * SIZE_MAX), Cause.HEADER_TOO_LONG),
    (b"OAuth " + b" " * SIZE_MAX, Cause.HEADER_TOO_LONG),
    (
        "OAuth " + ",".join(f'x{n}="1"' for n in range(PARAMETERS_MAX + 1)),
        Cause.TOO_MANY_PARAMETERS,
    ),
]


@pytest.mark.parametrize(("value", "cause"), BROKEN)
def test_a_header_that_is_none_is_refused_with_its_cause(
    value: bytes | str | None, cause: Cause
) -> None:
    assert refused(value) == cause.value


def test_a_header_as_long_as_allowed_is_read() -> None:
    value = f'OAuth {PLAIN}, oauth_callback="'
    value += "c" * (SIZE_MAX - len(value) - 1) + '"'

    assert len(parse(value).get("oauth_callback")) > 8_000


def test_a_refusal_shows_no_value() -> None:
    for value, _ in BROKEN:
        with pytest.raises(SignedRequestRefused) as caught:
            parse(value)
        assert "QUI" not in caught.value.message


@pytest.mark.parametrize(
    ("query", "form"),
    [
        ("oauth_token=1", ""),
        ("a=1&oauth_token=1", ""),
        ("a=1&OAUTH_TOKEN=1", ""),
        ("%6Fauth_token=1", ""),
        ("a=1&oauth_signature", ""),
        ("", "oauth_token=1"),
        ("", "a=1&oauth%5Fnonce=2"),
    ],
)
def test_parameters_outside_the_header_are_refused(query: str, form: str) -> None:
    with pytest.raises(SignedRequestRefused) as caught:
        refuse_elsewhere(query, form)

    assert caught.value.cause is Cause.PARAMETERS_ELSEWHERE


@pytest.mark.parametrize("query", ["", "a=oauth_token", "symbol=oauth", "x%20y=1", "my_oauth_=1"])
def test_other_parameters_may_stand_in_a_query(query: str) -> None:
    refuse_elsewhere(query, query)


VALUES = st.text(
    st.characters(min_codepoint=32, max_codepoint=126, exclude_characters='"%'), max_size=40
)


@given(st.dictionaries(st.sampled_from(sorted(KNOWN - {"oauth_version"})), VALUES, min_size=1))
def test_whatever_is_written_is_read_again(parameters: dict[str, str]) -> None:
    value = "OAuth " + ", ".join(f'{name}="{text}"' for name, text in parameters.items())

    header = parse(value)

    assert (
        header.parameters
        | ({"oauth_signature": header.signature} if "oauth_signature" in parameters else {})
        == parameters
    )


@given(st.text(max_size=200))
def test_no_text_whatever_breaks_the_reader(text: str) -> None:
    for value in (text, f"OAuth {text}", f'OAuth oauth_nonce="{text}"'):
        try:
            header = parse(value)
        except SignedRequestRefused:
            continue
        assert set(header.parameters) == set(header.raw)
