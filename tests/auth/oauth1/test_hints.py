import pytest

from paperdesk.auth.oauth1.causes import Cause, Step
from paperdesk.auth.oauth1.hints import SENTENCES, hint_of, sentence_of


@pytest.mark.parametrize("cause", list(Cause), ids=lambda cause: str(cause.value))
def test_every_cause_has_a_hint_of_one_line(cause: Cause) -> None:
    hint = hint_of(cause)

    assert hint.endswith(".")
    assert "\n" not in hint
    assert len(hint) <= 110


@pytest.mark.parametrize("cause", list(Cause), ids=lambda cause: str(cause.value))
def test_a_cause_that_only_an_explanation_finds_has_a_sentence_of_its_own(cause: Cause) -> None:
    is_found_by_verification = cause in (Cause.SIGNATURE_NOT_BASE64, Cause.WRONG_SIGNATURE)
    if cause.step is Step.SIGNATURE and not is_found_by_verification:
        assert cause in SENTENCES


def test_a_sentence_names_what_it_is_about() -> None:
    assert sentence_of(Cause.ANOTHER_PATH, "/x", "").endswith("another path: /x.")
    assert sentence_of(Cause.PREPEND_MISSING, "", "").endswith("without the prepend.")
    assert sentence_of(Cause.NO_HEADER, "", "There is none.") == "There is none."
