from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from paperdesk.auth.resets import Profile
from paperdesk.auth.sessions import SessionSettings
from paperdesk.base.regions import Region
from paperdesk.base.units import MILLISECOND, MINUTE, SECOND
from paperdesk.cli.session_options import session_options, sessions_of


def given(*options: str) -> tuple[Result, SessionSettings | None]:
    found: list[SessionSettings] = []

    @click.command()
    @session_options
    def serve(**values: Any) -> None:  # noqa: ANN401 - click's own values
        found.append(sessions_of(values))

    result = CliRunner().invoke(serve, options)
    return result, found[0] if found else None


def test_nothing_said_leaves_nights_to_the_clock() -> None:
    _, settings = given()

    assert settings == SessionSettings(resets=Profile.BY_CLOCK, has_maintenance=None)


def test_nights_are_chosen_with_their_region() -> None:
    _, settings = given("--region", "asia", "--resets", "legacy", "--maintenance", "off")

    assert settings is not None
    assert (settings.region, settings.resets) == (Region.ASIA, Profile.LEGACY)
    assert settings.has_maintenance is False


def test_times_and_habits_are_named() -> None:
    options = [
        "idle=30s",
        "outer-idle=1min",
        "fading=250ms",
        "warm-up=0s",
        "login-delay=1s",
        "ping=2min",
        "life=12h",
        "fresh-paper=1d",
        "logout-keeps-sso=yes",
        "publish-required=Yes",
    ]
    _, settings = given(*[word for option in options for word in ("--session", option)])

    assert settings == SessionSettings(
        resets=Profile.BY_CLOCK,
        has_maintenance=None,
        brokerage_idle=30 * SECOND,
        outer_idle=MINUTE,
        fading=250 * MILLISECOND,
        warm_up=0,
        login_delay=SECOND,
        ping=2 * MINUTE,
        life=12 * 60 * MINUTE,
        fresh_paper=24 * 60 * MINUTE,
        logout_keeps_sso=True,
        publish_required=True,
    )


@pytest.mark.parametrize(
    ("option", "why"),
    [
        ("idle", "is no duration"),
        ("idle=soon", "is no duration"),
        ("idle=-1s", "is no duration"),
        ("ping=0s", "longer than nothing"),
        ("logout-keeps-sso=perhaps", "is yes or no"),
        ("seed=1", "there is no 'seed'"),
        ("", "there is no ''"),
    ],
)
def test_what_has_no_sense_is_said(option: str, why: str) -> None:
    result, settings = given("--session", option)

    assert settings is None
    assert result.exit_code == 2
    assert why in " ".join(result.output.split())
