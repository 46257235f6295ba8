import json
from pathlib import Path

import click
import pytest
from tests.cli.running import run, while_served

from paperdesk.cli.at_hand import at_hand
from paperdesk.desk.manifests import UnknownDesk, place
from paperdesk.desk.scenario import DeskOptions, open_desk
from paperdesk.server import presence
from paperdesk.server.presence import Presence
from paperdesk.server.serve import Opened

WALL = 1_780_000_000_000_000


@pytest.fixture
def desk_dir(tmp_path: Path) -> Path:
    open_desk(DeskOptions(wall=WALL, data_dir=tmp_path, name="default")).close()
    return tmp_path


def test_a_desk_answers_alike_whether_it_runs_or_not(desk_dir: Path) -> None:
    with at_hand(desk_dir, "default") as found:
        stopped = (found.runs, found.ask("GET", "/users"))

    def story(_opened: Opened) -> tuple[bool, object]:
        with at_hand(desk_dir, "default") as found:
            return found.runs, found.ask("GET", "/users")

    assert while_served(desk_dir, story) == (True, stopped[1])
    assert stopped[0] is False


def test_the_address_of_a_control_api_leads_to_its_desk(desk_dir: Path) -> None:
    def story(opened: Opened) -> str:
        assert opened.control_url is not None
        with at_hand(Path("/nowhere"), "ignored", opened.control_url) as found:
            return found.name

    assert while_served(desk_dir, story) == "default"


def test_a_desk_without_control_api_says_what_to_do(desk_dir: Path) -> None:
    def story(_opened: Opened) -> str:
        with pytest.raises(click.ClickException) as refused, at_hand(desk_dir, "default"):
            pass
        return refused.value.message

    assert "Stop it first" in while_served(desk_dir, story, control_port=None)


def test_what_a_killed_process_left_behind_misleads_nobody(desk_dir: Path) -> None:
    stale = Presence(url="", hosted_url=None, control_url="http://127.0.0.1:1")
    presence.announce(place(desk_dir, "default").directory, stale)

    with at_hand(desk_dir, "default") as found:
        assert found.runs is False


def test_a_desk_that_another_address_serves_is_not_taken_for_it(desk_dir: Path) -> None:
    other = open_desk(DeskOptions(wall=WALL, data_dir=desk_dir, name="other"))
    try:

        def story(opened: Opened) -> str:
            told = Presence(url="", hosted_url=None, control_url=opened.control_url)
            presence.announce(place(desk_dir, "other").directory, told)
            with pytest.raises(click.ClickException) as refused, at_hand(desk_dir, "other"):
                pass
            return refused.value.message

        assert "serves the desk default" in while_served(desk_dir, story)
    finally:
        other.close()


def test_a_desk_that_there_is_not_is_not_begun(tmp_path: Path) -> None:
    with pytest.raises(UnknownDesk), at_hand(tmp_path, "nothing"):
        pass
    assert not (tmp_path / "desks").exists()


def test_a_user_of_a_running_desk_is_there_at_once(desk_dir: Path) -> None:
    def story(_opened: Opened) -> tuple[str, str]:
        added = run(desk_dir, "users", "add", "ann", "--live", "--no-trading")
        return added.output, run(desk_dir, "users", "list", "--json").output

    added, listed = while_served(desk_dir, story)

    assert "ann looks at U1234567; password " in added
    assert "ann can sign in now" in added
    assert [row["user"] for row in json.loads(listed)] == ["demo", "ann"]
