import asyncio
import json
import urllib.request
from pathlib import Path
from typing import Any

import msgspec
from tests.server.test_serve import options, served

from paperdesk.desk.manifests import place
from paperdesk.server import presence
from paperdesk.server.serve import Opened


def post(url: str, body: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON
    with urllib.request.urlopen(url, msgspec.json.encode(body), timeout=30) as answer:  # noqa: S310
        return json.load(answer)


def test_a_running_desk_can_be_found_and_told_of_programs(tmp_path: Path) -> None:
    folder = place(tmp_path, "default").directory

    async def story(opened: Opened) -> tuple[Opened, presence.Presence | None, Any, Any]:
        found = presence.read(folder)
        desk = f"{opened.control_url}/desks/{opened.desk}"
        user = await asyncio.to_thread(post, f"{desk}/users", {"user_name": "ann"})
        made = await asyncio.to_thread(post, f"{desk}/consumers/instant", {"user": "ann"})
        return opened, found, user, made

    opened, found, user, made = served(options(tmp_path, hosted_port=0), story)

    assert found is not None
    assert (found.control_url, found.hosted_url) == (opened.control_url, opened.hosted_url)
    assert presence.read(folder) is None
    assert len(user["password"]) == 19
    assert f"{opened.hosted_url}/v1/api/" in made["environment"]
    assert str(opened.authority) in made["environment"]
    assert made["consumer_key"] in (folder / "registrations.json").read_text(encoding="utf-8")
