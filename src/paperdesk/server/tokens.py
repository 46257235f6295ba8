"""Tokens: the authorization server, with what of it takes time done in a thread of its own.

Judging an assertion is quick and happens in the loop, where check and entry are one step. Signing
takes a millisecond and writing to disk several: those are done one after the other by one thread,
and an answer leaves when both are done.
"""

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from paperdesk.auth.oauth2 import access_tokens, signatures
from paperdesk.auth.oauth2.access_tokens import Revoked, TokenClaims
from paperdesk.auth.oauth2.authorization import Authorization, OAuth2Settings
from paperdesk.auth.oauth2.replays import Used
from paperdesk.auth.oauth2.rules import Rules
from paperdesk.base.units import Instant
from paperdesk.server.registry import Registry
from paperdesk.server.token_store import TokenStore

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

REAL: Final = "https://api.ibkr.com"
"""Whom clients take us for that are led here by a name."""

TEST: Final = "https://qa.interactivebrokers.com"
"""The same for tests of the real service."""

WAITING_MAX: Final = 256
"""Requests that may wait for the thread: about a third of a second's work."""

DEFAULTS: Final = OAuth2Settings(rules=Rules(issuers=("https://localhost:5001", REAL)))

T = TypeVar("T")


def issuers(scheme: str, host: str, port: int, names: Iterable[str]) -> tuple[str, ...]:
    """Return the addresses that a client may mean by us, the one we call ourselves first.

    Args:
        scheme: `https`, or `http` without TLS.
        host: where the hosted face listens, as clients call it.
        port: of the hosted face.
        names: further hosts that lead here, with and without the port.
    """
    called = [host, "localhost", "127.0.0.1", "::1", *names]
    here = [f"{scheme}://{f'[{one}]' if ':' in one else one}:{port}" for one in called]
    elsewhere = [f"https://{name}" for name in names]
    return tuple(dict.fromkeys((*here, *elsewhere, REAL, TEST)))


class Tokens:
    """The authorization server of one desk. It opens its files when it is first asked."""

    def __init__(
        self,
        folder: Path | None,
        registry: Registry,
        draw_hex: Callable[[int], str],
        wall: Callable[[], Instant],
        settings: OAuth2Settings = DEFAULTS,
    ) -> None:
        """Serve the clients of a registry.

        Args:
            folder: the desk's; None for memory alone.
            registry: who may have tokens.
            draw_hex: returns so many bytes, which nobody can foresee, as hex digits.
            wall: returns wall time.
            settings: how strict to be.
        """
        self.settings = settings
        self.server_key: RSAPrivateKey | None = None
        """In place of the one in the folder; to be set before anybody asks."""

        self._folder = folder
        self._registry = registry
        self._draw_hex = draw_hex
        self._wall = wall
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="tokens")
        self._waiting = 0

    @cached_property
    def store(self) -> TokenStore:
        """What outlives the process."""
        return TokenStore(self._folder, self._wall(), self.server_key)

    @cached_property
    def authorization(self) -> Authorization:
        """Who may have tokens, and which there are."""
        return Authorization(
            self._registry.registrations.clients,
            self.settings,
            self.store.remembered(),
            self._draw_hex,
            self._wall(),
        )

    @property
    def is_busy(self) -> bool:
        """Whether so many wait for the thread that nobody else should."""
        return self._waiting >= WAITING_MAX

    async def open(self) -> None:
        """Open the files ahead of the first request; a key is made where there is none."""
        await self.in_thread(lambda: self.authorization)

    async def issued(self, said: TokenClaims, used: Used | None) -> str:
        """Return a new token, when what was used for it is on disk."""
        return await self.in_thread(lambda: self._issued(said, used))

    async def kept(self, used: Used | None, revoked: Revoked | None) -> None:
        """Wait until what was used and what was revoked is on disk."""
        if used is not None or revoked is not None:
            await self.in_thread(lambda: self.store.keep(used, revoked))

    def close(self) -> None:
        """Finish what is begun, and let the files go."""
        self._thread.shutdown()
        if "store" in self.__dict__:
            self.store.close()

    def _issued(self, said: TokenClaims, used: Used | None) -> str:
        if used is not None:
            self.store.keep(used)
        part = access_tokens.to_sign(said, self.authorization.key.kid)
        return access_tokens.signed(part, signatures.rs256(part, self.store.key))

    async def in_thread(self, work: Callable[[], T]) -> T:
        """Have work done in its turn, off the loop."""
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        finally:
            self._waiting -= 1
