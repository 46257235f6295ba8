"""How sessions behave, as options of `paperdesk serve`."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

if TYPE_CHECKING:
    from paperdesk.auth.sessions import SessionSettings

F = TypeVar("F", bound=Callable[..., Any])

REGION_HELP = "Where the service is: its midnight ends sessions, its Saturday evening closes it."
RESETS_HELP = (
    "Nightly resets by desk time: on ends sessions at 00:00 and resets brokerage sessions at "
    "01:00; legacy does both at 00:00.  [default: on, or off with a stepped clock]"
)
MAINTENANCE_HELP = (
    "Whether the whole API is closed on Saturdays from 19:00 to 23:00.  "
    "[default: on, or off with a stepped clock]"
)
SESSION_HELP = (
    "Another time or habit of sessions, such as idle=30s; repeat it for more. Durations: idle, "
    "outer-idle, fading, warm-up, login-delay, ping, life, fresh-paper. Yes or no: "
    "logout-keeps-sso, publish-required."
)

DURATIONS: Final = {
    "idle": "brokerage_idle",
    "outer-idle": "outer_idle",
    "fading": "fading",
    "warm-up": "warm_up",
    "login-delay": "login_delay",
    "ping": "ping",
    "life": "life",
    "fresh-paper": "fresh_paper",
}
HABITS: Final = {"logout-keeps-sso": "logout_keeps_sso", "publish-required": "publish_required"}
TRUTHS: Final = {"yes": True, "no": False}
PING: Final = "ping"


def _changes(
    _context: click.Context, _parameter: click.Parameter, given: tuple[str, ...]
) -> dict[str, Any]:
    """Return the values of `--session` by the names of the settings."""
    return dict(_change(text) for text in given)


def _change(text: str) -> tuple[str, Any]:
    from paperdesk.desk.times import InvalidTime, duration

    name, _, value = text.partition("=")
    if name in HABITS and value.lower() in TRUTHS:
        return HABITS[name], TRUTHS[value.lower()]
    if name in HABITS:
        raise click.BadParameter(f"{name} is yes or no, not {value!r}")
    if name not in DURATIONS:
        known = ", ".join((*DURATIONS, *HABITS))
        raise click.BadParameter(f"there is no {name!r}; there is: {known}")
    try:
        length = duration(value)
    except InvalidTime as refused:
        raise click.BadParameter(refused.message) from refused
    if name == PING and not length:
        raise click.BadParameter("ping is longer than nothing")
    return DURATIONS[name], length


def session_options(function: F) -> F:
    """Give a command the options that say how sessions behave."""
    for decorate in (
        click.option(
            "--session",
            "session_changes",
            multiple=True,
            callback=_changes,
            metavar="NAME=VALUE",
            help=SESSION_HELP,
        ),
        click.option("--maintenance", type=click.Choice(["on", "off"]), help=MAINTENANCE_HELP),
        click.option("--resets", type=click.Choice(["on", "legacy", "off"]), help=RESETS_HELP),
        click.option(
            "--region",
            type=click.Choice(["us", "europe", "asia"]),
            default="us",
            show_default=True,
            help=REGION_HELP,
        ),
    ):
        function = decorate(function)
    return function


def sessions_of(given: Mapping[str, Any]) -> "SessionSettings":
    """Return the settings that the options of a command line say."""
    from paperdesk.auth.resets import Profile
    from paperdesk.auth.sessions import SessionSettings
    from paperdesk.base.regions import Region

    maintenance = given["maintenance"]
    return SessionSettings(
        region=Region(given["region"]),
        resets=Profile(given["resets"] or Profile.BY_CLOCK),
        has_maintenance=None if maintenance is None else maintenance == "on",
        **given["session_changes"],
    )
