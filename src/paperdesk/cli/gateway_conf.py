"""`paperdesk serve --conf`: the settings file of IBKR's own gateway, below the command line."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

if TYPE_CHECKING:
    from paperdesk.server.gateway_conf import GatewayConf

F = TypeVar("F", bound=Callable[..., Any])

CONF_HELP = (
    "Settings of IBKR's own gateway, as its root/conf.yaml: port, TLS, certificate, pages, "
    "addresses. Options of the command line win."
)

_log = logging.getLogger("paperdesk.cli")


def conf_option(function: F) -> F:
    """Give a command the option `--conf`."""
    decorate = click.option(
        "--conf",
        type=click.Path(path_type=Path, exists=True, dir_okay=False, readable=True),
        metavar="FILE",
        help=CONF_HELP,
    )
    return decorate(function)


def conf_of(given: dict[str, Any]) -> "GatewayConf":
    """Return what the file says, and fill in what the command line leaves to it.

    Args:
        given: the values of the options; those that were not typed take the file's.
    """
    from paperdesk.server.gateway_conf import GatewayConf, read

    path: Path | None = given["conf"]
    if path is None:
        return GatewayConf()
    conf = read(path)
    for note in conf.notes:
        _log.warning("%s: %s", path.name, note)
    wanted: dict[str, Any] = {
        "port": conf.port,
        "no_tls": None if conf.is_tls is None else not conf.is_tls,
        "region": None if conf.region is None else conf.region.value,
    }
    source = click.get_current_context().get_parameter_source
    given |= {
        name: value
        for name, value in wanted.items()
        if value is not None and source(name) is ParameterSource.DEFAULT
    }
    if conf.login_delay is not None:
        given["session_changes"] = {"login_delay": conf.login_delay} | given["session_changes"]
    return conf
