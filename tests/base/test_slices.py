import pytest

from paperdesk.base.slices import Slices, whole


def summed(numbers: list[int]) -> Slices[int]:
    total = 0
    for number in numbers:
        yield
        total += number
    return total


@pytest.mark.parametrize(("numbers", "total"), [([], 0), ([1, 2, 3], 6)])
def test_work_is_done_to_its_end(numbers: list[int], total: int) -> None:
    assert whole(summed(numbers)) == total


def test_what_fails_fails_to_the_caller() -> None:
    def broken() -> Slices[int]:
        yield
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        whole(broken())
