import asyncio
from pathlib import Path

import pytest
from tests.outside import Outside, told
from tests.programs import KEY, TOKEN, access_token, consumer, register
from tests.serving import SECOND

from paperdesk.auth.endings import Cause
from paperdesk.auth.registrations import Standing
from paperdesk.base.ids import AccountId, UserName
from paperdesk.base.units import DAY
from paperdesk.desk.clock import Clock, ClockMode

NOT_SIGNED = b'{"error":"not authenticated","statusCode":401}'


def test_a_signed_request_has_a_session_of_its_user(tmp_path: Path) -> None:
    async def story(rig: Outside) -> None:
        program = rig.program()
        await rig.shake_hands(program)
        assert rig.sessions == []

        reply = await rig.call(program, "POST", "/tickle")

        assert reply.status == 200
        (session,) = rig.sessions
        assert (session.user_name, session.face) == ("demo", "hosted")
        assert session.credential == f"oauth1 {KEY} {TOKEN}"
        assert reply.json["session"] == session.session_id

    told(tmp_path, story)


def test_requests_of_one_live_session_token_share_a_session(tmp_path: Path) -> None:
    async def story(rig: Outside) -> None:
        program = rig.program()
        await rig.shake_hands(program)

        replies = [await rig.call(program, "POST", "/tickle") for _ in range(3)]

        assert len({reply.json["session"] for reply in replies}) == 1
        assert len(rig.sessions) == 1

    told(tmp_path, story)


def test_every_live_session_token_has_a_session_of_its_own(tmp_path: Path) -> None:
    async def story(rig: Outside) -> None:
        programs = [rig.program(), rig.program()]
        for program in programs:
            await rig.shake_hands(program)

        replies = [await rig.call(program, "POST", "/tickle") for program in programs]

        assert len({reply.json["session"] for reply in replies}) == 2

    told(tmp_path, story)


def test_a_logout_ends_the_session_and_the_token_opens_another(tmp_path: Path) -> None:
    async def story(rig: Outside) -> None:
        program = rig.program()
        await rig.shake_hands(program)
        before = (await rig.call(program, "POST", "/tickle")).json["session"]

        reply = await rig.call(program, "POST", "/logout")
        after = (await rig.call(program, "POST", "/tickle")).json["session"]

        assert (reply.status, reply.body) == (200, b'{"status":true}')
        assert rig.premises.roster.endings[-1].cause is Cause.LOGOUT
        assert after != before

    told(tmp_path, story)


def test_a_session_has_the_accounts_that_its_user_consented_to(tmp_path: Path) -> None:
    async def story(rig: Outside) -> None:
        theirs = AccountId("DU7654321")
        user = rig.desk.world.accounts.users[UserName("demo")]
        rig.desk.world.accounts.users[UserName("demo")] = type(user)(
            user_name=user.user_name,
            user_id=user.user_id,
            account_ids=(*user.account_ids, theirs),
            is_paper=True,
        )
        register(rig.registrations, access_token(account_ids=(theirs, AccountId("U9999999"))))
        program = rig.program()
        await rig.shake_hands(program)

        await rig.call(program, "POST", "/tickle")

        assert rig.sessions[0].account_ids == (theirs,)

    told(tmp_path, story)


@pytest.mark.parametrize(
    "changes", [{"user_name": "nobody"}, {"account_ids": (AccountId("U9999999"),)}]
)
def test_a_token_of_nobody_or_for_nothing_opens_no_session(
    tmp_path: Path, changes: dict[str, object]
) -> None:
    async def story(rig: Outside) -> None:
        register(rig.registrations, access_token(**changes))
        program = rig.program()
        await rig.shake_hands(program)

        reply = await rig.call(program, "POST", "/tickle")

        assert (reply.status, reply.body) == (401, NOT_SIGNED)
        assert rig.sessions == []

    told(tmp_path, story)


@pytest.mark.parametrize("authorization", [None, "", "Basic ZGVtbzpkZW1v", "Token abc"])
def test_whoever_shows_no_credential_is_refused_whatever_the_path(
    tmp_path: Path, authorization: str | None
) -> None:
    async def story(rig: Outside) -> None:
        for path in ("/tickle", "/iserver/accounts", "/no/such/path", "/iserver/auth/status"):
            reply = await rig.ask("GET", path, headers={"authorization": authorization})
            assert (reply.status, reply.body) == (401, NOT_SIGNED)
            assert reply.header("x-paperdesk-hint") is not None

    told(tmp_path, story)


def test_a_request_that_is_sent_again_gets_the_first_answer(tmp_path: Path) -> None:
    async def story(rig: Outside) -> None:
        program = rig.program()
        await rig.shake_hands(program)
        authorization = program.by_hmac("POST", "/logout")

        first = await rig.signed("POST", "/logout", authorization)
        again = await rig.signed("POST", "/logout", authorization)

        assert (again.status, again.body) == (first.status, first.body)
        assert len(rig.premises.roster.endings) == 1
        assert rig.sessions == []

    told(tmp_path, story)


def test_what_was_refused_is_refused_again(tmp_path: Path) -> None:
    async def story(rig: Outside) -> None:
        program = rig.program()
        await rig.shake_hands(program)
        authorization = program.by_hmac("GET", "/iserver/accounts")

        first = await rig.signed("GET", "/iserver/accounts", authorization)
        rig.premises.roster.initialise(rig.sessions[0], rig.wall(), compete=True)
        rig.wall.pass_(5)
        again = await rig.signed("GET", "/iserver/accounts", authorization)

        assert first.body == again.body == b'{"error":"Bad Request: no bridge","statusCode":400}'
        assert (await rig.call(program, "GET", "/iserver/accounts")).status != 400

    told(tmp_path, story)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/iserver/auth/ssodh/init", b'{"publish":true,"compete":false}'),
        ("/iserver/auth/ssodh/init", b""),
        ("/iserver/auth/ssodh/init?compete=false", b'{"publish":true,"compete":true}'),
    ],
)
def test_the_nonce_of_another_request_is_refused(tmp_path: Path, path: str, body: bytes) -> None:
    async def story(rig: Outside) -> None:
        program = rig.program()
        await rig.shake_hands(program)
        authorization = program.by_hmac("POST", "/tickle", {"oauth_nonce": "once"})
        assert (await rig.signed("POST", "/tickle", authorization)).status == 200

        signed_anew = program.by_hmac("POST", path, {"oauth_nonce": "once"})
        with_body = await rig.signed("POST", "/tickle", authorization, b"{}")
        with_query = await rig.signed("POST", "/tickle?a=1", authorization)
        other = await rig.signed("POST", path, signed_anew, body)

        for reply in (with_body, with_query, other):
            assert reply.status == 401
            assert reply.json["error"].endswith("error: invalid signature")

    told(tmp_path, story)


def test_a_repetition_whose_answer_is_not_kept_is_refused(tmp_path: Path) -> None:
    async def story(rig: Outside) -> None:
        program = rig.program()
        await rig.shake_hands(program)
        authorization = program.by_hmac("POST", "/tickle")
        await rig.signed("POST", "/tickle", authorization)
        rig.wall.pass_(150)
        await rig.call(program, "POST", "/tickle")

        reply = await rig.signed("POST", "/tickle", authorization)

        assert reply.status == 401

    told(tmp_path, story)


def test_a_repetition_waits_for_the_same_events_to_be_on_disk(tmp_path: Path) -> None:
    async def story(rig: Outside) -> None:

        program = rig.program()
        await rig.shake_hands(program)
        await rig.call(program, "POST", "/tickle")
        authorization = program.by_hmac("POST", "/tickle")
        rig.desk.journal.is_held = True
        rig.desk.journal.add()

        waiting = [
            asyncio.create_task(rig.signed("POST", "/tickle", authorization)) for _ in range(2)
        ]
        for _ in range(5):
            await asyncio.sleep(0)
        assert not any(one.done() for one in waiting)
        rig.desk.journal.flush()

        first, again = await asyncio.gather(*waiting)
        assert (first.status, first.body) == (again.status, again.body) == (200, first.body)

    told(tmp_path, story)


def test_when_the_disk_fails_neither_has_an_answer(tmp_path: Path) -> None:
    async def story(rig: Outside) -> None:

        program = rig.program()
        await rig.shake_hands(program)
        authorization = program.by_hmac("POST", "/tickle")
        rig.desk.journal.is_held = True
        rig.desk.journal.add()
        waiting = [
            asyncio.create_task(rig.signed("POST", "/tickle", authorization)) for _ in range(2)
        ]
        for _ in range(5):
            await asyncio.sleep(0)
        rig.desk.journal.fail()

        assert [reply.status for reply in await asyncio.gather(*waiting)] == [503, 503]

    told(tmp_path, story)


def test_a_live_session_token_is_good_for_a_day(tmp_path: Path) -> None:
    async def story(rig: Outside) -> None:
        # No midnight comes where desk time stands.
        rig.desk.clock = Clock(mode=ClockMode.STEPPED)
        program = rig.program()
        reply = await rig.shake_hands(program)
        assert reply.json["live_session_token_expiration"] == (rig.wall() + DAY) // 1_000
        await rig.call(program, "POST", "/tickle")

        rig.wall.now += DAY - SECOND
        assert (await rig.call(program, "POST", "/tickle")).status == 200
        rig.wall.pass_(1)
        late = await rig.call(program, "POST", "/tickle")

        assert (late.status, late.body) == (401, NOT_SIGNED)
        assert rig.sessions == []

    told(tmp_path, story)


def test_what_a_midnight_reset_has_cut_is_gone(tmp_path: Path) -> None:
    async def story(rig: Outside) -> None:
        program = rig.program()
        await rig.shake_hands(program)
        await rig.call(program, "POST", "/tickle")

        rig.premises.roster.end_all(rig.wall(), Cause.MIDNIGHT)
        rig.wall.pass_(1)
        cut = await rig.call(program, "POST", "/tickle")
        await rig.shake_hands(program)
        renewed = await rig.call(program, "POST", "/tickle")

        assert (cut.status, cut.body, cut.header("content-type")) == (410, b"", None)
        assert renewed.status == 200

    told(tmp_path, story)


def test_midnight_comes_by_desk_time(tmp_path: Path) -> None:
    async def story(rig: Outside) -> None:
        program = rig.program()
        await rig.shake_hands(program)
        await rig.call(program, "POST", "/tickle")

        rig.wall.now += DAY - SECOND
        cut = await rig.call(program, "POST", "/tickle")

        assert (cut.status, cut.body) == (410, b"")
        assert rig.sessions == []

    told(tmp_path, story)


def test_what_is_revoked_ends_at_once(tmp_path: Path) -> None:
    async def story(rig: Outside) -> None:
        program = rig.program()
        await rig.shake_hands(program)
        await rig.call(program, "POST", "/tickle")
        rig.registrations.tokens[TOKEN].standing = Standing.REVOKED

        rig.callers.revoked(KEY, TOKEN, rig.wall())

        assert rig.sessions == []
        assert rig.premises.roster.endings[-1].cause is Cause.REVOKED
        assert (await rig.call(program, "POST", "/tickle")).status == 401

    told(tmp_path, story)


def test_revoking_one_token_leaves_the_others(tmp_path: Path) -> None:
    async def story(rig: Outside) -> None:
        other_token = "0123456789abcdef0123"
        register(rig.registrations, access_token(token=other_token, user_name=UserName("rich")))
        program, other = rig.program(), rig.program()
        other.token = other_token
        for one in (program, other):
            await rig.shake_hands(one)
            await rig.call(one, "POST", "/tickle")

        rig.callers.revoked(KEY, TOKEN, rig.wall())
        assert [session.user_name for session in rig.sessions] == ["rich"]
        rig.callers.revoked(KEY, "", rig.wall())
        assert rig.sessions == []

    told(tmp_path, story)


def test_a_disabled_consumer_is_refused(tmp_path: Path) -> None:
    async def story(rig: Outside) -> None:
        program = rig.program()
        await rig.shake_hands(program)
        register(rig.registrations, consumer(standing=Standing.DISABLED))

        reply = await rig.call(program, "POST", "/tickle")

        assert reply.status == 401
        assert reply.json == {"error": "id: 10001, error: invalid consumer", "statusCode": 401}

    told(tmp_path, story)


def test_where_one_is_allowed_a_new_live_session_token_ends_the_old(tmp_path: Path) -> None:
    async def story(rig: Outside) -> None:
        old, new = rig.program(), rig.program()
        await rig.shake_hands(old)
        await rig.call(old, "POST", "/tickle")

        await rig.shake_hands(new)

        assert rig.sessions == []
        assert (await rig.call(old, "POST", "/tickle")).status == 401
        assert (await rig.call(new, "POST", "/tickle")).status == 200

    told(tmp_path, story, single_live_session_token=True)


def test_of_nine_tokens_the_oldest_signs_no_more(tmp_path: Path) -> None:
    async def story(rig: Outside) -> None:
        programs = [rig.program() for _ in range(9)]
        await rig.shake_hands(programs[0])
        await rig.call(programs[0], "POST", "/tickle")
        for program in programs[1:]:
            await rig.shake_hands(program)

        assert rig.sessions == []
        assert (await rig.call(programs[0], "POST", "/tickle")).status == 401
        assert (await rig.call(programs[1], "POST", "/tickle")).status == 200

    told(tmp_path, story)
