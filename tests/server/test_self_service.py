import asyncio
from base64 import b64decode
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from tests.enrolling import KEY, Browser, files
from tests.oauth2 import rsa_key
from tests.outside import Outside, told
from tests.serving import SECOND, Reply, Rig

from paperdesk.auth import consumers
from paperdesk.auth.activations import Activation, When
from paperdesk.auth.registrations import Standing
from paperdesk.base.units import HOUR, MINUTE
from paperdesk.server import self_service
from paperdesk.server.self_service import GUESTS_MAX, Enrolments


@pytest.fixture(autouse=True)
def _delays_are_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    async def at_once(_: float) -> None:
        return None

    monkeypatch.setattr(asyncio, "sleep", at_once)


def test_a_user_registers_a_program_and_gets_its_token(tmp_path: Path) -> None:
    async def story(rig: Outside) -> tuple[Browser, str, str]:
        browser = Browser(rig)
        await browser.register()
        await browser.send("token")
        token, secret = browser.shown("access-token"), browser.shown("access-token-secret")
        return browser, token, secret

    browser, token, secret = told(tmp_path, story)

    kept = browser.rig.registrations.tokens[token]
    decrypted = rsa_key("own encryption").decrypt(b64decode(secret), PKCS1v15())
    assert decrypted == b64decode(kept.secret)
    assert (kept.user_name, kept.consumer_key) == ("demo", KEY)
    assert browser.consumer.owner == "demo"
    assert "no-store" in str(browser.page.header("cache-control"))


def test_nothing_is_registered_before_the_agreement(tmp_path: Path) -> None:
    async def story(rig: Outside) -> tuple[Reply, Reply]:
        browser = Browser(rig)
        await browser.sign_in()
        unticked = await browser.send("agree")
        return unticked, await browser.upload("register", files(), consumer_key=KEY)

    unticked, early = told(tmp_path, story)

    assert b"Tick the box" in unticked.body
    assert b"agreement comes first" in early.body


def test_a_program_waits_for_the_midnight_of_its_region(tmp_path: Path) -> None:
    async def story(rig: Outside) -> tuple[str, int, str]:
        browser = Browser(rig)
        await browser.register()
        before, begins = browser.shown("state"), browser.consumer.active_from - rig.desk.now
        rig.desk.now = browser.consumer.active_from
        await browser.open("/sso/OAuth")
        return before, begins, browser.shown("state")

    before, begins, after = told(tmp_path, story)

    assert before == "enabled, and good after the next midnight"
    assert 0 < begins <= 24 * HOUR
    assert after == "active"


def test_a_desk_may_let_programs_begin_at_once(tmp_path: Path) -> None:
    async def story(rig: Outside) -> str:
        rig.premises.enrolments.activation = Activation(When.IMMEDIATE)
        browser = Browser(rig)
        await browser.register()
        return browser.shown("state")

    assert told(tmp_path, story) == "active"


def test_what_was_not_enabled_begins_when_it_is(tmp_path: Path) -> None:
    async def story(rig: Outside) -> tuple[str, str]:
        browser = Browser(rig)
        await browser.register(enabled="no")
        before = browser.shown("state")
        await browser.send("enable")
        return before, browser.shown("state")

    assert told(tmp_path, story) == ("disabled", "enabled, and good after the next midnight")


def test_what_the_operator_has_disabled_stays_so(tmp_path: Path) -> None:
    async def story(rig: Outside) -> tuple[str, Standing]:
        browser = Browser(rig)
        await browser.register()
        consumer = consumers.disable(rig.registrations, KEY, by_operator=True)
        await browser.send("enable")
        return browser.shown("state"), consumer.standing

    assert told(tmp_path, story) == ("disabled", Standing.DISABLED)


def test_a_form_is_good_once(tmp_path: Path) -> None:
    async def story(rig: Outside) -> list[int]:
        browser = Browser(rig)
        await browser.register()
        form = dict(browser.hidden)
        first = await browser.send("token")
        again = await browser.send("token", **form)
        return [first.status, again.status]

    assert told(tmp_path, story) == [200, 403]


@pytest.mark.parametrize("form_token", ["", "ab" * 16])
def test_a_form_of_somebody_else_changes_nothing(tmp_path: Path, form_token: str) -> None:
    async def story(rig: Outside) -> tuple[int, dict[str, object]]:
        browser = Browser(rig)
        await browser.agree()
        reply = await browser.upload("register", files(), consumer_key=KEY, form_token=form_token)
        return reply.status, {key: 1 for key in rig.registrations.consumers if key == KEY}

    assert told(tmp_path, story) == (403, {})


def test_who_is_too_late_or_leaves_signs_in_again(tmp_path: Path) -> None:
    async def story(rig: Outside) -> list[str | None]:
        browser = Browser(rig)
        await browser.agree()
        rig.wall.pass_(15 * MINUTE / SECOND)
        late = (await browser.open("/sso/OAuth")).header("location")
        await browser.sign_in()
        left = (await browser.send("leave")).header("location")
        assert "paperdesk-oauth" not in browser.cookies
        return [late, left, (await browser.open("/sso/OAuth")).header("location")]

    assert told(tmp_path, story) == ["/sso/Login?action=OAUTH"] * 3


def test_a_wrong_password_lets_nobody_in(tmp_path: Path) -> None:
    async def story(rig: Outside) -> Reply:
        return await Browser(rig).sign_in("guessed")

    assert b"Invalid username password combination" in told(tmp_path, story).body


def test_there_is_one_program_a_user(tmp_path: Path) -> None:
    async def story(rig: Outside) -> tuple[bytes, bytes]:
        browser = Browser(rig)
        await browser.register()
        more = await browser.upload("register", files("next"), consumer_key="OTHERSKEY")
        unknown = await browser.send("dance")
        return more.body, unknown.body

    more, unknown = told(tmp_path, story)

    assert b"You have a program already" in more
    assert b"does not know" in unknown


@pytest.mark.parametrize(
    ("consumer_key", "text"), [("short", b"nine letters"), ("", b"nine letters")]
)
def test_a_key_of_another_form_is_refused(tmp_path: Path, consumer_key: str, text: bytes) -> None:
    async def story(rig: Outside) -> bytes:
        return (await Browser(rig).register(consumer_key=consumer_key)).body

    assert text in told(tmp_path, story)


def test_too_many_uploads_at_once_are_told_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(self_service, "WAITING_MAX", 0)

    async def story(rig: Outside) -> bytes:
        return (await Browser(rig).register()).body

    assert b"Too many keys" in told(tmp_path, story)


def test_other_methods_and_the_gateway_have_no_such_page(tmp_path: Path) -> None:
    async def story() -> list[int]:
        outside, rig = Outside(tmp_path), Rig(tmp_path)
        rig.sign_in()
        return [
            (await outside.ask("PUT", "/sso/OAuth", base="")).status,
            (await outside.ask("GET", "/sso/OAuth/Pending", base="")).status,
            (await rig.ask("GET", "/sso/OAuth", base="")).status,
        ]

    assert asyncio.run(story()) == [405, 403, 404]


def test_guests_are_few_and_none_is_mistaken(tmp_path: Path) -> None:
    async def story(rig: Outside) -> None:
        service: Enrolments = rig.premises.enrolments
        user = next(iter(rig.desk.world.accounts.users.values()))
        tokens = [service.welcome(user, 0) for _ in range(GUESTS_MAX + 1)]
        assert service.find(tokens[0], 1) is None
        assert service.find(tokens[-1], 15 * MINUTE - 1) is not None
        assert service.find(tokens[-1], 15 * MINUTE) is None

    told(tmp_path, story)
