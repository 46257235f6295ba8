from typing import Any

import pytest
from tests.control.panels import WALL, Panel, begun

from paperdesk.auth.pacing.settings import Mode
from paperdesk.auth.pacing.turnstiles import Turnstile
from paperdesk.base.units import MINUTE, SECOND

HERE = "127.0.0.1"


@pytest.fixture
def panel() -> Panel:
    panel = Panel(begun())
    panel.pacer.turnstile("gateway", 10)
    panel.pacer.turnstile("hosted", 50)
    return panel


def where(panel: Panel, rest: str = "") -> str:
    return f"/desks/{panel.desk.name}/pacing{rest}"


def gateway(panel: Panel) -> Turnstile:
    return panel.pacer.turnstile("gateway", 10)


def exceed(panel: Panel) -> None:
    for _ in range(11):
        gateway(panel).counted("demo", HERE, WALL, asked=7)


def test_pacing_is_told_with_every_limit(panel: Panel) -> None:
    status, told = panel.get(where(panel))

    assert status == 200
    assert (told["mode"], told["penalty_seconds"], told["strikes"]) == ("strict", 600, 3)
    assert told["strikes_within_seconds"] == 86_400
    limits = {row["of"]: row["pace"] for row in told["limits"]}
    assert limits["all requests, gateway face"] == "10 a second"
    assert limits["all requests, hosted face"] == "50 a second"
    assert limits["POST /pa/performance"] == "1 in 900 s"
    assert limits["GET /iserver/marketdata/history"] == "5 at once"
    assert (told["box"], told["callers"], told["callers_remembered"]) == ([], [], 0)


def test_box_says_who_is_in_it_why_and_for_how_long(panel: Panel) -> None:
    exceed(panel)
    gateway(panel).boxed(HERE, WALL)
    panel.wall += MINUTE

    _, told = panel.get(where(panel))

    assert told["box"] == [
        {
            "face": "gateway",
            "address": HERE,
            "exceeded": "10 requests a second",
            "since": WALL,
            "remaining_seconds": 540,
            "refused": 1,
        }
    ]


def test_callers_are_told_the_last_first_and_no_more_than_asked_for(panel: Panel) -> None:
    exceed(panel)
    gateway(panel).counted("", "127.0.0.9", WALL + SECOND)

    _, told = panel.get(where(panel))
    _, short = panel.get(where(panel, "?callers=1"))

    assert told["callers"] == [
        {
            "face": "gateway",
            "user_name": "",
            "address": "127.0.0.9",
            "requests": 1,
            "refused": {},
            "last_at": WALL + SECOND,
        },
        {
            "face": "gateway",
            "user_name": "demo",
            "address": "",
            "requests": 11,
            "refused": {"10 requests a second": 1},
            "last_at": WALL,
        },
    ]
    assert [row["address"] for row in short["callers"]] == ["127.0.0.9"]
    assert short["callers_remembered"] == 2


def test_settings_change_one_by_one(panel: Panel) -> None:
    _, told = panel.post(where(panel), {"mode": "lenient"})
    assert (told["mode"], told["penalty_seconds"], told["strikes"]) == ("lenient", 600, 3)

    _, told = panel.post(where(panel), {"penalty_seconds": 0.25, "strikes": 0, "under_way": 2})
    assert (told["mode"], told["penalty_seconds"], told["strikes"]) == ("lenient", 0.25, 0)

    settings = panel.pacer.settings
    assert (settings.mode, settings.penalty, settings.strikes) == (Mode.LENIENT, SECOND // 4, 0)
    assert (told["under_way"], settings.under_way) == (2, 2)
    exceed(panel)
    assert gateway(panel).boxed(HERE, WALL) is None


@pytest.mark.parametrize(
    "body",
    [
        {"mode": "kind"},
        {"penalty_seconds": 0},
        {"penalty_seconds": -1},
        {"penalty_seconds": 1e9},
        {"penalty_seconds": "long"},
        {"strikes": -1},
        {"under_way": -1},
        {"unknown": 1},
    ],
)
def test_settings_without_sense_change_nothing(panel: Panel, body: dict[str, Any]) -> None:
    before = panel.pacer.settings

    status, told = panel.post(where(panel), body)

    assert (status, told["error"]["code"]) == (400, "bad_request")
    assert panel.pacer.settings is before


def test_one_address_or_all_are_let_out(panel: Panel) -> None:
    for address in (HERE, "127.0.0.2", "::1"):
        gateway(panel).box.put_by_hand(address, None, WALL)

    assert panel.post(where(panel, "/release"), {"address": HERE}) == (200, {"released": 1})
    assert panel.post(where(panel, "/release"), {"address": HERE}) == (200, {"released": 0})
    assert panel.post(where(panel, "/release")) == (200, {"released": 2})
    assert gateway(panel).box.is_empty


def test_an_address_is_boxed_for_a_while_on_one_face_or_for_good_on_all(panel: Panel) -> None:
    _, one = panel.post(where(panel, "/box"), {"address": HERE, "seconds": 30, "face": "hosted"})
    _, both = panel.post(where(panel, "/box"), {"address": "0:0:0:0:0:0:0:1"})

    assert [(row["face"], row["remaining_seconds"]) for row in one["box"]] == [("hosted", 30)]
    assert gateway(panel).boxed(HERE, WALL) is None
    assert [(row["address"], row["remaining_seconds"]) for row in both["box"]] == [
        ("::1", None),
        ("::1", None),
    ]
    assert gateway(panel).boxed("::1", WALL) is not None


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/box", {"address": "localhost"}),
        ("/box", {"address": HERE, "face": "side"}),
        ("/box", {"address": HERE, "seconds": 0}),
        ("/box", {}),
        ("/release", {"address": "everybody"}),
    ],
)
def test_what_cannot_be_boxed_or_let_out_is_refused(
    panel: Panel, path: str, body: dict[str, Any]
) -> None:
    status, told = panel.post(where(panel, path), body)

    assert (status, told["error"]["code"]) == (400, "bad_request")


def test_everything_can_be_forgotten(panel: Panel) -> None:
    exceed(panel)

    status, _ = panel.post(where(panel, "/reset"))

    assert status == 200
    _, told = panel.get(where(panel))
    assert (told["box"], told["callers"]) == ([], [])


@pytest.mark.parametrize("rest", ["", "/release", "/box", "/reset"])
def test_another_desk_is_not_spoken_for(panel: Panel, rest: str) -> None:
    body = {"address": HERE} if rest == "/box" else None

    assert panel.post(f"/desks/other/pacing{rest}", body)[0] == 404
    assert panel.get("/desks/other/pacing")[0] == 404
