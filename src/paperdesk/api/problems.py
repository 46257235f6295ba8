"""Problems on the wire: refusals of the authorization server and of the gateway API."""

from typing import Final

from paperdesk.api.route import Answer
from paperdesk.auth.oauth2 import problems
from paperdesk.auth.oauth2.problems import Problem

REASON: Final = "X-Paperdesk-Reason"
REASON_LENGTH_MAX: Final = 400


def answer(problem: Problem, *, is_explained: bool = False) -> Answer:
    """Return a problem as it leaves; where it is explained, a header says what else is known."""
    headers = problem.headers
    if is_explained and problem.reason:
        headers = (*headers, (REASON, shown(problem.reason)))
    return Answer(
        status=problem.status,
        body=problem.body,
        content_type=problem.content_type,
        headers=headers,
    )


def shown(reason: str) -> str:
    """Return a reason in one line of ASCII: names and values of strangers stand in it."""
    text = reason[:REASON_LENGTH_MAX].encode("ascii", "backslashreplace").decode()
    return "".join(one if one.isprintable() else " " for one in text)


NOT_FOUND: Final = problems.simple(404)
METHOD_NOT_ALLOWED: Final = problems.simple(405)
ONLY_POST: Final = problems.token_error(
    "invalid_request", "the method must be POST", status=405, headers=(("Allow", "POST"),)
)
FAILED: Final = problems.simple(500)
BUSY: Final = problems.simple(503)
ADDRESS: Final = problems.simple(403, "The address is not registered for the client")
