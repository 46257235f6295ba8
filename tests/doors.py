"""Doors: the login pages, walked through as a browser would."""

import re
from urllib.parse import urlencode

from tests.serving import Reply, Rig

TOKEN = re.compile(rb'name="token" value="([0-9a-f]+)"')


async def typed(rig: Rig, user_name: str, password: str, *, paper: bool, beside: str = "") -> Reply:
    """Open the login page and send name and password; `beside` are further cookies."""
    page = await rig.ask("GET", "/sso/Login", base="")
    fields = {"username": user_name, "password": password}
    if paper:
        fields["paper"] = "on"
    return await _sent(rig, page, fields, beside)


async def onward(rig: Rig, page: Reply, **fields: str) -> Reply:
    """Send the next form, which an answer holds."""
    return await _sent(rig, page, fields)


async def looked(rig: Rig, page: Reply) -> Reply:
    """Ask whether a page still waits for its notification."""
    return await rig.ask("GET", "/sso/Pending", headers={"cookie": cookie_of(page)}, base="")


def cookie_of(page: Reply) -> str:
    """Return the cookie that belongs to the form of a page."""
    token = TOKEN.search(page.body)
    assert token is not None
    return f"paperdesk-login={token[1].decode()}"


async def _sent(rig: Rig, page: Reply, fields: dict[str, str], beside: str = "") -> Reply:
    token = TOKEN.search(page.body)
    assert token is not None
    return await rig.ask(
        "POST",
        "/sso/Authenticator",
        urlencode({**fields, "token": token[1].decode()}).encode(),
        headers={"cookie": cookie_of(page) + beside, "origin": "https://localhost:5000"},
        base="",
    )
