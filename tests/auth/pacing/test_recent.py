from collections import OrderedDict

from hypothesis import given
from hypothesis import strategies as st

from paperdesk.auth.pacing.recent import Recent


def test_what_was_put_is_kept() -> None:
    recent: Recent[str] = Recent(2)

    recent.put("a", "first")
    recent.put("a", "second")

    assert recent.get("a") == "second"
    assert recent.get("b") is None
    assert len(recent) == 1


def test_what_nobody_uses_goes() -> None:
    recent: Recent[int] = Recent(2)
    for index, name in enumerate("abcde"):
        recent.put(name, index)

    assert recent.get("a") is None
    assert list(recent.values()) == [2, 3, 4]


def test_what_is_used_stays_however_many_others_come() -> None:
    recent: Recent[int] = Recent(2)
    recent.put("kept", -1)

    for index in range(100):
        recent.put(str(index), index)
        assert recent.get("kept") == -1
        assert len(recent) <= 4


def test_what_was_forgotten_on_purpose_is_gone() -> None:
    recent: Recent[int] = Recent(1)
    recent.put("a", 1)
    recent.put("b", 2)

    assert recent.pop("a") == 1
    assert recent.pop("a") is None
    assert list(recent.values()) == [2]

    recent.clear()

    assert not len(recent)


NAMES = st.sampled_from("abcdefgh")
USES = st.lists(st.tuples(st.sampled_from(["get", "put", "pop"]), NAMES), max_size=80)


@given(size=st.integers(1, 4), uses=USES)
def test_the_last_used_are_kept_and_twice_as_many_at_most(
    size: int, uses: list[tuple[str, str]]
) -> None:
    recent: Recent[int] = Recent(size)
    latest: OrderedDict[str, int] = OrderedDict()
    for index, (use, name) in enumerate(uses):
        if use == "put":
            recent.put(name, index)
            latest[name] = index
            latest.move_to_end(name)
        elif use == "pop":
            value = recent.pop(name)
            assert value in {latest.pop(name, None), None}
        else:
            value = recent.get(name)
            assert value in {latest.get(name), None}
            if value is None:
                latest.pop(name, None)
            else:
                latest.move_to_end(name)
        while len(latest) > 2 * size:
            latest.popitem(last=False)

        kept = list(recent.values())
        assert len(kept) == len(recent) <= 2 * size
        assert set(list(latest.values())[-size:]) <= set(kept)
