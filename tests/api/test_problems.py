from paperdesk.api import problems
from paperdesk.auth.oauth2.problems import token_error

REFUSED = token_error("invalid_client", "no", reason="a\r\nX-Injected: 1 \u00e4 " + "x" * 900)


def test_the_reason_stays_inside() -> None:
    answer = problems.answer(REFUSED)

    assert answer.headers == ()
    assert (answer.status, answer.body) == (REFUSED.status, REFUSED.body)


def test_a_reason_that_is_told_is_one_line_of_ascii() -> None:
    ((name, value),) = problems.answer(REFUSED, is_explained=True).headers

    assert name == "X-Paperdesk-Reason"
    assert value.startswith("a  X-Injected: 1 \\xe4 xxx")
    assert value.isprintable()
    assert value.isascii()
    assert len(value) <= 420
