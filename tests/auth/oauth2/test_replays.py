import pytest

from paperdesk.auth.oauth2 import replays
from paperdesk.auth.oauth2.replays import Replays, ReplaysFull, Used


def used(mark: str, until: int = 100, client_id: str = "a") -> Used:
    return Used(until=until, mark=mark, client_id=client_id)


def test_the_first_wins_and_the_rest_lose() -> None:
    memory = Replays()

    assert [memory.use(used("x"), 0) for _ in range(16)] == [True] + [False] * 15


def test_what_has_expired_is_forgotten() -> None:
    memory = Replays()
    memory.use(used("x", until=100), 0)

    assert not memory.use(used("x", until=100), 99)
    assert memory.use(used("x", until=300), 100)
    assert len(memory) == 1


def test_one_client_cannot_take_the_room_of_another() -> None:
    memory = Replays(per_client_max=2)
    memory.use(used("x"), 0)
    memory.use(used("y"), 0)

    with pytest.raises(ReplaysFull, match="a has too many"):
        memory.use(used("z"), 0)

    assert not memory.use(used("x"), 0)
    assert memory.use(used("z", client_id="b"), 0)
    assert memory.use(used("z2", until=300), 100)


def test_all_together_have_an_end() -> None:
    memory = Replays(entries_max=2)
    memory.use(used("x", client_id="a"), 0)
    memory.use(used("y", client_id="b"), 0)

    with pytest.raises(ReplaysFull):
        memory.use(used("z", client_id="c"), 0)


def test_a_memory_that_is_read_back_refuses_what_the_first_one_had() -> None:
    memory = Replays()
    memory.use(used("x", until=100), 0)
    memory.use(used("y", until=50), 0)
    kept = memory.entries()
    restarted = Replays()

    restarted.restore([*kept, *kept], 60)

    assert [one.mark for one in kept] == ["y", "x"]
    assert len(restarted) == 1
    assert not restarted.use(used("x"), 60)


def test_marks_of_ids_cannot_be_made_to_meet() -> None:
    marks = {
        replays.mark_of_id("a", "bc"),
        replays.mark_of_id("ab", "c"),
        replays.mark_of_id("a\0b", "c"),
        replays.mark_of_id("a", "b\0c"),
        replays.mark_of_bytes(b"abc"),
    }

    assert len(marks) == 5
