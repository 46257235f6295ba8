import pytest
from tests.serving import START

from paperdesk.auth import lockouts
from paperdesk.auth.lockouts import Lockouts

MINUTE = 60_000_000


def test_five_failures_lock_a_name_for_a_minute() -> None:
    kept = Lockouts()

    for _ in range(4):
        kept.failed("demo", START, is_user=True)
    early = kept.is_locked("demo", START)
    kept.failed("demo", START, is_user=True)

    assert not early
    assert kept.is_locked("demo", START)
    assert kept.is_locked("demo", START + MINUTE - 1)
    assert not kept.is_locked("demo", START + MINUTE)
    assert not kept.is_locked("rich", START)


def test_each_failure_costs_more_time_and_five_more_lock_again() -> None:
    kept = Lockouts()

    delays = [kept.failed("demo", START, is_user=True) for _ in range(6)]

    assert delays == [500_000, 1_000_000, 1_500_000, 2_000_000, 2_500_000, 500_000]


def test_a_success_makes_failures_forgotten() -> None:
    kept = Lockouts()
    for _ in range(4):
        kept.failed("demo", START, is_user=True)

    kept.succeeded("demo")

    assert kept.failed("demo", START, is_user=True) == 500_000
    assert not kept.is_locked("demo", START)


@pytest.mark.parametrize("is_user", [True, False])
def test_names_that_nobody_has_are_locked_alike(is_user: bool) -> None:
    kept = Lockouts()

    for _ in range(5):
        kept.failed("somebody", START, is_user=is_user)

    assert kept.is_locked("somebody", START)


def test_a_flood_of_names_fills_no_memory_and_frees_no_user() -> None:
    kept = Lockouts()
    for _ in range(5):
        kept.failed("demo", START, is_user=True)

    for number in range(3 * lockouts.STRANGERS_MAX):
        kept.failed(f"name-{number}", START, is_user=False)

    assert len(kept._strangers) == lockouts.STRANGERS_MAX
    assert kept.is_locked("demo", START)
