from tests.control.panels import Panel, begun


def test_the_operations_of_the_faces_are_listed_with_their_evidence() -> None:
    status, rows = Panel(begun()).get("/routes")

    assert status == 200
    (row,) = [row for row in rows if row["path"] == "/iserver/accounts" and row["method"] == "GET"]
    assert row["evidence"] in {"recorded", "specified", "documented", "judged"}
    assert row["summary"]
