import pytest

from paperdesk.auth.deadlines import STALE_MAX, Deadlines


def taken(deadlines: Deadlines, at: int) -> list[tuple[int, int]]:
    found = []
    while (due := deadlines.due(at)) is not None:
        found.append(due)
    return found


def test_the_earliest_comes_first_and_of_one_instant_the_oldest_session() -> None:
    deadlines = Deadlines()
    for number, at in ((3, 20), (2, 20), (1, 30), (4, 10)):
        deadlines.note(number, at)

    assert taken(deadlines, 20) == [(10, 4), (20, 2), (20, 3)]
    assert taken(deadlines, 30) == [(30, 1)]
    assert taken(deadlines, 1_000) == []


def test_only_an_earlier_instant_takes_the_place_of_a_note() -> None:
    deadlines = Deadlines()
    deadlines.note(1, 50)
    deadlines.note(1, 70)
    deadlines.note(1, 20)

    assert taken(deadlines, 100) == [(20, 1)]


def test_who_is_forgotten_is_never_due() -> None:
    deadlines = Deadlines()
    deadlines.note(1, 50)

    deadlines.forget(1)
    deadlines.forget(1)

    assert taken(deadlines, 100) == []


@pytest.mark.parametrize("count", [10_000])
def test_notes_of_those_who_are_gone_do_not_fill_the_memory(count: int) -> None:
    deadlines = Deadlines()

    for number in range(count):
        deadlines.note(number, 1_000)
        deadlines.forget(number)

    assert len(deadlines) <= STALE_MAX + 1
