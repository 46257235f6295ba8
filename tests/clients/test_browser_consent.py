"""A third party's user in a real Chromium: from the vendor's page to consent, and back."""

import json
import threading
import time
import urllib.request
from collections.abc import Iterator
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import SimpleQueue
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.support import expected_conditions as when
from tests.clients.browsers import PASSWORD, Desk, browser, served, until, unverified
from tests.programs import BASE, Program, consumer, register

from paperdesk.server.registry import Registry

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]

ACCOUNT = "DU1234567"


class Vendor(msgspec.Struct, kw_only=True):
    """A program's web site: a page with a link to the desk, and where its users come back to."""

    server: ThreadingHTTPServer
    answers: SimpleQueue[str]
    links: list[str]

    @property
    def address(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.server.server_port}"

    @property
    def callback(self) -> str:
        """Where its users come back to."""
        return f"{self.address}/back?from=desk"


@pytest.fixture(scope="module")
def vendor() -> Iterator[Vendor]:
    answers: SimpleQueue[str] = SimpleQueue()
    links: list[str] = []

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.startswith("/back"):
                answers.put(self.path)
            page = "<!DOCTYPE html><title>vendor</title>"
            page += "".join(f'<a href="{escape(link)}">desk</a>' for link in links)
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield Vendor(server=server, answers=answers, links=links)
        server.shutdown()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, vendor: Vendor) -> Iterator[Desk]:
    data_dir = tmp_path_factory.mktemp("desk")
    folder = data_dir / "desks" / "default"
    folder.mkdir(parents=True)
    registry = Registry(folder)
    register(registry.registrations, consumer(title="Vendor", callbacks=(vendor.callback,)))
    registry.save()
    with served(data_dir, "--pacing", "off") as desk:
        yield desk


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebDriver]:
    with browser(tmp_path_factory.mktemp("profile")) as driver:
        yield driver


def asked(desk: Desk, method: str, path: str, authorization: str) -> Any:  # noqa: ANN401
    """Send a signed request to the hosted face."""
    request = urllib.request.Request(  # noqa: S310 - our own desk's
        f"{desk.hosted}{BASE}{path}",
        data=b"" if method == "POST" else None,
        method=method,
        headers={"Authorization": authorization, "User-Agent": "tests"},
    )
    with urllib.request.urlopen(request, context=unverified()) as reply:  # noqa: S310
        return json.loads(reply.read())


def led_to_the_desk(driver: WebDriver, desk: Desk, vendor: Vendor, program: Program) -> str:
    """Follow the vendor's link, and return the request token."""
    answer = asked(desk, "POST", "/oauth/request_token", program.for_request_token(vendor.callback))
    token: str = answer["oauth_token"]
    vendor.links[:] = [f"{desk.hosted}/authorize?oauth_token={token}"]
    driver.get(f"{vendor.address}/start")
    driver.find_element(By.TAG_NAME, "a").click()
    until(driver, when.presence_of_element_located((By.NAME, "username")))
    driver.find_element(By.NAME, "username").send_keys("demo")
    driver.find_element(By.NAME, "password").send_keys(PASSWORD)
    driver.find_element(By.CSS_SELECTOR, "button[type=submit]").click()
    until(driver, when.presence_of_element_located((By.NAME, "decision")))
    return token


def test_a_user_consents_and_the_program_trades(
    driver: WebDriver, desk: Desk, vendor: Vendor
) -> None:
    program = Program(lambda: int(time.time()), desk.hosted)
    token = led_to_the_desk(driver, desk, vendor, program)
    assert driver.find_element(By.ID, f"account-{ACCOUNT}").is_selected()

    driver.find_element(By.CSS_SELECTOR, "button[value=consent]").click()
    until(driver, when.url_contains("/back"))
    answer = parse_qs(urlsplit(vendor.answers.get(timeout=5)).query)
    verifier = answer["oauth_verifier"][0]
    program.take_access_token(
        asked(desk, "POST", "/oauth/access_token", program.for_access_token(token, verifier))
    )
    program.agree(
        asked(desk, "POST", "/oauth/live_session_token", program.for_live_session_token())
    )
    accounts = asked(
        desk, "GET", "/portfolio/accounts", program.by_hmac("GET", "/portfolio/accounts")
    )

    assert (answer["from"], answer["oauth_token"]) == (["desk"], [token])
    assert [row["id"] for row in accounts] == [ACCOUNT]


def test_a_user_refuses(driver: WebDriver, desk: Desk, vendor: Vendor) -> None:
    program = Program(lambda: int(time.time()), desk.hosted)
    token = led_to_the_desk(driver, desk, vendor, program)

    driver.find_element(By.CSS_SELECTOR, "button[value=deny]").click()
    until(driver, when.url_contains("/back"))
    answer = parse_qs(urlsplit(vendor.answers.get(timeout=5)).query)

    assert answer["oauth_token"] == [token]
    assert answer["oauth_problem"] == ["user_refused"]
    assert "oauth_verifier" not in answer
