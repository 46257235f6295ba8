import asyncio
from pathlib import Path
from typing import Unpack

import pytest
from tests.serving import Asked, Reply, Rig

from paperdesk.auth.pacing.settings import PacingSettings
from paperdesk.server import faces
from paperdesk.server.faces import Face


def asked(
    tmp_path: Path, method: str, path: str, body: bytes = b"", **more: Unpack[Asked]
) -> Reply:
    async def story() -> Reply:
        rig = Rig(tmp_path)
        rig.sign_in()
        return await rig.ask(method, path, body, **more)

    return asyncio.run(story())


def status(tmp_path: Path, headers: dict[str, str | None], path: str = "/tickle") -> int:
    return asked(tmp_path, "POST", path, headers=headers).status


@pytest.mark.parametrize(
    "host",
    ["localhost", "localhost:5000", "127.0.0.1:5000", "[::1]:5000", "[::1]", "LOCALHOST:5000"],
)
def test_this_machines_own_names_are_served(tmp_path: Path, host: str) -> None:
    assert status(tmp_path, {"host": host}) == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "evil.example:5000",
        "",
        None,
        "10.0.0.1:5000",
        "localhost@evil.example",
        "127.0.0.1.nip.io",
        "[::2]:5000",
        "0.0.0.0:5000",
    ],
)
def test_a_name_that_somebody_pointed_here_is_refused(tmp_path: Path, host: str | None) -> None:
    reply = asked(tmp_path, "POST", "/tickle", headers={"host": host})

    assert (reply.status, reply.body) == (403, b"Access Denied")
    assert reply.header("content-type") == "text/plain; charset=utf-8"


def test_the_name_that_one_client_always_says_is_served(tmp_path: Path) -> None:
    assert status(tmp_path, {"host": "api.ibkr.com"}) == 200


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        (None, 200),
        ("https://localhost:5000", 200),
        ("https://LOCALHOST:5000", 200),
        ("http://localhost:5000", 403),
        ("https://localhost:3000", 403),
        ("https://localhost", 403),
        ("https://evil.example", 403),
        ("null", 403),
        ("https://localhost:5000.evil.example", 403),
    ],
)
def test_pages_of_other_origins_are_refused(
    tmp_path: Path, origin: str | None, expected: int
) -> None:
    assert status(tmp_path, {"origin": origin}) == expected


@pytest.mark.parametrize(
    ("site", "expected"),
    [("same-origin", 200), ("none", 200), ("same-site", 403), ("cross-site", 403), ("?", 403)],
)
def test_a_browser_that_comes_from_elsewhere_is_refused(
    tmp_path: Path, site: str, expected: int
) -> None:
    assert status(tmp_path, {"sec-fetch-site": site}) == expected


def test_a_link_to_the_login_page_may_be_followed(tmp_path: Path) -> None:
    link: dict[str, str | None] = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}

    assert asked(tmp_path, "GET", "/sso/Login", headers=link, base="").status == 200
    assert asked(tmp_path, "GET", "/tickle", headers=link).status == 403
    assert asked(tmp_path, "POST", "/sso/Authenticator", headers=link, base="").status == 403


@pytest.mark.parametrize("remote", ["10.0.0.7", "192.168.1.2", "::2", "", "nonsense"])
def test_other_machines_are_refused(tmp_path: Path, remote: str) -> None:
    assert asked(tmp_path, "GET", "/tickle", remote=remote).status == 403


@pytest.mark.parametrize("remote", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
def test_this_machine_is_served_by_every_address_of_its_own(tmp_path: Path, remote: str) -> None:
    assert asked(tmp_path, "GET", "/tickle", remote=remote).status == 200


@pytest.mark.parametrize("path", ["/tickle", "/unknown"])
def test_a_post_without_a_length_is_411(tmp_path: Path, path: str) -> None:
    reply = asked(tmp_path, "POST", path, headers={"content-length": None})
    missing = asked(tmp_path, "POST", path, headers={"content-length": ""})

    assert missing.status == 411
    assert missing.header("content-type") == "text/html; charset=utf-8"
    assert reply.status == 411


def test_a_chunked_body_is_411_and_ends_the_connection(tmp_path: Path) -> None:
    reply = asked(
        tmp_path,
        "POST",
        "/tickle",
        headers={"content-length": None, "transfer-encoding": "chunked"},
    )

    assert reply.status == 411
    assert reply.header("connection") == "close"


@pytest.mark.parametrize("length", ["1000001", "99999999999999999999999999"])
def test_a_body_of_more_than_a_megabyte_is_413(tmp_path: Path, length: str) -> None:
    reply = asked(tmp_path, "POST", "/tickle", headers={"content-length": length})

    assert reply.status == 413
    assert reply.header("connection") == "close"


@pytest.mark.parametrize("length", ["-1", "+5", "1_0", "0x10", "ten", "5, 5"])
def test_a_length_that_is_none_is_400(tmp_path: Path, length: str) -> None:
    assert asked(tmp_path, "POST", "/tickle", headers={"content-length": length}).status == 400


def test_an_api_call_that_is_refused_says_what_to_do_in_a_header(tmp_path: Path) -> None:
    async def story() -> Reply:
        return await Rig(tmp_path).ask("GET", "/sso/validate")

    reply = asyncio.run(story())

    assert "--login" in (reply.header("x-paperdesk-hint") or "")


LISTED = Face(origins=("https://localhost:3000",))


def from_page(tmp_path: Path, method: str, origin: str) -> Reply:
    async def story() -> Reply:
        rig = Rig(tmp_path, face=LISTED)
        rig.sign_in()
        headers: dict[str, str | None] = {"origin": origin, "sec-fetch-site": "same-site"}
        return await rig.ask(method, "/tickle", headers=headers)

    return asyncio.run(story())


def test_a_page_that_was_listed_may_ask_and_read(tmp_path: Path) -> None:
    asked = from_page(tmp_path, "OPTIONS", "https://localhost:3000")
    told = from_page(tmp_path, "POST", "https://localhost:3000")

    assert asked.status == 204
    assert asked.header("access-control-allow-methods") == "GET, POST, PUT, DELETE"
    assert asked.header("access-control-allow-origin") == "https://localhost:3000"
    assert told.status == 200
    assert told.header("access-control-allow-origin") == "https://localhost:3000"
    assert told.header("access-control-allow-credentials") == "true"


def test_no_other_page_may(tmp_path: Path) -> None:
    for origin in ("https://localhost:3001", "https://evil.example", "*", "null"):
        refused = from_page(tmp_path, "OPTIONS", origin)
        assert refused.status == 403
        assert refused.header("access-control-allow-origin") is None


def test_the_desks_own_page_needs_no_such_header(tmp_path: Path) -> None:
    told = from_page(tmp_path, "POST", "https://localhost:5000")

    assert told.status == 200
    assert told.header("access-control-allow-origin") is None


def test_links_of_other_sites_put_nobody_into_the_box(tmp_path: Path) -> None:
    async def story() -> list[int]:
        rig = Rig(tmp_path, face=faces.hosted(), pacing=PacingSettings())
        link: dict[str, str | None] = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
        own: dict[str, str | None] = {"sec-fetch-site": "none", "sec-fetch-mode": "navigate"}
        path = "/authorize?oauth_token=x"
        found = [(await rig.ask("GET", path, headers=link, base="")).status for _ in range(100)]
        found += [(await rig.ask("GET", path, headers=own, base="")).status for _ in range(100)]
        return [found[99], found[100], found[199]]

    assert asyncio.run(story()) == [400, 400, 429]
