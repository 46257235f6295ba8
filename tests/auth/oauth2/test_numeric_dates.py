from decimal import Decimal

import pytest

from paperdesk.auth.oauth2 import numeric_dates
from paperdesk.auth.oauth2.numeric_dates import InvalidDate


def test_a_date_is_whole_microseconds() -> None:
    assert numeric_dates.instant({"exp": 1_700_000_020}, "exp") == 1_700_000_020_000_000
    assert numeric_dates.instant({"exp": Decimal("1.0000019")}, "exp") == 1_000_001
    assert numeric_dates.instant({}, "exp") is None


@pytest.mark.parametrize(
    "value",
    [True, False, None, "1700000020", 1.5, [], {}, -1, Decimal("-0.1"), 10**11, Decimal("1e30")],
)
def test_what_is_no_date_is_refused(value: object) -> None:
    with pytest.raises(InvalidDate, match=r"^exp "):
        numeric_dates.instant({"exp": value}, "exp")
