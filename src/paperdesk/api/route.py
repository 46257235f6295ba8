"""Routes: what the HTTP half of the API is made of.

A route is data: method, path, tier, body, pace, evidence and the plain function that answers it.
The server runs the table, the documentation prints it, the tests walk through it.
"""

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, Generic, TypeVar

import msgspec

from paperdesk.auth.oauth2.authorization import Authorization
from paperdesk.auth.pacing.paces import Pace
from paperdesk.auth.registrations import OAuthClient
from paperdesk.auth.roster import Roster
from paperdesk.auth.sessions import Session
from paperdesk.base.errors import Refusal
from paperdesk.base.ids import AccountId, Conid
from paperdesk.base.units import Instant
from paperdesk.desk.desk import Desk


class Tier(Enum):
    """What a route needs of its caller."""

    NOTHING = "nothing"
    SESSION = "session"
    BROKERAGE = "brokerage"
    ACCOUNTS = "brokerage, after /iserver/accounts"


class Evidence(Enum):
    """How we know what a route answers."""

    RECORDED = "recorded"
    SPECIFIED = "specified"
    DOCUMENTED = "documented"
    JUDGED = "judged"


class Wire(msgspec.Struct, rename="camel"):
    """A record as it goes over the network; `rename=None` where IBKR spells with underscores."""


class Empty(msgspec.Struct):
    """No body, or a body that is not looked at."""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that is not plain JSON with status 200.

    With `content_type` None the answer carries no such header (as /logout's).
    """

    status: int = 200
    body: bytes = b""
    content_type: str | None = "application/json;charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()


class BadRequest(Refusal):
    """The request cannot be understood: a parameter is missing or has no sense (400)."""

    code = "bad_request"


class AccountNotValid(Refusal):
    """The account is not one of the session's (400 under /iserver)."""

    code = "account_not_valid"


class NotAuthenticated(Refusal):
    """Nobody has signed in (401)."""

    code = "not_authenticated"


class ForeignAccount(Refusal):
    """The account's service does not know the caller (401 with an empty body)."""

    code = "foreign_account"


class SoftError(Refusal):
    """The operation failed and IBKR says so with status 200: `{"error": message}`."""

    code = "soft_error"


class BackendRefused(Refusal):
    """The backend refused: status 500 and `{"error": message}` without a statusCode."""

    code = "backend_refused"


class BackendUnavailable(Refusal):
    """The backend has no such thing, or no answer in time: 503 with a statusCode."""

    code = "backend_unavailable"


class NoSuchPage(Refusal):
    """There is nothing at this path, or its service has no bridge yet: 404 as an HTML page."""

    code = "no_such_page"


B = TypeVar("B")


class Query:
    """Query parameters: names in any letter case, the last of repeated ones, lists joined."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, list[str]]) -> None:
        """Keep parsed parameters; keys are lower-case."""
        self._values = values

    def text(self, name: str, default: str = "") -> str:
        """Return a parameter as text; the default where it is missing or empty."""
        values = self._values.get(name.lower())
        return (values[-1] if values else "") or default

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return a parameter as a truth value: true/True/1 and false/False/0."""
        text = self.text(name).lower()
        if text in {"true", "1", "yes"}:
            return True
        return False if text in {"false", "0", "no"} else default

    def integer(self, name: str) -> int | None:
        """Return a whole number of at most 18 digits, or None where there is none."""
        text = self.text(name).strip()
        digits = text[1:] if text[:1] == "-" else text
        if not digits.isascii() or not digits.isdigit() or len(digits) > DIGITS_MAX:
            return None
        return int(text)

    def items(self, name: str) -> list[str]:
        """Return a comma list: `a,b`, percent-encoded, or repeated; blanks removed."""
        values = self._values.get(name.lower(), [])
        return [item for part in values for raw in part.split(",") if (item := raw.strip())]

    def has(self, name: str) -> bool:
        """Say whether a parameter was given at all."""
        return name.lower() in self._values

    def __bool__(self) -> bool:
        """Say whether there is any parameter."""
        return bool(self._values)


DIGITS_MAX = 18


class Call(msgspec.Struct, Generic[B], kw_only=True, eq=False):
    """One request, decoded: who calls, what for, and the desk to ask.

    `now` is wall time; desk time is `desk.now`. `body_given` says whether a body was sent at all.
    What belongs to OAuth 2.0 has an `authorization`, and what belongs to the gateway API a `client`
    as well: the firm whose access token was shown.
    """

    desk: Desk
    roster: Roster
    session: Session
    path: Mapping[str, str]
    query: Query
    body: B
    body_given: bool = True
    now: Instant
    remote: str = "127.0.0.1"
    authorization: Authorization | None = None
    client: OAuthClient | None = None

    @property
    def office(self) -> Authorization:
        """Where tokens are given out; there is one where the route is about them."""
        assert self.authorization is not None
        return self.authorization

    @property
    def firm(self) -> OAuthClient:
        """Whose access token was shown; there is one where the gateway API is asked."""
        assert self.client is not None
        return self.client

    def account(self) -> AccountId:
        """Return the path's account, which must be one of the session's.

        Raises:
            AccountNotValid: it is not.
        """
        return self.own(self.path["account_id"])

    def own(self, text: str) -> AccountId:
        """Return an account id that must be one of the session's.

        Raises:
            AccountNotValid: it is not.
        """
        account_id = AccountId(text)
        if account_id not in self.session.account_ids:
            raise AccountNotValid(f"Bad Request: accountId is not valid: {text}")
        return account_id

    def conid(self) -> Conid:
        """Return the path's conid.

        Raises:
            BadRequest: it is not a whole number.
        """
        return conid(self.path["conid"])


def conid(text: str) -> Conid:
    """Return a conid from text.

    Raises:
        BadRequest: the text is not a whole number of at most ten digits.
    """
    if not (text.isascii() and text.isdigit() and len(text) <= CONID_DIGITS_MAX):
        raise BadRequest(f"Bad Request: conid is not valid: {text[:CONID_SHOWN_MAX]}")
    return Conid(int(text))


CONID_DIGITS_MAX = 10
CONID_SHOWN_MAX = 40

Handler = Callable[[Call[Any]], Any]
"""What answers a call. An answer that takes long comes in slices; the first step is made at once.
"""


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """One HTTP operation. `path` has parameters in braces: `/iserver/reply/{question_id}`."""

    method: str
    path: str
    tier: Tier
    handler: Handler
    body: type[Any]
    evidence: Evidence
    pace: Pace | None = None

    @property
    def summary(self) -> str:
        """The first line of the handler's docstring."""
        return (self.handler.__doc__ or "").strip().split("\n", 1)[0]


class Described(msgspec.Struct, frozen=True, kw_only=True):
    """An operation that has no route, since its answer waits for more than a desk.

    The server answers it by itself; here it says what there is. `answer` is what it is answered
    with, None for a page.
    """

    method: str
    path: str
    evidence: Evidence
    summary: str
    answer: type[Any] | None = None
    tier: Tier = Tier.NOTHING
    body: type[Any] = Empty
    pace: Pace | None = None


class Routes:
    """The table of one area and one tier."""

    def __init__(self, tier: Tier) -> None:
        """Begin an empty table."""
        self.tier = tier
        self.routes: list[Route] = []

    def add(
        self,
        methods: tuple[str, ...],
        path: str,
        *,
        evidence: Evidence,
        body: type[Any] = Empty,
        pace: Pace | None = None,
    ) -> Callable[[Handler], Handler]:
        """Put the decorated handler under one path and several methods."""

        def put(handler: Handler) -> Handler:
            for method in methods:
                self.routes.append(
                    Route(
                        method=method,
                        path=path,
                        tier=self.tier,
                        handler=handler,
                        body=body,
                        evidence=evidence,
                        pace=pace,
                    )
                )
            return handler

        return put

    def get(
        self, path: str, *, evidence: Evidence, pace: Pace | None = None
    ) -> Callable[[Handler], Handler]:
        """Put the decorated handler under GET and a path."""
        return self.add(("GET",), path, evidence=evidence, pace=pace)

    def post(
        self, path: str, *, evidence: Evidence, body: type[Any] = Empty, pace: Pace | None = None
    ) -> Callable[[Handler], Handler]:
        """Put the decorated handler under POST and a path."""
        return self.add(("POST",), path, evidence=evidence, body=body, pace=pace)

    def delete(
        self, path: str, *, evidence: Evidence, pace: Pace | None = None
    ) -> Callable[[Handler], Handler]:
        """Put the decorated handler under DELETE and a path."""
        return self.add(("DELETE",), path, evidence=evidence, pace=pace)
