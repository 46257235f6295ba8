"""Portal: the small pages into which a firm sends its users, and what it may ask of them.

Where a browser lands is chosen by a name from a list, never by an address, so that nobody is sent
elsewhere in our name.

Source: documented: names of actions and their parameters; judged: the pages themselves.
"""

import hmac
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

import msgspec

from paperdesk.api.leniency import parameters
from paperdesk.api.rendering import Guard, render
from paperdesk.api.route import Answer, Described, Evidence
from paperdesk.auth.oauth2.visits import Visit, Why
from paperdesk.base.ids import AccountId
from paperdesk.base.units import MINUTE, Duration, Instant

RESOLVER: Final = "/sso/resolver"
PATH: Final = "/sso/portal"

OPERATIONS: Final = (
    Described(
        method="GET",
        path=RESOLVER,
        evidence=Evidence.DOCUMENTED,
        summary="Begin the visit of a browser that a firm has sent, once.",
    ),
    Described(
        method="GET",
        path=PATH,
        evidence=Evidence.JUDGED,
        summary="Show the page that a visit is about.",
    ),
    Described(
        method="POST",
        path=PATH,
        evidence=Evidence.JUDGED,
        summary="Take the password again where a page needs it.",
    ),
)
"""On the hosted face, beside the base address."""

COOKIE: Final = "paperdesk-portal"
NO_REFERRER: Final = ("Referrer-Policy", "no-referrer")
"""The id of a visit stands in the address that a browser comes from."""

HOME: Final = "Home"
VALUE_LENGTH_MAX: Final = 100
CONFIRMED_FOR: Final[Duration] = 5 * MINUTE
"""How long a password is good for what asks for it again."""

WITHDRAWAL: Final = "WITHDRAWAL"
SHOWN: Final = ("config", "type", "method", "currency", "autoSelect", "masterAccountId")
"""Parameters that a page shows; all others are dropped on the way to it."""


class Action(msgspec.Struct, frozen=True):
    """A page that a firm may choose. `values` are those that a parameter may have, if listed."""

    title: str
    values: dict[str, tuple[str, ...]] = {}


DEPOSITS: Final = (
    *("ACH", "BPAY_NOTIFICATION", "BILL_PAY_NOTIFICATION", "CHECK_NOTIFICATION"),
    *("DIRECT_DEPOSIT", "EDDA", "EFT", "LVP", "OPEN_BANKING", "WIRE"),
)
ACTIONS: Final = {
    HOME: Action("Home"),
    "AccountSettings": Action("Account settings"),
    "UserSettings": Action("User settings"),
    "TransferFunds": Action("Transfer funds", {"type": ("DEPOSIT", WITHDRAWAL)}),
    "TransferPositions": Action(
        "Transfer positions",
        {
            "type": ("POSITION_INBOUND", "POSITION_OUTBOUND", "INTERNAL"),
            "method": ("ACATS", "ATON", "FOP", "DWAC", "ASSET_TRANSFER"),
        },
    ),
    "Statement": Action("Statements"),
    "TransactionHistory": Action("Transaction history"),
    "RpTransactionHistory": Action("Transaction history"),
    "RecurringInvestment": Action("Recurring investments"),
    "FUNDING_INSTRUCTIONS": Action("Funding instructions"),
    "AA_LINKAGE": Action("Advisor linkage"),
}
"""By name, whose letter case counts. A name that is not here leads home, as documented."""


class Landing(msgspec.Struct, frozen=True):
    """Where a browser lands: the name of a page, what it is told, and whether it is in a frame."""

    action: str = HOME
    told: tuple[tuple[str, str], ...] = ()
    is_framed: bool = False

    @property
    def location(self) -> str:
        """The page's address on this server."""
        query = [("ACTION", self.action), *self.told]
        if self.is_framed:
            query.append(("showNavBar", "false"))
        return f"{PATH}?{urlencode(query)}"

    @property
    def needs_password(self) -> bool:
        """Whether the page asks for the password again."""
        return self.action == "TransferFunds" and ("type", WITHDRAWAL) in self.told


class Confirmation(msgspec.Struct, frozen=True):
    """A password given again; `form_token` proves that our own page asked for it."""

    form_token: str = ""
    password: str = ""

    def __repr__(self) -> str:
        """Leave both out."""
        return "Confirmation()"


def landing(query: bytes) -> Landing:
    """Return where a query leads; whatever is not understood leads home."""
    given = {name: values[-1] for name, values in parameters(query).items()}
    action = given.get("ACTION", "")
    if not action:
        action = given.get("forwardTo", HOME)
    if action not in ACTIONS:
        return Landing(is_framed=_is_framed(given))
    allowed = ACTIONS[action].values
    told = tuple(
        (name, value)
        for name in SHOWN
        if (value := given.get(name, "")[:VALUE_LENGTH_MAX])
        and value in allowed.get(name, (value,))
    )
    return Landing(action, told, _is_framed(given))


def visit_id(query: bytes) -> str:
    """Return the id of a visit, "" where there is none or more than one."""
    shown = parameters(query).get("SID", [])
    return shown[0] if len(shown) == 1 else ""


def confirmation(body: bytes) -> Confirmation:
    """Read what somebody typed."""
    given = {name: values[-1] for name, values in parameters(body).items()}
    return Confirmation(given.get("token", ""), given.get("password", ""))


def is_from_our_page(sent: Confirmation, visit: Visit) -> bool:
    """Say whether a form was sent by the page that this visit was shown."""
    given = sent.form_token.encode("utf-8", "replace")
    return bool(visit.form_token) and hmac.compare_digest(given, visit.form_token.encode())


def page(
    where: Landing, visit: Visit, accounts: tuple[AccountId, ...], origins: tuple[str, ...]
) -> Answer:
    """Return a page. Only one without a navigation bar may be in a frame, of the firm's own sites.

    Args:
        where: which page.
        visit: whose it is.
        accounts: the user's.
        origins: the firm's sites.
    """
    return render(
        "portal.html",
        guard=_guard(where, origins),
        title=ACTIONS[where.action].title,
        told=where.told,
        user_name=visit.user_name,
        accounts=accounts,
        links=() if where.is_framed else _links(),
    )


def password_page(
    where: Landing, visit: Visit, origins: tuple[str, ...], error: str = ""
) -> Answer:
    """Return the page that asks for the password again."""
    return render(
        "confirm.html",
        guard=_guard(where, origins),
        title=ACTIONS[where.action].title,
        action=where.location,
        token=visit.form_token,
        user_name=visit.user_name,
        error=error,
    )


def is_confirmed(visit: Visit, now: Instant) -> bool:
    """Say whether the password was given a short while ago."""
    return visit.confirmed_at > 0 and now < visit.confirmed_at + CONFIRMED_FOR


def refused(why: Why | None, *, is_told: bool) -> Answer:
    """Return what a browser gets whose id, or whose session, is not good.

    Args:
        why: None where a session has ended.
        is_told: whether the reason is said; else all ids that lead nowhere are alike.
    """
    if why is None:
        text = "Your session has ended. Go back to your firm's site and come again from there."
    elif is_told:
        text = f"This address is not good: {why.value}."
    else:
        text = "This address is not good (any more)."
    return render(
        "notice.html", status=403, headers=(NO_REFERRER,), title="Access denied", text=text
    )


def _is_framed(given: Mapping[str, str]) -> bool:
    return given.get("showNavBar", "").lower() == "false"


def _guard(where: Landing, origins: tuple[str, ...]) -> Guard:
    return Guard(framed_by=origins if where.is_framed else ())


def _links() -> tuple[tuple[str, str], ...]:
    return tuple((Landing(name).location, action.title) for name, action in ACTIONS.items())
