import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import pytest
from tests.doors import looked, onward, typed
from tests.serving import PASSWORD, Reply, Rig

from paperdesk.auth import second_factors
from paperdesk.auth.second_factors import SecondFactors
from paperdesk.auth.sign_ins import Reply as Answered
from paperdesk.server import sign_in
from paperdesk.server.sign_in import Verdict

T = TypeVar("T")

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
CODE = SecondFactors(code="246810")
APP = SecondFactors(secret=SECRET)
PUSH = SecondFactors(has_push=True)
ALL = SecondFactors(code="246810", secret=SECRET, has_push=True)


@pytest.fixture(autouse=True)
def delays(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    slept: list[float] = []

    async def at_once(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", at_once)
    return slept


def run(tmp_path: Path, factors: SecondFactors, story: Callable[[Rig], Awaitable[T]]) -> T:
    async def told() -> T:
        rig = Rig(tmp_path)
        rig.porter.factors.keep("demo", factors)
        return await story(rig)

    return asyncio.run(told())


async def asked(rig: Rig) -> Reply:
    return await typed(rig, "demo", PASSWORD, paper=True)


def error_of(page: Reply) -> str:
    return page.body.decode().partition('role="alert">')[2].partition("<")[0]


def test_the_code_of_an_app_signs_in_once(tmp_path: Path) -> None:
    async def story(rig: Rig) -> tuple[int, str]:
        code = second_factors.code_at(SECRET, rig.wall())
        first = await onward(rig, await asked(rig), step="code", code=code)
        second = await onward(rig, await asked(rig), step="code", code=code)
        return first.status, error_of(second)

    assert run(tmp_path, APP, story) == (302, "Login failed: the code is not right.")


def test_a_code_that_was_taken_is_remembered_over_a_restart(tmp_path: Path) -> None:
    async def story(rig: Rig) -> str:
        code = second_factors.code_at(SECRET, rig.wall())
        await onward(rig, await asked(rig), step="code", code=code)
        again = Rig(tmp_path)
        return error_of(await onward(again, await asked(again), step="code", code=code))

    assert run(tmp_path, APP, story) == "Login failed: the code is not right."


def test_one_code_raced_many_ways_signs_in_one(tmp_path: Path) -> None:
    async def story(rig: Rig) -> int:
        code = second_factors.code_at(SECRET, rig.wall())
        pages = [await asked(rig) for _ in range(8)]
        replies = await asyncio.gather(
            *(onward(rig, page, step="code", code=code) for page in pages)
        )
        return sum(reply.status == 302 for reply in replies)

    assert run(tmp_path, APP, story) == 1


def test_wrong_codes_lock_the_name_like_wrong_passwords(
    tmp_path: Path, delays: list[float]
) -> None:
    async def story(rig: Rig) -> tuple[str, str, int]:
        for _ in range(2):
            await typed(rig, "demo", "wrong-password", paper=True)
        page = await asked(rig)
        for _ in range(3):
            last = await onward(rig, page, step="code", code="000000")
        right = await onward(rig, page, step="code", code="246810")
        locked = await asked(rig)
        rig.wall.pass_(61)
        later = await onward(rig, await asked(rig), step="code", code="246810")
        assert error_of(last) == "Login failed: the code is not right."
        return error_of(right), error_of(locked), later.status

    right, locked, later = run(tmp_path, CODE, story)

    assert right == "Login failed: it took too long. Please begin again."
    assert locked == "Login failed: too many attempts. Please try again in a minute."
    assert later == 302
    assert delays == [0.5, 1.0, 1.5, 2.0, 2.5]


def test_a_right_password_alone_makes_no_wrong_code_forgotten(tmp_path: Path) -> None:
    async def story(rig: Rig) -> str:
        for _ in range(5):
            await onward(rig, await asked(rig), step="code", code="000000")
        return error_of(await asked(rig))

    assert run(tmp_path, CODE, story).startswith("Login failed: too many attempts")


@pytest.mark.parametrize(
    "code",
    ["", "24681", "2468100", "x" * 100_000, "\uff12\uff14\uff16\uff18\uff11\uff10", "\udcff"],
)
def test_odd_codes_are_wrong_codes(tmp_path: Path, code: str) -> None:
    async def story(rig: Rig) -> tuple[str, bool]:
        page = await asked(rig)
        text = code.encode("utf-8", "replace").decode()
        return error_of(await onward(rig, page, step="code", code=text)), (
            rig.gateway.session.is_ended
        )

    assert run(tmp_path, CODE, story) == ("Login failed: the code is not right.", True)


def test_a_notification_that_is_approved_signs_in(tmp_path: Path) -> None:
    async def story(rig: Rig) -> tuple[bytes, bytes, int, bool]:
        page = await asked(rig)
        before = (await looked(rig, page)).body
        (waiting,) = rig.porter.sign_ins.notified(rig.wall())
        rig.porter.sign_ins.answer(waiting.number, Answered.APPROVED, rig.wall())
        after = (await looked(rig, page)).body
        done = await onward(rig, page, step="answered")
        return before, after, done.status, rig.gateway.session.is_ended

    assert run(tmp_path, PUSH, story) == (b"waiting", b"answered", 302, False)


def test_a_notification_that_waits_is_shown_on(tmp_path: Path) -> None:
    async def story(rig: Rig) -> tuple[Reply, bool]:
        page = await onward(rig, await asked(rig), step="answered")
        return page, rig.gateway.session.is_ended

    page, nobody = run(tmp_path, PUSH, story)

    assert b"login-step-notification" in page.body
    assert nobody


def test_a_notification_that_is_denied_counts_as_a_failure(
    tmp_path: Path, delays: list[float]
) -> None:
    async def story(rig: Rig) -> tuple[str, str]:
        page = await asked(rig)
        (waiting,) = rig.porter.sign_ins.notified(rig.wall())
        rig.porter.sign_ins.answer(waiting.number, Answered.DENIED, rig.wall())
        denied = await onward(rig, page, step="answered")
        return error_of(denied), error_of(await onward(rig, page, step="answered"))

    assert run(tmp_path, PUSH, story) == (
        "Login failed: the notification was denied.",
        "Login failed: it took too long. Please begin again.",
    )
    assert delays == [0.5]


def test_a_notification_times_out_unless_it_is_sent_again(tmp_path: Path) -> None:
    async def story(rig: Rig) -> tuple[bytes, bytes, str]:
        page = await asked(rig)
        rig.wall.pass_(100)
        await onward(rig, page, step="resend")
        rig.wall.pass_(100)
        early = (await looked(rig, page)).body
        rig.wall.pass_(21)
        late = (await looked(rig, page)).body
        return early, late, error_of(await onward(rig, page, step="answered"))

    early, late, error = run(tmp_path, PUSH, story)

    assert (early, late) == (b"waiting", b"answered")
    assert error == "Login failed: the notification was not answered in time."


def test_of_several_second_factors_any_may_be_taken(tmp_path: Path) -> None:
    async def story(rig: Rig) -> tuple[bytes, bytes, bytes, int]:
        page = await asked(rig)
        push = await onward(rig, page, step="method", method="push")
        choice = await onward(rig, push, step="method", method="")
        code = await onward(rig, choice, step="method", method="code")
        done = await onward(rig, code, step="code", code="246810")
        return page.body, push.body, code.body, done.status

    choice, push, code, status = run(tmp_path, ALL, story)

    assert b"<select" in choice
    assert b"login-step-notification" in push
    assert b"twofactbase" in code
    assert status == 302


@pytest.mark.parametrize("step", ["answered", "skip", "replace", "nothing", "resend", "method"])
def test_no_other_step_gets_past_a_code(tmp_path: Path, step: str) -> None:
    async def story(rig: Rig) -> tuple[int, bool]:
        page = await asked(rig)
        reply = await onward(rig, page, step=step, code="246810", method="push")
        return reply.status, rig.gateway.session.is_ended

    assert run(tmp_path, CODE, story) == (200, True)


def test_a_code_is_no_answer_to_a_notification(tmp_path: Path) -> None:
    async def story(rig: Rig) -> bool:
        page = await onward(rig, await asked(rig), step="method", method="push")
        await onward(rig, page, step="code", code="246810")
        return rig.gateway.session.is_ended

    assert run(tmp_path, ALL, story)


def test_a_sign_in_of_one_purpose_is_worth_nothing_for_another(tmp_path: Path) -> None:
    async def story(rig: Rig) -> Reply:
        page = await asked(rig)
        token = page.body.decode().partition('name="token" value="')[2][:32]
        found = rig.porter.sign_ins.find(token, "gateway", rig.wall())
        assert found is not None
        found.purpose = "consent"
        return await onward(rig, page, step="code", code="246810")

    reply = run(tmp_path, CODE, story)

    assert error_of(reply) == "Login failed: it took too long. Please begin again."


def test_the_token_of_the_first_page_is_not_that_of_the_next(tmp_path: Path) -> None:
    async def story(rig: Rig) -> tuple[str, str]:
        first = await rig.ask("GET", "/sso/Login", base="")
        second = await asked(rig)
        tokens = [
            page.body.decode().partition('name="token" value="')[2][:32] for page in (first, second)
        ]
        return tokens[0], tokens[1]

    first, second = run(tmp_path, CODE, story)

    assert first != second


def test_a_stranger_learns_nothing_of_a_notification(tmp_path: Path) -> None:
    async def story(rig: Rig) -> tuple[int, int]:
        await asked(rig)
        without = await rig.ask("GET", "/sso/Pending", base="")
        other = await rig.ask(
            "GET", "/sso/Pending", headers={"cookie": "paperdesk-login=feed"}, base=""
        )
        return without.status, other.status

    assert run(tmp_path, PUSH, story) == (403, 403)


def test_a_form_that_is_old_gets_a_new_one(tmp_path: Path) -> None:
    async def story(rig: Rig) -> Reply:
        return await rig.ask(
            "POST",
            "/sso/Authenticator",
            b"username=demo&password=let-me-in&paper=on&token=beef",
            headers={"cookie": "paperdesk-login=feed"},
            base="",
        )

    reply = run(tmp_path, CODE, story)

    assert reply.status == 403
    assert error_of(reply) == "Login failed: the page was an old one. Please try again."


def test_a_crowd_is_not_let_pile_up(tmp_path: Path) -> None:
    async def story(rig: Rig) -> list[Verdict]:
        return await asyncio.gather(
            *(
                rig.porter.password(f"name{number}", "wrong-password", rig.wall)
                for number in range(sign_in.WAITING_MAX + 8)
            )
        )

    verdicts = run(tmp_path, CODE, story)

    assert verdicts.count(Verdict.BUSY) == 8
    assert verdicts.count(Verdict.WRONG) == sign_in.WAITING_MAX


def test_a_user_who_is_gone_does_not_come_in(tmp_path: Path) -> None:
    async def story(rig: Rig) -> tuple[int, bool]:
        page = await asked(rig)
        rig.desk.world.accounts.users.clear()
        reply = await onward(rig, page, step="code", code="246810")
        return reply.status, rig.gateway.session.is_ended

    assert run(tmp_path, CODE, story) == (200, True)


def test_secrets_are_not_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    async def story(rig: Rig) -> Reply:
        page = await asked(rig)
        await onward(rig, page, step="code", code="135791")
        return await onward(rig, page, step="code", code="246810")

    assert run(tmp_path, CODE, story).status == 302
    for secret in (PASSWORD, "135791", "246810"):
        assert secret not in caplog.text
