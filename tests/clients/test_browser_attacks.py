"""Pages of a foreign origin in a real Chromium, beside a desk whose user is signed in.

Whatever such a page tries, it reads nothing and changes nothing. The browser trusts every
certificate here, so that nothing but the desk itself refuses.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.by import By
from tests.clients.attackers import (
    ACCOUNT,
    ELEMENTS,
    FACES,
    FORM,
    READS,
    SOCKET,
    WRITES,
    Places,
    attacking,
    fetched,
    rebound,
)
from tests.clients.browsers import Desk, served, until

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with served(tmp_path_factory.mktemp("desk"), "--login", "demo", "--pacing", "off") as desk:
        desk.ask(desk.gateway, "GET", "/v1/api/iserver/accounts")
        desk.state()
        yield desk


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Places]:
    with attacking(tmp_path_factory.mktemp("profile")) as places:
        yield places


@pytest.fixture
def state(desk: Desk) -> Iterator[dict[str, Any]]:
    """Compare all that an attack might change, before and after."""
    before = desk.state()
    assert before["session"]
    yield before
    assert desk.state() == before


def base_of(desk: Desk, face: str) -> str:
    base: str = getattr(desk, face)
    return base


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("mode", ["cors", "no-cors"])
@pytest.mark.parametrize("credentials", ["omit", "include"])
def test_fetch_reads_nothing(
    desk: Desk, places: Places, state: dict[str, Any], face: str, mode: str, credentials: str
) -> None:
    options = {"mode": mode, "credentials": credentials}

    told = fetched(places.open(), [(base_of(desk, face) + path, options) for path in READS[face]])

    assert all(one["type"] in {"failed", "opaque", "opaqueredirect"} for one in told)
    assert all(not one.get("text") for one in told)


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("mode", ["cors", "no-cors"])
@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/json", "application/x-www-form-urlencoded"]
)
def test_fetch_changes_nothing(
    desk: Desk, places: Places, state: dict[str, Any], face: str, mode: str, content_type: str
) -> None:
    options = {
        "method": "POST",
        "mode": mode,
        "credentials": "include",
        "headers": {"Content-Type": content_type},
    }

    told = fetched(
        places.open(),
        [(base_of(desk, face) + path, {**options, "body": body}) for path, body in WRITES[face]],
    )

    assert all(one["type"] in {"failed", "opaque"} and not one.get("text") for one in told)


@pytest.mark.parametrize("method", ["DELETE", "PUT", "OPTIONS"])
@pytest.mark.parametrize("face", FACES)
def test_other_methods_change_nothing(
    desk: Desk, places: Places, state: dict[str, Any], face: str, method: str
) -> None:
    paths = {
        "gateway": f"/v1/api/iserver/account/{ACCOUNT}/order/1",
        "hosted": f"/v1/api/iserver/account/{ACCOUNT}/order/1",
        "control": "/desks/default",
    }

    told = fetched(places.open(), [(base_of(desk, face) + paths[face], {"method": method})])

    assert told == [{"type": "failed"}]


@pytest.mark.parametrize("face", FACES)
def test_elements_load_nothing(
    desk: Desk, places: Places, state: dict[str, Any], face: str
) -> None:
    driver = places.open()

    told = driver.execute_async_script(ELEMENTS, [base_of(desk, face) + p for p in READS[face]])

    # Chromium says of what it embeds that it has loaded where it shows that it has not.
    assert [one for one in told if not one.startswith(("object ", "embed "))] == []


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("encoding", ["text/plain", "application/x-www-form-urlencoded"])
def test_a_form_changes_nothing(
    desk: Desk, places: Places, state: dict[str, Any], face: str, encoding: str
) -> None:
    for path, body in WRITES[face]:
        driver = places.open()
        driver.execute_script(FORM, base_of(desk, face) + path, body or "a=b", encoding)
        until(driver, lambda d: not d.current_url.startswith(places.url))
        shown = driver.find_element(By.TAG_NAME, "body").text
        assert "Access Denied" in shown or "may not control" in shown


@pytest.mark.parametrize("face", FACES)
def test_a_link_shows_nothing_but_the_login_page(
    desk: Desk, places: Places, state: dict[str, Any], face: str
) -> None:
    for path in READS[face]:
        driver = places.open()
        driver.execute_script("location = arguments[0]", base_of(desk, face) + path)
        until(driver, lambda d: not d.current_url.startswith(places.url))
        shown = driver.find_element(By.TAG_NAME, "body").text
        assert ACCOUNT not in shown
        if path not in {"/", "/sso/Login"} or face == "control":
            assert "Access Denied" in shown or "may not control" in shown


@pytest.mark.parametrize("face", FACES)
def test_a_socket_does_not_open(
    desk: Desk, places: Places, state: dict[str, Any], face: str
) -> None:
    url = base_of(desk, face).replace("http", "ws", 1) + "/v1/api/ws"

    told = places.open().execute_async_script(SOCKET, url)

    assert told == {"opened": False, "messages": 0}


@pytest.mark.parametrize("face", FACES)
def test_a_name_that_was_rebound_reads_nothing(
    desk: Desk, places: Places, state: dict[str, Any], face: str
) -> None:
    driver, base = places.driver, rebound(base_of(desk, face))

    driver.get(base + READS[face][0])
    shown = driver.find_element(By.TAG_NAME, "body").text
    told = fetched(driver, [(base + path, {"redirect": "manual"}) for path in READS[face]])

    assert "Access Denied" in shown or "answers localhost alone" in shown
    assert {one["status"] for one in told} == {403}
    assert all(ACCOUNT not in one["text"] and "default" not in one["text"] for one in told)


@pytest.mark.parametrize("face", FACES)
def test_a_name_that_was_rebound_changes_nothing(
    desk: Desk, places: Places, state: dict[str, Any], face: str
) -> None:
    driver, base = places.driver, rebound(base_of(desk, face))
    options = {"method": "POST", "headers": {"Content-Type": "application/json"}}

    driver.get(base + READS[face][0])
    told = fetched(
        driver, [(base + path, {**options, "body": body}) for path, body in WRITES[face]]
    )
    socket = driver.execute_async_script(SOCKET, base.replace("http", "ws", 1) + "/v1/api/ws")

    assert {one["status"] for one in told} == {403}
    assert socket == {"opened": False, "messages": 0}


@pytest.mark.parametrize("face", FACES)
def test_a_frame_shows_nothing(
    desk: Desk, places: Places, state: dict[str, Any], face: str
) -> None:
    for path in READS[face]:
        driver = places.open()
        driver.execute_script(
            "const frame = document.createElement('iframe'); frame.src = arguments[0];"
            "frame.onload = () => { document.title = 'settled'; };"
            "document.body.append(frame);",
            base_of(desk, face) + path,
        )
        until(driver, lambda d: d.title == "settled")
        driver.switch_to.frame(0)
        assert driver.find_elements(By.NAME, "username") == []
        assert ACCOUNT not in driver.page_source
        driver.switch_to.default_content()


@pytest.mark.parametrize(
    ("face", "path"), [("gateway", "/sso/Login"), ("hosted", "/authorize?oauth_token=0123456789")]
)
def test_a_page_that_decides_something_is_shown_in_no_frame(
    desk: Desk, places: Places, state: dict[str, Any], face: str, path: str
) -> None:
    driver = places.open()
    driver.execute_script(
        "const frame = document.createElement('iframe'); frame.src = arguments[0];"
        "frame.onload = () => { document.title = 'settled'; };"
        "document.body.append(frame);",
        base_of(desk, face) + path,
    )
    until(driver, lambda d: d.title == "settled")

    driver.switch_to.frame(0)
    shown = driver.execute_script("return location.href")
    driver.switch_to.default_content()

    assert shown.startswith("chrome-error:")


def test_a_page_without_an_origin_of_its_own_changes_nothing(
    desk: Desk, places: Places, state: dict[str, Any]
) -> None:
    driver = places.open()
    driver.execute_script(
        "const frame = document.createElement('iframe'); frame.sandbox = 'allow-scripts';"
        "frame.srcdoc = '<p>attack</p>'; document.body.append(frame);"
    )
    driver.switch_to.frame(0)

    told = fetched(
        driver,
        [
            (desk.gateway + path, {"method": "POST", "mode": "no-cors", "body": body})
            for path, body in WRITES["gateway"]
        ],
    )
    driver.switch_to.default_content()

    assert all(one["type"] in {"failed", "opaque"} for one in told)


def test_a_window_that_was_opened_shows_its_opener_nothing(
    desk: Desk, places: Places, state: dict[str, Any]
) -> None:
    driver = places.open()
    driver.execute_script("window.other = window.open(arguments[0])", f"{desk.gateway}/sso/Login")
    until(driver, lambda d: len(d.window_handles) == 2)
    own, other = driver.window_handles
    driver.switch_to.window(other)
    until(driver, lambda d: d.find_elements(By.NAME, "username"))
    opener = driver.execute_script("return window.opener")
    driver.close()
    driver.switch_to.window(own)

    assert opener is None
    with pytest.raises(WebDriverException):
        driver.execute_script("return window.other.document.body.innerText")


def test_the_user_of_the_desk_still_comes_in_from_its_own_page(
    desk: Desk, places: Places, state: dict[str, Any]
) -> None:
    places.driver.get(f"{desk.gateway}/v1/api/tickle")

    told = fetched(places.driver, [(f"{desk.gateway}/v1/api/iserver/accounts", {})])

    assert told[0]["status"] == 200
    assert ACCOUNT in told[0]["text"]


def test_pages_of_others_do_not_use_up_the_pace_of_the_user(
    places: Places, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with served(tmp_path_factory.mktemp("paced"), "--login", "demo") as paced:
        url = f"{paced.gateway}/v1/api/tickle"
        fetched(places.open(), [(url, {"mode": "no-cors"})] * 40)

        assert paced.ask(paced.control, "GET", "/desks/default/pacing")["box"] == []
        assert "session" in paced.ask(paced.gateway, "GET", "/v1/api/tickle")
