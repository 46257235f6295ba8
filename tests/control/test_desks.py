from pathlib import Path

from tests.control.panels import Panel, begun

NAME = "history-2008-09-29"


def test_the_served_desk_says_how_it_began_and_where_it_stands(tmp_path: Path) -> None:
    desk = begun(tmp_path)

    status, told = Panel(desk, tmp_path).get(f"/desks/{NAME}")

    assert status == 200
    assert told["desk_time"] == "2008-09-29T09:30:00-04:00"
    assert (told["seed"], told["clock"], told["generator"]) == (7, "stepped", 1)
    assert (told["accounts"], told["users"]) == (["DU1234567"], ["demo"])
    assert (told["seq"], told["is_stopped"], told["failure"]) == (3, False, "")
    desk.close()


def test_a_desk_is_listed_forked_and_deleted(tmp_path: Path) -> None:
    desk = begun(tmp_path)
    panel = Panel(desk, tmp_path)

    status, told = panel.post(f"/desks/{NAME}/fork", {"name": "what-if"})
    assert (status, told["forked_from"]) == (200, f"{NAME} after record 3")
    rows = panel.get("/desks")[1]
    assert [(row["name"], row["is_served"]) for row in rows] == [(NAME, True), ("what-if", False)]

    assert panel.ask("DELETE", "/desks/what-if") == (200, {"deleted": "what-if"})
    assert [row["name"] for row in panel.get("/desks")[1]] == [NAME]
    desk.close()


def test_what_cannot_be_forked_or_deleted_is_refused(tmp_path: Path) -> None:
    desk = begun(tmp_path)
    panel = Panel(desk, tmp_path)

    assert panel.post(f"/desks/{NAME}/fork", {"name": NAME})[0] == 409
    assert panel.post(f"/desks/{NAME}/fork", {"name": "../x"})[0] == 400
    assert panel.post("/desks/none/fork", {"name": "x"})[0] == 404
    status, told = panel.ask("DELETE", f"/desks/{NAME}")
    assert (status, told["error"]["code"]) == (409, "desk_served")
    assert panel.ask("DELETE", "/desks/none")[0] == 404
    desk.close()


def test_a_desk_in_memory_is_listed_and_not_forked() -> None:
    panel = Panel(begun())

    assert [row["name"] for row in panel.get("/desks")[1]] == [NAME]
    assert panel.post(f"/desks/{NAME}/fork", {"name": "x"})[0] == 400
    assert panel.ask("DELETE", f"/desks/{NAME}")[0] == 404


def test_a_checkpoint_is_made_when_asked_for(tmp_path: Path) -> None:
    desk = begun(tmp_path)

    assert Panel(desk, tmp_path).post(f"/desks/{NAME}/checkpoint") == (200, {"seq": 3})

    desk.close()
    assert [path.name for path in (tmp_path / "desks" / NAME / "checkpoints").iterdir()] == [
        "000000000003.checkpoint"
    ]
