import pytest
from tests.control.panels import Panel, begun

from paperdesk.base.errors import Refusal
from paperdesk.control import direct
from paperdesk.control.refusals import BadControl, NoSuchOperation

DESK = "/desks/history-2008-09-29"


@pytest.fixture
def panel() -> Panel:
    return Panel(begun())


def test_an_operation_answers_as_over_the_port(panel: Panel) -> None:
    control = panel.control

    assert direct.answer(control, "GET", f"{DESK}/users") == panel.get(f"{DESK}/users")[1]
    assert direct.answer(control, "GET", f"{DESK}/cases?state=draft") == []
    made = direct.answer(control, "POST", f"{DESK}/consumers/instant", {"user": "demo"})
    assert made["consumer_key"] == panel.get(f"{DESK}/consumers")[1][0]["consumer_key"]


def test_long_work_is_done_whole(panel: Panel) -> None:
    before = panel.desk.now

    direct.answer(panel.control, "POST", f"{DESK}/clock/advance", {"by": "1h"})

    assert panel.desk.now == before + 3_600_000_000


def test_what_makes_no_sense_is_refused(panel: Panel) -> None:
    with pytest.raises(NoSuchOperation):
        direct.answer(panel.control, "GET", "/nothing")
    with pytest.raises(BadControl):
        direct.answer(panel.control, "POST", f"{DESK}/users", {"name": "ann"})
    with pytest.raises(Refusal):
        direct.answer(panel.control, "POST", f"{DESK}/users", {"user_name": "demo"})
