"""The application: one face of one desk, as ASGI.

It reads a request, walks it through the pipeline, and lets the answer leave when the events
behind it are on disk.
"""

import asyncio
from collections.abc import Coroutine
from time import perf_counter
from typing import Any, TypeAlias

from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from paperdesk.api import refusals
from paperdesk.api.matching import Matcher
from paperdesk.api.route import Answer
from paperdesk.auth.exercises import client_of
from paperdesk.base.units import SECOND, Instant
from paperdesk.server import answers, areas, hosted, pipeline, requests, sockets
from paperdesk.server.faces import Face
from paperdesk.server.premises import Premises
from paperdesk.server.requests import NO_BODY, Request
from paperdesk.server.sockets import Receive, Send

Scope: TypeAlias = dict[str, Any]


class Application:
    """One face of one desk. It is made inside the loop that serves it."""

    def __init__(self, face: Face, matcher: Matcher, premises: Premises) -> None:
        """Answer for a desk with the routes of a matcher."""
        self.face = face
        self.matcher = matcher
        self.premises = premises
        self.keeper = premises.keeper
        self.desk = premises.desk
        self.roster = premises.roster
        self.gateway = premises.gateway
        self.credentials = premises.credentials
        self.porter = premises.porter
        self.registry = premises.registry
        self.callers = premises.callers
        self.tokens = premises.tokens
        self.handshakes = premises.handshakes
        self.sittings = premises.sittings
        self.enrolments = premises.enrolments
        self.durability = premises.durability
        self.audience = premises.audience
        self.speaker = premises.speaker
        self.stirred = premises.stirred
        self.slicer = premises.slicer
        self.turnstile = premises.pacer.turnstile(face.name, face.rate)
        self._late: set[asyncio.Task[None]] = set()

    def wall(self) -> Instant:
        """Return wall time."""
        return self.keeper.now()

    def catch_up(self, now: Instant) -> None:
        """Let desk time come to where it belongs at an instant of wall time."""
        self.keeper.catch_up(now)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or one socket."""
        if scope["type"] == "websocket":
            await sockets.converse(self, scope, receive, send)
            return
        assert scope["type"] == "http"
        request = requests.read(scope, self.keeper.now(), perf_counter())
        try:
            answer = await self._answered(scope, request, receive)
            if answer is not None:
                await answers.leave(scope, self._sent(request, answer), send)
        finally:
            pipeline.left(request)

    async def _answered(self, scope: Scope, request: Request, receive: Receive) -> Answer | None:
        """Return the answer to a request; None when its sender has gone."""
        area = areas.area_of(self.face, request.path)
        answer = area.refused(self, request) if area else pipeline.begun(self, request)
        if answer is None:
            body = b"" if request.content_length in NO_BODY else await _body(receive)
            if body is None:
                return None
            if area:
                answer = await area.answer(self, request, body)
            else:
                found = self._finished(request, body)
                answer = found if isinstance(found, Answer) else await self._done(scope, found)
            if self.desk.seq > self.desk.journal.durable_seq and not await self.premises.settled():
                answer = refusals.STOPPED
            if held := self._held(request):
                await asyncio.sleep(held)
        return answer

    async def _done(self, scope: Scope, work: pipeline.Work) -> Answer | None:
        cycle: RequestResponseCycle | None = answers.cycle_of(scope)
        return await self.slicer.done(work, lambda: cycle is None or not cycle.disconnected)

    def answer_at_once(self, cycle: RequestResponseCycle) -> bool:
        """Answer a request without a body before the loop turns, and say whether that was done.

        A task and a turn of the loop cost more than most readings of a desk. Only a client that
        reads slowly is waited for in a task all the same.
        """
        scope: Scope = cycle.scope  # type: ignore[assignment]
        if scope["method"] != "GET" or areas.area_of(self.face, scope["path"]):
            return False
        request = requests.read(scope, self.keeper.now(), perf_counter())
        if request.content_length not in NO_BODY:
            return False
        self._answer(request, b"", cycle)
        return True

    def answer_whole(self, cycle: RequestResponseCycle) -> bool:
        """Answer a request that came with its body, as `answer_at_once`, and say whether it was."""
        scope: Scope = cycle.scope  # type: ignore[assignment]
        if areas.area_of(self.face, scope["path"]):
            return False
        self._answer(
            requests.read(scope, self.keeper.now(), perf_counter()), bytes(cycle.body), cycle
        )
        return True

    def _answer(self, request: Request, body: bytes, cycle: RequestResponseCycle) -> None:
        """Find an answer, and let it leave when what is behind it is on disk."""
        answer = pipeline.begun(self, request)
        if answer is None:
            found = self._finished(request, body)
            if not isinstance(found, Answer):
                self._wait_for(self._answer_late(request, found, cycle))
                return
            answer = found
        held = self._held(request)
        if held:
            loop = asyncio.get_running_loop()
            loop.call_later(held, self._leave_when_kept, request, answer, cycle)
        else:
            self._leave_when_kept(request, answer, cycle)

    async def _answer_late(
        self, request: Request, work: pipeline.Work, cycle: RequestResponseCycle
    ) -> None:
        """Do long work, of which others notice little, and let its answer leave."""
        answer = await self.slicer.done(work, lambda: not cycle.disconnected)
        if answer is None:
            pipeline.left(request)
        else:
            self._leave_when_kept(request, answer, cycle)

    def _leave_when_kept(
        self, request: Request, answer: Answer, cycle: RequestResponseCycle
    ) -> None:
        seq = self.desk.seq
        if seq > self.desk.journal.durable_seq:
            self.durability.when(
                seq,
                lambda is_kept: self._leave(
                    request, answer if is_kept else refusals.STOPPED, cycle
                ),
            )
        else:
            self._leave(request, answer, cycle)

    def _held(self, request: Request) -> float:
        """Return how many seconds an answer is held back for."""
        until = request.held_until
        if self.face.is_hosted:
            until = max(until, hosted.held_until(request))
        return max(0, until - request.now) / SECOND

    def _leave(self, request: Request, answer: Answer, cycle: RequestResponseCycle) -> None:
        if cycle.flow.write_paused and not cycle.disconnected:
            self._wait_for(self._leave_late(request, answer, cycle))
            return
        if not cycle.disconnected:
            answers.write(cycle, self._sent(request, answer))
        pipeline.left(request)

    async def _leave_late(
        self, request: Request, answer: Answer, cycle: RequestResponseCycle
    ) -> None:
        """Wait for a client that reads slowly."""
        await cycle.flow.drain()
        if not cycle.disconnected:
            answers.write(cycle, self._sent(request, answer))
        pipeline.left(request)

    def _wait_for(self, story: Coroutine[Any, Any, None]) -> None:
        late = asyncio.get_running_loop().create_task(story)
        self._late.add(late)
        late.add_done_callback(self._late.discard)

    def _sent(self, request: Request, answer: Answer) -> answers.Sent:
        client = request.client
        client_id = client.client_id if client else client_of(request.session.credential)
        if client_id:
            path = self.face.below(request.path) or ""
            self.premises.exercises.note(
                client_id, request.method, path, answer.status, request.now
            )
        is_shared = bool(request.origin) and pipeline.is_listed(self.face, request)
        face = self.face
        return answers.sent(
            request,
            answer,
            is_shared=is_shared,
            has_user=face.shares_credentials,
            cookie_path=face.cookie_path,
        )

    def _finished(self, request: Request, body: bytes) -> Answer | pipeline.Work:
        answer = pipeline.finished(self, request, body)
        self.speaker.wake()
        return answer


async def _body(receive: Receive) -> bytes | None:
    """Read a body, whose length was checked before; None where its sender has gone."""
    message = await receive()
    if message["type"] == "http.request" and not message.get("more_body"):
        return message.get("body", b"")  # type: ignore[no-any-return]
    parts = []
    while message["type"] == "http.request":
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)
        message = await receive()
    return None
