import pytest
from tests.auth.oauth1.signer import NOW, STAMP

from paperdesk.auth.oauth1.causes import Cause, SignedRequestRefused
from paperdesk.auth.oauth1.timestamps import timestamp_of


@pytest.mark.parametrize("off", [-300, 0, 300])
def test_a_timestamp_within_five_minutes_is_taken(off: int) -> None:
    assert timestamp_of(str(STAMP + off), NOW) == STAMP + off


@pytest.mark.parametrize(
    ("off", "cause", "told"),
    [
        (-301, Cause.TIMESTAMP_TOO_OLD, "301 s behind"),
        (301, Cause.TIMESTAMP_TOO_NEW, "301 s ahead of"),
        (-839, Cause.TIMESTAMP_TOO_OLD, "839 s behind"),
        (-900, Cause.CLOCK_IN_LOCAL_TIME, "900 s behind"),
        (-3_600, Cause.CLOCK_IN_LOCAL_TIME, "3600 s behind"),
        (-3_661, Cause.TIMESTAMP_TOO_OLD, "3661 s behind"),
        (3_540, Cause.CLOCK_IN_LOCAL_TIME, "3540 s ahead of"),
        (14 * 3_600, Cause.CLOCK_IN_LOCAL_TIME, "50400 s ahead of"),
        (15 * 3_600, Cause.TIMESTAMP_TOO_NEW, "54000 s ahead of"),
    ],
)
def test_a_timestamp_further_off_says_how_far_and_why(off: int, cause: Cause, told: str) -> None:
    with pytest.raises(SignedRequestRefused) as caught:
        timestamp_of(str(STAMP + off), NOW)

    assert caught.value.cause is cause
    assert told in caught.value.message


def test_half_a_second_counts() -> None:
    assert timestamp_of(str(STAMP - 299), NOW + 999_999) == STAMP - 299
    with pytest.raises(SignedRequestRefused):
        timestamp_of(str(STAMP - 300), NOW + 1)
