from tests.serving import LIVE, PAPER, START

from paperdesk.api import login
from paperdesk.auth.gateway import Gateway
from paperdesk.auth.roster import Roster
from paperdesk.auth.sessions import SessionSettings


def gateway() -> Gateway:
    return Gateway(Roster(SessionSettings(), lambda count: "ab" * count))


def test_a_form_is_read() -> None:
    tried = login.attempt(b"username=+demo+&password=a%26b+c&paper=on&token=feed")

    assert (tried.user_name, tried.password) == ("demo", "a&b c")
    assert tried.is_paper
    assert tried.token == "feed"


def test_an_absurd_form_is_read_all_the_same() -> None:
    tried = login.attempt(b"\xff&=&username=" + b"x" * 10_000)

    assert len(tried.user_name) == 100
    assert tried.password == ""


def test_a_password_is_not_shown_by_accident() -> None:
    assert "secret" not in repr(login.attempt(b"username=demo&password=secret"))


def test_only_the_token_of_the_cookie_counts() -> None:
    tried = login.attempt(b"token=feed")

    assert login.is_from_our_page(tried, "feed")
    assert not login.is_from_our_page(tried, "beef")
    assert not login.is_from_our_page(login.attempt(b""), "")


def test_a_right_pair_signs_in() -> None:
    door = gateway()

    verdict = login.judge(
        door, PAPER, login.attempt(b"username=demo&paper=on"), START, is_right=True
    )

    assert verdict.answer.status == 302
    assert verdict.delay == 0
    assert door.session.user_name == "demo"


def test_a_wrong_pair_is_held_back() -> None:
    verdict = login.judge(
        gateway(), PAPER, login.attempt(b"username=demo&paper=on"), START, is_right=False
    )

    assert verdict.delay == 500_000
    assert b"Invalid username password combination" in verdict.answer.body


def test_a_live_user_in_paper_mode_is_refused() -> None:
    door = gateway()

    login.judge(door, LIVE, login.attempt(b"username=rich&paper=on"), START, is_right=True)

    assert door.session.is_ended


def test_what_was_typed_cannot_become_part_of_the_page() -> None:
    page = login.form("t", error="<b>", user_name='"><script>', password="'\"<>", signed_in="<i>")

    assert b"<script>" not in page.body
    assert b"<b>" not in page.body
    assert b"<i>" not in page.body
    assert b"&quot;&gt;&lt;script&gt;" in page.body
