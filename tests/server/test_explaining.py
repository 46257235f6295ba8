import logging
from pathlib import Path

import pytest
from tests.outside import Outside, told
from tests.programs import SECRET

from paperdesk.auth.oauth1.causes import Cause
from paperdesk.server import explaining
from paperdesk.server.premises import Signing

LST = "/oauth/live_session_token"


EXPLAINED = Signing(is_explained=True)


def test_a_refusal_is_told_to_developers_and_named_to_the_client(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def story(rig: Outside) -> None:
        program = rig.program()
        await rig.shake_hands(program)
        authorization = program.by_hmac("GET", "/tickle")

        reply = await rig.signed("POST", "/tickle", authorization)
        explainer = rig.premises.explainer
        assert explainer is not None
        explainer.settle()

        assert reply.status == 401
        assert reply.header("x-paperdesk-reason") == "wrong_signature"
        (refused,) = explainer.refused.last(10)
        assert refused.explanation is not None
        assert refused.explanation.cause is Cause.ANOTHER_HTTP_METHOD
        assert reply.json["error"].startswith(f"id: {refused.number}, ")
        record = caplog.records[-1]
        assert (record.name, record.levelno) == ("paperdesk.auth", logging.WARNING)
        assert f"signature {refused.number} refused" in record.getMessage()
        assert "another_http_method" in record.getMessage()
        assert "POST&https%3A%2F%2Flocalhost%3A5001%2Fv1%2Fapi%2Ftickle" in record.getMessage()

    told(tmp_path, story, signing=EXPLAINED)


def test_no_secret_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def story(rig: Outside) -> None:
        program = rig.program()
        for authorization in (
            program.by_rsa(LST, {"diffie_hellman_challenge": "5"}),
            program.by_rsa(LST, {"diffie_hellman_challenge": "5"}, prepend=SECRET.hex().upper()),
        ):
            await rig.signed("POST", LST, authorization)
        explainer = rig.premises.explainer
        assert explainer is not None
        explainer.settle()

        causes = [one.explanation and one.explanation.cause for one in explainer.refused.last(2)]
        assert causes == [Cause.PREPEND_IN_UPPERCASE, Cause.PREPEND_MISSING]
        assert SECRET.hex() not in caplog.text.lower()
        assert "<prepend>" in caplog.text

    told(tmp_path, story, signing=EXPLAINED)


def test_unless_it_is_asked_for_nothing_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def story(rig: Outside) -> None:
        reply = await rig.signed("POST", "/tickle", rig.program().by_hmac("POST", "/tickle"))

        assert reply.status == 401
        assert reply.header("x-paperdesk-reason") is None
        assert rig.premises.explainer is None

    told(tmp_path, story)
    assert caplog.text == ""


def test_what_a_client_sends_is_quoted_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def story(rig: Outside) -> None:
        authorization = rig.program().by_hmac("POST", "/tickle")
        await rig.signed("POST", "/x%0Asignature%20refused", authorization)
        explainer = rig.premises.explainer
        assert explainer is not None
        explainer.settle()

    told(tmp_path, story, signing=EXPLAINED)
    lines = caplog.records[-1].getMessage().splitlines()
    assert sum(line.startswith("signature ") for line in lines) == 1


def test_of_a_flood_the_causes_are_kept_and_a_few_explained(tmp_path: Path) -> None:
    async def story(rig: Outside) -> None:
        program = rig.program()
        await rig.shake_hands(program)
        explainer = rig.premises.explainer
        assert explainer is not None
        for _ in range(explaining.WAITING_MAX * 3):
            authorization = program.by_hmac("GET", "/tickle")
            await rig.signed("POST", "/tickle", authorization)
        explainer.settle()

        kept = explainer.refused.last(1_000)
        assert len(kept) == explaining.WAITING_MAX * 3
        assert all(one.rejected.cause is Cause.WRONG_SIGNATURE for one in kept)
        assert any(one.explanation is not None for one in kept)

    told(tmp_path, story, signing=EXPLAINED)


def test_a_failure_of_ours_is_logged_and_the_next_is_explained(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fall_over(*_: object) -> None:
        raise RuntimeError("fell over")

    async def story(rig: Outside) -> None:
        program = rig.program()
        explainer = rig.premises.explainer
        assert explainer is not None
        with monkeypatch.context() as patched:
            patched.setattr("paperdesk.server.explaining.explain", fall_over)
            await rig.signed("POST", "/tickle", program.by_hmac("POST", "/tickle"))
            explainer.settle()
        await rig.signed("POST", "/tickle", program.by_hmac("POST", "/tickle"))
        explainer.settle()

        after, before = explainer.refused.last(2)
        assert before.explanation is None
        assert after.explanation is not None
        assert after.explanation.cause is Cause.NO_LIVE_SESSION_TOKEN

    told(tmp_path, story, signing=EXPLAINED)
    assert "could not be explained" in caplog.text
