import json
from urllib.parse import urlencode

import pytest

from paperdesk.auth.oauth2 import token_requests
from paperdesk.auth.oauth2.problems import Problem
from paperdesk.auth.oauth2.token_requests import Form, Header

FORM = Header(content_type="application/x-www-form-urlencoded")
FIELDS = {
    "grant_type": "client_credentials",
    "client_assertion_type": token_requests.ASSERTION_TYPE,
    "client_assertion": "a.b.c",
    "scope": "echo.read echo.write",
}
BODY = urlencode(FIELDS).encode()


def refused(body: bytes, header: Header = FORM) -> tuple[int, str]:
    problem = token_requests.read(body, header)
    assert isinstance(problem, Problem)
    return problem.status, json.loads(problem.body)["error"]


@pytest.mark.parametrize("blank", [b"+", b"%20"])
@pytest.mark.parametrize("charset", ["", "; charset=utf-8", ";charset=ISO-8859-1"])
def test_a_form_is_read(blank: bytes, charset: str) -> None:
    header = Header(content_type=FORM.content_type.title() + charset)
    form = token_requests.read(BODY.replace(b"+", blank) + b"&foo=bar&client_id=", header)

    assert form == Form(assertion="a.b.c", client_id="", scope="echo.read echo.write", token="")
    assert "a.b.c" not in repr(form)


def test_a_bearer_token_left_over_is_no_second_credential() -> None:
    header = Header(FORM.content_type, "Bearer abc")

    assert isinstance(token_requests.read(BODY, header), Form)


def test_a_request_to_revoke_needs_no_grant() -> None:
    body = urlencode({**FIELDS, "token": "t", "grant_type": "x"}).encode()

    form = token_requests.read(body, FORM, needs_grant=False)

    assert isinstance(form, Form)
    assert form.token == "t"


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "application/json",
        "text/plain",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencodedx",
        "application/x-www-form-urlencoded, application/json",
        "application/jwt",
    ],
)
def test_other_content_types_are_refused(content_type: str) -> None:
    assert refused(BODY, Header(content_type)) == (415, "invalid_request")


def without(*names: str) -> bytes:
    return urlencode({k: v for k, v in FIELDS.items() if k not in names}).encode()


REQUESTS = {
    "nothing": (b"", "invalid_request"),
    "no grant": (without("grant_type"), "invalid_request"),
    "empty grant": (BODY.replace(b"client_credentials", b""), "invalid_request"),
    "password": (BODY.replace(b"client_credentials", b"password"), "unsupported_grant_type"),
    "refresh": (BODY.replace(b"client_credentials", b"refresh_token"), "unsupported_grant_type"),
    "capitals": (
        BODY.replace(b"client_credentials", b"Client_Credentials"),
        "unsupported_grant_type",
    ),
    "no assertion": (without("client_assertion"), "invalid_client"),
    "neither": (without("client_assertion", "client_assertion_type"), "invalid_client"),
    "no type": (without("client_assertion_type"), "invalid_client"),
    "SAML": (BODY.replace(b"jwt-bearer", b"saml2-bearer"), "invalid_client"),
    "a secret too": (BODY + b"&client_secret=x", "invalid_request"),
    "camel case": (
        b"grantType=client_credentials&clientAssertion=a.b.c&clientAssertionType=x",
        "invalid_request",
    ),
    "JSON": (json.dumps(FIELDS).encode(), "invalid_request"),
    "not UTF-8": (BODY + b"&x=%ff", "invalid_request"),
    "raw bytes": (BODY + b"&x=\xff", "invalid_request"),
    "too large": (BODY + b"&x=" + b"y" * 65_536, "invalid_request"),
    "too many": (BODY + b"&x" * 100, "invalid_request"),
    **{
        f"{name} twice": (BODY + f"&{name}={value}".encode(), "invalid_request")
        for name, value in {**FIELDS, "scope": ""}.items()
    },
    "foo twice": (BODY + b"&foo=1&foo=1", "invalid_request"),
    "foo twice in escapes": (BODY + b"&foo=1&f%6fo=1", "invalid_request"),
    "grant twice, empty first": (b"grant_type=&" + BODY, "invalid_request"),
}


@pytest.mark.parametrize("name", REQUESTS)
def test_request_is_refused(name: str) -> None:
    body, error = REQUESTS[name]

    assert refused(body) == (400, error)


def test_a_secret_alone_is_no_way_to_be_known() -> None:
    body = without("client_assertion", "client_assertion_type") + b"&client_secret=x&client_id=y"

    assert refused(body) == (400, "invalid_client")


@pytest.mark.parametrize("scheme", ["Basic", "basic", "BASIC"])
def test_a_password_in_the_header_is_challenged_alone_and_refused_beside(scheme: str) -> None:
    header = Header(FORM.content_type, f"{scheme} eDp5")
    alone = without("client_assertion", "client_assertion_type")

    assert refused(BODY, header) == (400, "invalid_request")
    assert refused(alone + b"&client_secret=x", header) == (400, "invalid_request")
    problem = token_requests.read(alone, header)
    assert isinstance(problem, Problem)
    assert problem.status == 401
    assert dict(problem.headers)["WWW-Authenticate"].startswith("Basic ")


@pytest.mark.parametrize("name", ["clientAssertion", "grantType", "clientId"])
def test_names_of_the_printed_schema_are_explained(name: str) -> None:
    problem = token_requests.read(f"{name}=x".encode(), FORM)

    assert isinstance(problem, Problem)
    assert "underscores" in json.loads(problem.body)["error_description"]
