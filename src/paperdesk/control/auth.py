"""Authentication: why requests that were signed by OAuth 1.0a were refused.

There is something to read only on a desk that was started with `--explain-auth`.
"""

from typing import Any, Final

from paperdesk.auth.oauth1.explanations import Explanation, explain
from paperdesk.auth.refused import RefusedRequest
from paperdesk.control.operations import Asked, Body, Operations
from paperdesk.control.refusals import UnknownRefusedRequest

operations = Operations()

SHOWN: Final = 20
SHOWN_MAX: Final = 200
TARGET_SHOWN_MAX: Final = 2_000
NAME_SHOWN_MAX: Final = 40


class Comparison(Body):
    """The base string that the client says it signed, as it prints it."""

    base_string: str


@operations.put("GET", "/desks/{desk}/auth/refusals")
def read_refusals(asked: Asked) -> dict[str, Any]:
    """Say which requests were refused last and why, newest first."""
    control = asked.control
    count = asked.number("count", SHOWN, SHOWN_MAX)
    control.served(asked.path["desk"])
    refused = control.refused
    return {
        "is_explained": refused is not None,
        "refusals": [_shown(asked, one) for one in refused.last(count)] if refused else [],
    }


@operations.put("POST", "/desks/{desk}/auth/refusals/{number}/comparison", body=Comparison)
def compare_base_string(asked: Asked) -> dict[str, Any]:
    """Say where the base string that a client signed leaves the one that is expected."""
    control = asked.control
    control.served(asked.path["desk"])
    text = asked.path["number"]
    number = int(text) if text.isascii() and text.isdigit() and len(text) < SHOWN else -1
    refused = control.refused.find(number) if control.refused else None
    if refused is None or control.verifier is None:
        raise UnknownRefusedRequest(
            f"There is no refusal {text[:40]}, or it is not kept any more. Start the desk with "
            "--explain-auth, and take the number from the answer or from auth/refusals."
        )
    found = explain(control.verifier, refused.request, refused.rejected, asked.body.base_string)
    return _explained(found)


def _shown(asked: Asked, refused: RefusedRequest) -> dict[str, Any]:
    line, rejected = refused.request.line, refused.rejected
    shown: dict[str, Any] = {
        "number": refused.number,
        "at": refused.at,
        "at_text": asked.control.text(refused.at),
        "method": line.method,
        "path": line.raw_path[:TARGET_SHOWN_MAX],
        "consumer_key": rejected.header.get("oauth_consumer_key")[:NAME_SHOWN_MAX]
        if rejected.header
        else None,
        "step": rejected.cause.step.value,
        "cause": rejected.cause.value,
        "message": rejected.message,
        "explanation": None,
    }
    if refused.explanation is not None:
        shown["explanation"] = _explained(refused.explanation)
    return shown


def _explained(explanation: Explanation) -> dict[str, Any]:
    difference = explanation.difference
    return {
        "cause": explanation.cause.value,
        "step": explanation.step.value,
        "sentence": explanation.sentence,
        "hint": explanation.hint,
        "also": explanation.also.value if explanation.also else None,
        "base_string": explanation.base_string or None,
        "signed": explanation.signed or None,
        "convention": explanation.variant or None,
        "difference": {
            "at": difference.at,
            "expected": difference.ours,
            "signed": difference.theirs,
        }
        if difference
        else None,
    }
