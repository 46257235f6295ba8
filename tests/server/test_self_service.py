import asyncio
import re
from base64 import b64decode, b64encode
from pathlib import Path
from urllib.parse import urlencode

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from tests import registrants
from tests.oauth2 import rsa_key
from tests.outside import Outside, told
from tests.programs import FIRST_PARTY, SIGNATURE_KEY, Program
from tests.programs import KEY as PROGRAMS_KEY
from tests.serving import PASSWORD, SECOND, Reply, Rig

from paperdesk.auth.activations import Activation, When
from paperdesk.auth.endings import Cause
from paperdesk.auth.registrations import Consumer
from paperdesk.base.ids import UserName
from paperdesk.base.units import HOUR, MINUTE
from paperdesk.server import self_service
from paperdesk.server.self_service import GUESTS_MAX, Enrolments

HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
OWN = "https://localhost:5001"
KEY = "ANNSROBOT"


@pytest.fixture(autouse=True)
def _delays_are_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    async def at_once(_: float) -> None:
        return None

    monkeypatch.setattr(asyncio, "sleep", at_once)


def files(name: str = "own", ending: bytes = b"\n") -> dict[str, bytes]:
    given = {
        "signature": registrants.public(rsa_key(f"{name} signature")).encode(),
        "encryption": registrants.public(rsa_key(f"{name} encryption")).encode(),
        "parameters": registrants.parameters(),
    }
    return {field: content.replace(b"\n", ending) for field, content in given.items()}


class Browser:
    """Somebody's browser on the page: it keeps cookies and sends forms."""

    def __init__(self, rig: Outside) -> None:
        self.rig = rig
        self.cookies: dict[str, str] = {}
        self.page = Reply(0, [], b"")

    async def open(self, path: str = "/sso/Login?action=OAUTH") -> Reply:
        return await self._ask("GET", path)

    async def sign_in(self, password: str = PASSWORD) -> Reply:
        await self.open()
        fields = self.hidden | {"username": "demo", "password": password}
        reply = await self._ask("POST", "/sso/Login", urlencode(fields).encode())
        return await self.open("/sso/OAuth") if reply.status == 302 else reply

    async def agree(self) -> Reply:
        await self.sign_in()
        return await self.send("agree", accepted="yes")

    async def send(self, step: str, **fields: str) -> Reply:
        given = self.hidden | {"step": step} | fields
        return await self._ask("POST", "/sso/OAuth", urlencode(given).encode())

    async def upload(self, step: str, content: dict[str, bytes], **fields: str) -> Reply:
        given = {name: text.encode() for name, text in (self.hidden | fields).items()}
        parts = [
            f'--X\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + value
            for name, value in (given | {"step": step.encode()} | content).items()
        ]
        body = b"\r\n".join([*parts, b"--X--\r\n"])
        return await self._ask("POST", "/sso/OAuth", body, "multipart/form-data; boundary=X")

    async def register(self, **fields: str) -> Reply:
        await self.agree()
        return await self.upload(
            "register", files(), **({"consumer_key": KEY, "enabled": "yes"} | fields)
        )

    @property
    def hidden(self) -> dict[str, str]:
        return dict(HIDDEN.findall(self.page.body.decode()))

    def shown(self, name: str) -> str:
        """Return what the page shows under an id."""
        found = re.search(rf'id="{name}">(.*?)<', self.page.body.decode(), re.DOTALL)
        assert found is not None, self.page.body
        return found[1].replace("&amp;", "&").strip()

    @property
    def consumer(self) -> Consumer:
        return self.rig.registrations.consumers[KEY]

    async def _ask(
        self, method: str, path: str, body: bytes = b"", content_type: str | None = None
    ) -> Reply:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {
            "cookie": cookie,
            "origin": OWN if method == "POST" else None,
            "content-type": content_type,
        }
        self.page = await self.rig.ask(method, path, body, headers=headers, base="")
        for name, value in self.page.headers:
            if name == "set-cookie":
                pair, *attributes = value.split("; ")
                key, _, content = pair.partition("=")
                self.cookies[key] = content
                if "Max-Age=0" in attributes:
                    del self.cookies[key]
        return self.page


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


@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
def test_keys_are_replaced_whatever_ends_their_lines(tmp_path: Path, ending: bytes) -> None:
    async def story(rig: Outside) -> Browser:
        browser = Browser(rig)
        await browser.register()
        await browser.upload("keys", files("next", ending))
        return browser

    browser = told(tmp_path, story)

    waiting = browser.consumer.next_keys
    assert waiting is not None
    assert waiting.signature_key == registrants.public(rsa_key("next signature"))
    assert browser.consumer.signature_key == registrants.public(rsa_key("own signature"))


def test_a_private_key_is_refused_and_not_kept(tmp_path: Path) -> None:
    private = b"-----BEGIN PRIVATE KEY-----\nTUlJRXZR\n-----END PRIVATE KEY-----\n"

    async def story(rig: Outside) -> tuple[Browser, Reply]:
        browser = Browser(rig)
        await browser.agree()
        content = files() | {"encryption": private}
        return browser, await browser.upload("register", content, consumer_key=KEY)

    browser, reply = told(tmp_path, story)

    assert b"This is a private key" in reply.body
    assert b"TUlJRXZR" not in reply.body
    assert KEY not in browser.rig.registrations.consumers


def test_swapped_keys_are_found_before_they_are_used(tmp_path: Path) -> None:
    async def story(rig: Outside) -> tuple[list[str], bytes]:
        browser = Browser(rig)
        await browser.register()
        found = []
        for name in ("encryption", "signature"):
            await browser.send("trial")
            text, secret = browser.shown("trial-text"), browser.shown("trial-secret")
            signed = rsa_key(f"own {name}").sign(text.encode(), PKCS1v15(), SHA256())
            decrypted = rsa_key("own encryption").decrypt(b64decode(secret), PKCS1v15())
            await browser.send(
                "answer", signed=b64encode(signed).decode(), decrypted=decrypted.hex()
            )
            found.append(browser.shown("finding"))
        again = await browser.send("answer", signed="", decrypted="")
        return found, again.body

    found, again = told(tmp_path, story)

    assert "swapped" in found[0]
    assert found[1] == "Test: passed."
    assert b"The test is over" in again


async def signing(rig: Outside) -> tuple[Browser, Program]:
    """Return demo's browser on the page, and a program of demo's that has signed in."""
    owned = rig.registrations.consumers[PROGRAMS_KEY]
    owned.owner, owned.kind = UserName("demo"), FIRST_PARTY
    rig.registrations.agreements[owned.owner] = 1
    program = rig.program()
    await rig.shake_hands(program)
    assert (await rig.call(program, "POST", "/tickle")).status == 200
    browser = Browser(rig)
    await browser.sign_in()
    return browser, program


def test_disabling_ends_sessions_at_once(tmp_path: Path) -> None:
    async def story(rig: Outside) -> tuple[list[Cause], int, int]:
        browser, program = await signing(rig)
        await browser.send("disable")
        causes = [ending.cause for ending in rig.people.roster.endings]
        refused = await rig.call(program, "POST", "/tickle")
        await browser.send("enable")
        await rig.shake_hands(program)
        again = await rig.call(program, "POST", "/tickle")
        return causes, refused.status, again.status

    assert told(tmp_path, story) == ([Cause.REVOKED], 401, 200)


def test_a_new_secret_ends_the_old_one_for_new_sessions_alone(tmp_path: Path) -> None:
    async def story(rig: Outside) -> list[int]:
        browser, program = await signing(rig)
        await browser.send("token")
        assert browser.shown("access-token") == program.token
        running = await rig.call(program, "POST", "/tickle")
        header = program.for_live_session_token()
        old = await rig.signed("POST", "/oauth/live_session_token", header)
        program.take_access_token(
            {
                "oauth_token": browser.shown("access-token"),
                "oauth_token_secret": browser.shown("access-token-secret"),
            }
        )
        new = await rig.shake_hands(program)
        return [running.status, old.status, new.status]

    assert told(tmp_path, story) == [200, 401, 200]


def test_replaced_keys_are_good_from_the_very_midnight_on(tmp_path: Path) -> None:
    async def story(rig: Outside) -> list[int]:
        browser, program = await signing(rig)
        await browser.upload("keys", files("next"))
        waiting = rig.registrations.consumers[PROGRAMS_KEY].next_keys
        assert waiting is not None
        statuses = []
        for at in (waiting.active_from - 1, waiting.active_from):
            rig.desk.now = at
            for key in (SIGNATURE_KEY, rsa_key("next signature")):
                header = program.by_rsa(
                    "/oauth/live_session_token",
                    {"diffie_hellman_challenge": "abcdef"},
                    prepend=program.secret.hex(),
                    key=key,
                )
                reply = await rig.signed("POST", "/oauth/live_session_token", header)
                statuses.append(reply.status)
        return statuses

    assert told(tmp_path, story) == [200, 401, 401, 200]


def test_a_program_that_waits_is_not_known_before(tmp_path: Path) -> None:
    async def story(rig: Outside) -> list[int]:
        consumer, statuses = rig.registrations.consumers[PROGRAMS_KEY], []
        consumer.active_from = rig.desk.now + HOUR
        for at in (consumer.active_from - 1, consumer.active_from):
            rig.desk.now = at
            header = rig.program().for_live_session_token()
            reply = await rig.signed("POST", "/oauth/live_session_token", header)
            statuses.append(reply.status)
            if reply.status == 401:
                assert "invalid consumer" in reply.json["error"]
        return statuses

    assert told(tmp_path, story) == [401, 200]


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
