"""Consent: the pages on which a user lets a third party's program in, as OAuth 1.0a has it.

The user comes with a request token, signs in, chooses accounts, and goes back to the program with a
verifier, or without one.
"""

import hmac
from typing import Final
from urllib.parse import urlsplit

import msgspec

from paperdesk.api import leniency
from paperdesk.api.login import Place, redirect
from paperdesk.api.rendering import Guard, render
from paperdesk.api.route import Answer, Described, Evidence
from paperdesk.auth.oauth1.request_tokens import OUT_OF_BAND, RequestToken, with_answer
from paperdesk.auth.registrations import Consumer
from paperdesk.base.ids import AccountId
from paperdesk.base.units import Instant
from paperdesk.kernel.state.accounts import User

PATH: Final = "/authorize"
PENDING_PATH: Final = "/authorize/pending"

OPERATIONS: Final = (
    Described(
        method="GET",
        path=PATH,
        evidence=Evidence.DOCUMENTED,
        summary="Ask a user whether a program may have the accounts.",
    ),
    Described(
        method="POST",
        path=PATH,
        evidence=Evidence.JUDGED,
        summary="Take a step of the sign-in, or the decision.",
    ),
    Described(
        method="GET",
        path=PENDING_PATH,
        evidence=Evidence.JUDGED,
        summary="Say whether a notification has been answered.",
    ),
)
"""On the hosted face, beside the base address."""

COOKIE: Final = "paperdesk-consent"

CONSENT: Final = "consent"
DENY: Final = "deny"

NO_ACCOUNT: Final = "Choose at least one account, or deny."


class Decision(msgspec.Struct, frozen=True):
    """What somebody sent. `form_token` proves that our own page did, to whom it was shown."""

    request_token: str = ""
    form_token: str = ""
    account_ids: tuple[str, ...] = ()
    decision: str = ""


def decision(body: bytes) -> Decision:
    """Read what was sent."""
    fields = leniency.parameters(body)

    def one(name: str) -> str:
        return fields.get(name, [""])[-1]

    return Decision(
        request_token=one("oauth_token"),
        form_token=one("form_token"),
        account_ids=tuple(fields.get("account", ())),
        decision=one("decision"),
    )


def is_from_our_page(sent: Decision, cookie: str) -> bool:
    """Say whether the form carries the token of the cookie that came with it."""
    return bool(cookie) and hmac.compare_digest(sent.form_token.encode(), cookie.encode())


def unanswerable(token: RequestToken | None, now: Instant) -> Answer | None:
    """Return what is shown for a request token that nobody can decide about (any more)."""
    if token is None:
        text = "This request is not known. Go back to the program and begin again."
    elif token.has_expired(now):
        text = "This request has expired. Go back to the program and begin again."
    elif token.is_used or token.is_denied or token.verifier:
        text = "This request has been answered already."
    else:
        return None
    return render("notice.html", status=400, title="No request", text=text)


def not_served(consumer: Consumer) -> Answer:
    """Return what is shown where a program was not approved for a region's accounts."""
    text = f"{program_of(consumer)} may not serve the accounts of this region."
    return render("notice.html", status=403, title="Not in this region", text=text)


def place_of(token: RequestToken, consumer: Consumer) -> Place:
    """Return where a user signs in to decide; a sign-in is good for this request alone."""
    return Place(
        purpose=f"authorize {token.token}",
        title=f"sign in to let {program_of(consumer)} trade for you",
        action=PATH,
        pending=PENDING_PATH,
        cookie_path=PATH,
        has_modes=False,
        fields=(("oauth_token", token.token),),
    )


def decision_page(
    token: RequestToken, consumer: Consumer, user: User, form_token: str, error: str = ""
) -> Answer:
    """Return the page on which a user chooses accounts, and consents or denies."""
    return render(
        "consent.html",
        guard=_guard(token),
        program=program_of(consumer),
        action=PATH,
        request_token=token.token,
        form_token=form_token,
        user_name=user.user_name,
        accounts=user.account_ids,
        error=error,
    )


def chosen(sent: Decision, user: User) -> tuple[AccountId, ...]:
    """Return the accounts that were ticked, of those that the user has."""
    return tuple(one for one in user.account_ids if one in sent.account_ids)


def decided(token: RequestToken, consumer: Consumer) -> Answer:
    """Send the user back to the program; out of band there is no way back but by hand."""
    if token.callback != OUT_OF_BAND:
        return redirect(with_answer(token.callback, token))
    if token.verifier:
        return render("verifier.html", program=program_of(consumer), verifier=token.verifier)
    return render(
        "notice.html", title="Denied", text=f"{program_of(consumer)} has not been let in."
    )


def program_of(consumer: Consumer) -> str:
    """Return how people call a consumer."""
    return consumer.title or consumer.consumer_key


def _guard(token: RequestToken) -> Guard:
    """Let a form lead to the callback: browsers look at where a redirect goes, too."""
    if token.callback == OUT_OF_BAND:
        return Guard()
    found = urlsplit(token.callback)
    is_web = found.scheme in {"http", "https"}
    return Guard(posts_to=(f"{found.scheme}://{found.netloc}" if is_web else f"{found.scheme}:",))
