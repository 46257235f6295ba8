import pytest
from tests.serving import START

from paperdesk.api import login
from paperdesk.api.login import GATEWAY, Place, Typed
from paperdesk.auth.second_factors import Method, SecondFactors
from paperdesk.auth.sign_ins import SignIn, SignIns
from paperdesk.base.ids import UserName

EVERYTHING = SecondFactors(code="246810", secret="GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", has_push=True)


def begun(factors: SecondFactors = EVERYTHING) -> SignIn:
    return SignIns().begin(UserName("demo"), factors, START, token="feed", purpose="gateway")


def shown(sign_in: SignIn, error: str = "") -> str:
    return login.page(GATEWAY, sign_in, error).body.decode()


def test_a_form_is_read() -> None:
    tried = login.attempt(b"username=+demo+&password=a%26b+c&paper=on&token=feed")

    assert (tried.user_name, tried.password) == ("demo", "a&b c")
    assert tried.is_paper
    assert (tried.token, tried.step) == ("feed", "password")


def test_a_later_step_is_read() -> None:
    tried = login.attempt(b"step=code&code=+246+810+&token=feed&method=totp")

    assert (tried.step, tried.code, tried.method) == ("code", "246810", "totp")


def test_an_absurd_form_is_read_all_the_same() -> None:
    tried = login.attempt(b"\xff&=&username=" + b"x" * 10_000 + b"&code=" + b"1" * 10_000)

    assert len(tried.user_name) == 100
    assert len(tried.code) == 20
    assert tried.password == ""


def test_secrets_are_not_shown_by_accident() -> None:
    tried = login.attempt(b"username=demo&password=secret&code=secret&token=secret")

    assert "secret" not in repr(tried)
    assert "secret" not in repr(Typed(user_name="demo", password="secret"))


def test_only_the_token_of_the_cookie_counts() -> None:
    tried = login.attempt(b"token=feed")

    assert login.is_from_our_page(tried, "feed")
    assert not login.is_from_our_page(tried, "beef")
    assert not login.is_from_our_page(login.attempt(b""), "")


def test_what_was_typed_cannot_become_part_of_the_page() -> None:
    typed = Typed(error="<b>", user_name='"><script>', password="'\"<>", signed_in="<i>")

    page = login.form(GATEWAY, "t", typed)

    assert b"<script>" not in page.body
    assert b"<b>" not in page.body
    assert b"<i>" not in page.body
    assert b"&#34;&gt;&lt;script&gt;" in page.body


def test_the_page_for_a_code_has_the_names_that_programs_look_for() -> None:
    page = shown(begun(SecondFactors(code="246810")))

    assert '<div id="twofactbase">' in page
    assert page.count('id="xyz-field-bronze-response"') == 1
    assert '<input type="text" id="xyz-field-bronze-response" name="code"' in page
    assert "<select" not in page
    assert "login-step-notification" not in page


def test_the_page_for_a_choice_has_the_name_once_and_no_field_for_a_code() -> None:
    page = shown(begun())

    assert page.count('id="xyz-field-bronze-response"') == 1
    assert '<select id="xyz-field-bronze-response" name="method"' in page
    assert '<option value="push">IB Key</option>' in page
    assert "twofactbase" not in page
    assert 'name="code"' not in page


def test_the_page_for_a_notification_has_the_names_that_programs_look_for() -> None:
    page = shown(begun(SecondFactors(has_push=True)))

    assert '<div class="login-step-notification">' in page
    assert 'onclick="resendNotification(); return false"' in page
    assert 'data-pending="/sso/Pending"' in page
    assert "xyz-field-bronze-response" not in page
    assert "Another way" not in page


def test_whoever_has_several_second_factors_can_take_another() -> None:
    sign_in = begun()
    sign_in.choose(Method.CODE, START)

    assert 'name="step" value="method"' in shown(sign_in)


def test_the_page_about_the_app_can_be_skipped() -> None:
    sign_in = begun(SecondFactors())
    sign_in.is_promoted = True

    assert 'class="btn btn-lg ibkey-promo-skip"' in shown(sign_in)


def test_whoever_would_sign_somebody_out_is_asked() -> None:
    sign_in = begun(SecondFactors())
    sign_in.holder = "<rich>"

    page = shown(sign_in)

    assert "&lt;rich&gt; is signed in here." in page
    assert 'name="step" value="replace"' in page


@pytest.mark.parametrize(("error", "is_hidden"), [("", True), ("no", False)])
def test_an_error_hides_while_there_is_none(error: str, is_hidden: bool) -> None:
    page = shown(begun(), error)

    hidden = " hidden" if is_hidden else ""
    assert f'<div class="xyz-errormessage" role="alert"{hidden}>{error}</div>' in page


def test_a_place_without_modes_has_no_switch_and_carries_its_fields_along() -> None:
    place = Place(
        purpose="consent",
        action="/authorize",
        has_modes=False,
        fields=(("oauth_token", '"f1"'),),
    )

    page = login.form(place, "t").body.decode()

    assert "toggle1" not in page
    assert 'action="/authorize"' in page
    assert '<input type="hidden" name="oauth_token" value="&#34;f1&#34;">' in page


def test_cookies_stay_on_their_site() -> None:
    assert login.cookie(GATEWAY, "feed", is_secure=True) == (
        "Set-Cookie",
        "paperdesk-login=feed; Path=/sso; HttpOnly; SameSite=Strict; Secure",
    )
    assert "Secure" not in login.cookie(GATEWAY, "feed", is_secure=False)[1]
    assert "Max-Age=0" in login.cookie(GATEWAY, "", is_secure=True)[1]
    assert login.promotion_cookie(is_secure=True)[1] == (
        "SKIP_IBKEY_PROMO=true; Path=/sso; Max-Age=31536000; HttpOnly; SameSite=Strict; Secure"
    )


def test_the_bare_port_leads_to_the_login_page_of_its_region() -> None:
    reply = login.welcome("EU")

    assert dict(reply.headers)["Location"] == "/sso/Login?forwardTo=22&RL=1&ip2loc=EU"
