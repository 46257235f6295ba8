"""The login page in a real Chromium, by the names that programs find their way with."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support import expected_conditions as when
from selenium.webdriver.support.ui import Select
from tests.clients.browsers import PASSWORD, Desk, browser, served, until

from paperdesk.auth import second_factors
from paperdesk.auth.second_factors import NONE, SecondFactors
from paperdesk.server.clock import wall

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]

PAGE = "/sso/Login?forwardTo=22&RL=1&ip2loc=on"
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

LOADED = (By.CLASS_NAME, "login")
USER_NAME = (By.NAME, "username")
PASSWORD_FIELD = (By.NAME, "password")
TOGGLE = (By.CSS_SELECTOR, "label[for=toggle1]")
SUBMIT = (By.CSS_SELECTOR, ".btn.btn-lg.xyz-button-login")
ERROR = (By.CSS_SELECTOR, ".xyz-errormessage")
CODE_STEP = (By.ID, "twofactbase")
CODE_FIELD = (By.ID, "xyz-field-bronze-response")
NOTIFICATION = (By.CLASS_NAME, "login-step-notification")
RESEND = (By.CSS_SELECTOR, "a[onclick*='resendNotification()']")
PROMOTION = (By.CLASS_NAME, "ibkey-promo-skip")

WRONG_MODE = (
    "You have selected the Live Account Mode, but the specified user is a Paper Trading user. "
    "Please select the correct Login mode."
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with served(tmp_path_factory.mktemp("desk"), "--pacing", "off") as desk:
        yield desk


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebDriver]:
    with browser(tmp_path_factory.mktemp("profile")) as driver:
        yield driver


@pytest.fixture(autouse=True)
def _nobody_is_in(desk: Desk, driver: WebDriver) -> Iterator[None]:
    desk.factors.keep("demo", NONE)
    yield
    desk.ask(desk.gateway, "POST", "/v1/api/logout")
    driver.delete_all_cookies()


def visible(driver: WebDriver, what: tuple[str, str]) -> WebElement:
    return until(driver, when.visibility_of_element_located(what))


def typed(driver: WebDriver, desk: Desk, *, paper: bool = True) -> None:
    driver.get(desk.gateway + PAGE)
    until(driver, when.presence_of_element_located(LOADED))
    until(driver, when.element_to_be_clickable(USER_NAME))
    assert driver.find_elements(By.NAME, "user_name") == []
    if paper:
        driver.find_element(*TOGGLE).click()
    driver.find_element(*USER_NAME).send_keys("demo")
    driver.find_element(*PASSWORD_FIELD).send_keys(PASSWORD, Keys.TAB)
    driver.find_element(*SUBMIT).click()


def assert_in(driver: WebDriver, desk: Desk) -> None:
    """See the words that everybody waits for, and that the desk answers programs now."""
    until(driver, when.text_to_be_present_in_element((By.TAG_NAME, "pre"), "Client login succeeds"))
    assert driver.find_element(By.TAG_NAME, "body").text == "Client login succeeds"
    assert desk.ask(desk.gateway, "GET", "/v1/api/sso/validate")["USER_NAME"] == "demo"


def test_a_user_without_more_signs_in(desk: Desk, driver: WebDriver) -> None:
    typed(driver, desk)

    assert_in(driver, desk)


def test_the_class_of_the_button_is_spelt_as_programs_compare_it(
    desk: Desk, driver: WebDriver
) -> None:
    driver.get(desk.gateway + PAGE)

    button = until(driver, when.presence_of_element_located(SUBMIT))

    assert "btn btn-lg xyz-button-login" in (button.get_attribute("class") or "")


def test_an_error_is_not_visible_before_there_is_one(desk: Desk, driver: WebDriver) -> None:
    driver.get(desk.gateway + PAGE)
    until(driver, when.element_to_be_clickable(USER_NAME))

    assert not driver.find_element(*ERROR).is_displayed()


def test_whoever_took_the_wrong_mode_turns_the_switch_and_submits_again(
    desk: Desk, driver: WebDriver
) -> None:
    typed(driver, desk, paper=False)
    error = visible(driver, ERROR).text

    driver.find_element(*TOGGLE).click()
    driver.find_element(*SUBMIT).click()

    assert error == WRONG_MODE
    assert_in(driver, desk)


def test_a_code_is_submitted_by_return(desk: Desk, driver: WebDriver) -> None:
    desk.factors.keep("demo", SecondFactors(secret=SECRET))
    typed(driver, desk)
    visible(driver, CODE_STEP)
    field = until(driver, when.element_to_be_clickable(CODE_FIELD))

    field.send_keys(second_factors.code_at(SECRET, wall()), Keys.RETURN)

    assert_in(driver, desk)


def test_a_wrong_code_is_told_where_errors_are(desk: Desk, driver: WebDriver) -> None:
    desk.factors.keep("demo", SecondFactors(code="246810"))
    typed(driver, desk)
    until(driver, when.element_to_be_clickable(CODE_FIELD)).send_keys("000000", Keys.RETURN)

    assert visible(driver, ERROR).text == "Login failed: the code is not right."
    driver.find_element(*CODE_FIELD).send_keys("246810", Keys.RETURN)
    assert_in(driver, desk)


def test_a_notification_is_sent_again_and_approved(desk: Desk, driver: WebDriver) -> None:
    desk.factors.keep("demo", SecondFactors(has_push=True))
    typed(driver, desk)
    visible(driver, NOTIFICATION)

    until(driver, when.element_to_be_clickable(RESEND)).click()
    until(driver, lambda d: "2 times" in d.find_element(*NOTIFICATION).text)
    *_, waiting = desk.ask(desk.control, "GET", "/desks/default/logins")
    desk.ask(desk.control, "POST", f"/desks/default/logins/{waiting['number']}/approve")

    assert waiting["notifications"] == 2
    assert_in(driver, desk)


def test_a_notification_that_is_denied_leads_back(desk: Desk, driver: WebDriver) -> None:
    desk.factors.keep("demo", SecondFactors(has_push=True))
    typed(driver, desk)
    visible(driver, NOTIFICATION)

    *_, waiting = desk.ask(desk.control, "GET", "/desks/default/logins")
    desk.ask(desk.control, "POST", f"/desks/default/logins/{waiting['number']}/deny")

    assert visible(driver, ERROR).text == "Login failed: the notification was denied."
    assert until(driver, when.element_to_be_clickable(USER_NAME)).get_attribute("value") == "demo"


def test_a_choice_goes_on_by_itself(desk: Desk, driver: WebDriver) -> None:
    desk.factors.keep("demo", SecondFactors(has_push=True, code="246810"))
    typed(driver, desk)
    choice = visible(driver, CODE_FIELD)
    assert choice.tag_name == "select"
    assert driver.find_elements(*CODE_STEP) == []

    Select(choice).select_by_visible_text("IB Key")

    visible(driver, NOTIFICATION)
    assert driver.find_elements(*CODE_FIELD) == []


def test_the_page_about_the_app_is_skipped_once_for_all(desk: Desk, driver: WebDriver) -> None:
    desk.factors.keep("demo", SecondFactors(is_promoted=True))
    typed(driver, desk)
    skip = until(driver, when.element_to_be_clickable(PROMOTION))

    driver.execute_script("arguments[0].click();", skip)
    assert_in(driver, desk)
    typed(driver, desk)

    assert_in(driver, desk)


def test_no_policy_is_broken_on_the_way(desk: Desk, driver: WebDriver) -> None:
    desk.factors.keep("demo", SecondFactors(has_push=True, code="246810"))
    typed(driver, desk)
    Select(visible(driver, CODE_FIELD)).select_by_visible_text("IB Key")
    until(driver, when.element_to_be_clickable(RESEND)).click()
    until(driver, lambda d: "2 times" in d.find_element(*NOTIFICATION).text)

    entries = [
        entry
        for entry in driver.get_log("browser")  # type: ignore[attr-defined]
        if "Content Security Policy" in entry["message"]
    ]

    assert entries == []


def test_a_page_that_is_loaded_anew_begins_anew(desk: Desk, driver: WebDriver) -> None:
    desk.factors.keep("demo", SecondFactors(code="246810"))
    typed(driver, desk)
    visible(driver, CODE_STEP)

    driver.get(desk.gateway + PAGE)

    until(driver, when.element_to_be_clickable(USER_NAME))
    assert urlsplit(driver.current_url).path == "/sso/Login"
