from typing import Any

import pytest
from tests.control.panels import WALL, Panel, begun

from paperdesk.auth.endings import Cause
from paperdesk.auth.roster import Opening
from paperdesk.auth.sessions import Session
from paperdesk.base.units import MINUTE, SECOND
from paperdesk.control.refusals import STATUSES

BOT = Opening(face="hosted", credential="oauth1 FIRM token")


@pytest.fixture
def panel() -> Panel:
    return Panel(begun())


def where(panel: Panel, rest: str = "") -> str:
    return f"/desks/{panel.desk.name}/sessions{rest}"


def bot(panel: Panel, *, is_served: bool = True) -> Session:
    user = next(iter(panel.desk.world.accounts.users.values()))
    session = panel.roster.open(user, panel.wall, BOT)
    if is_served:
        panel.roster.initialise(session, panel.wall, compete=True)
        panel.roster.sweep(panel.wall + 2 * SECOND)
    return session


def sessions(panel: Panel) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = panel.get(where(panel))[1]["sessions"]
    return rows


def test_nobody_is_in_at_first(panel: Panel) -> None:
    status, told = panel.get(where(panel))

    assert status == 200
    assert told == {
        "wall_now": WALL,
        "region": "us",
        "resets": "on",
        "is_away": False,
        "is_closed": False,
        "sessions": [],
        "holders": {},
        "fights": [],
    }


def test_a_session_is_told_with_what_becomes_of_it_and_without_its_id(panel: Panel) -> None:
    session = bot(panel)
    panel.wall += MINUTE

    status, told = panel.get(where(panel))

    assert status == 200
    assert told["sessions"] == [
        {
            "number": 1,
            "user": "demo",
            "face": "hosted",
            "credential": "oauth1 FIRM token",
            "state": "brokerage",
            "authenticated": True,
            "competing": False,
            "connected": True,
            "signed_in_at": WALL,
            "last_used_at": WALL,
            "state_since": WALL + 2 * SECOND,
            "idle_in_seconds": 240.000001,
            "ends_at": WALL + 24 * 60 * MINUTE,
            "held_by": "session 1 (hosted, oauth1 FIRM token)",
        }
    ]
    assert told["holders"] == {"demo": 1}
    assert session.session_id not in str(told)


def test_what_was_due_has_happened_when_it_is_told(panel: Panel) -> None:
    bot(panel)
    panel.wall += 10 * MINUTE

    _, endings = panel.get(where(panel, "/endings"))

    assert sessions(panel) == []
    assert [(row["tier"], row["cause"]) for row in endings] == [
        ("outer", "idle"),
        ("brokerage", "idle"),
    ]
    assert endings[0] == {
        "number": 1,
        "user": "demo",
        "face": "hosted",
        "credential": "oauth1 FIRM token",
        "tier": "outer",
        "cause": "idle",
        "text": "no request for too long",
        "at": WALL + 6 * MINUTE + 1,
    }


def test_only_so_many_endings_are_told(panel: Panel) -> None:
    for _ in range(5):
        panel.roster.end(bot(panel, is_served=False), panel.wall, Cause.REVOKED)

    _, endings = panel.get(where(panel, "/endings?limit=2"))
    status, _ = panel.get(where(panel, "/endings?limit=1001"))

    assert [row["number"] for row in endings] == [5, 4]
    assert status == 400


def test_a_session_can_be_ended(panel: Panel) -> None:
    session = bot(panel)

    status, told = panel.post(where(panel, "/1/end"))

    assert status == 200
    assert (told["cause"], told["number"]) == ("operator", 1)
    assert session.is_ended


@pytest.mark.parametrize(
    ("number", "status", "code"),
    [
        ("2", 404, "unknown_session"),
        ("999999999999", 404, "unknown_session"),
        ("1234567890123", 400, "bad_request"),
        ("-1", 400, "bad_request"),
        ("one", 400, "bad_request"),
        ("00000000000000000000000000000000", 400, "bad_request"),
    ],
)
def test_only_a_session_that_lives_can_be_ended(
    panel: Panel, number: str, status: int, code: str
) -> None:
    bot(panel)

    answered, told = panel.post(where(panel, f"/{number}/end"))

    assert (answered, told["error"]["code"]) == (status, code)
    assert len(sessions(panel)) == 1


def test_somebody_signs_in_elsewhere_and_the_bot_loses(panel: Panel) -> None:
    session = bot(panel)

    status, told = panel.post(where(panel, "/compete"), {"user": "demo"})

    assert status == 200
    assert (told["face"], told["credential"], told["state"]) == ("platform", "TWS", "brokerage")
    assert (told["idle_in_seconds"], told["ends_at"]) == (None, None)
    assert session.state.value == "competing"
    assert sessions(panel)[0]["held_by"] == "session 2 (platform, TWS)"


def test_two_who_take_from_each_other_are_named(panel: Panel) -> None:
    session = bot(panel)
    body = {"user": "demo", "platform": "mobile", "sticky": "5s"}
    panel.post(where(panel, "/compete"), body)
    for _ in range(2):
        panel.roster.initialise(session, panel.wall, compete=True)
        panel.wall += 5 * SECOND

    _, told = panel.get(where(panel))

    assert told["fights"] == [
        {
            "user": "demo",
            "takeovers": 5,
            "between": [
                "session 1 (hosted, oauth1 FIRM token)",
                "session 2 (platform, mobile)",
            ],
        }
    ]
    assert told["holders"] == {"demo": 2}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"user": "nobody"}, "unknown_user"),
        ({"user": "demo", "platform": ""}, "bad_request"),
        ({"user": "demo", "platform": "<b>TWS</b>"}, "bad_request"),
        ({"user": "demo", "sticky": "for ever"}, "invalid_time"),
        ({"user": "demo", "sticky": -1}, "invalid_time"),
        ({"user": "demo", "other": 1}, "bad_request"),
        ({}, "bad_request"),
    ],
)
def test_what_has_no_sense_changes_nothing(panel: Panel, body: dict[str, Any], code: str) -> None:
    session = bot(panel)

    status, told = panel.post(where(panel, "/compete"), body)

    assert (status, told["error"]["code"]) == (STATUSES.get(code, 400), code)
    assert session.has_brokerage


def test_while_the_service_is_away_nobody_signs_in_elsewhere(panel: Panel) -> None:
    panel.roster.go_away(panel.wall, Cause.NIGHTLY_RESET)

    status, told = panel.post(where(panel, "/compete"), {"user": "demo"})

    assert (status, told["error"]["code"]) == (409, "brokerage_away")
    assert panel.get(where(panel))[1]["is_away"] is True


@pytest.mark.parametrize("path", ["", "/endings"])
def test_another_desk_is_not_served(panel: Panel, path: str) -> None:
    assert panel.get(f"/desks/other/sessions{path}")[0] == 404
