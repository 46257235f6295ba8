import asyncio
from base64 import b64decode
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.hashes import SHA256
from tests.outside import Outside, told
from tests.programs import (
    CALLBACK,
    ENCRYPTION_KEY,
    FIRST_PARTY,
    KEY,
    PRIME,
    TOKEN,
    Program,
    access_token,
    consumer,
    register,
)
from tests.serving import Rig

from paperdesk.auth.oauth1.verification import Settings
from paperdesk.auth.registrations import SecretPadding
from paperdesk.base.ids import AccountId, UserName
from paperdesk.server.handshakes import WAITING_MAX
from paperdesk.server.nonces import NonceFile
from paperdesk.server.premises import Signing

T = TypeVar("T")

REQUEST_TOKEN = "/oauth/request_token"
ACCESS_TOKEN = "/oauth/access_token"
LIVE_SESSION_TOKEN = "/oauth/live_session_token"
ACCOUNT = AccountId("DU1234567")


async def approved(rig: Outside, program: Program) -> tuple[str, str]:
    """Get a request token, let demo agree, and return token and verifier."""
    reply = await rig.signed("POST", REQUEST_TOKEN, program.for_request_token())
    tokens = rig.callers.verifier.request_tokens
    token = tokens.find(reply.json["oauth_token"])
    assert token is not None
    return token.token, tokens.approve(token, UserName("demo"), (ACCOUNT,))


def test_a_third_party_comes_all_the_way(tmp_path: Path) -> None:
    async def story(rig: Outside) -> None:
        rig.registrations.tokens.clear()
        program = rig.program()

        request_token, verifier = await approved(rig, program)
        header = program.for_access_token(request_token, verifier)
        reply = await rig.signed("POST", ACCESS_TOKEN, header)
        program.take_access_token(reply.json)
        await rig.shake_hands(program)
        tickled = await rig.call(program, "POST", "/tickle")

        assert set(reply.json) == {"is_paper", "oauth_token", "oauth_token_secret"}
        assert reply.json["is_paper"] is True
        assert len(program.token) == 20
        assert len(reply.json["oauth_token_secret"]) == 344
        assert tickled.status == 200
        kept = rig.registrations.tokens[program.token]
        assert (kept.consumer_key, kept.user_name) == (KEY, "demo")
        assert kept.account_ids == (ACCOUNT,)

    told(tmp_path, story)


def test_a_request_token_comes_alone(tmp_path: Path) -> None:
    async def story(rig: Outside) -> None:
        reply = await rig.signed("POST", REQUEST_TOKEN, rig.program().for_request_token("oob"))

        assert list(reply.json) == ["oauth_token"]
        assert len(reply.json["oauth_token"]) == 20
        assert int(reply.json["oauth_token"], 16) >= 0
        assert reply.header("content-type") == "application/json;charset=utf-8"

    told(tmp_path, story)


def test_the_answer_to_a_challenge_has_three_fields(tmp_path: Path) -> None:
    async def story(rig: Outside) -> None:
        reply = await rig.shake_hands(rig.program())

        assert list(reply.json) == [
            "diffie_hellman_response",
            "live_session_token_signature",
            "live_session_token_expiration",
        ]
        assert 1 < int(reply.json["diffie_hellman_response"], 16) < PRIME - 1
        assert len(reply.json["live_session_token_signature"]) == 40

    told(tmp_path, story)


def test_an_access_token_stays_and_its_secret_changes(tmp_path: Path) -> None:
    async def story(rig: Outside) -> None:
        program = rig.program()
        await rig.shake_hands(program)
        await rig.call(program, "POST", "/tickle")

        token, verifier = await approved(rig, program)
        answer = await rig.signed("POST", ACCESS_TOKEN, program.for_access_token(token, verifier))
        old = await rig.signed("POST", LIVE_SESSION_TOKEN, program.for_live_session_token())
        program.take_access_token(answer.json)
        await rig.shake_hands(program)

        assert answer.json["oauth_token"] == TOKEN
        assert old.status == 401
        assert rig.sessions == []
        assert len(rig.registrations.tokens) == 1

    told(tmp_path, story)


def test_a_request_token_is_exchanged_once(tmp_path: Path) -> None:
    async def story(rig: Outside) -> None:
        program = rig.program()
        token, verifier = await approved(rig, program)

        replies = await asyncio.gather(
            *(
                rig.signed("POST", ACCESS_TOKEN, program.for_access_token(token, verifier))
                for _ in range(8)
            )
        )

        assert sorted(reply.status for reply in replies) == [200] + [401] * 7

    told(tmp_path, story)


def test_a_request_token_lives_ten_minutes(tmp_path: Path) -> None:
    async def story(rig: Outside) -> None:
        program = rig.program()
        early, late = await approved(rig, program), await approved(rig, program)

        rig.wall.pass_(599)
        in_time = await rig.signed("POST", ACCESS_TOKEN, program.for_access_token(*early))
        rig.wall.pass_(1)
        too_late = await rig.signed("POST", ACCESS_TOKEN, program.for_access_token(*late))

        assert (in_time.status, too_late.status) == (200, 401)

    told(tmp_path, story)


def test_a_request_that_is_sent_again_issues_nothing_again(tmp_path: Path) -> None:
    async def story(rig: Outside) -> None:
        program = rig.program()
        header = program.for_live_session_token()

        raced = await asyncio.gather(
            *(rig.signed("POST", LIVE_SESSION_TOKEN, header) for _ in range(16))
        )
        again = await rig.signed("POST", LIVE_SESSION_TOKEN, header)

        assert {(reply.status, reply.body) for reply in raced} == {(200, again.body)}
        program.agree(again.json)
        assert len(rig.callers.verifier.live.of(KEY, TOKEN)) == 1

    told(tmp_path, story)


def test_an_exchange_that_is_sent_again_gets_the_same_secret(tmp_path: Path) -> None:
    async def story(rig: Outside) -> None:
        program = rig.program()
        header = program.for_access_token(*await approved(rig, program))

        first = await rig.signed("POST", ACCESS_TOKEN, header)
        again = await rig.signed("POST", ACCESS_TOKEN, header)

        assert (first.status, again.status) == (200, 200)
        assert first.body == again.body

    told(tmp_path, story)


@pytest.mark.parametrize("path", [REQUEST_TOKEN, ACCESS_TOKEN])
def test_a_first_party_gets_its_token_elsewhere(tmp_path: Path, path: str) -> None:
    async def story(rig: Outside) -> None:
        register(rig.registrations, consumer(FIRST_PARTY))
        program = rig.program()
        header = (
            program.for_request_token()
            if path == REQUEST_TOKEN
            else program.for_access_token("0" * 20, "0" * 20)
        )

        reply = await rig.signed("POST", path, header)

        assert reply.status == 401
        assert reply.json["error"].endswith("error: invalid consumer")

    told(tmp_path, story)


def test_a_secret_is_padded_as_its_consumer_asks(tmp_path: Path) -> None:
    async def story(rig: Outside) -> None:
        register(rig.registrations, consumer(padding=SecretPadding.OAEP_SHA256))
        program = rig.program()
        header = program.for_access_token(*await approved(rig, program))
        reply = await rig.signed("POST", ACCESS_TOKEN, header)

        oaep = padding.OAEP(padding.MGF1(SHA256()), SHA256(), None)
        encrypted = b64decode(reply.json["oauth_token_secret"])
        assert len(ENCRYPTION_KEY.decrypt(encrypted, oaep)) == 32

    told(tmp_path, story)


@pytest.mark.parametrize("base", ["/v1/api", "/alpha/api", ""])
def test_the_endpoints_are_below_every_base_address(tmp_path: Path, base: str) -> None:
    async def story(rig: Outside) -> int:
        given = {"oauth_token": None, "oauth_callback": CALLBACK}
        header = rig.program().by_rsa(REQUEST_TOKEN, given, base=base)
        reply = await rig.ask("POST", REQUEST_TOKEN, headers={"authorization": header}, base=base)
        return reply.status

    assert told(tmp_path, story) == 200


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_the_endpoints_take_posts_alone(tmp_path: Path, method: str) -> None:
    async def story(rig: Outside) -> int:
        header = rig.program().for_live_session_token()
        return (await rig.signed(method, LIVE_SESSION_TOKEN, header)).status

    assert told(tmp_path, story) == 405


def test_the_gateway_has_no_such_endpoints(tmp_path: Path) -> None:
    async def story() -> int:
        rig = Rig(tmp_path)
        rig.sign_in()
        return (await rig.ask("POST", LIVE_SESSION_TOKEN)).status

    assert asyncio.run(story()) == 404


def test_too_many_at_once_are_told_to_come_again(tmp_path: Path) -> None:
    async def story(rig: Outside) -> None:
        program = rig.program()
        headers = [program.for_live_session_token() for _ in range(WAITING_MAX + 3)]

        replies = await asyncio.gather(
            *(rig.signed("POST", LIVE_SESSION_TOKEN, header) for header in headers)
        )
        refused = [index for index, reply in enumerate(replies) if reply.status == 503]
        again = await rig.signed("POST", LIVE_SESSION_TOKEN, headers[refused[0]])

        assert len(refused) == 3
        assert {reply.status for reply in replies} == {200, 503}
        # Its nonce was not taken from it.
        assert again.status == 200

    told(tmp_path, story)


def restarted(tmp_path: Path, story: Callable[[Outside], Awaitable[T]]) -> T:
    """Tell a story of a desk whose nonces are on disk; the file is left as it stands."""

    async def run() -> T:
        signing = Signing(nonces=NonceFile(tmp_path), settings=Settings())
        return await story(Outside(tmp_path, signing))

    return asyncio.run(run())


def test_nonces_outlive_the_process(tmp_path: Path) -> None:
    headers: dict[str, Any] = {}

    async def before(rig: Outside) -> None:
        program = rig.program()
        headers["used"] = program.for_live_session_token()
        headers["other"] = program.for_request_token()
        for path, name in ((LIVE_SESSION_TOKEN, "used"), (REQUEST_TOKEN, "other")):
            assert (await rig.signed("POST", path, headers[name])).status == 200

    async def after(rig: Outside) -> None:
        used = await rig.signed("POST", LIVE_SESSION_TOKEN, headers["used"])
        other = await rig.signed("POST", REQUEST_TOKEN, headers["other"])
        fresh = await rig.shake_hands(rig.program())

        assert (used.status, other.status, fresh.status) == (401, 401, 200)

    restarted(tmp_path, before)
    restarted(tmp_path, after)


def test_when_nonces_cannot_be_kept_nothing_is_handed_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = NonceFile(tmp_path)

    async def run() -> None:
        rig = Outside(tmp_path, Signing(nonces=file))
        file.close()
        reply = await rig.signed("POST", LIVE_SESSION_TOKEN, rig.program().for_live_session_token())

        assert (reply.status, reply.body) == (503, b"Service Unavailable")
        assert rig.callers.verifier.live.of(KEY, TOKEN) == []

    asyncio.run(run())
    assert "cannot be used" in caplog.text


def test_a_failure_of_ours_shows_nothing_of_its_inside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fall_over(*_: object, **__: object) -> None:
        raise RuntimeError("secret inside")

    async def story(rig: Outside) -> None:
        monkeypatch.setattr("paperdesk.server.handshakes.agree", fall_over)
        header = rig.program().for_live_session_token()
        reply = await rig.signed("POST", LIVE_SESSION_TOKEN, header)
        again = await rig.signed("POST", LIVE_SESSION_TOKEN, header)

        assert reply.status == again.status == 500
        assert b"inside" not in reply.body

    told(tmp_path, story)


def test_tokens_of_two_users_are_two(tmp_path: Path) -> None:
    async def story(rig: Outside) -> None:
        register(rig.registrations, access_token())
        program = rig.program()
        reply = await rig.signed("POST", REQUEST_TOKEN, program.for_request_token())
        tokens = rig.callers.verifier.request_tokens
        token = tokens.find(reply.json["oauth_token"])
        assert token is not None
        verifier = tokens.approve(token, UserName("rich"), (AccountId("U1234567"),))

        header = program.for_access_token(token.token, verifier)
        answer = await rig.signed("POST", ACCESS_TOKEN, header)

        assert answer.json["is_paper"] is False
        assert answer.json["oauth_token"] != TOKEN
        assert len(rig.registrations.tokens) == 2

    told(tmp_path, story)
