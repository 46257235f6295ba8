import pytest

from paperdesk.auth.pacing import boxes
from paperdesk.auth.pacing.boxes import PenaltyBox
from paperdesk.auth.pacing.settings import PacingSettings
from paperdesk.base.units import HOUR, MINUTE, SECOND

NOW = 1_788_875_891 * SECOND
SETTINGS = PacingSettings()
LIMIT = "10 requests a second"


def test_nobody_is_in_it_at_first() -> None:
    box = PenaltyBox()

    assert box.is_empty
    assert box.refused("127.0.0.1", NOW) is None
    assert not list(box.inside(NOW))


def test_an_address_is_refused_for_ten_minutes_to_the_microsecond() -> None:
    box = PenaltyBox()
    box.put("127.0.0.1", LIMIT, NOW, SETTINGS)

    last = box.refused("127.0.0.1", NOW + 10 * MINUTE - 1)

    assert last is not None
    assert (last.limit, last.remaining(NOW)) == (LIMIT, 10 * MINUTE)
    assert box.refused("127.0.0.1", NOW + 10 * MINUTE) is None
    assert box.is_empty


def test_another_address_is_not_refused() -> None:
    box = PenaltyBox()
    box.put("127.0.0.1", LIMIT, NOW, SETTINGS)

    assert box.refused("127.0.0.2", NOW) is None


def test_asking_from_inside_prolongs_nothing_and_is_counted() -> None:
    box = PenaltyBox()
    penalty = box.put("127.0.0.1", LIMIT, NOW, SETTINGS)

    for minute in range(10):
        assert box.refused("127.0.0.1", NOW + minute * MINUTE) is penalty

    assert penalty.refused == 10
    assert box.refused("127.0.0.1", NOW + 10 * MINUTE) is None


def test_the_third_time_within_a_day_an_address_stays() -> None:
    box = PenaltyBox()
    penalties = [box.put("127.0.0.1", LIMIT, NOW + n * 11 * HOUR, SETTINGS) for n in range(3)]

    assert [penalty.lasts for penalty in penalties] == [10 * MINUTE, 10 * MINUTE, None]
    assert penalties[2].remaining(NOW) is None
    assert box.refused("127.0.0.1", NOW + 1_000 * HOUR) is penalties[2]
    assert list(box.inside(NOW)) == [penalties[2]]


def test_three_times_in_more_than_a_day_are_no_offence() -> None:
    box = PenaltyBox()

    for n in range(10):
        assert box.put("127.0.0.1", LIMIT, NOW + n * 12 * HOUR, SETTINGS).lasts == 10 * MINUTE


def test_strikes_are_a_setting() -> None:
    box = PenaltyBox()

    assert box.put("a", LIMIT, NOW, PacingSettings(strikes=1)).lasts is None
    for _ in range(5):
        assert box.put("b", LIMIT, NOW, PacingSettings(strikes=0)).lasts == 10 * MINUTE


def test_the_length_is_a_setting() -> None:
    box = PenaltyBox()

    penalty = box.put("127.0.0.1", LIMIT, NOW, PacingSettings(penalty=15 * MINUTE))

    assert penalty.remaining(NOW + MINUTE) == 14 * MINUTE


def test_whoever_is_let_out_begins_anew() -> None:
    box = PenaltyBox()
    for _ in range(3):
        box.put("127.0.0.1", LIMIT, NOW, SETTINGS)

    assert box.let_out("127.0.0.1", NOW)
    assert not box.let_out("127.0.0.1", NOW)

    assert box.is_empty
    assert box.refused("127.0.0.1", NOW) is None
    assert box.put("127.0.0.1", LIMIT, NOW, SETTINGS).lasts == 10 * MINUTE


def test_whoever_has_served_his_time_is_not_let_out_again() -> None:
    box = PenaltyBox()
    box.put("127.0.0.1", LIMIT, NOW, SETTINGS)

    assert not list(box.inside(NOW + 10 * MINUTE))
    assert not box.let_out("127.0.0.1", NOW + 10 * MINUTE)


def test_all_can_be_forgotten() -> None:
    box = PenaltyBox()
    for _ in range(2):
        box.put("127.0.0.1", LIMIT, NOW, SETTINGS)
    box.put_by_hand("127.0.0.2", None, NOW)

    box.clear()

    assert box.is_empty
    assert not list(box.inside(NOW))
    assert box.put("127.0.0.1", LIMIT, NOW, SETTINGS).lasts == 10 * MINUTE


def test_an_operator_boxes_without_a_strike() -> None:
    box = PenaltyBox()
    for _ in range(5):
        box.put_by_hand("127.0.0.1", 30 * SECOND, NOW)

    assert box.refused("127.0.0.1", NOW + 29 * SECOND) is not None
    assert box.refused("127.0.0.1", NOW + 30 * SECOND) is None
    assert box.put("127.0.0.1", LIMIT, NOW, SETTINGS).lasts == 10 * MINUTE


def test_an_operator_can_turn_a_block_into_a_while() -> None:
    box = PenaltyBox()
    box.put_by_hand("127.0.0.1", None, NOW)
    assert box.refused("127.0.0.1", NOW + 1_000 * HOUR) is not None

    box.put_by_hand("127.0.0.1", SECOND, NOW)

    assert box.refused("127.0.0.1", NOW + SECOND) is None


def test_a_wall_clock_set_back_keeps_nobody_longer() -> None:
    box = PenaltyBox()
    box.put("127.0.0.1", LIMIT, NOW, SETTINGS)

    earlier = NOW - 24 * HOUR

    assert box.refused("127.0.0.1", earlier) is not None
    assert box.refused("127.0.0.1", earlier + 10 * MINUTE) is None


def test_a_crowd_does_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boxes, "ADDRESSES_MAX", 100)
    box = PenaltyBox()
    box.put_by_hand("blocked", None, NOW)

    for index in range(1_000):
        box.put(str(index), LIMIT, NOW, SETTINGS)

    inside = [penalty.address for penalty in box.inside(NOW)]
    assert len(inside) <= 201
    assert inside[0] == "blocked"
    assert inside[-1] == "999"
