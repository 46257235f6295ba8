import pytest

from paperdesk.cli.case_words import say

TOLD = {
    "case_id": "case-1",
    "state": "screening",
    "waiting_for": ["onboarding"],
    "clerk_at_text": "2026-09-30T11:00:00-04:00",
}


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({}, "waits for onboarding, the clerk acts at 2026-09-30T11:00:00-04:00."),
        ({"clerk_at_text": None}, "case-1 is screening, waits for onboarding."),
        ({"clerk_at_text": None, "waiting_for": []}, "case-1 is screening."),
    ],
)
def test_a_case_is_said_in_a_sentence(
    change: dict[str, object], text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    say(TOLD | change, as_json=False)

    assert text in capsys.readouterr().out
