import asyncio
import json
import ssl
import urllib.error
import urllib.request
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest

from paperdesk.auth.pacing.settings import Mode, PacingSettings
from paperdesk.base.errors import UnknownUser
from paperdesk.desk.scenario import DeskOptions
from paperdesk.server import faces, serve
from paperdesk.server.clock import wall
from paperdesk.server.serve import Opened, ServeOptions

T = TypeVar("T")


def options(tmp_path: Path, **more: Any) -> ServeOptions:  # noqa: ANN401 - any option
    given: dict[str, Any] = {"host": "127.0.0.1", "port": 0, "control_port": 0} | more
    desk = DeskOptions(wall=wall(), data_dir=tmp_path, clock="stepped")
    return ServeOptions(desk=desk, data_dir=tmp_path, **given)


def served(given: ServeOptions, story: Callable[[Opened], Awaitable[T]]) -> T:
    async def told() -> T:
        stop = asyncio.Event()
        opened: asyncio.Future[Opened] = asyncio.get_running_loop().create_future()
        serving = asyncio.create_task(serve.serve(given, opened.set_result, stop))
        awaited: set[asyncio.Future[Any]] = {opened, serving}
        await asyncio.wait(awaited, return_when=asyncio.FIRST_COMPLETED)
        if serving.done():
            serving.result()
        try:
            return await story(opened.result())
        finally:
            stop.set()
            await serving

    return asyncio.run(told())


async def ask(opened: Opened, path: str, *, control: bool = False) -> Any:  # noqa: ANN401 - JSON
    url = f"{opened.control_url if control else opened.url}{path}"
    trusting = None if control else ssl.create_default_context(cafile=str(opened.authority))

    def fetch() -> Any:  # noqa: ANN401 - JSON
        with urllib.request.urlopen(url, context=trusting, timeout=10) as answer:  # noqa: S310
            return json.load(answer)

    return await asyncio.to_thread(fetch)


def test_a_desk_is_served_with_its_user_signed_in(tmp_path: Path) -> None:
    async def story(opened: Opened) -> tuple[Opened, Any, Any]:
        status = await ask(opened, "/iserver/auth/status")
        return opened, status, await ask(opened, "/desks", control=True)

    opened, status, desks = served(options(tmp_path, login="demo"), story)

    assert status["established"] is True
    assert opened.signed_in == "demo"
    assert opened.accounts == ("DU1234567",)
    assert len(opened.passwords["demo"]) == 19
    assert [desk["name"] for desk in desks] == ["default"]


def test_the_password_stays_until_somebody_chooses_one(tmp_path: Path) -> None:
    async def story(opened: Opened) -> str:
        return opened.passwords["demo"]

    first = served(options(tmp_path), story)
    second = served(options(tmp_path), story)
    chosen = served(options(tmp_path, password="chosen-by-me"), story)
    after = served(options(tmp_path), story)

    assert first == second
    assert (chosen, after) == ("", "")


def test_nobody_is_signed_in_unless_somebody_says_so(tmp_path: Path) -> None:
    async def story(opened: Opened) -> str:
        return opened.signed_in

    assert served(options(tmp_path), story) == ""


def test_a_user_that_the_desk_has_not_is_refused(tmp_path: Path) -> None:
    async def story(_: Opened) -> None:
        return None

    with pytest.raises(UnknownUser, match="no user 'stranger'; there is: demo"):
        served(options(tmp_path, login="stranger"), story)
    # The desk was let go: it opens again.
    served(options(tmp_path), story)


def test_other_machines_cannot_be_let_in(tmp_path: Path) -> None:
    async def story(_: Opened) -> None:
        return None

    with pytest.raises(faces.AddressNotAllowed):
        served(options(tmp_path, host="0.0.0.0"), story)  # noqa: S104 - what must not be


def test_the_control_api_and_tls_may_be_left_out(tmp_path: Path) -> None:
    async def story(opened: Opened) -> tuple[str, str | None, Path | None]:
        return opened.url, opened.control_url, opened.authority

    url, control_url, authority = served(options(tmp_path, control_port=None, is_tls=False), story)

    assert url.startswith("http://127.0.0.1:")
    assert (control_url, authority) == (None, None)


def test_pacing_is_what_was_asked_for_and_the_control_api_tells_it(tmp_path: Path) -> None:
    async def story(opened: Opened) -> Any:  # noqa: ANN401 - JSON
        for _ in range(3):
            await ask(opened, "/iserver/auth/status")
        return await ask(opened, f"/desks/{opened.desk}/pacing", control=True)

    lenient = PacingSettings(mode=Mode.LENIENT, penalty=5_000_000)
    told = served(options(tmp_path, login="demo", pacing=lenient), story)

    assert (told["mode"], told["penalty_seconds"]) == ("lenient", 5)
    assert [row["of"] for row in told["limits"][:2]] == [
        "all requests, gateway face",
        "all requests, hosted face",
    ]
    assert [(row["user_name"], row["requests"]) for row in told["callers"]] == [("demo", 3)]


def test_refusals_are_explained_to_nobody_but_this_machine(tmp_path: Path) -> None:
    given = options(tmp_path, host="192.168.1.2", explain_auth=True)

    with pytest.raises(faces.AddressNotAllowed, match="--explain-auth"):
        asyncio.run(serve.serve(given, lambda _: None))


def test_refusals_are_explained_where_that_was_asked_for(tmp_path: Path) -> None:
    async def story(opened: Opened) -> Any:  # noqa: ANN401 - JSON
        return await ask(opened, "/desks/default/auth/refusals", control=True)

    told = [
        served(options(tmp_path, hosted_port=0, explain_auth=is_on), story)
        for is_on in (True, False)
    ]

    assert [one["is_explained"] for one in told] == [True, False]


def test_the_hosted_face_is_called_by_every_name_it_was_given(tmp_path: Path) -> None:
    given = options(tmp_path, hosted_port=0, names=("desk.example",))

    async def story(opened: Opened) -> dict[str, int]:
        def status(host: str) -> int:
            asked = urllib.request.Request(  # noqa: S310 - our own desk
                f"{opened.hosted_url}/v1/api/tickle", headers={"Host": host}
            )
            trusting = ssl.create_default_context(cafile=str(opened.authority))
            with pytest.raises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(asked, context=trusting, timeout=10)  # noqa: S310
            refused.value.close()
            return refused.value.code

        names = ("desk.example", "7.api.ibkr.com", "other.example")
        return {name: await asyncio.to_thread(status, name) for name in names}

    assert served(given, story) == {
        "desk.example": 401,
        "7.api.ibkr.com": 401,
        "other.example": 403,
    }
