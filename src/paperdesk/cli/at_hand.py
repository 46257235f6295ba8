"""A desk at hand: the one of a data directory, which runs or does not.

One that runs is asked over its control API, one that does not is opened, asked and closed again;
both answer alike.
"""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from paperdesk.cli.calls import address
from paperdesk.cli.controls import Controls
from paperdesk.cli.places import data_dir_option, desk_option

if TYPE_CHECKING:
    from paperdesk.control.operations import Control
    from paperdesk.desk.desk import Desk

F = TypeVar("F", bound=Callable[..., Any])


class AtHand:
    """A desk that can be asked, by paths below its own in the control API."""

    def __init__(self, name: str, asked: Callable[[str, str, object], Any], *, runs: bool) -> None:
        """Ask a desk of a name by a function of method, path and body."""
        self.name = name
        self.runs = runs
        self._asked = asked

    def ask(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - JSON
        """Return what the desk answers, decoded.

        Raises:
            click.ClickException, Refusal: what is asked is refused.
        """
        return self._asked(method, f"/desks/{self.name}{path}", body)


@contextmanager
def at_hand(data_dir: Path, desk: str, control_url: str = "") -> Iterator[AtHand]:
    """Find a desk: the running one of an address, or that of a data directory, running or not.

    Raises:
        click.ClickException: it runs and cannot be asked.
        UnknownDesk: there is none.
    """
    if control_url:
        controls = Controls(control_url)
        yield AtHand(controls.desk(), controls.ask, runs=True)
        return
    from paperdesk.store.refusals import JournalInUse

    try:
        opened = _opened(data_dir, desk)
    except JournalInUse:
        yield AtHand(desk, _running(data_dir, desk).ask, runs=True)
        return
    try:
        control = _control(opened, data_dir)
        from paperdesk.control import direct

        yield AtHand(
            desk,
            lambda method, path, body: direct.answer(control, method, path, body),
            runs=False,
        )
    finally:
        opened.close()


def at_hand_options(function: F) -> F:
    """Give a command the options `--desk`, `--data-dir` and `--control-url`."""
    decorate = click.option(
        "--control-url",
        default="",
        envvar="PAPERDESK_CONTROL_URL",
        callback=_address,
        help="Control API of a running desk, in place of --desk; also PAPERDESK_CONTROL_URL.",
    )
    return desk_option(data_dir_option(decorate(function)))


def _address(context: click.Context, parameter: click.Parameter, url: str) -> str:
    return address(context, parameter, url) if url else ""


def _opened(data_dir: Path, desk: str) -> "Desk":
    from paperdesk.desk.manifests import existing
    from paperdesk.desk.scenario import DeskOptions, open_desk
    from paperdesk.server.clock import wall

    existing(data_dir, desk)
    return open_desk(DeskOptions(wall=wall(), data_dir=data_dir, name=desk))


def _running(data_dir: Path, desk: str) -> Controls:
    """Return the controls of a desk that some process has open."""
    from paperdesk.desk.manifests import existing
    from paperdesk.server import presence

    found = presence.read(existing(data_dir, desk).directory)
    if found is None or found.control_url is None:
        raise click.ClickException(
            f"The desk {desk} is open in a process that has no control API. Stop it first, or "
            "start it without --no-control."
        )
    controls = Controls(found.control_url)
    served = controls.desk()
    if served != desk:
        raise click.ClickException(
            f"{found.control_url} serves the desk {served}, and {desk} is open elsewhere. Stop "
            "that process first."
        )
    return controls


def _control(desk: "Desk", data_dir: Path) -> "Control":
    from paperdesk.auth.pacing.pacer import Pacer
    from paperdesk.auth.roster import Roster
    from paperdesk.auth.sessions import SessionSettings
    from paperdesk.control.operations import Control, Whereabouts
    from paperdesk.desk.manifests import place
    from paperdesk.server.clock import wall
    from paperdesk.server.credentials import Credentials
    from paperdesk.server.registry import Registry

    return Control(
        desk=desk,
        data_dir=data_dir,
        wall=wall,
        stirred=_nobody,
        roster=Roster(SessionSettings(), secrets.token_hex),
        pacer=Pacer(),
        register=Registry(place(data_dir, desk.name).directory),
        passwords=Credentials(data_dir),
        where=Whereabouts(authority=str((data_dir / "tls" / "ca.pem").absolute())),
    )


def _nobody() -> None:
    """Tell nobody: no clock runs."""
