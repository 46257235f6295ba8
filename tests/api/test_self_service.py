from tests.programs import consumer

from paperdesk.api import self_service
from paperdesk.api.self_service import Sent, Shown
from paperdesk.auth.consumers import Stage
from paperdesk.auth.self_tests import Finding


def test_a_form_is_read_with_and_without_files() -> None:
    plain = self_service.sent(b"application/x-www-form-urlencoded", b"step=token&form_token=ab")
    parts = (
        b'--X\r\nContent-Disposition: form-data; name="step"\r\n\r\nkeys\r\n'
        b'--X\r\nContent-Disposition: form-data; name="signature"; filename="a"\r\n\r\nPEM\r\n'
        b"--X--"
    )
    files = self_service.sent(b"multipart/form-data; boundary=X", parts)

    assert (plain.step, plain.form_token) == ("token", "ab")
    assert files.step == "keys"
    assert files.uploads.signature == b"PEM"
    assert files.uploads.encryption == b""
    assert self_service.sent(b"multipart/form-data", b"nonsense").step == ""


def test_a_form_is_our_own_by_its_token() -> None:
    given = Sent("token", "ab")

    assert self_service.is_from_our_page(given, "ab")
    assert not self_service.is_from_our_page(given, "abc")
    assert not self_service.is_from_our_page(Sent(), "")
    assert "ab" not in repr(given)


def test_what_people_have_typed_is_escaped() -> None:
    page = self_service.page(
        "<b>demo", "ab", consumer(title="x"), Stage.ACTIVE, Shown(error="<script>")
    )

    assert b"<script>" not in page.body
    assert b"&lt;script&gt;" in page.body
    assert b"&lt;b&gt;demo" in page.body
    assert "frame-ancestors 'none'" in dict(page.headers)["Content-Security-Policy"]


def test_the_page_follows_the_state_of_things() -> None:
    without = self_service.page("demo", "ab", None, None).body
    disabled = self_service.page("demo", "ab", consumer(), Stage.DISABLED).body
    tested = self_service.page(
        "demo", "ab", consumer(), Stage.ACTIVE, Shown(finding=Finding.SWAPPED)
    ).body

    assert b'value="register"' in without
    assert b'value="enable"' in disabled
    assert b'value="disable"' in tested
    assert b"two files are swapped" in tested


def test_the_cookie_is_kept_from_other_sites_and_from_scripts() -> None:
    _, value = self_service.cookie("ab", is_secure=True)

    assert value == "paperdesk-oauth=ab; Path=/sso; HttpOnly; SameSite=Strict; Secure"
    assert "Max-Age=0" in self_service.cookie("", is_secure=False)[1]


def test_the_agreement_is_in_our_words() -> None:
    assert b"I accept this" in self_service.agreement("demo", "ab", "Tick the box.").body
