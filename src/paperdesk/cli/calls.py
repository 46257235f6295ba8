"""Asking a running desk over its own API, as any other client does."""

import json
import ssl
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import Any, TypeVar

import click
import msgspec

F = TypeVar("F", bound=Callable[..., Any])

DEFAULT_URL = "https://localhost:5000/v1/api"
TIMEOUT_SECONDS = 20.0
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class Reply(msgspec.Struct, frozen=True):
    """What came back: status, body as it was sent, and the body decoded where it is JSON."""

    status: int
    text: str
    value: Any = None

    @property
    def is_good(self) -> bool:
        """Whether the status is a 2xx."""
        return 200 <= self.status < 300  # noqa: PLR2004 - HTTP's own classes


class Gateway:
    """The gateway face of a running desk."""

    def __init__(self, url: str, ca_file: Path | None = None) -> None:
        """Point at a base address such as https://localhost:5000/v1/api."""
        self.url = url.rstrip("/")
        self._tls = tls_context(self.url, ca_file)

    @property
    def websocket_url(self) -> str:
        """Where the same desk streams."""
        return "ws" + self.url.removeprefix("http") + "/ws"

    @property
    def tls(self) -> ssl.SSLContext | None:
        """How the desk's certificate is checked; None without TLS."""
        return self._tls

    def get(self, path: str, query: Mapping[str, str] | None = None) -> Reply:
        """Ask with GET; `path` is taken below the base address, a leading slash or none."""
        return self.call("GET", path, query)

    def post(self, path: str, body: object = None) -> Reply:
        """Ask with POST and a JSON body."""
        return self.call("POST", path, None, body)

    def call(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None = None,
        body: object = None,
    ) -> Reply:
        """Send one request and return what came back, whatever its status.

        Raises:
            click.ClickException: nobody listens there, or not with a certificate we trust.
        """
        address = f"{self.url}/{path.lstrip('/')}"
        if query:
            address += ("&" if "?" in address else "?") + urllib.parse.urlencode(query)
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(address, data=data, method=method)  # noqa: S310
        request.add_header("User-Agent", "paperdesk")
        if data is not None:
            request.add_header("Content-Type", "application/json")
        elif method == "POST":
            request.data = b""
        return self._send(request)

    def _send(self, request: urllib.request.Request) -> Reply:
        try:
            with opened(request, self._tls) as answer:
                return reply_of(answer.status, answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return reply_of(error.code, error.read())
        except (urllib.error.URLError, OSError, HTTPException) as error:
            raise unreachable(self.url, error) from error


def opened(request: urllib.request.Request, tls: ssl.SSLContext | None = None) -> HTTPResponse:
    """Send a request, past any proxy, and return its answer to be read and closed.

    Raises:
        OSError: nobody answers there, or with a status that is no success.
        HTTPException: what answers does not speak HTTP.
    """
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=tls)
    )
    answer: HTTPResponse = opener.open(request, timeout=TIMEOUT_SECONDS)
    return answer


def tls_context(url: str, ca_file: Path | None) -> ssl.SSLContext | None:
    """Return how to check a desk's certificate.

    The desk's own authority is trusted when its file is there. Without it a desk on loopback is
    believed as it is: the traffic does not leave the machine, and the file may simply be in
    another data directory.
    """
    parts = urllib.parse.urlsplit(url)
    if parts.scheme != "https":
        return None
    context = ssl.create_default_context()
    if ca_file is not None and ca_file.exists():
        context.load_verify_locations(ca_file)
    elif parts.hostname in LOOPBACK:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def unreachable(url: str, error: BaseException) -> click.ClickException:
    """Say what to do when a desk cannot be asked."""
    reason = getattr(error, "reason", error)
    if isinstance(reason, ssl.SSLCertVerificationError):
        return click.ClickException(
            f"The certificate of {url} is not from the authority in this data directory. "
            "Name the desk's own with --data-dir, or see `paperdesk tls show`."
        )
    if isinstance(reason, ssl.SSLError):
        return click.ClickException(f"{url} does not speak TLS; try http:// with --url.")
    return click.ClickException(
        f"No desk answers at {url} ({reason}). "
        "Start one with `paperdesk serve --login demo`, or name its address with --url."
    )


def reply_of(status: int, body: bytes) -> Reply:
    """Return what came back, decoded where it is JSON."""
    text = body.decode("utf-8", "replace")
    try:
        return Reply(status, text, msgspec.json.decode(body))
    except msgspec.DecodeError:
        return Reply(status, text)


def address(_context: click.Context, parameter: click.Parameter, url: str) -> str:
    """Return the value of an option where it is an address that can be asked."""
    try:
        parts = urllib.parse.urlsplit(url)
        is_address = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_address = False
    if not is_address:
        raise click.BadParameter(f"{url!r} is no address: write it as {parameter.default}")
    return url


def url_option(function: F) -> F:
    """Give a command the option `--url`, which also reads PAPERDESK_URL."""
    decorate = click.option(
        "--url",
        default=DEFAULT_URL,
        envvar="PAPERDESK_URL",
        show_default=True,
        callback=address,
        help="Base address of the running desk; also PAPERDESK_URL.",
    )
    return decorate(function)
