"""Sessions: status, brokerage session, tickle, validation, logout.

A caller who has signed in holds the outer session; /iserver/auth/ssodh/init opens the brokerage
session inside it. Whoever has none at all gets 401, in two places with a body that clients compare.
"""

from contextlib import suppress
from typing import Any, Final

from paperdesk.api.leniency import LenientBool
from paperdesk.api.paces import DOCUMENTED, TICKLE
from paperdesk.api.route import (
    Answer,
    BackendRefused,
    Call,
    Empty,
    Evidence,
    NotAuthenticated,
    Routes,
    Tier,
    Wire,
)
from paperdesk.auth import statuses
from paperdesk.auth.refusals import BrokerageAway
from paperdesk.auth.sessions import BrokerageState, Session
from paperdesk.base import regions
from paperdesk.base.units import MILLISECOND
from paperdesk.kernel.state.accounts import User

unguarded = Routes(Tier.NOTHING)
outer = Routes(Tier.SESSION)

NO_SESSION: Final = Answer(status=401, body=b'{"error":"no session"}')
"""Compared byte by byte by the programs that keep gateways alive."""

LOGGED_OUT: Final = Answer(body=b'{"status":true}', content_type=None)
LIVE, PAPER = 1, 2
PASSWORD_CREDENTIAL: Final = 1


class Initialisation(Wire):
    """The body of a request for a brokerage session; both may stand in the query instead."""

    publish: LenientBool = True
    compete: LenientBool = True


class ServerInfo(Wire):
    """Which server answers; none does before the brokerage login is accepted."""

    server_name: str | None = statuses.SERVER_NAME
    server_version: str | None = statuses.SERVER_VERSION


NO_SERVER: Final = ServerInfo(server_name=None, server_version=None)


class AuthStatus(
    Wire,
    rename={"mac": "MAC", "server_info": "serverInfo"},
    kw_only=True,
    omit_defaults=True,
):
    """What a brokerage session may do; `fail` is left out where the answer is not about it."""

    authenticated: bool
    established: bool
    competing: bool
    connected: bool
    message: str | None = None
    mac: str
    server_info: ServerInfo
    hardware_info: str
    fail: str | None = None


class Initialised(Wire, rename=None):
    """The first answer to a request for a brokerage session."""

    passed: bool
    authenticated: bool
    established: bool
    competing: bool
    connected: bool
    hardware_info: str


class Triggered(Wire):
    """The brokerage session is on its way."""

    message: str = "triggered"


def _status(session: Session, fail: str | None) -> AuthStatus:
    status = statuses.status(session)
    return AuthStatus(
        authenticated=status.is_authenticated,
        established=status.is_established,
        competing=status.is_competing,
        connected=status.is_connected,
        message="",
        mac=statuses.MAC,
        server_info=ServerInfo() if status.is_authenticated else NO_SERVER,
        hardware_info=statuses.HARDWARE,
        fail=fail,
    )


@unguarded.add(("GET", "POST"), "/iserver/auth/status", evidence=Evidence.RECORDED)
def auth_status(call: Call[Empty]) -> AuthStatus | dict[str, bool | str | None]:
    """Say what the brokerage session may do.

    After a logout the gateway still answers, with five fields; 401 is for one where nobody has
    signed in yet, and for the hosted service. An outer session alone has four fields.
    """
    session = call.session
    if not session.session_id or (session.is_ended and session.is_hosted):
        raise NotAuthenticated("Nobody has signed in.")
    if session.is_ended:
        return {
            "authenticated": False,
            "established": False,
            "competing": False,
            "connected": False,
            "MAC": None,
        }
    return _outer_alone(session) or _status(session, fail="")


def _outer_alone(session: Session) -> dict[str, bool | str | None] | None:
    """Return the documented status of a session that nobody has asked a brokerage session of."""
    if session.state is not BrokerageState.READ_ONLY or session.initialises_at:
        return None
    return {"authenticated": False, "competing": False, "connected": False, "MAC": statuses.MAC}


def _initialise(call: Call[Any], *, compete: bool) -> Initialised | AuthStatus:
    session = call.session
    was_served = session.has_brokerage
    call.roster.initialise(session, call.now, compete=compete)
    if was_served and session.has_brokerage:
        return _status(session, fail=None)
    status = statuses.status(session)
    return Initialised(
        passed=status.is_authenticated,
        authenticated=status.is_authenticated,
        established=status.is_established,
        competing=status.is_competing,
        connected=status.is_connected,
        hardware_info=statuses.HARDWARE,
    )


@outer.add(
    ("GET", "POST"),
    "/iserver/auth/ssodh/init",
    body=Initialisation,
    evidence=Evidence.RECORDED,
)
def initialise(call: Call[Initialisation]) -> Initialised | AuthStatus:
    """Open the brokerage session; it is established a little later.

    Without `compete` a user name that is busy elsewhere stays out, with status 200.

    Raises:
        BackendRefused: `publish` is false where it must not be, or the user is too new.
    """
    query, body = call.query, call.body
    if call.roster.settings.publish_required and not query.flag("publish", default=body.publish):
        raise BackendRefused("publish must be true")
    if _is_fresh(call):
        raise BackendRefused("failed to generate sso dh token")
    return _initialise(call, compete=query.flag("compete", default=body.compete))


def _is_fresh(call: Call[Any]) -> bool:
    """Say whether a paper user's accounts are still being set up.

    Source: users report it for up to a day after the account was opened.
    """
    fresh = call.roster.settings.fresh_paper
    if not fresh or not call.session.is_paper:
        return False
    accounts = call.desk.world.accounts.by_id
    opened = max(accounts[account_id].opened_at for account_id in call.session.account_ids)
    return call.desk.now < opened + fresh


@outer.add(("GET", "POST"), "/iserver/auth/ssodh/response", evidence=Evidence.JUDGED)
def respond(call: Call[Empty]) -> Initialised | AuthStatus:
    """Answer the second half of an old login as the first one is answered."""
    return _initialise(call, compete=True)


@unguarded.add(("GET", "POST"), "/tickle", evidence=Evidence.RECORDED, pace=DOCUMENTED[TICKLE])
def tickle(call: Call[Empty]) -> Answer | dict[str, Any]:
    """Keep both sessions alive, and tell the id that a WebSocket needs."""
    session = call.session
    if session.is_ended:
        if session.is_hosted:
            raise NotAuthenticated("The session is over.")
        return NO_SESSION
    hmds: dict[str, Any] = {"error": "no bridge"}
    if session.hmds_initialised:
        hmds = {"authStatus": {"authenticated": True, "connected": True}}
    return {
        "session": session.session_id,
        **_sign_on(call),
        "hmds": hmds,
        "iserver": {"authStatus": _outer_alone(session) or _status(session, fail=None)},
    }


def _sign_on(call: Call[Empty]) -> dict[str, Any]:
    """Return what /tickle says of the sign-on: nothing with OAuth 1.0a, which has none."""
    session = call.session
    if session.is_signed:
        return {}
    expires = {"ssoExpires": call.roster.expires_in(session, call.now)}
    if session.is_hosted:
        return expires
    return expires | {
        "collission": session.state is BrokerageState.COMPETING,
        "userId": _user(call).user_id,
    }


@outer.add(("GET", "POST"), "/logout", evidence=Evidence.RECORDED)
def logout(call: Call[Empty]) -> Answer:
    """End both sessions; sockets are told and closed."""
    call.roster.log_out(call.session, call.now)
    return LOGGED_OUT


@outer.add(("GET", "POST"), "/iserver/reauthenticate", evidence=Evidence.RECORDED)
def reauthenticate(call: Call[Empty]) -> Triggered:
    """Ask for the brokerage session once more; the status says when it is there.

    It says the same while the service is away: whoever asks looks at the status afterwards.
    """
    with suppress(BrokerageAway):
        call.roster.initialise(call.session, call.now, compete=True)
    return Triggered()


@outer.get(
    "/portal/sso/validate", evidence=Evidence.DOCUMENTED, pace=DOCUMENTED["GET /sso/validate"]
)
@outer.get("/sso/validate", evidence=Evidence.RECORDED, pace=DOCUMENTED["GET /sso/validate"])
def validate(call: Call[Empty]) -> dict[str, Any]:
    """Say whose outer session it is and how long it lasts.

    Clients of the hosted service insist on every key. What would be a secret, or is about devices
    that there are not, is empty.
    """
    session = call.session
    return {
        "USER_ID": _user(call).user_id,
        "USER_NAME": session.user_name,
        "RESULT": True,
        "AUTH_TIME": session.signed_in_at // MILLISECOND,
        "SF_ENABLED": False,
        "SF_CONFIG": "",
        "IS_FREE_TRIAL": False,
        "IS_PENDING_APPLICANT": False,
        "ANOMALOUS_LOGIN": False,
        "CREDENTIAL": session.user_name,
        "CREDENTIAL_TYPE": PASSWORD_CREDENTIAL,
        "IP": call.remote,
        "EXPIRES": call.roster.expires_in(session, call.now),
        "TOKEN": "",
        "HARDWARE_INFO": "",
        "UNIQUE_LOGIN_ID": str(session.number),
        "COUNTERPARTY": "",
        "QUALIFIED_FOR_MOBILE_AUTH": None,
        "LANDING_APP": "PORTAL",
        "IS_MASTER": False,
        "lastAccessed": session.last_used_at // MILLISECOND,
        "LOGIN_TYPE": PAPER if session.is_paper else LIVE,
        "PAPER_USER_NAME": session.user_name if session.is_paper else "",
        "features": FEATURES,
        "region": regions.PLACES[call.roster.settings.region].sign,
        "took": 1,
        "isGw": not session.is_hosted,
    }


FEATURES: Final = {
    "env": "PROD",
    "wlms": True,
    "realtime": True,
    "bond": True,
    "optionChains": True,
    "calendar": True,
    "newMf": True,
}


@outer.add(("GET", "POST"), "/hmds/auth/init", evidence=Evidence.JUDGED)
def initialise_history(call: Call[Empty]) -> dict[str, bool]:
    """Open the bridge to the history service; until then its paths are not there."""
    call.session.hmds_initialised = True
    return {"authenticated": True, "connected": True}


@outer.get("/one/user", evidence=Evidence.JUDGED)
def user(call: Call[Empty]) -> dict[str, Any]:
    """Say who has signed in, as the old portal page asks."""
    return {
        "username": call.session.user_name,
        "features": FEATURES,
        "schema": {"user": {"hasBrokerageAccessInd": True}},
    }


@outer.get("/ibcust/entity/info", evidence=Evidence.JUDGED)
def entity(call: Call[Empty]) -> dict[str, Any]:
    """Say what kind of customer has signed in."""
    return {"entityType": "INDIVIDUAL", "username": call.session.user_name}


def _user(call: Call[Any]) -> User:
    return call.desk.world.accounts.users[call.session.user_name]
