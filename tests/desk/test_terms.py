from decimal import Decimal
from pathlib import Path

import pytest

from paperdesk.base.calendar import day_of
from paperdesk.desk.terms import (
    InvalidScenario,
    Scenario,
    StartRule,
    dated,
    day_from,
    load,
    packaged,
    read,
)
from paperdesk.kernel.messages.accounts import AccountKind

LEAST = """
[[account]]
account_id = "DU1"
[[user]]
user_name = "ann"
account_ids = ["DU1"]
"""


def test_the_default_desk_has_one_user_with_a_million_dollars() -> None:
    scenario = load("default")

    (account,) = scenario.account
    (user,) = scenario.user
    assert (account.account_id, account.kind) == ("DU1234567", AccountKind.MARGIN)
    assert account.cash == {"USD": Decimal(1_000_000)}
    assert (user.user_name, user.account_ids) == ("demo", ("DU1234567",))
    assert scenario.start.rule is StartRule.NOW_OR_LAST_SESSION


def test_history_begins_at_the_opening_bell_of_a_date() -> None:
    scenario = dated(load("history"), "2008-10-10")

    assert (scenario.start.rule, scenario.start.day) == (StartRule.DAY, "2008-10-10")
    assert scenario.start.time == "09:30"


def test_the_default_desk_may_begin_on_a_date_too() -> None:
    start = dated(load("default"), "2024-03-08").start

    assert (start.rule, start.day, start.time) == (StartRule.DAY, "2024-03-08", "09:30")


def test_every_shipped_scenario_can_be_read() -> None:
    assert {name: bool(load(name).title) for name in packaged()} == dict.fromkeys(packaged(), True)
    assert {"default", "history"} <= set(packaged())


def test_a_scenario_of_ones_own_is_a_file(tmp_path: Path) -> None:
    path = tmp_path / "Mine.toml"
    path.write_text(LEAST)

    scenario = load(str(path))

    assert (scenario.name, scenario.seed, scenario.clock) == ("mine", 7, "real")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "account"),
        ("no toml", "no toml|Expected"),
        (LEAST + "colour = 3", "colour"),
        ("seed = 'x'\n" + LEAST, "seed"),
        ("clock = 'quick'\n" + LEAST, "no clock"),
        ("start = {time = '25:00'}\n" + LEAST, "hours and minutes"),
        ("start = {rule = 'day'}\n" + LEAST, "no date"),
        (LEAST.replace('["DU1"]', '["DU2"]'), "accounts of the scenario"),
        (LEAST.replace('["DU1"]', "[]"), "accounts of the scenario"),
        (LEAST + LEAST, "named once"),
        (LEAST.replace("[[user]]", "cash = {USD = '-1'}\n[[user]]"), "negative"),
        (LEAST.replace("[[user]]", "cash = {USD = 'NaN'}\n[[user]]"), "negative"),
        (LEAST.replace("[[user]]", "kind = 'PRISON'\n[[user]]"), "kind"),
        (LEAST + "presets = {percent = 3}", "no preset 'percent'"),
    ],
)
def test_a_scenario_that_no_desk_can_begin_with_is_refused(text: str, reason: str) -> None:
    with pytest.raises(InvalidScenario, match=reason):
        read(text, "mine")


@pytest.mark.parametrize("which", ["nowhere", "../default", "/etc/passwd", "default.toml", ""])
def test_a_scenario_that_is_not_there_is_refused(which: str) -> None:
    with pytest.raises(InvalidScenario, match="There is no scenario"):
        load(which)


def test_a_date_is_a_day() -> None:
    assert day_from("2008-09-29") == day_of(2008, 9, 29)


@pytest.mark.parametrize("text", ["", "29.9.2008", "2008-9-29", "2008-02-30", "2008-13-01"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(InvalidScenario, match="is no date"):
        day_from(text)


def test_scenarios_are_facts() -> None:
    assert Scenario.__struct_config__.frozen
