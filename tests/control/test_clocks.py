import pytest
from tests.control.panels import WALL, Panel, begun

from paperdesk.base.units import SECOND
from paperdesk.desk.clock import ClockMode

CLOCK = "/desks/history-2008-09-29/clock"


@pytest.fixture
def panel() -> Panel:
    return Panel(begun())


def test_the_clock_says_what_time_it_is(panel: Panel) -> None:
    assert panel.get(CLOCK)[1] == {
        "desk_now": 1_222_695_000_000_000,
        "desk_time": "2008-09-29T09:30:00-04:00",
        "clock": "stepped",
        "is_paused": False,
        "until": None,
        "is_open": True,
    }


def test_the_clock_can_be_made_faster(panel: Panel) -> None:
    status, told = panel.post(CLOCK, {"clock": "x60"})

    assert (status, told["clock"]) == (200, "x60")
    assert panel.stirred == 1
    clock = panel.desk.clock
    assert clock.reading(WALL + SECOND, panel.desk.now) == panel.desk.now + 60 * SECOND


def test_the_clock_can_be_held_and_let_go(panel: Panel) -> None:
    panel.post(CLOCK, {"clock": "real"})

    assert panel.post(CLOCK, {"is_paused": True})[1]["is_paused"]
    assert not panel.post(CLOCK, {"is_paused": False})[1]["is_paused"]


def test_the_clock_can_stop_somewhere(panel: Panel) -> None:
    told = panel.post(CLOCK, {"clock": "fast", "until": "2008-09-29 16:00"})[1]

    assert told["until"] == "2008-09-29T16:00:00-04:00"
    assert panel.desk.clock.mode is ClockMode.FAST
    assert panel.post(CLOCK, {"until": ""})[1]["until"] is None


@pytest.mark.parametrize(
    ("body", "time"),
    [
        ({"by": "90s"}, "2008-09-29T09:31:30-04:00"),
        ({"by": 1_000_000}, "2008-09-29T09:30:01-04:00"),
        ({"to": "2008-09-29 16:00"}, "2008-09-29T16:00:00-04:00"),
        ({"to": "2008-09-30T13:30:00Z"}, "2008-09-30T09:30:00-04:00"),
        ({"to": 1_222_695_000_000_000}, "2008-09-29T09:30:00-04:00"),
    ],
)
def test_time_goes_as_far_as_it_is_told(
    panel: Panel, body: dict[str, str | int], time: str
) -> None:
    status, told = panel.post(f"{CLOCK}/advance", body)

    assert (status, told["desk_time"]) == (200, time)


def test_an_advance_says_what_happened_on_the_way(panel: Panel) -> None:
    told = panel.post(f"{CLOCK}/advance", {"to": "2008-10-03 09:30"})[1]

    assert told["happened"] == {"AccountMarked": 1}


def test_a_clock_that_runs_goes_on_from_where_it_was_brought(panel: Panel) -> None:
    panel.post(CLOCK, {"clock": "real"})

    panel.post(f"{CLOCK}/advance", {"by": "1h"})

    now = panel.desk.now
    assert panel.desk.clock.reading(WALL + SECOND, now) == now + SECOND


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"to": "2008-09-29 09:00"},
        {"to": "2008-09-29 16:00", "by": "1h"},
        {"to": "29.9.2008"},
        {"to": "2008-02-30 10:00"},
        {"to": "2008-09-29 25:00"},
        {"by": "-1s"},
        {"by": "a while"},
        {"by": "9999999d"},
        {"to": -1},
        {"to": 10**18},
    ],
)
def test_what_is_no_way_forward_is_refused(panel: Panel, body: dict[str, str | int]) -> None:
    now = panel.desk.now

    assert panel.post(f"{CLOCK}/advance", body)[0] == 400
    assert panel.desk.now == now


@pytest.mark.parametrize("body", [{"clock": "quick"}, {"until": "soon"}, {"is_paused": "yes"}])
def test_what_is_no_clock_is_refused(panel: Panel, body: dict[str, str]) -> None:
    assert panel.post(CLOCK, body)[0] == 400
    assert panel.desk.clock.text == "stepped"


def test_a_clock_that_runs_is_read_where_it_is_by_now(panel: Panel) -> None:
    panel.post(CLOCK, {"clock": "x60"})
    panel.wall += 60 * SECOND

    assert panel.get(CLOCK)[1]["desk_time"] == "2008-09-29T10:30:00-04:00"
