from pathlib import Path

import pytest
from tests.control.panels import WALL, Panel, begun

from paperdesk.auth import second_factors
from paperdesk.auth.second_factors import SecondFactors
from paperdesk.auth.sign_ins import Reply, SignIn
from paperdesk.base.ids import UserName

MINUTE = 60_000_000
NAME = "history-2008-09-29"
LOGINS = f"/desks/{NAME}/logins"
FACTORS = f"/desks/{NAME}/users/demo/second-factors"


@pytest.fixture
def panel(tmp_path: Path) -> Panel:
    return Panel(begun(tmp_path), tmp_path)


def waiting(panel: Panel) -> SignIn:
    return panel.sign_ins.begin(
        UserName("demo"), SecondFactors(has_push=True), WALL, token="secret", purpose="gateway"
    )


def test_notifications_that_wait_are_listed_without_what_is_secret(panel: Panel) -> None:
    waiting(panel)
    panel.wall += MINUTE

    assert panel.get(LOGINS) == (
        200,
        [
            {
                "number": 1,
                "user_name": "demo",
                "purpose": "gateway",
                "notified_at": WALL,
                "notifications": 1,
                "remaining_seconds": 60.0,
            }
        ],
    )


@pytest.mark.parametrize(
    ("operation", "reply"), [("approve", Reply.APPROVED), ("deny", Reply.DENIED)]
)
def test_a_notification_is_answered(panel: Panel, operation: str, reply: Reply) -> None:
    sign_in = waiting(panel)

    status, told = panel.post(f"{LOGINS}/1/{operation}")

    assert (status, told["reply"]) == (200, reply.value)
    assert sign_in.heard(WALL) is reply
    assert panel.get(LOGINS) == (200, [])


@pytest.mark.parametrize(
    ("number", "status", "code"),
    [("2", 404, "unknown_sign_in"), ("x", 400, "bad_request"), ("9" * 30, 400, "bad_request")],
)
def test_a_notification_that_there_is_not_is_not_answered(
    panel: Panel, number: str, status: int, code: str
) -> None:
    waiting(panel)

    told, body = panel.post(f"{LOGINS}/{number}/approve")

    assert (told, body["error"]["code"]) == (status, code)


def test_a_notification_that_timed_out_is_not_answered(panel: Panel) -> None:
    waiting(panel)
    panel.wall += 2 * MINUTE

    assert panel.post(f"{LOGINS}/1/approve")[0] == 404


def test_second_factors_are_changed_and_shown_without_their_secrets(panel: Panel) -> None:
    panel.post(FACTORS, {"code": "246810", "has_push": True})
    status, told = panel.get(FACTORS)

    assert (status, told) == (200, {"methods": ["push", "code"], "is_promoted": False})
    assert panel.post(FACTORS, {"code": "", "has_push": False})[1]["methods"] == []


def test_the_address_for_an_app_is_told_once(panel: Panel) -> None:
    status, told = panel.post(FACTORS, {"has_app": True})

    assert (status, told["methods"]) == (200, ["totp"])
    assert panel.factors is not None
    assert told["uri"] == second_factors.uri(panel.factors.of("demo").secret, "demo")
    assert "uri" not in panel.get(FACTORS)[1]
    assert panel.post(FACTORS, {"has_app": False})[1]["methods"] == []


@pytest.mark.parametrize("body", [{"code": "1"}, {"code": 246810}, {"secret": "x"}])
def test_nonsense_about_second_factors_is_refused(panel: Panel, body: dict[str, object]) -> None:
    assert panel.post(FACTORS, body)[0] == 400
    assert panel.get(FACTORS)[1]["methods"] == []


@pytest.mark.parametrize(
    "path",
    [
        f"/desks/{NAME}/users/stranger/second-factors",
        "/desks/other/users/demo/second-factors",
        "/desks/other/logins",
    ],
)
def test_strangers_and_other_desks_are_not_known(panel: Panel, path: str) -> None:
    assert panel.get(path)[0] in {400, 404}
