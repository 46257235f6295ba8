"""`paperdesk watch`: live quotes and orders of a running desk, over its own socket."""

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

import click
from rich.live import Live
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.sync.client import ClientConnection, connect

from paperdesk.cli.calls import Gateway, Reply, unreachable, url_option
from paperdesk.cli.certificates import authority_file
from paperdesk.cli.places import data_dir_option
from paperdesk.cli.printing import json_line
from paperdesk.cli.screens import FIELDS, Screen

KEEP_ALIVE_SECONDS: Final = 50.0
FRAME_BYTES_MAX: Final = 4 * 1024 * 1024
REDRAWS_A_SECOND: Final = 4

EPILOG: Final = """\b
Examples:
  paperdesk watch AAPL
  paperdesk watch AAPL MSFT 12087792      symbols and conids mixed
  paperdesk watch AAPL --json | head      one frame a line, for programs

Ctrl-C ends it. Orders that any client places appear below the quotes."""


@click.command(epilog=EPILOG)
@click.argument("contracts", nargs=-1, required=True, metavar="SYMBOL_OR_CONID...")
@click.option("--json", "as_json", is_flag=True, help="Print each frame as a line of JSON.")
@click.option("--seconds", type=float, help="End after so many seconds.")
@url_option
@data_dir_option
def command(
    contracts: tuple[str, ...], as_json: bool, seconds: float | None, url: str, data_dir: Path
) -> None:
    """Show live quotes of contracts, and the session's orders, until Ctrl-C."""
    gateway = Gateway(url, authority_file(data_dir))
    screen = Screen(url=url, account_id=_account(gateway))
    for text in contracts:
        conid, symbol = _contract(gateway, text)
        screen.symbols[conid] = symbol
    ends_at = None if seconds is None else time.monotonic() + seconds
    try:
        with _socket(gateway) as socket:
            _subscribe(socket, gateway, screen)
            frames = _frames(socket, gateway, ends_at)
            _print_lines(frames) if as_json else _draw(frames, screen)
    except KeyboardInterrupt:
        return
    except TimeoutError as silence:
        raise click.ClickException(f"{url} opened a stream and said nothing.") from silence
    except ConnectionClosed as closed:
        raise click.ClickException(f"The desk ended the stream: {closed}.") from closed


def _account(gateway: Gateway) -> str:
    """Open the brokerage session where there is none, and return the account that is selected."""
    reply = gateway.get("iserver/accounts")
    if reply.status == 400 and "bridge" in reply.text:  # noqa: PLR2004
        gateway.post("iserver/auth/ssodh/init")
        reply = gateway.get("iserver/accounts")
    return str(_good(reply, "iserver/accounts").get("selectedAccount", ""))


def _contract(gateway: Gateway, text: str) -> tuple[int, str]:
    """Return conid and symbol of a contract that is named by either."""
    if text.isdigit():
        return int(text), text
    symbol = text.upper()
    reply = gateway.get("iserver/secdef/search", {"symbol": symbol})
    found = reply.value if isinstance(reply.value, list) else []
    for row in found:
        if row.get("symbol") == symbol:
            return int(row["conid"]), symbol
    raise click.ClickException(
        f"No contract has the symbol {symbol}. `paperdesk data list` names all there are."
    )


def _good(reply: Reply, path: str) -> dict[str, Any]:
    if reply.status == 401:  # noqa: PLR2004
        raise click.ClickException(
            "Nobody is signed in. Sign in on the desk's login page, or start it with "
            "`paperdesk serve --login demo`."
        )
    if not reply.is_good or not isinstance(reply.value, dict):
        raise click.ClickException(f"{path} answered {reply.status}: {reply.text[:200]}")
    return reply.value


@contextmanager
def _socket(gateway: Gateway) -> Iterator[ClientConnection]:
    """Open the stream; what fails in opening it is told as for any other question."""
    with ExitStack() as stack:
        try:
            socket = stack.enter_context(
                connect(
                    gateway.websocket_url,
                    ssl=gateway.tls,
                    user_agent_header="paperdesk",
                    max_size=FRAME_BYTES_MAX,
                    proxy=None,
                )
            )
        except (OSError, InvalidHandshake) as error:
            raise unreachable(gateway.websocket_url, error) from error
        yield socket


def _subscribe(socket: ClientConnection, gateway: Gateway, screen: Screen) -> None:
    """Say who we are, wait for the greeting, and ask for quotes, orders and profit.

    What is sent before the greeting would be dropped without a word, as the real service does.
    """
    session = _good(gateway.post("tickle"), "tickle").get("session", "")
    socket.send(json.dumps({"session": session}))
    while "success" not in json.loads(socket.recv(timeout=KEEP_ALIVE_SECONDS)):
        continue
    asked = json.dumps({"fields": list(FIELDS)})
    for conid in screen.symbols:
        socket.send(f"smd+{conid}+{asked}")
    socket.send("sor+{}")
    socket.send("spl+{}")


def _frames(
    socket: ClientConnection, gateway: Gateway, ends_at: float | None
) -> Iterator[dict[str, Any]]:
    """Yield frames as they come, an empty one when a while passes without, and keep all alive."""
    next_tickle = time.monotonic() + KEEP_ALIVE_SECONDS
    while ends_at is None or time.monotonic() < ends_at:
        if time.monotonic() >= next_tickle:
            socket.send("tic")
            gateway.post("tickle")
            next_tickle = time.monotonic() + KEEP_ALIVE_SECONDS
        try:
            frame = json.loads(socket.recv(timeout=1 / REDRAWS_A_SECOND))
        except TimeoutError:
            frame = {}
        yield frame if isinstance(frame, dict) else {}


def _print_lines(frames: Iterator[dict[str, Any]]) -> None:
    for frame in frames:
        if frame:
            click.echo(json_line(frame))


def _draw(frames: Iterator[dict[str, Any]], screen: Screen) -> None:
    with Live(screen.drawing(), refresh_per_second=REDRAWS_A_SECOND, transient=False) as live:
        for frame in frames:
            screen.hear(frame)
            live.update(screen.drawing())
