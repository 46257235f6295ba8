import asyncio
import sys
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.serving import Reply, Rig

from paperdesk.server import webapps
from paperdesk.server.faces import Face, WebApp


@pytest.fixture
def app(tmp_path: Path) -> WebApp:
    folder = tmp_path / "webapps" / "demo"
    (folder / "js").mkdir(parents=True)
    (folder / "index.html").write_text("<p>demo</p>")
    (folder / "js" / "app.js").write_text("let a = 1;")
    (folder / "js" / "index.html").write_text("inside")
    (folder / "data.bin").write_bytes(b"\x00\x01")
    (folder / ".env").write_text("hidden")
    (folder / "a b.txt").write_text("blank")
    (tmp_path / "webapps" / "secret.txt").write_text("secret")
    (tmp_path / "webapps" / "demo-2").mkdir()
    (tmp_path / "webapps" / "demo-2" / "index.html").write_text("other")
    return WebApp("demo", folder.resolve())


def ask(tmp_path: Path, app: WebApp, path: str, method: str = "GET") -> Reply:
    async def told() -> Reply:
        rig = Rig(tmp_path / "data", face=Face(webapps=(app,)))
        return await rig.ask(method, path, base="")

    return asyncio.run(told())


@pytest.mark.parametrize(
    ("path", "body", "content_type"),
    [
        ("/demo/", b"<p>demo</p>", "text/html; charset=utf-8"),
        ("/demo/index.html", b"<p>demo</p>", "text/html; charset=utf-8"),
        ("/demo/js/app.js", b"let a = 1;", "text/javascript; charset=utf-8"),
        ("/demo//js///app.js", b"let a = 1;", "text/javascript; charset=utf-8"),
        ("/demo/js", b"inside", "text/html; charset=utf-8"),
        ("/demo/data.bin", b"\x00\x01", "application/octet-stream"),
        ("/demo/a b.txt", b"blank", "text/plain; charset=utf-8"),
    ],
)
def test_a_file_is_answered_with_its_type(
    tmp_path: Path, app: WebApp, path: str, body: bytes, content_type: str
) -> None:
    reply = ask(tmp_path, app, path)

    assert (reply.status, reply.body) == (200, body)
    assert reply.header("content-type") == content_type
    assert reply.header("x-content-type-options") == "nosniff"
    assert reply.header("x-frame-options") == "SAMEORIGIN"


def test_the_bare_name_leads_into_the_folder(tmp_path: Path, app: WebApp) -> None:
    reply = ask(tmp_path, app, "/demo")

    assert (reply.status, reply.header("location")) == (302, "/demo/")


@pytest.mark.parametrize(
    "path",
    [
        "/demo/nothing.html",
        "/demo/../secret.txt",
        "/demo/js/../../secret.txt",
        "/demo/..",
        "/demo/./index.html",
        "/demo/.env",
        "/demo/..\\secret.txt",
        "/demo/C:/windows/win.ini",
        "/demo//etc/passwd",
        "/demo/index.html\x00.js",
        "/demo/index.html/",
        "/demo/index.html/more",
        "/demo/" + "a" * 300,
        "/demo-2/index.html",
        "/demox",
        "/webapps/demo/index.html",
    ],
)
def test_nothing_else_is_answered(tmp_path: Path, app: WebApp, path: str) -> None:
    reply = ask(tmp_path, app, path)

    is_folder_of_file = path == "/demo/index.html/"
    assert (reply.status == 200) == is_folder_of_file
    assert b"secret" not in reply.body
    assert b"hidden" not in reply.body


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_leads_nowhere_else(tmp_path: Path, app: WebApp) -> None:
    (app.folder / "out.txt").symlink_to(tmp_path / "webapps" / "secret.txt")
    (app.folder / "up").symlink_to(tmp_path / "webapps")
    (app.folder / "self").symlink_to(app.folder / "self")
    (app.folder / "inside.html").symlink_to(app.folder / "index.html")

    statuses = [
        ask(tmp_path, app, f"/demo/{name}").status
        for name in ("out.txt", "up/secret.txt", "up/demo-2/index.html", "self", "inside.html")
    ]

    assert statuses == [404, 404, 404, 404, 200]


def test_an_index_cannot_be_outside(tmp_path: Path, app: WebApp) -> None:
    sly = msgspec.structs.replace(app, index="../secret.txt")

    assert webapps.file(sly, "").status == 404


def test_a_file_that_is_too_large_is_not_sent(
    tmp_path: Path, app: WebApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webapps, "FILE_SIZE_MAX", 5)

    assert webapps.file(app, "index.html").status == 404


def test_apps_only_show(tmp_path: Path, app: WebApp) -> None:
    assert ask(tmp_path, app, "/demo/", "POST").status == 405


def test_an_app_is_for_this_machine_and_its_own_pages_alone(tmp_path: Path, app: WebApp) -> None:
    async def told() -> list[int]:
        rig = Rig(tmp_path / "data", face=Face(webapps=(app,)))
        return [
            (await rig.ask("GET", "/demo/", base="", remote="10.0.0.7")).status,
            (
                await rig.ask("GET", "/demo/", base="", headers={"origin": "https://attacker.test"})
            ).status,
            (await rig.ask("GET", "/demo/", base="", headers={"host": "attacker.test"})).status,
        ]

    assert asyncio.run(told()) == [403, 403, 403]


@pytest.mark.parametrize(
    ("name", "is_good"),
    [
        ("demo", True),
        ("my-app_2", True),
        ("v1", False),
        ("SSO", False),
        ("", False),
        ("..", False),
        ("a/b", False),
        ("demo\n", False),
        ("x" * 64, False),
    ],
)
def test_names_are_paths_that_nothing_else_has(name: str, is_good: bool) -> None:
    assert webapps.is_name(name) == is_good


@given(st.text(max_size=60))
def test_whatever_is_asked_for_stays_inside(path: str) -> None:
    root = Path(__file__).parent
    app = WebApp("demo", root / "no-such-folder")

    assert webapps.file(app, path).status == 404
