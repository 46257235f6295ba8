import pytest
from tests.programs import CALLBACK, KEY, consumer
from tests.serving import PAPER

from paperdesk.api import consent
from paperdesk.api.consent import Decision
from paperdesk.auth.oauth1.request_tokens import LIFETIME, RequestToken
from paperdesk.base.ids import AccountId
from paperdesk.base.units import Instant
from paperdesk.kernel.state.accounts import User

NOW: Instant = 1_788_875_891_000_000


def token(callback: str = CALLBACK, **changes: object) -> RequestToken:
    made = RequestToken(token="ab" * 10, consumer_key=KEY, callback=callback, issued_at=NOW)
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def policy(callback: str) -> str:
    page = consent.decision_page(token(callback), consumer(), PAPER, "f")
    return dict(page.headers)["Content-Security-Policy"]


def test_what_was_sent_is_read() -> None:
    assert consent.decision(
        b"oauth_token=r&form_token=f&account=A&account=B&decision=consent&more=1"
    ) == Decision("r", "f", ("A", "B"), "consent")
    assert consent.decision(b"") == Decision()


@pytest.mark.parametrize(
    ("form_token", "cookie", "is_ours"),
    [("f", "f", True), ("f", "g", False), ("", "", False), ("f", "", False), ("ü", "ü", True)],
)
def test_a_form_is_known_by_its_cookie(form_token: str, cookie: str, *, is_ours: bool) -> None:
    assert consent.is_from_our_page(Decision(form_token=form_token), cookie) is is_ours


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        (None, "is not known"),
        (token(is_used=True), "has been answered"),
        (token(is_denied=True), "has been answered"),
        (token(verifier="v"), "has been answered"),
        (token(issued_at=NOW - LIFETIME), "has expired"),
    ],
)
def test_what_nobody_can_decide_about_is_said(asked: RequestToken | None, text: str) -> None:
    page = consent.unanswerable(asked, NOW)

    assert page is not None
    assert page.status == 400
    assert text in page.body.decode()


def test_what_is_asked_is_answered() -> None:
    assert consent.unanswerable(token(), NOW) is None


@pytest.mark.parametrize(
    ("callback", "allowed"),
    [
        (CALLBACK, "form-action 'self' https://vendor.example;"),
        ("http://127.0.0.1:8000/cb", "form-action 'self' http://127.0.0.1:8000;"),
        ("vendor.app:/cb", "form-action 'self' vendor.app:;"),
        ("oob", "form-action 'self';"),
    ],
)
def test_a_form_may_lead_to_the_callback(callback: str, allowed: str) -> None:
    assert allowed in policy(callback)


def test_accounts_are_chosen_among_the_users_own() -> None:
    accounts = (AccountId("DU1"), AccountId("DU2"))
    user = User(user_name=PAPER.user_name, user_id=1, account_ids=accounts, is_paper=True)

    assert consent.chosen(Decision(account_ids=("DU2", "U9", "DU2")), user) == ("DU2",)
    assert consent.chosen(Decision(), user) == ()


def test_a_sign_in_is_good_for_one_request() -> None:
    one, other = token(), token()
    other.token = "cd" * 10

    places = [consent.place_of(asked, consumer(title="Vendor")) for asked in (one, other)]

    assert places[0].purpose != places[1].purpose
    assert places[0].fields == (("oauth_token", one.token),)
    assert not places[0].has_modes
    assert "Vendor" in places[0].title


def test_the_answer_goes_back_with_the_user() -> None:
    agreed = consent.decided(token(verifier="v"), consumer())
    refused = consent.decided(token(is_denied=True), consumer())

    assert (
        dict(agreed.headers)["Location"] == f"{CALLBACK}&oauth_token={'ab' * 10}&oauth_verifier=v"
    )
    assert dict(refused.headers)["Location"].endswith("&oauth_problem=user_refused")


def test_a_program_is_called_by_its_title() -> None:
    assert consent.program_of(consumer()) == KEY
    assert consent.program_of(consumer(title="Vendor")) == "Vendor"
