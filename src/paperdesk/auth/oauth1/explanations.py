"""Explanations: why a request was refused, found by trying what the client may have done.

Nothing is guessed: a cause of the signature is named when the signature is right for a text or a
key that a mistake makes. That takes up to some tenths of a second, changes no state, and is asked
for by developers alone. No secret is ever part of an explanation: the prepend is `<prepend>`.
"""

import re
from typing import Final

import msgspec

from paperdesk.auth.oauth1.causes import Cause, SignedRequestRefused, Step
from paperdesk.auth.oauth1.hints import hint_of, sentence_of
from paperdesk.auth.oauth1.outcomes import Rejected
from paperdesk.auth.oauth1.requests import Endpoint, SignedRequest
from paperdesk.auth.oauth1.searches import Case, Finding, search
from paperdesk.auth.oauth1.signatures import decoded
from paperdesk.auth.oauth1.tokens import prepend_of
from paperdesk.auth.oauth1.verification import Verifier
from paperdesk.auth.oauth1.wrong_texts import METHODS

PREPEND: Final = "<prepend>"
AROUND: Final = 16
"""Characters shown on either side of a difference."""

CLIENT_MAX: Final = 16 * 1024


_METHOD: Final = re.compile(rf"(?:{'|'.join(METHODS)})&", re.IGNORECASE)


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """Where a client's base string leaves the desk's.

    `at` counts bytes from the start, a prepend as the length of `<prepend>`; `ours` and `theirs`
    are what stands around it.
    """

    at: int
    ours: str
    theirs: str


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """Why a request was refused; safe to show.

    `also` is a second mistake that was found together with the first. `base_string` is what the
    desk expects at first, `signed` what the client signed, where that was found out, `variant` the
    convention it followed (A, B, B2, C or D).
    """

    cause: Cause
    step: Step
    sentence: str
    hint: str
    also: Cause | None = None
    base_string: str = ""
    signed: str = ""
    variant: str = ""
    difference: Difference | None = None


def explain(
    verifier: Verifier, request: SignedRequest, rejected: Rejected, client: str = ""
) -> Explanation:
    """Find out why a request was refused.

    Args:
        verifier: the one that refused it, whose registrations and tokens are as they were.
        request: the same.
        rejected: what the verification said.
        client: the base string that the client says it signed, prepend and all; empty for none.
    """
    secret = ""
    if request.endpoint is Endpoint.LIVE_SESSION_TOKEN and rejected.access_token is not None:
        secret = prepend_of(rejected.access_token.secret)
    client = _redacted(client[:CLIENT_MAX])
    finding = _found(verifier, request, rejected, client.removeprefix(PREPEND))
    ours = _expected(verifier, request, rejected)
    mark = PREPEND if secret else ""
    return Explanation(
        cause=finding.cause,
        step=finding.cause.step,
        sentence=sentence_of(finding.cause, finding.detail, rejected.message),
        hint=hint_of(finding.cause),
        also=finding.also,
        base_string=mark + ours[0] if ours else "",
        signed=_signed(finding, mark),
        variant=finding.variant,
        difference=_difference([mark + text for text in ours], client) if client else None,
    )


def _found(verifier: Verifier, request: SignedRequest, rejected: Rejected, client: str) -> Finding:
    match rejected.cause:
        case Cause.WRONG_SIGNATURE:
            return search(_case(verifier, request, rejected, client))
        case Cause.SIGNATURE_NOT_BASE64:
            return _unreadable(rejected)
        case Cause.UNKNOWN_CONSUMER:
            return _misspelt(verifier, rejected)
        case _:
            return Finding(cause=rejected.cause)


def _case(verifier: Verifier, request: SignedRequest, rejected: Rejected, client: str) -> Case:
    assert rejected.header is not None
    assert rejected.consumer is not None
    return Case(
        verifier=verifier,
        request=request,
        header=rejected.header,
        consumer=rejected.consumer,
        access_token=rejected.access_token,
        signature=decoded(rejected.header.signature),
        client=client,
    )


def _unreadable(rejected: Rejected) -> Finding:
    """Say how a signature that is no base64 would be one."""
    assert rejected.header is not None
    text = rejected.header.signature
    if " " in text and _is_base64(text.replace(" ", "+")):
        return Finding(cause=Cause.SIGNATURE_WITH_BLANKS)
    return Finding(cause=rejected.cause)


def _is_base64(text: str) -> bool:
    try:
        decoded(text)
    except SignedRequestRefused:
        return False
    return True


def _misspelt(verifier: Verifier, rejected: Rejected) -> Finding:
    assert rejected.header is not None
    given = rejected.header.get("oauth_consumer_key").strip().casefold()
    for key in verifier.registrations.consumers:
        if key.casefold() == given:
            return Finding(cause=Cause.CONSUMER_KEY_MISSPELT)
    return Finding(cause=rejected.cause)


def _expected(verifier: Verifier, request: SignedRequest, rejected: Rejected) -> list[str]:
    """Return the base strings that the desk expects, without prepend; none without a header."""
    if rejected.header is None:
        return []
    return [candidate.text for candidate in verifier.texts(request, rejected.header)]


def _signed(finding: Finding, mark: str) -> str:
    """Return what the client signed, with a mark for whatever stood in front of it."""
    unmarked = (Cause.PREPEND_MISSING,)
    if not finding.text or finding.cause in unmarked:
        return finding.text
    return (PREPEND if finding.cause is Cause.PREPEND_UNWANTED else mark) + finding.text


def _redacted(client: str) -> str:
    """Return a client's base string with a mark for whatever stands before the method.

    That may be a secret, at any endpoint; a text without a method is nothing but the mark.
    """
    start = _METHOD.search(client)
    if start is None:
        return PREPEND if client else ""
    return client if start.start() == 0 else PREPEND + client[start.start() :]


def _difference(ours: list[str], client: str) -> Difference | None:
    """Return where a client's base string leaves the nearest of the desk's; None where nowhere."""
    if client in ours or not ours:
        return None
    nearest = max(ours, key=lambda text: _common(text, client))
    at = _common(nearest, client)
    around = slice(max(0, at - AROUND), at + AROUND)
    return Difference(
        at=len(client[:at].encode("utf-8", "surrogatepass")),
        ours=nearest[around],
        theirs=client[around],
    )


def _common(one: str, other: str) -> int:
    """Return how many characters two texts begin with in common."""
    for index, (mine, theirs) in enumerate(zip(one, other, strict=False)):
        if mine != theirs:
            return index
    return min(len(one), len(other))
