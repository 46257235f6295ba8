"""Enrolling: the self-service page, walked through as a browser would."""

import re
from urllib.parse import urlencode

from tests import registrants
from tests.oauth2 import rsa_key
from tests.outside import Outside
from tests.programs import FIRST_PARTY, Program
from tests.programs import KEY as PROGRAMS_KEY
from tests.serving import PASSWORD, Reply

from paperdesk.auth.registrations import Consumer
from paperdesk.base.ids import UserName

HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
OWN = "https://localhost:5001"
KEY = "ANNSROBOT"


def files(name: str = "own", ending: bytes = b"\n") -> dict[str, bytes]:
    given = {
        "signature": registrants.public(rsa_key(f"{name} signature")).encode(),
        "encryption": registrants.public(rsa_key(f"{name} encryption")).encode(),
        "parameters": registrants.parameters(),
    }
    return {field: content.replace(b"\n", ending) for field, content in given.items()}


class Browser:
    """Somebody's browser on the page: it keeps cookies and sends forms."""

    def __init__(self, rig: Outside) -> None:
        self.rig = rig
        self.cookies: dict[str, str] = {}
        self.page = Reply(0, [], b"")

    async def open(self, path: str = "/sso/Login?action=OAUTH") -> Reply:
        return await self._ask("GET", path)

    async def sign_in(self, password: str = PASSWORD) -> Reply:
        await self.open()
        fields = self.hidden | {"username": "demo", "password": password}
        reply = await self._ask("POST", "/sso/Login", urlencode(fields).encode())
        return await self.open("/sso/OAuth") if reply.status == 302 else reply

    async def agree(self) -> Reply:
        await self.sign_in()
        return await self.send("agree", accepted="yes")

    async def send(self, step: str, **fields: str) -> Reply:
        given = self.hidden | {"step": step} | fields
        return await self._ask("POST", "/sso/OAuth", urlencode(given).encode())

    async def upload(self, step: str, content: dict[str, bytes], **fields: str) -> Reply:
        given = {name: text.encode() for name, text in (self.hidden | fields).items()}
        parts = [
            f'--X\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + value
            for name, value in (given | {"step": step.encode()} | content).items()
        ]
        body = b"\r\n".join([*parts, b"--X--\r\n"])
        return await self._ask("POST", "/sso/OAuth", body, "multipart/form-data; boundary=X")

    async def register(self, **fields: str) -> Reply:
        await self.agree()
        return await self.upload(
            "register", files(), **({"consumer_key": KEY, "enabled": "yes"} | fields)
        )

    @property
    def hidden(self) -> dict[str, str]:
        return dict(HIDDEN.findall(self.page.body.decode()))

    def shown(self, name: str) -> str:
        """Return what the page shows under an id."""
        found = re.search(rf'id="{name}">(.*?)<', self.page.body.decode(), re.DOTALL)
        assert found is not None, self.page.body
        return found[1].replace("&amp;", "&").strip()

    @property
    def consumer(self) -> Consumer:
        return self.rig.registrations.consumers[KEY]

    async def _ask(
        self, method: str, path: str, body: bytes = b"", content_type: str | None = None
    ) -> Reply:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {
            "cookie": cookie,
            "origin": OWN if method == "POST" else None,
            "content-type": content_type,
        }
        self.page = await self.rig.ask(method, path, body, headers=headers, base="")
        for name, value in self.page.headers:
            if name == "set-cookie":
                pair, *attributes = value.split("; ")
                key, _, content = pair.partition("=")
                self.cookies[key] = content
                if "Max-Age=0" in attributes:
                    del self.cookies[key]
        return self.page


async def signing(rig: Outside) -> tuple[Browser, Program]:
    """Return demo's browser on the page, and a program of demo's that has signed in."""
    owned = rig.registrations.consumers[PROGRAMS_KEY]
    owned.owner, owned.kind = UserName("demo"), FIRST_PARTY
    rig.registrations.agreements[owned.owner] = 1
    program = rig.program()
    await rig.shake_hands(program)
    assert (await rig.call(program, "POST", "/tickle")).status == 200
    browser = Browser(rig)
    await browser.sign_in()
    return browser, program
