"""Scenarios: what a desk starts from, as data in a TOML file, packaged or a user's own."""

import re
import tomllib
from enum import Enum
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import UNSET, UnsetType

from paperdesk.base.calendar import day_of
from paperdesk.base.errors import Refusal
from paperdesk.base.ids import AccountId, UserName
from paperdesk.base.units import ZERO, Currency, Day, Money
from paperdesk.desk.clock import InvalidClock, parsed
from paperdesk.desk.directions import Direction
from paperdesk.kernel.messages.accounts import AccountKind
from paperdesk.kernel.messages.presets import Presets

NAME: Final = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")
TIME: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)
DATE: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
SIZE_MAX: Final = 1_000_000


class InvalidScenario(Refusal):
    """The scenario cannot be read, or says something that no desk can begin with."""

    code = "invalid_scenario"


class StartRule(Enum):
    """Where desk time begins."""

    NOW_OR_LAST_SESSION = "now-or-last-session"
    """Now while New York is open, else at a time of its last session."""

    DAY = "day"
    """At a time of a day, or of the first session after it."""


class Start(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where desk time begins; `day` is a date, `time` hours and minutes in New York."""

    rule: StartRule = StartRule.NOW_OR_LAST_SESSION
    day: str = ""
    time: str = "10:00"

    @property
    def second_of_day(self) -> int:
        """The time as seconds after midnight."""
        hours, minutes = self.time.split(":")
        return (int(hours) * 60 + int(minutes)) * 60


class MarketTerms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where prices come from: of the layers the later wins. `generator` names all that is drawn."""

    generator: int = 1
    layers: tuple[str, ...] = ("synthetic", "ecb", "wiki")
    script: tuple[Direction, ...] = ()


class AccountTerms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An account that the desk begins with."""

    account_id: AccountId
    kind: AccountKind = AccountKind.MARGIN
    base_currency: Currency = "USD"
    title: str = ""
    cash: dict[Currency, Money] = {}


class UserTerms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A user name that the desk begins with, and where the user is asked before an order.

    `may_trade` and `subscriptions` are as in the command `AddUser`. What is not said of them is
    not written either, so that the desks of earlier releases begin as they did.
    """

    user_name: UserName
    account_ids: tuple[AccountId, ...]
    is_paper: bool = True
    may_trade: bool | UnsetType = UNSET
    subscriptions: tuple[str, ...] | UnsetType = UNSET
    presets: Presets | None = None


class ModelNames(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which of the named models the desk trades by."""

    fill: str = "touch"


class Scenario(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a desk starts from."""

    name: str = ""
    title: str = ""
    seed: int = 7
    clock: str = "real"
    start: Start = Start()
    market: MarketTerms = MarketTerms()
    models: ModelNames = ModelNames()
    account: tuple[AccountTerms, ...]
    user: tuple[UserTerms, ...]


def packaged() -> dict[str, str]:
    """Return the scenarios that are shipped, by name, with their titles."""
    return {
        path.name.removesuffix(".toml"): str(tomllib.loads(path.read_text("utf-8"))["title"])
        for path in sorted(files("paperdesk.desk").joinpath("scenarios").iterdir(), key=str)
        if path.name.endswith(".toml")
    }


def load(which: str) -> Scenario:
    """Return a scenario by the name of a shipped one or the path of a TOML file.

    Raises:
        InvalidScenario: there is none, or it does not say what a scenario must.
    """
    shipped = files("paperdesk.desk").joinpath("scenarios", f"{which}.toml")
    if NAME.fullmatch(which) and shipped.is_file():
        return read(shipped.read_text("utf-8"), which)
    path = Path(which)
    if path.suffix != ".toml" or not path.is_file():
        names = ", ".join(packaged())
        raise InvalidScenario(f"There is no scenario {which!r}: say {names}, or a file.toml.")
    if path.stat().st_size > SIZE_MAX:
        raise InvalidScenario(f"{path} is too large for a scenario: at most {SIZE_MAX} bytes.")
    try:
        return read(path.read_text("utf-8"), path.stem.lower())
    except UnicodeDecodeError as error:
        raise InvalidScenario(f"{path} is no text: {error}.") from error


def read(text: str, name: str) -> Scenario:
    """Return the scenario of a TOML text.

    Raises:
        InvalidScenario: it does not say what a scenario must.
    """
    try:
        told = tomllib.loads(text)
        scenario = msgspec.convert({"name": name, **told}, Scenario)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise InvalidScenario(f"Scenario {name}: {error}.") from error
    _check_presets(name, told["user"])
    _check(scenario)
    return scenario


def _check_presets(name: str, users: list[dict[str, Any]]) -> None:
    """Refuse a threshold that there is not; the record itself may gain some with a release."""
    for user in users:
        for key in user.get("presets", {}):
            if key not in Presets.__struct_fields__:
                raise InvalidScenario(f"Scenario {name}: there is no preset {key!r}.")


def dated(scenario: Scenario, date: str) -> Scenario:
    """Return a scenario that begins on a date.

    Raises:
        InvalidScenario: the text is no date.
    """
    day_from(date)
    start = msgspec.structs.replace(scenario.start, rule=StartRule.DAY, day=date)
    if scenario.start.rule is StartRule.NOW_OR_LAST_SESSION:
        start = msgspec.structs.replace(start, time="09:30")
    return msgspec.structs.replace(scenario, start=start)


def day_from(date: str) -> Day:
    """Return the day of a date as `2008-09-29`.

    Raises:
        InvalidScenario: the text is no date.
    """
    found = DATE.fullmatch(date)
    if found is None:
        raise InvalidScenario(f"{date[:40]!r} is no date: write it as 2008-09-29.")
    year, month, day = map(int, found.groups())
    try:
        return day_of(year, month, day)
    except ValueError as error:
        raise InvalidScenario(f"{date} is no date: {error}.") from error


def _check(scenario: Scenario) -> None:
    _check_times(scenario)
    ids = [terms.account_id for terms in scenario.account]
    names = [terms.user_name for terms in scenario.user]
    if not ids or len(set(ids)) < len(ids) or not names or len(set(names)) < len(names):
        raise InvalidScenario(
            f"Scenario {scenario.name}: there must be accounts and users, each named once."
        )
    for user in scenario.user:
        if not user.account_ids or not set(user.account_ids) <= set(ids):
            raise InvalidScenario(
                f"Scenario {scenario.name}: {user.user_name} must trade accounts of the scenario."
            )
    for account in scenario.account:
        if any(not amount.is_finite() or amount < ZERO for amount in account.cash.values()):
            raise InvalidScenario(
                f"Scenario {scenario.name}: cash of {account.account_id} must not be negative."
            )


def _check_times(scenario: Scenario) -> None:
    try:
        parsed(scenario.clock)
    except InvalidClock as refusal:
        raise InvalidScenario(f"Scenario {scenario.name}: {refusal.message}") from refusal
    if not TIME.fullmatch(scenario.start.time):
        raise InvalidScenario(f"Scenario {scenario.name}: start.time is hours and minutes, 09:30.")
    if scenario.start.rule is StartRule.DAY:
        day_from(scenario.start.day)
