"""Explaining: why signatures were refused, found in a thread and told to developers.

Off unless asked for. An explanation goes to the log as one block and to the control API; the client
that was refused hears no more than the name of the cause.
"""

import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from paperdesk.auth.oauth1.explanations import Explanation, explain
from paperdesk.auth.oauth1.outcomes import Rejected
from paperdesk.auth.oauth1.requests import SignedRequest
from paperdesk.auth.oauth1.verification import Verifier
from paperdesk.auth.refused import RefusedRequest, RefusedRequests
from paperdesk.base.units import Instant

WAITING_MAX: Final = 16
"""Refusals that may wait to be explained; of more, the cause alone is kept."""

TARGET_SHOWN_MAX: Final = 200
NAME_SHOWN_MAX: Final = 40

_log = logging.getLogger("paperdesk.auth")


class Explainer:
    """Explains what a verifier refuses."""

    def __init__(self, verifier: Verifier) -> None:
        """Explain for a verifier; nothing has been refused yet."""
        self.refused = RefusedRequests()
        self._verifier = verifier
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="explaining")
        self._waiting = 0

    def tell(self, number: int, request: SignedRequest, rejected: Rejected, at: Instant) -> None:
        """Take notice of a refusal, and have it explained."""
        refused = RefusedRequest(number=number, at=at, request=request, rejected=rejected)
        self.refused.add(refused)
        if self._waiting >= WAITING_MAX:
            _log.warning("%s", block(refused))
            return
        self._waiting += 1
        self._thread.submit(self._explain, refused)

    def settle(self) -> None:
        """Wait until everything is explained that waits."""
        self._thread.submit(lambda: None).result()

    def close(self) -> None:
        """Explain no more."""
        self._thread.shutdown(cancel_futures=True)

    def _explain(self, refused: RefusedRequest) -> None:
        try:
            refused.explanation = explain(self._verifier, refused.request, refused.rejected)
        except Exception:  # noqa: BLE001 - a failure of ours must not stop the thread
            _log.exception("refusal %d could not be explained", refused.number)
        finally:
            self._waiting -= 1
        _log.warning("%s", block(refused))


def block(refused: RefusedRequest) -> str:
    """Return a refusal as a block of text; whatever a client sent is quoted."""
    line, rejected = refused.request.line, refused.rejected
    target = f"{line.method} {line.raw_path}"[:TARGET_SHOWN_MAX]
    consumer = rejected.header.get("oauth_consumer_key") if rejected.header else ""
    rows = [
        f"signature {refused.number} refused: {rejected.cause.step.value}: {rejected.cause.value}",
        f"  request:     {target!r}",
        f"  consumer:    {consumer[:NAME_SHOWN_MAX]!r}",
        f"  found:       {rejected.message}",
    ]
    return "\n".join([*rows, *_more(refused.explanation)])


def _more(explanation: Explanation | None) -> list[str]:
    if explanation is None:
        return []
    rows = [
        f"  cause:       {explanation.cause.value}: {explanation.sentence}",
        f"  what to do:  {explanation.hint}",
    ]
    if explanation.also is not None:
        rows.append(f"  and:         {explanation.also.value}")
    if explanation.base_string:
        rows.append(f"  base string: {explanation.base_string!r}")
    if explanation.signed:
        rows.append(f"  it signed:   {explanation.signed!r}")
    return rows
