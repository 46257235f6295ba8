"""Logins: notifications that wait for an answer, and what users show beside their passwords.

In place of a phone: a program, or a person at a shell, approves or denies a sign-in here.
"""

from typing import Any

import msgspec

from paperdesk.auth.second_factors import SecondFactors
from paperdesk.auth.sign_ins import NOTIFICATION_LIFE, Reply, SignIn
from paperdesk.base.errors import UnknownUser
from paperdesk.base.ids import UserName
from paperdesk.base.units import SECOND
from paperdesk.control.operations import Asked, Body, Factors, Operations
from paperdesk.control.refusals import BadControl

operations = Operations()

NUMBER_DIGITS_MAX = 9


class FactorChange(Body, kw_only=True):
    """What a user is to show beside a password: what is left out stays.

    `code` is one that is always the same, "" for none. `has_app` true makes a new secret for an
    authenticator app, which the answer holds this once; false takes it away. `has_push` asks for
    an answer to a notification. `is_promoted` shows the page that offers an app.
    """

    code: str | None = None
    has_app: bool | None = None
    has_push: bool | None = None
    is_promoted: bool | None = None


@operations.put("GET", "/desks/{desk}/logins")
def list_logins(asked: Asked) -> list[dict[str, Any]]:
    """List the notifications that wait for an answer."""
    asked.desk  # noqa: B018 - refuses other desks
    now = asked.control.wall()
    return [
        {**_told(sign_in), "remaining_seconds": _remaining(sign_in, now)}
        for sign_in in asked.control.sign_ins.notified(now)
    ]


@operations.put("POST", "/desks/{desk}/logins/{login}/approve")
def approve_login(asked: Asked) -> dict[str, Any]:
    """Approve a notification, as its user would on a phone."""
    return _answered(asked, Reply.APPROVED)


@operations.put("POST", "/desks/{desk}/logins/{login}/deny")
def deny_login(asked: Asked) -> dict[str, Any]:
    """Deny a notification; that counts as a wrong password."""
    return _answered(asked, Reply.DENIED)


@operations.put("GET", "/desks/{desk}/users/{user}/second-factors")
def read_factors(asked: Asked) -> dict[str, Any]:
    """Say what a user shows beside a password, without the secrets."""
    return _shown(_factors(asked).of(_user_name(asked)))


@operations.put("POST", "/desks/{desk}/users/{user}/second-factors", FactorChange)
def change_factors(asked: Asked) -> dict[str, Any]:
    """Change what a user shows beside a password."""
    user_name, factors, change = _user_name(asked), _factors(asked), asked.body
    given = msgspec.structs.asdict(change)
    wanted = {name: value for name, value in given.items() if value is not None}
    has_app = wanted.pop("has_app", None)
    if has_app is False:
        wanted["secret"] = ""
    factors.keep(user_name, msgspec.structs.replace(factors.of(user_name), **wanted))
    uri = factors.renew(user_name) if has_app else None
    return _shown(factors.of(user_name)) | ({"uri": uri} if uri else {})


def _answered(asked: Asked, reply: Reply) -> dict[str, Any]:
    asked.desk  # noqa: B018 - refuses other desks
    text = asked.path["login"]
    if not (text.isascii() and text.isdigit() and len(text) <= NUMBER_DIGITS_MAX):
        raise BadControl(f"A login has a whole number, not {text[:40]!r}.")
    control = asked.control
    sign_in = control.sign_ins.answer(int(text), reply, control.wall())
    return _told(sign_in) | {"reply": reply.value}


def _told(sign_in: SignIn) -> dict[str, Any]:
    return {
        "number": sign_in.number,
        "user_name": sign_in.user_name,
        "purpose": sign_in.purpose,
        "notified_at": sign_in.notified_at,
        "notifications": sign_in.notifications,
    }


def _remaining(sign_in: SignIn, now: int) -> float:
    return (sign_in.notified_at + NOTIFICATION_LIFE - now) / SECOND


def _factors(asked: Asked) -> Factors:
    factors = asked.control.factors
    if factors is None:
        raise BadControl("This desk keeps no second factors.")
    return factors


def _user_name(asked: Asked) -> str:
    user_name = asked.path["user"]
    if UserName(user_name) not in asked.desk.world.accounts.users:
        raise UnknownUser(f"The desk has no user {user_name[:80]!r}.")
    return user_name


def _shown(factors: SecondFactors) -> dict[str, Any]:
    return {
        "methods": [method.value for method in factors.methods],
        "is_promoted": factors.is_promoted,
    }
