"""What becomes of keys that are uploaded to the page."""

import asyncio
from base64 import b64decode, b64encode
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from tests import registrants
from tests.enrolling import KEY, Browser, files, signing
from tests.oauth2 import rsa_key
from tests.outside import Outside, told
from tests.programs import KEY as PROGRAMS_KEY
from tests.programs import SIGNATURE_KEY
from tests.serving import Reply

from paperdesk.auth.endings import Cause
from paperdesk.base.units import HOUR


@pytest.fixture(autouse=True)
def _delays_are_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    async def at_once(_: float) -> None:
        return None

    monkeypatch.setattr(asyncio, "sleep", at_once)


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
