"""A user in a real Chromium registers a program, uploads its keys and reads its token once."""

from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver
from tests import registrants
from tests.clients.browsers import PASSWORD, Desk, browser, served, until
from tests.oauth2 import rsa_key

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]

FILES = ("signature", "encryption", "parameters")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with served(tmp_path / "data", "--pacing", "off") as desk:
        yield desk


@pytest.fixture
def driver(tmp_path: Path) -> Iterator[WebDriver]:
    with browser(tmp_path / "profile") as driver:
        yield driver


@pytest.fixture
def uploads(tmp_path: Path) -> dict[str, str]:
    """Write the files of a program, one of them as a Windows editor would."""
    content = {
        "signature": registrants.public(rsa_key("own signature")).replace("\n", "\r\n"),
        "encryption": registrants.public(rsa_key("own encryption")),
        "parameters": registrants.parameters().decode(),
    }
    for name, text in content.items():
        (tmp_path / f"{name}.pem").write_bytes(text.encode())
    return {name: str(tmp_path / f"{name}.pem") for name in FILES}


def press(driver: WebDriver, step: str) -> None:
    driver.find_element(By.CSS_SELECTOR, f'button[value="{step}"]').click()


def text_of(driver: WebDriver, name: str) -> str:
    return until(driver, lambda page: page.find_element(By.ID, name).text)


def sign_in(driver: WebDriver, desk: Desk) -> None:
    driver.get(f"{desk.hosted}/sso/Login?action=OAUTH")
    driver.find_element(By.ID, "username").send_keys("demo")
    driver.find_element(By.ID, "password").send_keys(PASSWORD)
    driver.find_element(By.CSS_SELECTOR, ".xyz-button-login").click()
    until(driver, lambda page: page.current_url.endswith("/sso/OAuth"))


def test_a_program_is_registered_and_its_secret_seen_once(
    driver: WebDriver, desk: Desk, uploads: dict[str, str]
) -> None:
    sign_in(driver, desk)
    driver.find_element(By.ID, "accepted").click()
    press(driver, "agree")
    until(driver, lambda page: page.find_element(By.ID, "consumer_key")).send_keys("ANNSROBOT")
    for name in FILES:
        driver.find_element(By.ID, name).send_keys(uploads[name])
    press(driver, "register")
    assert "after the next midnight" in text_of(driver, "state")

    press(driver, "token")
    token, secret = text_of(driver, "access-token"), text_of(driver, "access-token-secret")

    (kept,) = desk.ask(desk.control, "GET", "/desks/default/consumers")
    assert [row["token"] for row in kept["tokens"]] == [token]
    assert rsa_key("own encryption").decrypt(b64decode(secret), PKCS1v15())
    driver.get(f"{desk.hosted}/sso/OAuth")
    assert text_of(driver, "consumer-key") == "ANNSROBOT"
    assert not driver.find_elements(By.ID, "access-token-secret")
