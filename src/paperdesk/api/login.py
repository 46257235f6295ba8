"""Login: the pages on which a person signs in, step by step, and what they say.

Programs that sign in for people find their way by the names of the elements and by a few texts;
those are kept to the letter. The real page's password exchange is a protocol in JavaScript that
nothing depends on; this one is a plain form.
"""

import hmac
from typing import Final

import msgspec

from paperdesk.api import leniency
from paperdesk.api.rendering import PLAIN, Guard, Script, guarding, render
from paperdesk.api.route import Answer, Described, Evidence
from paperdesk.auth.second_factors import Method
from paperdesk.auth.sign_ins import SignIn, Stage

LOGIN_PATH: Final = "/sso/Login"
AUTHENTICATOR_PATH: Final = "/sso/Authenticator"
PENDING_PATH: Final = "/sso/Pending"
DISPATCHER_PATH: Final = "/sso/Dispatcher"

OPERATIONS: Final = (
    Described(
        method="GET",
        path=LOGIN_PATH,
        evidence=Evidence.RECORDED,
        summary="Show the page on which a person signs in to the gateway.",
    ),
    Described(
        method="POST",
        path=AUTHENTICATOR_PATH,
        evidence=Evidence.JUDGED,
        summary="Take one step of a sign-in: password, second factor, confirmation.",
    ),
    Described(
        method="GET",
        path=PENDING_PATH,
        evidence=Evidence.JUDGED,
        summary="Say whether a notification has been answered.",
    ),
    Described(
        method="GET",
        path=DISPATCHER_PATH,
        evidence=Evidence.RECORDED,
        summary="Say that the login has succeeded.",
    ),
)
"""On the gateway face, beside the base address."""

LOGIN_COOKIE: Final = "paperdesk-login"
PROMOTION_COOKIE: Final = "SKIP_IBKEY_PROMO"

WRONG_PAIR: Final = "Invalid username password combination"
WRONG_MODE: Final = (
    "You have selected the Live Account Mode, but the specified user is a Paper Trading user. "
    "Please select the correct Login mode."
)
LOCKED: Final = "Login failed: too many attempts. Please try again in a minute."
BUSY: Final = "Login failed: too many people sign in at once. Please try again."
WRONG_CODE: Final = "Login failed: the code is not right."
DENIED: Final = "Login failed: the notification was denied."
TIMED_OUT: Final = "Login failed: the notification was not answered in time."
TOO_LATE: Final = "Login failed: it took too long. Please begin again."
NOT_OURS: Final = "Login failed: the page was an old one. Please try again."
SUCCEEDED: Final = b"Client login succeeds"

NAME_LENGTH_MAX: Final = 100
CODE_LENGTH_MAX: Final = 20
YEAR_SECONDS: Final = 365 * 24 * 3_600

METHOD_NAMES: Final = {
    Method.PUSH: "IB Key",
    Method.TOTP: "Mobile Authenticator App",
    Method.CODE: "Security Code",
}
"""What a second factor is called where there is a choice; programs choose by these."""

NOTIFYING: Final = Guard(script=Script("notification.js", ("resendNotification(); return false",)))
CHOOSING: Final = Guard(script=Script("method.js"))


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where people sign in, and what for.

    `action` is where the forms lead, `pending` what tells whether a notification was answered,
    `cookie_path` the path of both. With `has_modes` one chooses between live and paper trading.
    `fields` are carried along from step to step. A form of one purpose is worth nothing for
    another.
    """

    purpose: str = "gateway"
    title: str = "sign in"
    action: str = AUTHENTICATOR_PATH
    pending: str = PENDING_PATH
    cookie_path: str = "/sso"
    has_modes: bool = True
    fields: tuple[tuple[str, str], ...] = ()


GATEWAY: Final = Place()


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody typed. `token` proves that our own page sent it; `step` says which page."""

    step: str = "password"
    user_name: str = ""
    password: str = ""
    is_paper: bool = False
    method: str = ""
    code: str = ""
    token: str = ""

    def __repr__(self) -> str:
        """Leave the password, the code and the token out."""
        return f"Attempt({self.step!r}, {self.user_name!r})"


def attempt(body: bytes) -> Attempt:
    """Read the form."""
    fields = {name: values[-1] for name, values in leniency.parameters(body).items()}
    return Attempt(
        step=fields.get("step", "password"),
        user_name=fields.get("username", "")[:NAME_LENGTH_MAX].strip(),
        password=fields.get("password", ""),
        is_paper="paper" in fields,
        method=fields.get("method", ""),
        code=fields.get("code", "")[:CODE_LENGTH_MAX].replace(" ", ""),
        token=fields.get("token", ""),
    )


def is_from_our_page(tried: Attempt, cookie: str) -> bool:
    """Say whether the form carries the token of the cookie that came with it."""
    return bool(cookie) and hmac.compare_digest(tried.token.encode(), cookie.encode())


def redirect(location: str, headers: tuple[tuple[str, str], ...] = ()) -> Answer:
    """Send a browser elsewhere."""
    return Answer(status=302, content_type=None, headers=(("Location", location), *headers))


def welcome(region: str) -> Answer:
    """Send a browser that asks for the bare port to the login page."""
    return redirect(f"{LOGIN_PATH}?forwardTo=22&RL=1&ip2loc={region}")


def succeeded() -> Answer:
    """Say the words that everybody waits for."""
    return Answer(body=SUCCEEDED, content_type="text/plain; charset=utf-8", headers=guarding(PLAIN))


class Typed(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in the fields of the login page, and above them.

    `password` stands in its field only after it was right and the mode was wrong. `signed_in` is
    who is in already, and would be replaced.
    """

    error: str = ""
    user_name: str = ""
    password: str = ""
    signed_in: str = ""

    def __repr__(self) -> str:
        """Leave the password out."""
        return f"Typed({self.user_name!r}, {self.error!r})"


BLANK: Final = Typed()


def form(place: Place, token: str, typed: Typed = BLANK, *, status: int = 200) -> Answer:
    """Return the login page; a cookie with the same token comes from the server."""
    return render(
        "login.html",
        status=status,
        place=place,
        token=token,
        step="password",
        typed=typed,
        error=typed.error,
    )


class Asking(msgspec.Struct, frozen=True):
    """How the page of a stage is made: its template, and the step that its form says it is."""

    template: str
    step: str
    guard: Guard = PLAIN


ASKING: Final = {
    Stage.METHOD: Asking("method.html", "method", CHOOSING),
    Stage.CODE: Asking("code.html", "code"),
    Stage.NOTIFICATION: Asking("notification.html", "answered", NOTIFYING),
    Stage.PROMOTION: Asking("promotion.html", "skip"),
    Stage.REPLACEMENT: Asking("replacement.html", "replace"),
}


def page(place: Place, sign_in: SignIn, error: str = "") -> Answer:
    """Return the page of what a person is asked next."""
    asking = ASKING[sign_in.stage]
    return render(
        asking.template,
        guard=asking.guard,
        place=place,
        token=sign_in.token,
        step=asking.step,
        error=error,
        sign_in=sign_in,
        names=METHOD_NAMES,
    )


def cookie(place: Place, token: str, *, is_secure: bool) -> tuple[str, str]:
    """Return the header that gives a browser the token of its page; "" takes it away."""
    ending = "; Secure" if is_secure else ""
    if not token:
        ending = f"; Max-Age=0{ending}"
    return (
        "Set-Cookie",
        f"{LOGIN_COOKIE}={token}; Path={place.cookie_path}; HttpOnly; SameSite=Strict{ending}",
    )


def promotion_cookie(*, is_secure: bool) -> tuple[str, str]:
    """Return the header that spares a browser the page about the app, for a year."""
    ending = "; HttpOnly; SameSite=Strict" + ("; Secure" if is_secure else "")
    value = f"{PROMOTION_COOKIE}=true; Path=/sso; Max-Age={YEAR_SECONDS}{ending}"
    return ("Set-Cookie", value)
