"""Web apps: static pages of the user's own beside the gateway, as its settings name them.

They are of one origin with the API and may call it; that is what they are for. Nothing outside an
app's folder is ever read, and nothing in it that is hidden.
"""

import asyncio
import re
from typing import Any, Final
from urllib.parse import quote

from paperdesk.api import refusals
from paperdesk.api.login import redirect
from paperdesk.api.route import Answer
from paperdesk.server import pages
from paperdesk.server.faces import Face, WebApp
from paperdesk.server.requests import Request

FILE_SIZE_MAX: Final = 20_000_000
NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,62}", re.ASCII)
PART: Final = re.compile(r"[^\x00-\x1f\x7f/\\:*?\"<>|.][^\x00-\x1f\x7f/\\:*?\"<>|]{0,254}")
RESERVED: Final = frozenset(
    {"v1", "alpha", "beta", "sso", "oauth", "oauth2", "gw", "portal", "authorize", "paperdesk"}
)
HEADERS: Final = (("X-Frame-Options", "SAMEORIGIN"),)

TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".gif": "image/gif",
    ".htm": refusals.HTML,
    ".html": refusals.HTML,
    ".ico": "image/x-icon",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": refusals.PLAIN,
    ".wasm": "application/wasm",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
}
OTHER: Final = "application/octet-stream"


def is_name(name: str) -> bool:
    """Say whether an app may be called so: its name is a path that nothing else has."""
    return NAME.fullmatch(name) is not None and name.lower() not in RESERVED


def is_page(face: Face, path: str) -> bool:
    """Say whether a path belongs to an app."""
    return bool(face.webapps) and _app(face, path) is not None


def refused(front: Any, request: Request) -> Answer | None:  # noqa: ANN401 - an application
    """Go through the steps that hold for pages."""
    return pages.refused(front, request)


async def answer(front: Any, request: Request, body: bytes) -> Answer:  # noqa: ANN401
    """Answer with a file."""
    del body
    if request.method != "GET":
        return refusals.METHOD_NOT_ALLOWED
    app = _app(front.face, request.path)
    assert app is not None
    below = request.path.removeprefix(f"/{app.name}")
    if not below:
        return redirect(f"/{quote(app.name)}/")
    return await asyncio.to_thread(file, app, below.removeprefix("/"))


def _app(face: Face, path: str) -> WebApp | None:
    name = path.removeprefix("/").partition("/")[0]
    return next((app for app in face.webapps if app.name == name), None)


def file(app: WebApp, path: str) -> Answer:
    """Return a file of an app; its index for a folder."""
    parts = [part for part in path.split("/") if part]
    if any(PART.fullmatch(part) is None for part in parts):
        return refusals.NOT_FOUND
    try:
        found = app.folder.joinpath(*parts).resolve(strict=True)
        if found.is_dir():
            found = (found / app.index).resolve(strict=True)
        # A link may lead about inside the folder, and nowhere else.
        if not found.is_relative_to(app.folder) or not found.is_file():
            return refusals.NOT_FOUND
        if found.stat().st_size > FILE_SIZE_MAX:
            return refusals.NOT_FOUND
        content = found.read_bytes()
    except (OSError, ValueError, RuntimeError):
        return refusals.NOT_FOUND
    kind = TYPES.get(found.suffix.lower(), OTHER)
    return Answer(body=content, content_type=kind, headers=HEADERS)
