import pytest

from paperdesk.auth.pacing.paces import Pace


@pytest.mark.parametrize(
    ("pace", "text"),
    [
        (Pace(1), "1 a second"),
        (Pace(10), "10 a second"),
        (Pace(1, seconds=900), "1 in 900 s"),
        (Pace(0, concurrent=5), "5 at once"),
    ],
)
def test_pace_is_said_in_words(pace: Pace, text: str) -> None:
    assert pace.text == text


def test_limit_names_what_is_counted() -> None:
    assert Pace(1, seconds=5, key="GET /portfolio/accounts").limit == (
        "1 in 5 s of GET /portfolio/accounts"
    )
    assert Pace(1, seconds=5).limit == "1 in 5 s"
