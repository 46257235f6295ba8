from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from oauthlib.oauth1.rfc5849 import signature as oauthlib_signature
from tests.auth.oauth1.signer import BASE, VECTORS

from paperdesk.auth.oauth1.conventions import (
    TRIED_MAX,
    Convention,
    QueryForm,
    Variant,
    base_string,
    candidates,
    form_encoded,
    is_host,
    origins_of,
    percent_encoded,
    query_pairs,
)
from paperdesk.auth.oauth1.headers import AuthorizationHeader
from paperdesk.auth.oauth1.requests import RequestLine

PUBLIC = ("https://localhost:5001",)
API = "https://api.ibkr.com"
RESOURCES = VECTORS["protected_resources"]
VARIANTS = [
    pytest.param(resource, name, id=f"{resource['name']}, {name}")
    for resource in RESOURCES
    for name in resource["variants"]
]
CONVENTIONS = {
    "A": Convention(Variant.PATH_ALONE, ""),
    "B": Convention(Variant.URL, "", QueryForm.RAW),
    "B2": Convention(Variant.URL_UNESCAPED, ""),
    "C": Convention(Variant.MERGED, ""),
    "D": Convention(Variant.RFC5849, "", plus_for_space=False),
}


def header_of(parameters: dict[str, str]) -> AuthorizationHeader:
    return AuthorizationHeader("limited_poa", parameters, parameters, "")


def line_of(resource: dict[str, Any], query: str = "request_target_query_plus") -> RequestLine:
    parts = urlsplit(resource["url"])
    return RequestLine(
        method=resource["method"],
        raw_path=parts.path,
        raw_query=resource.get(query, ""),
        host=parts.netloc,
        port=parts.port or 443,
    )


def texts(line: RequestLine, parameters: dict[str, str], **more: Any) -> list[str]:  # noqa: ANN401
    return [row.text for row in candidates(line, header_of(parameters), PUBLIC, **more)]


@pytest.mark.parametrize(("resource", "name"), VARIANTS)
def test_a_convention_makes_the_base_string_of_its_vector(
    resource: dict[str, Any], name: str
) -> None:
    parts = urlsplit(resource["url"])
    convention = CONVENTIONS[name.partition("_")[0]]
    placed = Convention(
        convention.variant,
        f"{parts.scheme}://{parts.netloc}",
        convention.query,
        convention.plus_for_space,
    )

    text = base_string(line_of(resource), header_of(resource["oauth_params"]), placed)

    assert text == resource["variants"][name]["base_string"]


@pytest.mark.parametrize(("resource", "name"), VARIANTS)
def test_every_vector_is_among_the_candidates(resource: dict[str, Any], name: str) -> None:
    found = texts(line_of(resource), resource["oauth_params"])

    assert resource["variants"][name]["base_string"] in found
    assert len(found) == len(set(found)) <= TRIED_MAX


@pytest.mark.parametrize("name", ["request_token", "request_token_with_callback_url"])
def test_the_first_steps_are_among_the_candidates(name: str) -> None:
    vector = VECTORS[name]

    found = texts(line_of(vector), vector["oauth_params"])

    assert vector["base_string"] in found
    assert vector.get("rfc5849_base_string", vector["base_string"]) in found


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda row: str(row["name"]))
def test_the_standard_is_what_oauthlib_signs(resource: dict[str, Any]) -> None:
    line = line_of(resource, "request_target_query_percent20")
    parts = urlsplit(resource["url"])
    origin = f"{parts.scheme}://{parts.netloc}"
    pairs = oauthlib_signature.collect_parameters(
        uri_query=line.raw_query,
        headers={
            "Authorization": "OAuth "
            + ", ".join(f'{name}="{value}"' for name, value in resource["oauth_params"].items())
        },
        exclude_oauth_signature=True,
    )
    theirs = oauthlib_signature.signature_base_string(
        line.method,
        oauthlib_signature.base_string_uri(resource["url"]),
        oauthlib_signature.normalize_parameters(pairs),
    )

    convention = Convention(Variant.RFC5849, origin, plus_for_space=False)

    assert base_string(line, header_of(resource["oauth_params"]), convention) == theirs
    assert theirs in texts(line, resource["oauth_params"])


PIECES = st.text("abcXYZ09 -._~*!'(),:;/?&=+%@é", min_size=1, max_size=8)


@given(st.lists(st.tuples(PIECES, PIECES), max_size=5))
def test_any_query_is_encoded_for_the_standard_as_oauthlib_does(
    query: list[tuple[str, str]],
) -> None:
    raw = "&".join(f"{percent_encoded(name)}={percent_encoded(value)}" for name, value in query)
    line = RequestLine(method="GET", raw_path="/v1/api/x", raw_query=raw)
    theirs = oauthlib_signature.signature_base_string(
        "GET",
        oauthlib_signature.base_string_uri(f"{API}/v1/api/x"),
        oauthlib_signature.normalize_parameters([*query, ("oauth_nonce", "n")]),
    )

    convention = Convention(Variant.RFC5849, API, plus_for_space=False)

    assert base_string(line, header_of({"oauth_nonce": "n"}), convention) == theirs


def test_the_first_candidate_is_what_ibind_signs() -> None:
    line = RequestLine(
        method="GET",
        raw_path="/v1/api/iserver/marketdata/snapshot",
        raw_query="conids=265598,8314&fields=31,84",
        host="api.ibkr.com",
        port=5001,
    )

    first = texts(line, {"oauth_token": "t", "oauth_nonce": "n"})[0]

    assert first == (
        "GET&https%3A%2F%2Flocalhost%3A5001%2Fv1%2Fapi%2Fiserver%2Fmarketdata%2Fsnapshot"
        "&oauth_nonce%3Dn%26oauth_token%3Dt"
    )


def test_a_query_without_surprises_is_tried_at_four_base_urls_in_every_variant() -> None:
    line = RequestLine(
        method="GET", raw_path="/v1/api/x", raw_query="a=1%2C2", host="desk:5001", port=5001
    )

    found = list(candidates(line, header_of({"oauth_nonce": "n"}), PUBLIC))

    for variant in Variant:
        origins = {row.convention.origin for row in found if row.convention.variant is variant}
        assert {*PUBLIC, "https://desk:5001", API, "https://127.0.0.1:5001"} <= origins, variant
    assert any(row.convention.slash_toggled for row in found)


def test_a_slash_at_the_end_may_be_signed_and_not_sent_or_the_reverse() -> None:
    without = RequestLine(method="GET", raw_path="/v1/api/x", port=5001)
    with_it = RequestLine(method="GET", raw_path="/v1/api/x/", port=5001)

    assert texts(without, {"a": "1"})[0] in texts(with_it, {"a": "1"})
    assert texts(with_it, {"a": "1"})[0] in texts(without, {"a": "1"})


def test_values_that_stood_encoded_in_the_header_may_be_signed_so() -> None:
    line = RequestLine(method="POST", raw_path="/v1/api/oauth/request_token", port=5001)
    header = AuthorizationHeader(
        None, {"oauth_callback": "https://v/cb"}, {"oauth_callback": "https%3A%2F%2Fv%2Fcb"}, ""
    )

    found = [row.text.rpartition("&")[2] for row in candidates(line, header, PUBLIC)]

    assert found[0] == "oauth_callback%3Dhttps%3A%2F%2Fv%2Fcb"
    assert "oauth_callback%3Dhttps%253A%252F%252Fv%252Fcb" in found


def test_strictness_leaves_those_that_protect_the_query() -> None:
    line = RequestLine(method="GET", raw_path="/v1/api/x", raw_query="a=b%20c", port=5001)

    found = list(candidates(line, header_of({"oauth_nonce": "n"}), PUBLIC, strict=True))

    assert {row.convention.variant for row in found} == {Variant.MERGED, Variant.RFC5849}
    assert all("%26" in row.text or "%2526" in row.text for row in found)
    assert not any(row.convention.slash_toggled for row in found)


@given(
    st.text("abc/%2Fé+ ~*", max_size=20),
    st.text("ab=&%20+,~*é", max_size=30),
    st.text("localhost.:0[]X", max_size=20),
    st.booleans(),
)
def test_there_are_never_more_candidates_than_allowed(
    path: str, query: str, host: str, strict: bool
) -> None:
    line = RequestLine(method="GET", raw_path=path, raw_query=query, host=host, port=5001)
    public = tuple(f"https://desk{number}.example" for number in range(12))

    found = list(candidates(line, header_of({"a": "%20"}), public, strict=strict))

    assert 1 <= len(found) <= TRIED_MAX
    assert len({row.text for row in found}) == len(found)


def test_names_and_values_are_sorted_by_name_and_then_by_value() -> None:
    line = RequestLine(method="GET", raw_path="/x", raw_query="b=2&a=2&b=1&B=0", port=5001)

    text = base_string(line, header_of({"aa": "1"}), Convention(Variant.MERGED, API))

    assert text.rpartition("&")[2] == form_encoded("B=0&a=2&aa=1&b=1&b=2")


def test_pairs_of_a_query_may_lack_a_value_or_everything() -> None:
    assert query_pairs("a&b=&&c=%2B+d=") == [("a", ""), ("b", ""), ("c", "+ d=")]
    assert query_pairs("c=%2B+d", QueryForm.PLUS_KEPT) == [("c", "++d")]
    assert query_pairs("c=%2B+d", QueryForm.RAW) == [("c", "%2B+d")]
    assert query_pairs("") == []


def test_base_urls_are_tried_the_likeliest_first() -> None:
    assert origins_of("https", "API.ibkr.com", 5001, ("https://desk.example",)) == (
        "https://desk.example",
        "https://localhost:5001",
        API,
        "https://127.0.0.1:5001",
        "https://desk.example:443",
        "https://api.ibkr.com:443",
    )


def test_the_usual_port_may_be_written_or_left_out() -> None:
    found = origins_of("http", "desk:80", 80, ())

    assert {"http://desk:80", "http://desk", "http://localhost:80", "http://localhost"} <= {*found}
    assert "https://[::1]" in origins_of("https", "[::1]:443", 443, ())
    assert "https://[::1]:443" in origins_of("https", "[::1]", 443, ())


@pytest.mark.parametrize("host", ["", "a b", "a/b", "a@b", "a:b", "x" * 300, "a:123456", "é"])
def test_a_host_that_is_none_is_not_tried(host: str) -> None:
    assert not is_host(host)
    assert not any(f"//{host}" in origin for origin in origins_of("https", host, 1, ()) if host)


@given(st.text(max_size=40))
def test_encoding_escapes_everything_but_unreserved_characters(text: str) -> None:
    plain = {*"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"}
    text = text.encode("utf-8", "ignore").decode()

    assert {*percent_encoded(text)} <= plain | {"%"}
    assert form_encoded(text) == percent_encoded(text).replace("%20", "+")


def test_the_quick_way_of_encoding_agrees_with_the_long_one() -> None:
    text = f"{BASE}/x?a=1,2&b=~_-."

    assert percent_encoded(text) == percent_encoded(text + "\x00").removesuffix("%00")
