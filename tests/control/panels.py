"""The control API without a port: what is sent and what comes back."""

# Answers are whatever JSON says.
# ruff: noqa: ANN401

import asyncio
from itertools import count
from pathlib import Path
from typing import Any

import msgspec

from paperdesk.auth.consumers import Draw
from paperdesk.auth.exercises import Exercises
from paperdesk.auth.pacing.pacer import Pacer
from paperdesk.auth.roster import Roster
from paperdesk.auth.sessions import SessionSettings
from paperdesk.auth.sign_ins import SignIns
from paperdesk.base.units import Instant
from paperdesk.control.app import ControlApplication
from paperdesk.control.operations import Control
from paperdesk.desk.desk import Desk
from paperdesk.desk.scenario import DeskOptions, open_desk
from paperdesk.server.credentials import Credentials
from paperdesk.server.registry import Registry
from paperdesk.server.second_factors import FactorFile

WALL: Instant = 1_795_500_000_000_000


def begun(data_dir: Path | None = None, clock: str = "stepped") -> Desk:
    """Return a desk at the opening bell of 29 September 2008."""
    return open_desk(
        DeskOptions(
            wall=WALL, data_dir=data_dir, scenario="history", date="2008-09-29", clock=clock
        )
    )


class Panel:
    """Somebody at the controls of a desk."""

    def __init__(self, desk: Desk, data_dir: Path | None = None) -> None:
        self.desk = desk
        self.wall = WALL
        self.stirred = 0
        self.is_settled = True
        self.pacer = Pacer()
        numbers = count()
        self.roster = Roster(SessionSettings(), lambda size: f"{next(numbers):0{2 * size}x}")
        self.sign_ins = SignIns()
        self.factors = None if data_dir is None else FactorFile(data_dir)
        self.register = Registry(None)
        self.exercises = Exercises()
        self.passwords = None if data_dir is None else Credentials(data_dir)
        control = self.control = Control(
            desk=desk,
            data_dir=data_dir,
            wall=lambda: self.wall,
            stirred=self._stirred,
            roster=self.roster,
            pacer=self.pacer,
            sign_ins=self.sign_ins,
            factors=self.factors,
            register=self.register,
            passwords=self.passwords,
            exercises=self.exercises,
            draw=Draw(lambda size: f"{next(numbers):0{2 * size}x}"),
        )
        self.application = ControlApplication(control, self._settled)

    def get(self, path: str, **headers: str) -> Any:
        """Return status and decoded body of a GET."""
        return self.ask("GET", path, b"", **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        """Return status and decoded body of a POST."""
        content = b"" if body is None else msgspec.json.encode(body)
        return self.ask("POST", path, content, **headers)

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Any:
        """Return status and decoded body of a request."""
        status, content = asyncio.run(self._asked(method, path, body, headers))
        return status, msgspec.json.decode(content)

    def lines(self, path: str) -> list[Any]:
        """Return the decoded lines of a long answer."""
        _, content = asyncio.run(self._asked("GET", path, b"", {}))
        return [msgspec.json.decode(line) for line in content.splitlines()]

    async def _asked(
        self, method: str, path: str, body: bytes, headers: dict[str, str]
    ) -> tuple[int, bytes]:
        sent: list[dict[str, Any]] = []
        named = {"host": "localhost:5002"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        where, _, query = path.partition("?")
        scope = {
            "type": "http",
            "method": method,
            "path": where,
            "query_string": query.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in named.items()],
        }

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        await self.application(scope, receive, send)
        return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:])

    async def _settled(self, seq: int) -> bool:
        if seq > self.desk.journal.durable_seq and self.is_settled:
            done = asyncio.Event()
            loop = asyncio.get_running_loop()

            def tell() -> None:
                loop.call_soon_threadsafe(done.set)

            self.desk.journal.notify(seq, tell)
            await done.wait()
        return self.is_settled

    def _stirred(self) -> None:
        self.stirred += 1
