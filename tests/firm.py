"""A firm's back end that asks a rig's hosted face."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode

from tests.oauth2 import NOW, SECOND, assertion, client, clients, rs256, rsa_key, said, text, token
from tests.serving import Reply, Rig

from paperdesk.api.catalogue import HOSTED_TABLES
from paperdesk.api.matching import Matcher
from paperdesk.auth.oauth2.authorization import OAuth2Settings
from paperdesk.auth.oauth2.token_requests import ASSERTION_TYPE, FORM, GRANT
from paperdesk.base.ids import AccountId, UserName
from paperdesk.kernel.state.accounts import User
from paperdesk.server import faces

T = TypeVar("T")
TOKEN = "/oauth2/api/v1/token"
SAMPLE = User(
    user_name=UserName("sample01"),
    user_id=77,
    account_ids=(AccountId("DU7654321"),),
    is_paper=True,
)


def form(shown: str, **more: str) -> bytes:
    """Return a token request's body."""
    fields = {
        "grant_type": GRANT,
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": shown,
    }
    return urlencode(fields | more).encode()


class Firm:
    """A rig whose hosted face knows the firm of the vectors, at the vectors' time."""

    def __init__(self, folder: Path, settings: OAuth2Settings | None = None) -> None:
        """Begin without any token; made inside a loop."""
        self.rig = Rig(folder, matcher=Matcher(HOSTED_TABLES), face=faces.hosted())
        self.rig.wall.now = NOW
        self.rig.desk.world.accounts.users[SAMPLE.user_name] = SAMPLE
        self.registrations = self.rig.people.registry.registrations
        self.registrations.clients.update(clients())
        self.tokens = self.rig.premises.tokens
        self.tokens.server_key = rsa_key("server")
        if settings is not None:
            self.tokens.settings = settings

    @property
    def client(self) -> Any:  # noqa: ANN401 - the registration, to be changed
        """The firm's registration."""
        return self.registrations.clients[client().client_id]

    async def ask(self, method: str, path: str, body: bytes = b"", **headers: str | None) -> Reply:
        """Send a request; a header's name may have underscores."""
        given: dict[str, str | None] = {"user-agent": "firm/1.0"}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.rig.ask(method, path, body, headers=given, base="")

    async def post(self, body: bytes, **headers: str | None) -> Reply:
        """Post a form to the token endpoint."""
        return await self.ask("POST", TOKEN, body, **({"content_type": FORM} | headers))

    async def granted(self, scope: str = "") -> str:
        """Return a new access token."""
        claims = said(self.rig.wall.now)
        reply = await self.post(form(assertion(claims), **({"scope": scope} if scope else {})))
        assert reply.status == 200, reply.body
        return str(reply.json["access_token"])

    async def call(
        self, path: str, access_token: str, fields: dict[str, object] | None = None
    ) -> Reply:
        """Ask the gateway API: GET without fields, else POST with a signed body."""
        authorization = f"Bearer {access_token}"
        if fields is None:
            return await self.ask("GET", f"/gw/api/v1{path}", authorization=authorization)
        body = self.signed(fields).encode()
        return await self.ask(
            "POST",
            f"/gw/api/v1{path}",
            body,
            authorization=authorization,
            content_type="application/jwt",
        )

    def signed(self, fields: dict[str, object]) -> str:
        """Return a signed body."""
        at = self.rig.wall.now // SECOND
        claims = {"iss": client().client_id, "iat": at, "exp": at + 1_000} | fields
        header = {"alg": "RS256", "typ": "JWT", "kid": "main"}
        return token(text(header), text(claims), rs256())

    async def bearer(self, **more: object) -> str:
        """Return the bearer token of a new trading session."""
        access_token = await self.granted()
        fields = {"credential": "sample01", "ip": "127.0.0.1"} | more
        reply = await self.call("/sso-sessions", access_token, fields)
        assert reply.status == 200, reply.body
        return str(reply.json["access_token"])

    async def trade(self, method: str, path: str, bearer: str, remote: str = "127.0.0.1") -> Reply:
        """Ask the trading API with a bearer token."""
        headers: dict[str, str | None] = {
            "user-agent": "firm/1.0",
            "authorization": f"Bearer {bearer}",
        }
        return await self.rig.ask(method, path, headers=headers, remote=remote)


def told(
    folder: Path, story: Callable[[Firm], Awaitable[T]], settings: OAuth2Settings | None = None
) -> T:
    """Tell a story of a firm in a loop of its own."""

    async def begun() -> T:
        firm = Firm(folder, settings)
        try:
            return await story(firm)
        finally:
            firm.tokens.close()

    return asyncio.run(begun())
