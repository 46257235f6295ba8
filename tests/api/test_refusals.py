import pytest

from paperdesk.api import refusals, route
from paperdesk.api.route import (
    AccountNotValid,
    BackendRefused,
    BackendUnavailable,
    BadRequest,
    ForeignAccount,
    NoSuchPage,
    NotAuthenticated,
    SoftError,
)
from paperdesk.base import errors
from paperdesk.base.errors import Refusal
from paperdesk.kernel.rules import exchange_rates
from paperdesk.store import journal
from paperdesk.store.journal import JournalFailed

PAGE = b"<html><body><h1>Resource not found</h1></body></html>"


class Unheard(Refusal):
    """Listed nowhere."""

    code = "unheard_of"


DATE = b'{"error":"Bad Request: date is not valid","statusCode":400}'


@pytest.mark.parametrize(
    ("refusal", "status", "body"),
    [
        (BadRequest("Bad Request: x"), 400, b'{"error":"Bad Request: x","statusCode":400}'),
        (AccountNotValid("Bad: DU9"), 400, b'{"error":"Bad: DU9","statusCode":400}'),
        (NotAuthenticated("x"), 401, b'{"error":"not authenticated","statusCode":401}'),
        (ForeignAccount("x"), 401, b""),
        (SoftError("No data."), 200, b'{"error":"No data."}'),
        (BackendRefused("unknown"), 500, b'{"error":"unknown"}'),
        (BackendUnavailable("late"), 503, b'{"error":"late","statusCode":503}'),
        (NoSuchPage("x"), 404, PAGE),
        (JournalFailed("disk"), 503, b"Service Unavailable"),
        (errors.OutsideCalendar("XNYS knows days"), 400, DATE),
        (Unheard("what?"), 400, b'{"error":"what?","statusCode":400}'),
    ],
)
def test_each_refusal_has_its_status_and_family(refusal: Refusal, status: int, body: bytes) -> None:
    answer = refusals.answer(refusal)

    assert (answer.status, answer.body) == (status, body)


def test_an_empty_body_has_no_content_type() -> None:
    assert refusals.answer(ForeignAccount("x")).content_type is None


def test_a_fail_stop_never_tells_why() -> None:
    assert b"disk" not in refusals.answer(JournalFailed("disk full")).body


def test_every_refusal_that_a_handler_can_meet_is_listed() -> None:
    known = [vars(module).values() for module in (errors, exchange_rates, journal, route)]
    kinds = [kind for names in known for kind in names if isinstance(kind, type)]
    codes = {kind.code for kind in kinds if issubclass(kind, Refusal)}

    assert sorted(codes - refusals.LOOKS.keys()) == ELSEWHERE


ELSEWHERE = ["journal_damaged", "journal_foreign", "journal_in_use", "journal_newer"]
"""Said at the start, where no request waits for an answer."""
