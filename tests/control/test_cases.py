from base64 import b64encode
from hashlib import sha256
from typing import Any

import pytest
from tests.control.panels import Panel, begun

from paperdesk.base.units import DAY

DESK = "/desks/history-2008-09-29"
CASES = f"{DESK}/cases"
CASE = f"{CASES}/case-1"
OPENING = {
    "track": "third-party",
    "applicant": "ann",
    "details": {
        "firm": "Vendor Ltd",
        "features": ["portfolio", "trading"],
        "regions": ["us", "europe"],
    },
}


@pytest.fixture
def panel() -> Panel:
    opened = Panel(begun())
    opened.post(CASES, OPENING)
    return opened


def moved(panel: Panel, action: str, actor: str, role: str, **more: Any) -> Any:  # noqa: ANN401
    version = panel.get(CASE)[1]["version"]
    body = {"action": action, "actor": actor, "role": role, "version": version} | more
    return panel.post(f"{CASE}/transitions", body)


def test_a_case_is_opened_shown_and_listed(panel: Panel) -> None:
    status, told = panel.get(CASE)

    assert (status, told["state"], told["version"]) == (200, "draft", 1)
    assert told["possible"][0] == {"action": "submit", "roles": ["applicant"]}
    assert told["history"][0]["what"] == "open"
    (row,) = panel.get(CASES)[1]
    assert row["waiting_for"] == ["applicant"]
    assert row["client_status"] == "REQUESTED"


def test_cases_are_found_by_state_and_by_who_has_to_act(panel: Panel) -> None:
    moved(panel, "submit", "ann", "applicant")

    assert [row["case_id"] for row in panel.get(f"{CASES}?state=submitted")[1]] == ["case-1"]
    assert panel.get(f"{CASES}?state=draft")[1] == []
    assert len(panel.get(f"{CASES}?role=onboarding")[1]) == 1
    assert panel.get(f"{CASES}?role=legal")[1] == []
    assert panel.get(f"{CASES}?role=nobody")[0] == 400


def test_the_second_of_two_reviewers_is_told_so(panel: Panel) -> None:
    seen = panel.get(CASE)[1]["version"]
    assert moved(panel, "submit", "ann", "applicant", version=seen)[0] == 200

    status, refused = moved(panel, "withdraw", "ann", "applicant", version=seen)

    assert (status, refused["error"]["code"]) == (409, "case_changed")


def test_sending_a_step_twice_is_harmless(panel: Panel) -> None:
    first = moved(panel, "submit", "ann", "applicant", version=1, key="k")[1]
    second = moved(panel, "submit", "ann", "applicant", version=1, key="k")[1]

    assert first == second
    assert moved(panel, "withdraw", "ann", "applicant", key="k")[1]["error"]["code"] == (
        "command_reused"
    )


@pytest.mark.parametrize(
    ("action", "role", "status", "code"),
    [
        ("pass", "onboarding", 409, "move_not_possible"),
        ("submit", "legal", 403, "role_not_allowed"),
        ("dance", "admin", 400, "bad_request"),
    ],
)
def test_refusals_have_statuses(
    panel: Panel, action: str, role: str, status: int, code: str
) -> None:
    told, refused = moved(panel, action, "eve", role)

    assert (told, refused["error"]["code"]) == (status, code)


def test_a_paper_is_known_by_its_digest_and_not_kept(panel: Panel) -> None:
    content = b64encode(b"%PDF").decode()
    body = {"actor": "ann", "proof": "opinion", "name": "o.pdf", "region": "us"}

    told = panel.post(f"{CASE}/documents", body | {"content": content})[1]

    assert told["documents"] == [
        {
            "proof": "opinion",
            "name": "o.pdf",
            "digest": sha256(b"%PDF").hexdigest(),
            "region": "us",
        }
    ]
    assert panel.post(f"{CASE}/documents", body | {"content": "%"})[0] == 400


def test_an_operator_takes_a_case_as_far_as_it_comes(panel: Panel) -> None:
    moved(panel, "submit", "ann", "applicant")

    told = panel.post(f"{CASE}/skip")[1]

    assert (told["state"], told["served_regions"]) == ("approved", ["us", "europe"])
    assert panel.post(f"{CASE}/skip")[1]["state"] == "approved"


def test_a_clerk_lets_weeks_pass_and_an_outcome_is_forced(panel: Panel) -> None:
    assert panel.post(f"{CASE}/clerk", {})[1]["has_clerk"] is True
    panel.post(
        f"{CASE}/outcomes", {"stage": "due-diligence", "outcome": "refuse", "comment": "No."}
    )
    told = moved(panel, "submit", "ann", "applicant")[1]
    assert told["clerk_at_text"].startswith("2008-")

    panel.desk.advance(panel.desk.now + 70 * DAY)

    shown = panel.get(CASE)[1]
    assert shown["state"] == "rejected"
    assert shown["history"][-1]["comment"] == "No."
    copied = panel.post(f"{CASE}/copy", {"applicant": "bob"})[1]
    assert (copied["case_id"], copied["copied_from"], copied["state"]) == (
        "case-2",
        "case-1",
        "draft",
    )


def test_regions_are_decided_and_details_said_anew(panel: Panel) -> None:
    details = OPENING["details"] | {"firm": "Other Ltd"}  # type: ignore[operator]
    assert panel.post(f"{CASE}/details", {"actor": "ann", "details": details})[1]["firm"] == (
        "Other Ltd"
    )
    moved(panel, "submit", "ann", "applicant")
    for _ in range(3):
        moved(panel, "skip", "root", "admin")

    body = {"actor": "cora", "is_approved": True}
    assert panel.post(f"{CASE}/regions/us", body)[1]["regions"] == {"us": True}
    assert panel.post(f"{CASE}/regions/mars", body)[0] == 400
    assert panel.post(f"{CASE}/regions/asia", body)[0] == 409


def test_only_an_active_program_is_changed(panel: Panel) -> None:
    body = {"actor": "ann", "features": ["portfolio"], "regions": ["us"]}

    assert panel.post(f"{CASE}/change", body)[1]["error"]["code"] == "move_not_possible"


def test_what_there_is_not_is_not_found(panel: Panel) -> None:
    assert panel.get(f"{CASES}/case-9")[0] == 404
    assert panel.get("/desks/other/cases")[0] == 404
    assert panel.post(CASES, OPENING | {"details": {"firm": ""}})[1]["error"]["code"] == (
        "invalid_case"
    )
