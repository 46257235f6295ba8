"""Self-service: the page on which a user registers a program of their own for OAuth 1.0a.

Accept the agreement, choose a consumer key, upload three public files, generate a token: its secret
is shown once. Source: documented as a course of steps; the pages themselves are judged.
"""

import hmac
from collections.abc import Mapping
from typing import Final

import msgspec

from paperdesk.api import multipart
from paperdesk.api.leniency import parameters
from paperdesk.api.login import LOGIN_PATH, Place
from paperdesk.api.rendering import render
from paperdesk.api.route import Answer, Described, Evidence
from paperdesk.auth.consumers import Issued, Stage, Uploads
from paperdesk.auth.registrations import Consumer
from paperdesk.auth.self_tests import Finding, Trial

PATH: Final = "/sso/OAuth"
PENDING_PATH: Final = "/sso/OAuth/Pending"
COOKIE: Final = "paperdesk-oauth"
TEXT_MAX: Final = 8_192

OPERATIONS: Final = (
    Described(
        method="GET",
        path=PATH,
        evidence=Evidence.JUDGED,
        summary="Show the programs that a user has registered for OAuth 1.0a.",
    ),
    Described(
        method="POST",
        path=PATH,
        evidence=Evidence.JUDGED,
        summary="Register a program, issue its token, replace its keys, or disable it.",
    ),
    Described(
        method="GET",
        path=PENDING_PATH,
        evidence=Evidence.JUDGED,
        summary="Say whether a notification has been answered.",
    ),
)
"""On the hosted face, beside the base address."""

PLACE: Final = Place(
    purpose="self-service",
    title="sign in to register a program",
    action=LOGIN_PATH,
    pending=PENDING_PATH,
    has_modes=False,
    fields=(("action", "OAUTH"),),
)

STAGES: Final = {
    Stage.PENDING: "enabled, and good after the next midnight",
    Stage.ACTIVE: "active",
    Stage.DISABLED: "disabled",
    Stage.REVOKED: "revoked",
}


class Sent(msgspec.Struct, frozen=True):
    """What somebody sent from the page. `form_token` proves that our own page did."""

    step: str = ""
    form_token: str = ""
    values: Mapping[str, bytes] = {}

    def __repr__(self) -> str:
        """Leave out what may be secret."""
        return f"Sent({self.step!r})"

    def text(self, name: str) -> str:
        """Return a field as text, "" where there is none."""
        return self.values.get(name, b"")[:TEXT_MAX].decode("utf-8", "replace").strip()

    @property
    def uploads(self) -> Uploads:
        """The three files, empty where one is missing."""
        return Uploads(
            signature=self.values.get("signature", b""),
            encryption=self.values.get("encryption", b""),
            parameters=self.values.get("parameters", b""),
        )


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What the page says beside the state of things, once."""

    error: str = ""
    done: str = ""
    issued: Issued | None = None
    trial: Trial | None = None
    finding: Finding | None = None


NOTHING: Final = Shown()


def sent(content_type: bytes, body: bytes) -> Sent:
    """Read a form, with or without files."""
    if multipart.is_multipart(content_type):
        values = multipart.fields(content_type, body) or {}
    else:
        values = {name: given[-1].encode() for name, given in parameters(body).items()}
    read = Sent(values=values)
    return Sent(read.text("step"), read.text("form_token"), values)


def is_from_our_page(given: Sent, form_token: str) -> bool:
    """Say whether the form carries the token that the page was shown with."""
    return bool(form_token) and hmac.compare_digest(given.form_token.encode(), form_token.encode())


def agreement(user_name: str, form_token: str, error: str = "") -> Answer:
    """Return the page on which a user agrees before anything can be registered."""
    return render(
        "agreement.html", path=PATH, user_name=user_name, form_token=form_token, error=error
    )


def page(
    user_name: str,
    form_token: str,
    consumer: Consumer | None,
    stage: Stage | None,
    shown: Shown = NOTHING,
) -> Answer:
    """Return the page of a user who has agreed.

    Args:
        user_name: whose.
        form_token: stands in its forms.
        consumer: the user's program, None where there is none yet.
        stage: how far it has come.
        shown: what there is to say once.
    """
    return render(
        "self_service.html",
        path=PATH,
        user_name=user_name,
        form_token=form_token,
        consumer=consumer,
        state="" if stage is None else STAGES[stage],
        is_disabled=stage is Stage.DISABLED,
        shown=shown,
    )


def cookie(token: str, *, is_secure: bool) -> tuple[str, str]:
    """Return the header that lets a browser stay on the page; "" signs it out."""
    ending = "; Secure" if is_secure else ""
    if not token:
        ending = f"; Max-Age=0{ending}"
    return ("Set-Cookie", f"{COOKIE}={token}; Path=/sso; HttpOnly; SameSite=Strict{ending}")
