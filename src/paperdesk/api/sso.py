"""Single sign-on: a firm opens a trading session, or the pages in a browser, for one of its users.

Source: documented; judged: whom a client may name, and what a second session does to the first.
"""

from typing import Any, Final

from paperdesk.api.management.requests import Asked
from paperdesk.api.portal import RESOLVER
from paperdesk.api.route import Call, Evidence, Routes, Tier, Wire
from paperdesk.auth.oauth2 import bearers, endpoints, visits
from paperdesk.auth.oauth2.bearers import Bearer
from paperdesk.auth.oauth2.problems import InvalidArgument, Problem, invalid_arguments, simple
from paperdesk.auth.oauth2.visits import GOOD_FOR, Visit
from paperdesk.auth.pacing.paces import Pace
from paperdesk.auth.roster import Opening
from paperdesk.base.ids import UserName
from paperdesk.kernel.state.accounts import User

routes = Routes(Tier.NOTHING)

PACE: Final = Pace(10)
TEXT_LENGTH_MAX: Final = 200
ADDRESSES_MAX: Final = 20

MISSING: Final = "Missing required parameter"
NOT_TEXT: Final = "Invalid value: a text is needed"
NOT_AN_ADDRESS: Final = "Invalid value: an IP address is needed"

FORBIDDEN: Final = simple(403, "The request cannot be fulfilled for the credential")
"""Whether there is no such user name, or another firm's, is not told."""


class SessionOpened(Wire, rename=None):
    """The bearer token of a trading session; its life is not told."""

    active: bool
    access_token: str
    token_type: str


class BrowserSessionOpened(Wire, rename=None):
    """Where the user's browser is to be sent at once."""

    active: bool
    url: str


class Fields:
    """The fields of a request, and what is wrong with them."""

    def __init__(self, fields: dict[str, Any]) -> None:
        """Look at the fields of a signed body."""
        self._fields = fields
        self.wrong: list[InvalidArgument] = []

    def text(self, name: str, *, is_required: bool = False) -> str:
        """Return a text, "" where there is none."""
        value = self._fields.get(name)
        if value is None or value == "":
            if is_required:
                self.wrong.append(InvalidArgument(name, MISSING))
            return ""
        if type(value) is not str or len(value) > TEXT_LENGTH_MAX:
            self.wrong.append(InvalidArgument(name, NOT_TEXT))
            return ""
        return value

    def address(self, name: str) -> str:
        """Return an IP address that has to be there, in its shortest spelling."""
        value = self.text(name, is_required=True)
        return self._plain(name, value) if value else ""

    def addresses(self, name: str) -> tuple[str, ...]:
        """Return a list of IP addresses, which may be left out."""
        values = self._fields.get(name) or []
        if type(values) is not list or len(values) > ADDRESSES_MAX:
            self.wrong.append(InvalidArgument(name, NOT_AN_ADDRESS))
            return ()
        return tuple(self._plain(name, value) for value in values)

    def _plain(self, name: str, value: object) -> str:
        try:
            return bearers.plain(value) if type(value) is str else self._not_an_address(name)
        except ValueError:
            return self._not_an_address(name)

    def _not_an_address(self, name: str) -> str:
        self.wrong.append(InvalidArgument(name, NOT_AN_ADDRESS))
        return ""


@routes.post(
    f"{endpoints.PREFIX}/sso-sessions", body=Asked, evidence=Evidence.DOCUMENTED, pace=PACE
)
def open_session(call: Call[Asked]) -> Problem | SessionOpened:
    """Open a trading session for a user of the firm; earlier ones stay as they are."""
    fields = Fields(call.body.fields)
    user_name = fields.text("credential", is_required=True)
    addresses = (fields.address("ip"), *fields.addresses("alternativeIps"))
    service = fields.text("service")
    if fields.wrong:
        return invalid_arguments(fields.wrong)
    user = _user(call, user_name)
    if user is None:
        return FORBIDDEN
    client, office = call.firm, call.office
    opening = Opening(face="hosted", credential=f"oauth2 {client.client_id}")
    bearer = Bearer(
        token_id=office.draw_hex(bearers.ID_BYTES),
        client_id=client.client_id,
        session=call.roster.open(user, call.now, opening),
        addresses=addresses,
        service=service,
    )
    token = office.bearers.issue(bearer, client, user, call.now)
    return SessionOpened(active=True, access_token=token, token_type="Bearer")  # noqa: S106


@routes.post(
    f"{endpoints.PREFIX}/sso-browser-sessions",
    body=Asked,
    evidence=Evidence.DOCUMENTED,
    pace=PACE,
)
def open_browser_session(call: Call[Asked]) -> Problem | BrowserSessionOpened:
    """Return where a user's browser has to go within a minute to be signed in."""
    fields = Fields(call.body.fields)
    user_name = fields.text("credential", is_required=True)
    address = fields.address("ip")
    if fields.wrong:
        return invalid_arguments(fields.wrong)
    user = _user(call, user_name)
    if user is None:
        return FORBIDDEN
    office = call.office
    visit_id = office.draw_hex(visits.ID_BYTES)
    visit = Visit(
        client_id=call.firm.client_id,
        user_name=user.user_name,
        address=address,
        expires_at=call.now + GOOD_FOR,
    )
    office.visits.expect(visit_id, visit, call.now)
    return BrowserSessionOpened(
        active=True, url=f"{office.rules.issuers[0]}{RESOLVER}?SID={visit_id}"
    )


def _user(call: Call[Asked], user_name: str) -> User | None:
    """Return a user that the firm may name."""
    allowed = call.firm.user_names
    if allowed and user_name not in allowed:
        return None
    return call.desk.world.accounts.users.get(UserName(user_name))
