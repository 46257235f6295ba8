"""Login: the page on which a person signs in to the gateway, and what it answers.

Programs that sign in for people find their way by the names of the elements and by a few texts;
those are kept to the letter. The real page's password exchange is a protocol in JavaScript that
nothing depends on; this one is a plain form.
"""

import hmac
from html import escape
from typing import Final

import msgspec

from paperdesk.api import leniency
from paperdesk.api.refusals import HTML
from paperdesk.api.route import Answer
from paperdesk.auth.gateway import Gateway
from paperdesk.base.ids import UserName
from paperdesk.base.units import Duration, Instant
from paperdesk.kernel.state.accounts import User

LOGIN_PATH: Final = "/sso/Login"
AUTHENTICATOR_PATH: Final = "/sso/Authenticator"
DISPATCHER_PATH: Final = "/sso/Dispatcher"
LOGIN_COOKIE: Final = "paperdesk-login"

WRONG_PAIR: Final = "Invalid username password combination"
WRONG_MODE: Final = (
    "You have selected the Live Account Mode, but the specified user is a Paper Trading user. "
    "Please select the correct Login mode."
)
LOCKED: Final = "Login failed: too many attempts. Please try again in a minute."
SUCCEEDED: Final = b"Client login succeeds"

NAME_LENGTH_MAX: Final = 100
POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
GUARDED: Final = (("Content-Security-Policy", POLICY), ("X-Frame-Options", "DENY"))


class Attempt(msgspec.Struct, frozen=True):
    """What somebody typed. `token` proves that our own page sent it."""

    user_name: str = ""
    password: str = ""
    is_paper: bool = False
    token: str = ""

    def __repr__(self) -> str:
        """Leave the password out."""
        return f"Attempt({self.user_name!r})"


class Verdict(msgspec.Struct, frozen=True):
    """What comes of an attempt, and how long its answer is held back."""

    answer: Answer
    delay: Duration = 0


def attempt(body: bytes) -> Attempt:
    """Read the form."""
    fields = {name: values[-1] for name, values in leniency.parameters(body).items()}
    return Attempt(
        user_name=fields.get("username", "")[:NAME_LENGTH_MAX].strip(),
        password=fields.get("password", ""),
        is_paper="paper" in fields,
        token=fields.get("token", ""),
    )


def is_from_our_page(tried: Attempt, cookie: str) -> bool:
    """Say whether the form carries the token of the cookie that came with it."""
    return bool(cookie) and hmac.compare_digest(tried.token.encode(), cookie.encode())


def judge(
    gateway: Gateway, user: User | None, tried: Attempt, now: Instant, *, is_right: bool
) -> Verdict:
    """Let a user in, or say on the same page why not.

    Args:
        gateway: remembers who is in, and wrong passwords.
        user: whom the name belongs to, if to anybody.
        tried: what was typed.
        now: wall time.
        is_right: whether name and password go together.
    """
    if user is None or not is_right:
        delay = gateway.failed(tried.user_name, now)
        return Verdict(form(tried.token, error=WRONG_PAIR, user_name=tried.user_name), delay)
    if user.is_paper and not tried.is_paper:
        # Whoever sees this turns the switch and sends the same fields again.
        return Verdict(form(tried.token, WRONG_MODE, tried.user_name, tried.password))
    if tried.is_paper and not user.is_paper:
        return Verdict(form(tried.token, WRONG_PAIR, tried.user_name))
    gateway.succeeded(UserName(tried.user_name))
    gateway.sign_in(user, now)
    return Verdict(redirect(f"{DISPATCHER_PATH}?forwardTo=22"))


def redirect(location: str) -> Answer:
    """Send a browser elsewhere."""
    return Answer(status=302, content_type=None, headers=(("Location", location),))


def welcome(region: str) -> Answer:
    """Send a browser that asks for the bare port to the login page."""
    return redirect(f"{LOGIN_PATH}?forwardTo=22&RL=1&ip2loc={region}")


def succeeded() -> Answer:
    """Say the words that everybody waits for."""
    return Answer(body=SUCCEEDED, content_type="text/plain; charset=utf-8", headers=GUARDED)


def form(
    token: str, error: str = "", user_name: str = "", password: str = "", signed_in: str = ""
) -> Answer:
    """Return the login page.

    Args:
        token: goes into the form; the cookie of the same value comes from the server.
        error: why the last attempt failed.
        user_name: stands in its field.
        password: stands in its field; only after it was right and the mode was wrong.
        signed_in: who is in already, and would be replaced.
    """
    notice = f"{signed_in} is signed in here. A new login takes this place." if signed_in else ""
    page = PAGE.format(
        action=AUTHENTICATOR_PATH,
        token=escape(token),
        error=escape(error),
        error_hidden="" if error else " hidden",
        notice=escape(notice),
        notice_hidden="" if notice else " hidden",
        user_name=escape(user_name),
        password=escape(password),
    )
    return Answer(body=page.encode(), content_type=HTML, headers=GUARDED)


PAGE: Final = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Paperdesk: sign in</title>
<style>
:root {{ color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }}
body {{ display: grid; min-height: 100vh; margin: 0; place-items: center; }}
main {{ width: min(22rem, 90vw); }}
label, input, button {{ display: block; font: inherit; }}
input[type=text], input[type=password] {{
  box-sizing: border-box; width: 100%; padding: .5rem; margin: .2rem 0 1rem; }}
.mode {{ display: flex; gap: .6rem; align-items: center; margin-bottom: 1rem; }}
.mode label {{ cursor: pointer; }}
.btn {{ width: 100%; padding: .6rem; cursor: pointer; }}
.xyz-errormessage {{ color: #c62828; }}
small {{ opacity: .7; }}
[hidden] {{ display: none; }}
</style>
</head>
<body>
<main class="login">
<h1>Paperdesk</h1>
<p class="notice"{notice_hidden}>{notice}</p>
<form method="post" action="{action}" autocomplete="off">
<input type="hidden" name="token" value="{token}">
<label for="username">User name</label>
<input type="text" id="username" name="username" value="{user_name}" autofocus required>
<label for="password">Password</label>
<input type="password" id="password" name="password" value="{password}" required>
<div class="mode">
<input type="checkbox" id="toggle1" name="paper" value="on">
<label for="toggle1">Paper trading (off: live)</label>
</div>
<div class="xyz-errormessage" role="alert"{error_hidden}>{error}</div>
<button type="submit" class="btn btn-lg xyz-button-login">Login</button>
</form>
<p><small>A simulator. Nothing typed here leaves this machine; use no real password.</small></p>
</main>
</body>
</html>
"""
