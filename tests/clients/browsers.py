"""A real Chromium and a real desk, where both are to be had."""

import json
import os
import shutil
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, TypeVar

import msgspec
import pytest
from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.support.wait import WebDriverWait

from paperdesk.server.second_factors import FactorFile

T = TypeVar("T")

PASSWORD = "let-me-in"
SECONDS_MAX = 20
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


class Desk(msgspec.Struct, frozen=True):
    """A desk that another process serves: base addresses without a path."""

    gateway: str
    hosted: str
    control: str
    data_dir: Path

    @property
    def factors(self) -> FactorFile:
        """What its users show beside their passwords."""
        return FactorFile(self.data_dir)

    def ask(self, base: str, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401
        """Send a request as a program does, and return what came back; None for no JSON."""
        data = None if body is None else json.dumps(body).encode()
        if data is None and method == "POST":
            data = b""
        request = urllib.request.Request(  # noqa: S310 - our own desk's
            f"{base}{path}", data=data, method=method
        )
        request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(  # noqa: S310
                request, context=unverified() if base.startswith("https") else None
            ) as reply:
                return json.loads(reply.read())
        except urllib.error.HTTPError as error:
            with error:
                return {"status": error.code}

    def state(self) -> dict[str, Any]:
        """Return all that an attack might change."""
        shown = {
            path: self.ask(self.control, "GET", f"/desks{path}")
            for path in (
                "",
                "/default",
                "/default/clock",
                "/default/journal",
                "/default/logins",
                "/default/market/scripts",
                "/default/users/demo/second-factors",
            )
        }
        shown["box"] = self.ask(self.control, "GET", "/desks/default/pacing")["box"]
        shown["session"] = self.ask(self.gateway, "GET", "/v1/api/tickle").get("session")
        shown["orders"] = self.ask(self.gateway, "GET", "/v1/api/iserver/account/orders")
        return shown


def unverified() -> ssl.SSLContext:
    """Return how a program speaks that trusts whatever certificate it is shown."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


@contextmanager
def served(data_dir: Path, *options: str) -> Iterator[Desk]:
    """Serve a desk whose clock stands, on free ports."""
    command = [sys.executable, "-m", "paperdesk.cli", "serve", "--json", "--clock", "stepped"]
    command += ["--data-dir", str(data_dir), *options]
    for port in ("--port", "--hosted-port", "--control-port"):
        command += [port, "0"]
    environment = os.environ | {"PAPERDESK_PASSWORD": PASSWORD}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    assert process.stdout is not None
    try:
        opened = json.loads(process.stdout.readline())["opened"]
        yield Desk(
            opened["url"].removesuffix("/v1/api"),
            opened["hosted_url"],
            opened["control_url"],
            data_dir,
        )
    finally:
        process.terminate()
        process.communicate(timeout=30)


@contextmanager
def browser(profile: Path, *arguments: str) -> Iterator[WebDriver]:
    """Start a headless Chromium that trusts whatever certificate it is shown."""
    program, driver = _programs()
    options = webdriver.ChromeOptions()
    options.binary_location = program
    for argument in (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--no-first-run",
        "--no-proxy-server",
        "--ignore-certificate-errors",
        f"--user-data-dir={profile}",
        *arguments,
    ):
        options.add_argument(argument)
    made = webdriver.Chrome(options=options, service=Service(executable_path=driver))
    try:
        made.set_page_load_timeout(SECONDS_MAX)
        made.set_script_timeout(SECONDS_MAX)
        yield made
    finally:
        made.quit()


def _programs() -> tuple[str, str]:
    program = next((found for name in CHROMIUMS if (found := shutil.which(name))), None)
    driver = shutil.which("chromedriver")
    if program is None or driver is None:
        pytest.skip("a browser's tests need chromium and chromedriver on the path")
    return program, driver


def until(driver: WebDriver, condition: Callable[[WebDriver], Literal[False] | T]) -> T:
    """Wait until a condition holds in the browser, and return what it returned."""
    wait = WebDriverWait(
        driver,
        SECONDS_MAX,
        poll_frequency=0.05,
        # What was found may go with its page before it is looked at.
        ignored_exceptions=[WebDriverException],
    )
    return wait.until(condition)
