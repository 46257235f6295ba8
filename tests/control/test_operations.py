import pytest
from tests.control.panels import WALL, begun

from paperdesk.auth.pacing.pacer import Pacer
from paperdesk.auth.roster import Roster
from paperdesk.auth.sessions import SessionSettings
from paperdesk.control.operations import Asked, Control, Nothing
from paperdesk.control.refusals import BadControl, NotServed


def asked(name: str = "history-2008-09-29", **query: str) -> Asked:
    control = Control(
        desk=begun(),
        data_dir=None,
        wall=lambda: WALL,
        stirred=lambda: None,
        roster=Roster(SessionSettings(), lambda size: "0" * (2 * size)),
        pacer=Pacer(),
    )
    return Asked(control=control, path={"desk": name}, query=query, body=Nothing())


def test_the_path_names_the_served_desk() -> None:
    assert asked().desk.name == "history-2008-09-29"
    with pytest.raises(NotServed, match="serves the desk history-2008-09-29, not other"):
        _ = asked("other").desk


def test_a_number_of_the_query_has_bounds() -> None:
    assert asked(limit="5").number("limit", 10, 100) == 5
    assert asked().number("limit", 10, 100) == 10
    for text in ("101", "x", "-1", "1e3", "9" * 30):
        with pytest.raises(BadControl):
            asked(limit=text).number("limit", 10, 100)
