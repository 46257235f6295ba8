from pathlib import Path

import pytest
from tests.simulation.killing import check, killed

ROUNDS = 10


@pytest.mark.slow
def test_a_killed_desk_has_lost_and_doubled_nothing_that_it_acknowledged(tmp_path: Path) -> None:
    acknowledged: list[list[str]] = []
    for number in range(ROUNDS):
        acknowledged += killed(tmp_path, str(number), seed=number)
        check(tmp_path, acknowledged)

    assert len(acknowledged) > 100 * ROUNDS
