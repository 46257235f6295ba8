"""What was good once, or is good elsewhere, and what the edge refuses before anybody looks."""

from pathlib import Path

import pytest
from tests.outside import Outside, told
from tests.programs import FIRST_PARTY, Program, access_token, consumer, register
from tests.refusing import (
    INVALID_CONSUMER,
    INVALID_SIGNATURE,
    LST,
    NO_SECRET,
    OTHER_KEY,
    OTHER_TOKEN,
    Ask,
    matches,
    sent,
)

from paperdesk.auth.registrations import Standing
from paperdesk.base.ids import AccountId, UserName
from paperdesk.base.units import HOUR
from paperdesk.desk.clock import Clock, ClockMode


def challenge(program: Program) -> Ask:
    return Ask(path=LST, authorization=program.for_live_session_token())


@pytest.mark.parametrize("standing", [Standing.DISABLED, Standing.REVOKED])
@pytest.mark.parametrize("of", ["consumer", "token"])
def test_what_is_no_longer_good_is_refused(tmp_path: Path, of: str, standing: Standing) -> None:
    async def story(rig: Outside) -> None:
        program = rig.program()
        await rig.shake_hands(program)
        row = consumer if of == "consumer" else access_token
        register(rig.registrations, row(standing=standing))

        resource = await rig.call(program, "POST", "/tickle")
        challenged = await sent(rig, challenge(program))

        expected = INVALID_CONSUMER if of == "consumer" else INVALID_SIGNATURE
        matches(resource, expected)
        matches(challenged, INVALID_CONSUMER if of == "consumer" else NO_SECRET)

    told(tmp_path, story)


def test_a_consumer_is_good_from_its_reset_on_by_desk_time(tmp_path: Path) -> None:
    async def story(rig: Outside) -> None:
        rig.desk.clock = Clock(mode=ClockMode.STEPPED)
        program = rig.program()
        register(rig.registrations, consumer(active_from=rig.desk.now + HOUR))

        matches(await sent(rig, challenge(program)), INVALID_CONSUMER)
        rig.wall.pass_(2 * 3_600)
        rig.desk.now += HOUR - 1
        matches(await sent(rig, challenge(program)), INVALID_CONSUMER)
        rig.desk.now += 1
        assert (await sent(rig, challenge(program))).status == 200

    told(tmp_path, story)


@pytest.mark.parametrize("what", ["unapproved", "denied", "wrong verifier", "another's"])
def test_a_request_token_that_is_not_good_is_refused(tmp_path: Path, what: str) -> None:
    async def story(rig: Outside) -> None:
        register(rig.registrations, consumer(key=OTHER_KEY))
        program = rig.program()
        asker = Program(program.clock, key=OTHER_KEY) if what == "another's" else program
        issued = await rig.signed("POST", "/oauth/request_token", asker.for_request_token())
        tokens = rig.callers.verifier.request_tokens
        token = tokens.find(issued.json["oauth_token"])
        assert token is not None
        verifier = "0" * 20
        if what == "denied":
            tokens.deny(token)
        elif what != "unapproved":
            right = tokens.approve(token, UserName("demo"), (AccountId("DU1234567"),))
            verifier = right if what == "another's" else verifier

        authorization = program.for_access_token(token.token, verifier)
        reply = await rig.signed("POST", "/oauth/access_token", authorization)

        matches(reply, INVALID_SIGNATURE)
        assert not token.is_used

    told(tmp_path, story)


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"user-agent": None}, 403),
        ({"user-agent": ""}, 403),
        ({"user-agent": "  "}, 403),
        ({"host": "evil.example"}, 403),
        ({"host": "1.api.ibkr.com.evil.example"}, 403),
        ({"host": None}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"content-length": None}, 411),
        ({"transfer-encoding": "chunked"}, 411),
        ({"content-length": "2000000"}, 413),
        ({"content-length": "-1"}, 400),
    ],
)
@pytest.mark.parametrize("path", ["/tickle", LST])
def test_the_edge_refuses_before_anybody_looks_at_a_signature(
    tmp_path: Path, path: str, more: dict[str, str | None], status: int
) -> None:
    async def story(rig: Outside) -> None:
        program = rig.program()
        await rig.shake_hands(program)
        ask = challenge(program)
        if path != LST:
            ask = Ask(authorization=program.by_hmac("POST", path))
        ask.more = more

        reply = await sent(rig, ask)

        assert reply.status == status
        assert reply.header("content-type") == "text/html; charset=utf-8"
        assert reply.body.startswith(b"<html>")
        ask.more = {}
        assert (await sent(rig, ask)).status == 200

    told(tmp_path, story)


def test_a_first_party_consumer_signs_resources(tmp_path: Path) -> None:
    async def story(rig: Outside) -> None:
        register(rig.registrations, consumer(FIRST_PARTY))
        program = rig.program()
        await rig.shake_hands(program)
        assert (await rig.call(program, "POST", "/tickle")).status == 200

    told(tmp_path, story)


def test_the_test_consumer_has_a_realm_of_its_own(tmp_path: Path) -> None:
    async def story(rig: Outside) -> None:
        tests = consumer(key="TESTCONS", realm="test_realm")
        register(rig.registrations, tests, access_token(token=OTHER_TOKEN, consumer_key="TESTCONS"))
        program = Program(rig.program().clock, key="TESTCONS", token=OTHER_TOKEN)
        limited = program.for_live_session_token()

        matches(await rig.signed("POST", LST, limited), INVALID_CONSUMER)
        right = limited.replace("limited_poa", "test_realm")
        assert (await rig.signed("POST", LST, right)).status == 200

    told(tmp_path, story)
