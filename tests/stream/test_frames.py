from decimal import Decimal

import pytest

from paperdesk.stream import frames


@pytest.mark.parametrize(
    ("length", "head"),
    [
        (0, b"\x81\x00"),
        (125, b"\x81\x7d"),
        (126, b"\x81\x7e\x00\x7e"),
        (65_535, b"\x81\x7e\xff\xff"),
        (65_536, b"\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00"),
    ],
)
def test_a_frame_says_its_length_in_the_shortest_way(length: int, head: bytes) -> None:
    assert frames.frame(b"x" * length) == head + b"x" * length


def test_a_message_leaves_with_exact_numbers() -> None:
    assert frames.message({"price": Decimal("187.10")}) == b'\x81\x10{"price":187.10}'
