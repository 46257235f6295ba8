import threading
import time
from random import Random

import pytest
from tests.programs import PRIME

from paperdesk.server.powers import power


@pytest.mark.parametrize(
    ("base", "exponent", "modulus"),
    [(2, 0, 7), (2, 1, 7), (0, 0, 1), (5, 3, 1), (0, 5, 7), (6, 15, 7), (6, 16, 7), (3, 17, 100)],
)
def test_small_ones_are_what_they_are(base: int, exponent: int, modulus: int) -> None:
    assert power(base, exponent, modulus) == pow(base, exponent, modulus)


def test_it_is_pythons_own_power() -> None:
    draw = Random("powers")
    for bits in (1, 3, 4, 5, 255, 256, 257):
        for _ in range(20):
            base, exponent = draw.randrange(PRIME), draw.getrandbits(bits)
            assert power(base, exponent, PRIME) == pow(base, exponent, PRIME)


def test_others_go_on_meanwhile() -> None:
    modulus = (1 << 4_096) - 17
    done = threading.Event()

    def work() -> None:
        for _ in range(6):
            power(3, (1 << 512) - 1, modulus)
        done.set()

    thread = threading.Thread(target=work)
    thread.start()
    turns = 0
    while not done.is_set():
        time.sleep(0)
        turns += 1
    thread.join()

    # Six of Python's own would have let us in about six times.
    assert turns > 30
