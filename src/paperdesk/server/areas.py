"""Areas: paths whose answers wait for more than a desk: for a password's check, for a thread."""

from typing import Any, Final, Protocol

from paperdesk.api.route import Answer
from paperdesk.server import consent, firms, handshakes, pages, portal, self_service, webapps
from paperdesk.server.faces import Face
from paperdesk.server.requests import Request


class Area(Protocol):
    """A module that answers some paths by itself, where others have routes."""

    def is_page(self, face: Face, path: str, /) -> bool:
        """Say whether a path of a face belongs here."""

    def refused(self, front: Any, request: Request, /) -> Answer | None:  # noqa: ANN401
        """Go through the steps that need no body; the front is an application."""

    async def answer(self, front: Any, request: Request, body: bytes, /) -> Answer:  # noqa: ANN401
        """Answer a request that was not refused."""


AREAS: Final[tuple[Area, ...]] = (pages, consent, handshakes, firms, portal, self_service, webapps)


def area_of(face: Face, path: str) -> Area | None:
    """Return where a path is answered; None for one that has a route, or nothing."""
    for area in AREAS:
        if area.is_page(face, path):
            return area
    return None
