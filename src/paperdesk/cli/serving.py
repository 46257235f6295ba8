"""`paperdesk serve`: start a desk and listen for clients."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from paperdesk import __version__
from paperdesk.cli.gateway_conf import conf_of, conf_option
from paperdesk.cli.places import data_dir_option
from paperdesk.cli.session_options import session_options, sessions_of

if TYPE_CHECKING:
    from paperdesk.auth.activations import Activation
    from paperdesk.server.serve import Opened

EPILOG = """\b
Examples:
  paperdesk serve --login demo                          today's desk, signed in as demo
  paperdesk serve --scenario history --date 2008-09-29  a real day of 2008
  paperdesk serve --clock x60                           an hour a minute
  paperdesk serve --clock stepped                       time moves when you say so
  paperdesk serve --desk mine --seed 42                 another desk with prices of its own

\b
Without --login somebody signs in on the login page at https://localhost:5000, as with IBKR's own
gateway. What happens is kept in the data directory, and starting again goes on from there."""

LOGIN_HELP = "Sign this user in at the start, without the login page. New desks have `demo`."
DESK_HELP = "Which desk of the data directory; one without a name is named for its scenario."
SCENARIO_HELP = "What a new desk begins with: default, history, or a file.toml."
DATE_HELP = "The day a new desk begins on, such as 2008-09-29."
CLOCK_HELP = "How desk time runs: real, x60 (sixty times as fast), stepped, or fast (as it can)."
OAUTH1_HELP = (
    "How signatures of OAuth 1.0a are judged: compatible takes what the real service takes; strict "
    "wants the query protected and a realm, and answers no request twice."
)
ENCODINGS_HELP = (
    "Let programs in that forget the sign byte of the shared secret in a live session token."
)
EXPLAIN_HELP = (
    "Say in the log and the control API why a signature of OAuth 1.0a was refused. For developers; "
    "on this machine alone."
)
OAUTH2_HELP = (
    "What is taken of clients of OAuth 2.0: compatible, what IBKR takes; strict, what the newer "
    "standards ask for, which is this server's own address as audience, a jti, ES256 or PS256."
)
ENFORCE_HELP = (
    "Refuse bearer tokens of OAuth 2.0 from other addresses than the firm has named, as IBKR does; "
    "else that is written to the log."
)
ACTIVATION_HELP = (
    "From when on programs are good that users register on the self-service page: after-reset, at "
    "the next midnight of the region, as with IBKR; immediate; or after:2d of desk time."
)
PACING_HELP = (
    "How strictly requests are counted: strict as with IBKR, where one too many puts the address "
    "into the penalty box; lenient refuses that one alone; off."
)


def _host_names(
    _context: click.Context, _parameter: click.Parameter, names: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the values of `--name` where a certificate can be made for them."""
    from paperdesk.server.names import HOST_NAME

    for name in names:
        if not HOST_NAME.fullmatch(name):
            raise click.BadParameter(f"{name!r} is no name of one host, such as desk.example")
    return names


def _activation(_context: click.Context, _parameter: click.Parameter, text: str) -> "Activation":
    """Return the value of `--activation`."""
    from paperdesk.auth.activations import InvalidActivation, parsed

    try:
        return parsed(text)
    except InvalidActivation as refused:
        raise click.BadParameter(refused.message) from refused


def _penalty(_context: click.Context, _parameter: click.Parameter, seconds: float) -> int:
    """Return the value of `--penalty` in microseconds."""
    from paperdesk.auth.pacing.settings import PENALTY_MAX, PENALTY_MIN

    # What is no number at all compares as out of bounds too.
    least, most = PENALTY_MIN / 1_000_000, PENALTY_MAX / 1_000_000
    if not least <= seconds <= most:
        raise click.BadParameter(f"{seconds:g} is not from {least:g} to {most:.0f} seconds")
    return round(seconds * 1_000_000)


@click.command(epilog=EPILOG)
@click.option("--login", default="", metavar="USER", help=LOGIN_HELP)
@click.option(
    "--password",
    default="",
    envvar="PAPERDESK_PASSWORD",
    help="The password of that user from now on; made up when left out. Also PAPERDESK_PASSWORD, "
    "which other users of the machine cannot see.",
)
@data_dir_option
@click.option(
    "--desk", default="", metavar="NAME", help="Which desk; named for what it begins with."
)
@click.option("--scenario", default="", help=SCENARIO_HELP)
@click.option("--date", default="", metavar="YYYY-MM-DD", help=DATE_HELP)
@click.option("--clock", default="", help=CLOCK_HELP)
@click.option("--seed", type=int, help="Draws the invented prices and ids of a new desk.")
@click.option(
    "--pacing",
    type=click.Choice(["strict", "lenient", "off"]),
    default="strict",
    show_default=True,
    help=PACING_HELP,
)
@click.option(
    "--penalty",
    type=float,
    default=600,
    show_default=True,
    callback=_penalty,
    metavar="SECONDS",
    help="How long an address stays in the penalty box.",
)
@session_options
@conf_option
@click.option("--host", default="localhost", show_default=True, help="A loopback address.")
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=5000,
    show_default=True,
    help="Of the trading API; 0 takes a free one.",
)
@click.option(
    "--hosted-port",
    type=click.IntRange(0, 65_535),
    default=5001,
    show_default=True,
    help="Of the face in the shape of api.ibkr.com; 0 takes a free one.",
)
@click.option("--no-hosted", is_flag=True, help="No hosted face.")
@click.option(
    "--control-port",
    type=click.IntRange(0, 65_535),
    default=5002,
    show_default=True,
    help="Of Paperdesk's own API: clock, journal, prices.",
)
@click.option("--no-control", is_flag=True, help="No control API.")
@click.option("--no-tls", is_flag=True, help="Speak plain HTTP; IBKR's gateway speaks TLS.")
@click.option(
    "--name",
    "names",
    multiple=True,
    callback=_host_names,
    help="Another host name to be called by; one of the real service for a week at most.",
)
@click.option("--origin", "origins", multiple=True, help="A web page that may call the desk.")
@click.option(
    "--oauth1",
    type=click.Choice(["compatible", "strict"]),
    default="compatible",
    show_default=True,
    help=OAUTH1_HELP,
)
@click.option("--both-encodings", is_flag=True, help=ENCODINGS_HELP)
@click.option("--single-lst", is_flag=True, help="A new live session token ends those before it.")
@click.option(
    "--oauth2",
    type=click.Choice(["compatible", "strict"]),
    default="compatible",
    show_default=True,
    help=OAUTH2_HELP,
)
@click.option("--enforce-ip", is_flag=True, help=ENFORCE_HELP)
@click.option(
    "--activation",
    default="after-reset",
    show_default=True,
    callback=_activation,
    metavar="WHEN",
    help=ACTIVATION_HELP,
)
@click.option("--explain-auth", is_flag=True, help=EXPLAIN_HELP)
@click.option("--verbose", is_flag=True, help="Log whose sessions end, and why.")
@click.option("--json", "as_json", is_flag=True, help="Say where it listens as a line of JSON.")
def command(**given: Any) -> None:  # noqa: ANN401 - click's own values
    """Start a desk and listen for clients until Ctrl-C.

    A desk answers where IBKR's Client Portal Gateway does, at https://localhost:5000/v1/api. A new
    one has the user `demo` with the paper account DU1234567 and 1,000,000 USD.
    """
    from paperdesk.auth.oauth1.verification import Settings
    from paperdesk.auth.oauth2.rules import Profile
    from paperdesk.auth.pacing.settings import Mode, PacingSettings
    from paperdesk.cli.data import own_layers
    from paperdesk.desk.scenario import DeskOptions
    from paperdesk.server.clock import wall
    from paperdesk.server.serve import ServeOptions, run

    logging.basicConfig(format="%(levelname)s %(message)s", level=logging.WARNING)
    logging.getLogger("paperdesk").setLevel(logging.INFO if given["verbose"] else logging.NOTSET)
    conf = conf_of(given)
    data_dir: Path = given["data_dir"]
    clock = "fast" if given["clock"] == "asap" else given["clock"]
    options = ServeOptions(
        desk=DeskOptions(
            wall=wall(),
            data_dir=data_dir,
            name=given["desk"],
            scenario=given["scenario"],
            date=given["date"],
            seed=given["seed"],
            clock=clock,
            layers=own_layers(data_dir),
        ),
        data_dir=data_dir,
        host=given["host"],
        port=given["port"],
        hosted_port=None if given["no_hosted"] else given["hosted_port"],
        control_port=None if given["no_control"] else given["control_port"],
        is_tls=not given["no_tls"],
        login=given["login"],
        password=given["password"],
        names=given["names"],
        origins=given["origins"],
        sessions=sessions_of(given),
        pacing=PacingSettings(mode=Mode(given["pacing"]), penalty=given["penalty"]),
        signing=Settings(
            strict=given["oauth1"] == "strict",
            both_encodings=given["both_encodings"],
            single_live_session_token=given["single_lst"],
        ),
        oauth2=Profile(given["oauth2"]),
        enforce_ip=given["enforce_ip"],
        explain_auth=given["explain_auth"],
        activation=given["activation"],
        conf=conf,
    )
    say = say_json if given["as_json"] else say_text
    run(options, lambda opened: say(opened, data_dir))
    remind(given["names"])


def remind(names: Sequence[str]) -> None:
    """Say of names of others that still lead to this machine, now that nobody answers to them."""
    from paperdesk.server.names import split
    from paperdesk.server.overrides import leads, resolved

    _, foreign = split(names)
    for lead in leads(foreign, resolved):
        if lead.is_overridden:
            click.echo(
                f"{lead.name} still leads to this machine: take its line out of the hosts file.",
                err=True,
            )


def say_json(opened: "Opened", data_dir: Path) -> None:
    """Say where the desk listens, for programs."""
    from paperdesk.cli.printing import json_line

    click.echo(json_line({"opened": opened, "data_dir": str(data_dir)}))


def say_text(opened: "Opened", data_dir: Path) -> None:
    """Say where the desk listens, for people."""
    rows = [("Desk", opened.desk), ("Trading API", opened.url)]
    if opened.hosted_url:
        rows.append(("Hosted API", opened.hosted_url))
    if opened.control_url:
        rows.append(("Control API", opened.control_url))
    for user_name, password in opened.passwords.items():
        is_in = user_name == opened.signed_in
        shown = f"{user_name}, password {password}" if password else f"{user_name}, your password"
        rows.append(("Signed in" if is_in else "Sign in as", shown))
    rows += [
        ("Accounts", ", ".join(opened.accounts)),
        ("Desk time", f"{new_york_text(opened.desk_now)} in New York, {clock_text(opened.clock)}"),
        ("Kept in", str(data_dir)),
    ]
    width = max(len(name) for name, _ in rows)
    click.echo(f"Paperdesk {__version__} is open.\n")
    for name, text in rows:
        click.echo(f"  {name:<{width}}  {text}")
    account = opened.accounts[0] if opened.accounts else ""
    click.echo("\nFrom Python, with ibind:\n")
    click.echo(f'  IbkrClient(url="{opened.url}/", account_id="{account}")')
    if not opened.signed_in:
        click.echo(f"\nSign in first, on {opened.url.removesuffix('/v1/api')}/sso/Login.")
    click.echo("\nCtrl-C closes it; orders, positions and cash stay.")


def new_york_text(at: int) -> str:
    """Return an instant as date and time of New York."""
    from datetime import datetime
    from zoneinfo import ZoneInfo

    moment = datetime.fromtimestamp(at // 1_000_000, ZoneInfo("America/New_York"))
    return f"{moment:%a %Y-%m-%d %H:%M:%S}"


def clock_text(clock: str) -> str:
    """Return in words how desk time runs."""
    words = {
        "real": "real time",
        "stepped": "standing still until you step it",
        "fast": "as fast as possible",
    }
    return words.get(clock, f"{clock.removeprefix('x')} times as fast")
