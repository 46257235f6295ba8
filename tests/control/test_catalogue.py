import pytest

from paperdesk.control.catalogue import OPERATIONS, found
from paperdesk.control.refusals import NoSuchOperation, WrongMethod


def test_a_request_means_the_operation_at_its_path() -> None:
    operation, path = found("POST", "/desks/mine/clock/advance/")

    assert operation.path == "/desks/{desk}/clock/advance"
    assert path == {"desk": "mine"}


def test_every_operation_has_a_path_of_its_own_and_says_what_it_does() -> None:
    assert len({(row.method, row.path) for row in OPERATIONS}) == len(OPERATIONS)
    assert all(row.summary.endswith(".") for row in OPERATIONS)


def test_other_methods_are_named() -> None:
    with pytest.raises(WrongMethod, match="takes GET, POST"):
        found("DELETE", "/desks/mine/clock")


@pytest.mark.parametrize("path", ["", "/", "/x", "/desks/mine/clock/advance/far"])
def test_nothing_is_at_other_paths(path: str) -> None:
    with pytest.raises((NoSuchOperation, WrongMethod)):
        found("POST", path)
