import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlencode

import pytest
from tests.doors import onward, typed
from tests.serving import PASSWORD, Reply, Rig

from paperdesk.auth.second_factors import SecondFactors

T = TypeVar("T")

WRONG_MODE = (
    "You have selected the Live Account Mode, but the specified user is a Paper Trading user. "
    "Please select the correct Login mode."
)


@pytest.fixture(autouse=True)
def _delays_are_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    async def at_once(_: float) -> None:
        return None

    monkeypatch.setattr(asyncio, "sleep", at_once)


def run(tmp_path: Path, story: Callable[[Rig], Awaitable[T]]) -> T:
    async def told() -> T:
        return await story(Rig(tmp_path))

    return asyncio.run(told())


def test_the_bare_port_leads_to_the_login_page(tmp_path: Path) -> None:
    reply = run(tmp_path, lambda rig: rig.ask("GET", "/", base=""))

    assert reply.status == 302
    assert reply.header("location") == "/sso/Login?forwardTo=22&RL=1&ip2loc=US"


def test_the_page_has_the_names_that_programs_look_for(tmp_path: Path) -> None:
    reply = run(tmp_path, lambda rig: rig.ask("GET", "/sso/Login?forwardTo=22&RL=1", base=""))

    page = reply.body.decode()
    assert reply.status == 200
    assert 'class="login"' in page
    assert 'name="username"' in page
    assert 'name="user_name"' not in page
    assert 'name="password"' in page
    assert '<input type="checkbox" id="toggle1"' in page
    assert '<label for="toggle1">' in page
    assert 'class="btn btn-lg xyz-button-login"' in page
    assert '<div class="xyz-errormessage" role="alert" hidden></div>' in page
    assert "form-action 'self'" in (reply.header("content-security-policy") or "")


def test_the_login_cookie_stays_on_this_site(tmp_path: Path) -> None:
    reply = run(tmp_path, lambda rig: rig.ask("GET", "/sso/Login", base=""))

    cookie = next(v for n, v in reply.headers if n == "set-cookie" and "paperdesk" in v)
    assert cookie.endswith("; Path=/sso; HttpOnly; SameSite=Strict; Secure")


def test_a_right_password_leads_to_the_words_that_everybody_waits_for(tmp_path: Path) -> None:
    async def story(rig: Rig) -> tuple[Reply, Reply, bool, bool]:
        reply = await typed(rig, "demo", PASSWORD, paper=True)
        said = await rig.ask("GET", "/sso/Dispatcher", base="")
        early = rig.gateway.session.has_brokerage
        rig.wall.pass_(5)
        await rig.ask("GET", "/tickle")
        return reply, said, early, rig.gateway.session.has_brokerage

    reply, said, early, late = run(tmp_path, story)

    assert reply.status == 302
    assert reply.header("location") == "/sso/Dispatcher?forwardTo=22"
    assert said.body == b"Client login succeeds"
    assert (early, late) == (False, True)


def test_a_paper_user_in_live_mode_is_told_so_and_keeps_what_was_typed(tmp_path: Path) -> None:
    async def story(rig: Rig) -> tuple[str, bool]:
        reply = await typed(rig, "demo", PASSWORD, paper=False)
        return reply.body.decode(), rig.gateway.session.is_ended

    page, nobody = run(tmp_path, story)

    assert nobody
    assert f'role="alert">{WRONG_MODE}</div>' in page
    assert 'name="username" value="demo"' in page
    assert f'name="password" value="{PASSWORD}"' in page


@pytest.mark.parametrize(
    ("user_name", "password", "paper"),
    [
        ("demo", "wrong-password", True),
        ("demo", "", True),
        ("stranger", PASSWORD, True),
        ("", "", False),
        ("rich", PASSWORD, True),
        ("demo", "x" * 100_000, True),
        ('"><script>alert(1)</script>', PASSWORD, True),
    ],
)
def test_a_wrong_pair_is_refused_in_the_words_that_programs_compare(
    tmp_path: Path, user_name: str, password: str, paper: bool
) -> None:
    async def story(rig: Rig) -> tuple[str, bool]:
        reply = await typed(rig, user_name, password, paper=paper)
        return reply.body.decode(), rig.gateway.session.is_ended

    page, nobody = run(tmp_path, story)

    assert nobody
    assert 'role="alert">Invalid username password combination</div>' in page
    assert PASSWORD not in page
    assert "<script" not in page


def test_a_live_user_signs_in_in_live_mode(tmp_path: Path) -> None:
    async def story(rig: Rig) -> tuple[int, str]:
        reply = await typed(rig, "rich", PASSWORD, paper=False)
        return reply.status, rig.gateway.session.user_name

    assert run(tmp_path, story) == (302, "rich")


def test_five_wrong_passwords_lock_the_name_for_a_minute(tmp_path: Path) -> None:
    async def story(rig: Rig) -> tuple[str, int]:
        for _ in range(5):
            await typed(rig, "demo", "wrong-password", paper=True)
        locked = await typed(rig, "demo", PASSWORD, paper=True)
        rig.wall.pass_(61)
        return locked.body.decode(), (await typed(rig, "demo", PASSWORD, paper=True)).status

    page, later = run(tmp_path, story)

    assert "Login failed: too many attempts" in page
    assert later == 302


def test_many_guesses_at_once_are_no_more_than_one_after_the_other(tmp_path: Path) -> None:
    async def story(rig: Rig) -> list[str]:
        guesses = ["wrong-password"] * 20 + [PASSWORD]
        replies = await asyncio.gather(
            *(typed(rig, "demo", guess, paper=True) for guess in guesses)
        )
        return [reply.body.decode() for reply in replies]

    pages = run(tmp_path, story)

    assert sum("Invalid username password combination" in page for page in pages) == 5
    assert sum("Login failed: too many attempts" in page for page in pages) == 16


@pytest.mark.parametrize("cookie", [None, "paperdesk-login=", "paperdesk-login=feed"])
def test_a_form_that_our_page_did_not_send_is_refused(tmp_path: Path, cookie: str | None) -> None:
    async def story(rig: Rig) -> tuple[int, bool]:
        body = urlencode(
            {"username": "demo", "password": PASSWORD, "paper": "on", "token": "beef"}
        ).encode()
        reply = await rig.ask(
            "POST", "/sso/Authenticator", body, headers={"cookie": cookie}, base=""
        )
        return reply.status, rig.gateway.session.is_ended

    assert run(tmp_path, story) == (403, True)


def test_the_dispatcher_sends_a_stranger_to_the_login_page(tmp_path: Path) -> None:
    assert run(tmp_path, lambda rig: rig.ask("GET", "/sso/Dispatcher", base="")).status == 302


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/sso/Login", 405),
        ("GET", "/sso/Authenticator", 405),
        ("GET", "/sso/nothing", 404),
        ("DELETE", "/", 405),
    ],
)
def test_other_requests_for_pages_are_refused(
    tmp_path: Path, method: str, path: str, status: int
) -> None:
    assert run(tmp_path, lambda rig: rig.ask(method, path, base="")).status == status


def test_a_second_login_takes_the_place_of_the_first_when_that_is_confirmed(
    tmp_path: Path,
) -> None:
    async def story(rig: Rig) -> tuple[str, str, bool, Reply, str]:
        rig.sign_in()
        first = rig.gateway.session
        notice = (await rig.ask("GET", "/sso/Login", base="")).body.decode()
        asked = await typed(rig, "rich", PASSWORD, paper=False)
        was_ended = first.is_ended
        confirmed = await onward(rig, asked, step="replace")
        page = asked.body.decode()
        return notice, page, was_ended, confirmed, rig.gateway.session.user_name

    notice, page, was_ended, confirmed, user_name = run(tmp_path, story)

    assert "demo is signed in here." in notice
    assert "that session ends at once" in page
    assert not was_ended
    assert (confirmed.status, user_name) == (302, "rich")


def test_the_same_user_signs_in_again_unasked(tmp_path: Path) -> None:
    async def story(rig: Rig) -> tuple[int, bool]:
        rig.sign_in()
        first = rig.gateway.session
        return (await typed(rig, "demo", PASSWORD, paper=True)).status, first.is_ended

    assert run(tmp_path, story) == (302, True)


def test_a_code_follows_the_password_where_the_user_has_one(tmp_path: Path) -> None:
    async def story(rig: Rig) -> tuple[Reply, bool, Reply, str]:
        rig.porter.factors.keep("demo", SecondFactors(code="246810"))
        asked = await typed(rig, "demo", PASSWORD, paper=True)
        early = rig.gateway.session.is_ended
        done = await onward(rig, asked, step="code", code="246810")
        return asked, early, done, rig.gateway.session.user_name

    asked, early, done, user_name = run(tmp_path, story)

    assert b'<div id="twofactbase">' in asked.body
    assert early
    assert (done.status, user_name) == (302, "demo")


def test_the_page_about_the_app_is_shown_until_it_was_skipped(tmp_path: Path) -> None:
    async def story(rig: Rig) -> tuple[bytes, Reply, Reply]:
        rig.porter.factors.keep("demo", SecondFactors(is_promoted=True))
        asked = await typed(rig, "demo", PASSWORD, paper=True)
        done = await onward(rig, asked, step="skip")
        again = await typed(rig, "demo", PASSWORD, paper=True, beside="; SKIP_IBKEY_PROMO=true")
        return asked.body, done, again

    asked, done, again = run(tmp_path, story)

    assert b"ibkey-promo-skip" in asked
    assert done.status == 302
    assert any(v.startswith("SKIP_IBKEY_PROMO=true") for _, v in done.headers)
    assert again.status == 302


def test_a_sign_in_takes_its_token_away_again(tmp_path: Path) -> None:
    reply = run(tmp_path, lambda rig: typed(rig, "demo", PASSWORD, paper=True))

    assert any(v.startswith("paperdesk-login=;") and "Max-Age=0" in v for _, v in reply.headers)
