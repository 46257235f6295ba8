"""Asking a running desk over its control API: what is no part of IBKR's."""

import json
import urllib.error
import urllib.request
from collections.abc import Callable
from http.client import HTTPException
from typing import Any, Final, TypeVar

import click

from paperdesk.cli.calls import address, opened, reply_of

F = TypeVar("F", bound=Callable[..., Any])

DEFAULT_URL: Final = "http://localhost:5002"


class Controls:
    """The control API of a running desk."""

    def __init__(self, url: str) -> None:
        """Point at a base address such as http://localhost:5002."""
        self.url = url.rstrip("/")

    def desk(self) -> str:
        """Return the name of the desk that is served there."""
        for row in self.ask("GET", "/desks"):
            if row.get("is_served"):
                return str(row["name"])
        raise click.ClickException(f"No desk is served at {self.url}.")

    def ask(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - JSON
        """Send one request and return what came back, decoded.

        Raises:
            click.ClickException: nobody listens there, or what is asked was refused.
        """
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(  # noqa: S310 - the option takes http and https alone
            f"{self.url}{path}", data=data, method=method
        )
        try:
            with opened(request) as answer:
                return reply_of(answer.status, answer.read()).value
        except urllib.error.HTTPError as error:
            with error:
                value = reply_of(error.code, error.read()).value
            told = value.get("error", {}) if isinstance(value, dict) else {}
            message = told.get("message") or f"{self.url} answered {error.code}."
            raise click.ClickException(message) from error
        except (urllib.error.URLError, OSError, HTTPException) as error:
            raise click.ClickException(
                f"No control API answers at {self.url} ({getattr(error, 'reason', error)}). "
                "Start a desk with `paperdesk serve`, or name its address with --control-url."
            ) from error


def control_url_option(function: F) -> F:
    """Give a command the option `--control-url`, which also reads PAPERDESK_CONTROL_URL."""
    decorate = click.option(
        "--control-url",
        default=DEFAULT_URL,
        envvar="PAPERDESK_CONTROL_URL",
        show_default=True,
        callback=address,
        help="Base address of the desk's control API; also PAPERDESK_CONTROL_URL.",
    )
    return decorate(function)
