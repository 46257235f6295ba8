"""Refusals on the wire: which status and which family of body each of them has.

IBKR has several families, and clients tell failures apart by them. A refusal says what was
refused; this table alone says how that looks.
"""

from enum import Enum
from typing import Final

import msgspec

from paperdesk.api.route import Answer
from paperdesk.base.errors import Refusal
from paperdesk.base.units import SECOND, Duration

HTML: Final = "text/html; charset=utf-8"
PLAIN: Final = "text/plain; charset=utf-8"


class Family(Enum):
    """How an error body is built."""

    STATUS_CODE = '{"error":"…","statusCode":400}'
    ERROR = '{"error":"…"}'
    EMPTY = "nothing"
    PAGE = "an HTML page"
    TEXT = "plain text"


class Look(msgspec.Struct, frozen=True):
    """Status and body of a refusal; `text` replaces its own sentence where IBKR has a fixed one."""

    status: int
    family: Family
    text: str = ""


NOT_FOUND_PAGE: Final = b"<html><body><h1>Resource not found</h1></body></html>"

LOOKS: Final[dict[str, Look]] = {
    # Said by the conventions of the wire: these are raised for their look.
    "account_not_valid": Look(400, Family.STATUS_CODE),
    "backend_refused": Look(500, Family.ERROR),
    "backend_unavailable": Look(503, Family.STATUS_CODE),
    "brokerage_away": Look(503, Family.STATUS_CODE),
    "bad_request": Look(400, Family.STATUS_CODE),
    "foreign_account": Look(401, Family.EMPTY),
    "no_such_page": Look(404, Family.PAGE),
    "no_trading_permission": Look(500, Family.ERROR),
    "not_authenticated": Look(401, Family.STATUS_CODE, "not authenticated"),
    "soft_error": Look(200, Family.ERROR),
    # Said by the kernel: an order, or what is done with one, is refused with status 200.
    "duplicate_order": Look(200, Family.ERROR),
    "insufficient_funds": Look(200, Family.ERROR),
    "invalid_bracket": Look(200, Family.ERROR),
    "invalid_price": Look(200, Family.ERROR),
    "invalid_size": Look(200, Family.ERROR),
    "market_closed": Look(200, Family.ERROR),
    "minimum_equity": Look(200, Family.ERROR),
    "not_tradable": Look(200, Family.ERROR),
    "order_mismatch": Look(200, Family.ERROR),
    "order_not_modifiable": Look(200, Family.ERROR),
    "order_not_open": Look(200, Family.ERROR),
    "price_off_increment": Look(200, Family.ERROR, "Invalid order price fields"),
    "price_too_far": Look(200, Family.ERROR),
    "refused": Look(200, Family.ERROR),
    "short_not_allowed": Look(200, Family.ERROR),
    "size_too_large": Look(200, Family.ERROR),
    "time_in_force_not_supported": Look(200, Family.ERROR),
    "too_many_orders": Look(200, Family.ERROR),
    "unknown_contract": Look(200, Family.ERROR),
    "unknown_parent": Look(200, Family.ERROR),
    # The same, with statuses that recordings show.
    "question_void": Look(503, Family.STATUS_CODE),
    "size_not_positive": Look(500, Family.ERROR),
    "unknown_order": Look(400, Family.STATUS_CODE),
    "unknown_question": Look(400, Family.STATUS_CODE),
    # Said elsewhere below the API.
    "account_exists": Look(400, Family.STATUS_CODE),
    "desk_stopped": Look(503, Family.TEXT, "Service Unavailable"),
    "invalid_amount": Look(400, Family.STATUS_CODE),
    "invalid_name": Look(400, Family.STATUS_CODE),
    "journal_failed": Look(503, Family.TEXT, "Service Unavailable"),
    "no_exchange_rate": Look(400, Family.STATUS_CODE),
    "outside_calendar": Look(400, Family.STATUS_CODE, "Bad Request: date is not valid"),
    "time_runs_backwards": Look(400, Family.STATUS_CODE),
    "too_many_scripts": Look(400, Family.STATUS_CODE),
    "unknown_account": Look(400, Family.STATUS_CODE),
    "unknown_user": Look(400, Family.STATUS_CODE),
}
"""By the code of a refusal. What is not listed looks like `bad_request`."""

_encode = msgspec.json.Encoder(decimal_format="number").encode


def answer(refusal: Refusal) -> Answer:
    """Return how a refusal looks on the wire."""
    look = LOOKS.get(refusal.code, LOOKS["bad_request"])
    return body_of(look, look.text or refusal.message)


def body_of(look: Look, text: str) -> Answer:
    """Return an answer of a family with a text."""
    match look.family:
        case Family.STATUS_CODE:
            return Answer(
                status=look.status, body=_encode({"error": text, "statusCode": look.status})
            )
        case Family.ERROR:
            return Answer(status=look.status, body=_encode({"error": text}))
        case Family.EMPTY:
            return Answer(status=look.status, content_type=None)
        case Family.PAGE:
            return Answer(status=look.status, body=NOT_FOUND_PAGE, content_type=HTML)
        case Family.TEXT:
            return Answer(status=look.status, body=text.encode(), content_type=PLAIN)


def page(status: int, title: str) -> Answer:
    """Return a refusal of the edge as an HTML page that looks like the one for unknown paths."""
    body = f"<html><body><h1>{title}</h1></body></html>".encode()
    return Answer(status=status, body=body, content_type=HTML)


def _hinted(answer: Answer, hint: str) -> Answer:
    """Return an answer with a header of ours that says what to do; the body is IBKR's."""
    return msgspec.structs.replace(answer, headers=(("X-Paperdesk-Hint", hint),))


NO_BRIDGE: Final = _hinted(
    body_of(LOOKS["bad_request"], "Bad Request: no bridge"),
    "No brokerage session: POST /iserver/auth/ssodh/init, then wait until /iserver/auth/status "
    "says established.",
)
ACCOUNTS_FIRST: Final = _hinted(
    body_of(LOOKS["bad_request"], "Bad Request: Please query /accounts first"),
    "GET /iserver/accounts once in each brokerage session, before orders and market data.",
)
NOT_AUTHENTICATED: Final = _hinted(
    body_of(LOOKS["not_authenticated"], "not authenticated"),
    "Nobody has signed in: open this port in a browser, or start with --login USER.",
)
NOT_SIGNED: Final = _hinted(
    body_of(LOOKS["not_authenticated"], "not authenticated"),
    "Sign the request by OAuth 1.0a with a live session token, or send a bearer token.",
)
"""The hosted service does not know who calls."""

NOT_OFFERED: Final = body_of(LOOKS["foreign_account"], "")
NOT_FOUND: Final = body_of(LOOKS["no_such_page"], "")
STOPPED: Final = body_of(LOOKS["journal_failed"], "Service Unavailable")


def too_many(limit: str, *, is_boxed: bool) -> Answer:
    """Return the refusal of a request too many. The real one says nothing, nor when to come again.

    Args:
        limit: what is exceeded, such as `10 requests a second`.
        is_boxed: whether the address goes into the penalty box for it.
    """
    follows = "; this address is in the penalty box now" if is_boxed else ""
    return _hinted(TOO_MANY, f"More than {limit}{follows}. See `paperdesk pacing show`.")


def in_penalty_box(limit: str, remaining: Duration | None) -> Answer:
    """Return the refusal of everything to an address that exceeded a limit before.

    Args:
        limit: what it exceeded; "" where an operator put it in.
        remaining: for how much longer; None until an operator lets it out.
    """
    lasts = "until it is let out" if remaining is None else f"for {-(-remaining // SECOND)} s more"
    because = f"after more than {limit}" if limit else "where an operator put it"
    return _hinted(
        TOO_MANY,
        f"This address is in the penalty box {lasts}, {because}. "
        "`paperdesk pacing release` lets it out.",
    )


TOO_MANY: Final = body_of(Look(429, Family.EMPTY), "")
MAINTAINED: Final = _hinted(
    body_of(LOOKS["journal_failed"], "Service Unavailable"),
    "The service is maintained on the Saturday evening of its region, by desk time.",
)

ACCESS_DENIED: Final = Answer(status=403, body=b"Access Denied", content_type=PLAIN)
EDGE_DENIED: Final = page(403, "Access Denied")
METHOD_NOT_ALLOWED: Final = page(405, "Method Not Allowed")
LENGTH_REQUIRED: Final = page(411, "Length Required")
TOO_LARGE: Final = page(413, "Request Entity Too Large")
TOO_LONG: Final = page(414, "Request-URI Too Long")

FAILED: Final = body_of(
    Look(500, Family.ERROR), "There was an error processing the request. Please try again."
)
"""What is told of a failure of our own: nothing of its inside."""
