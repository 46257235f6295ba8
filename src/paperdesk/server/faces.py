"""Faces: which of IBKR's front doors a port imitates, as data.

The gateway face is the one that retail users run on their own machine: no credential, a login
page, and nobody but that machine. The hosted face is the service itself: every request brings a
credential.
"""

import ipaddress
import re
from pathlib import Path
from typing import Final

import msgspec

from paperdesk.base.errors import Refusal
from paperdesk.server.peers import Peers

GATEWAY_NAMES: Final = ("localhost", "127.0.0.1", "::1", "api.ibkr.com")
"""Names by which a request may call the gateway; one client always says `api.ibkr.com`."""

HOSTED_NAMES: Final = (*GATEWAY_NAMES, "interactivebrokers.com", "www.interactivebrokers.com")
"""Names of the hosted service: the last two are those of its consent page."""

COOKIE_PATH: Final = "/v1/api"
_NUMBERED: Final = re.compile(r"[0-9]{1,4}\.api\.ibkr\.com")
"""One of several servers, which a client may choose or be sent to."""


PREFIXES: Final = ("/v1/api", "/v1/portal", "/alpha/api")
"""Base addresses of the gateway's API."""

FIRMS: Final = ("/oauth2/", "/.well-known/", "/gw/")
"""Where firms' back ends ask. Such a path is nothing below a base address: there a request would
be taken for one of the trading API, and nobody would look for an access token."""


class WebApp(msgspec.Struct, frozen=True):
    """Static pages of the user's own: `/name` shows what is in a folder, or its index."""

    name: str
    folder: Path
    index: str = "index.html"


class AddressNotAllowed(Refusal):
    """The gateway face listens to its own machine alone."""

    code = "address_not_allowed"


class Face(msgspec.Struct, frozen=True, kw_only=True):
    """What a port answers to.

    `prefixes` are base addresses of the API and `roots` the paths beside them, which routes name in
    full; `names` are the hosts that a request may name;
    `rate` is how many requests a second each caller may make;
    `origins` are web pages, such as `https://localhost:3000`, that may call beside its own, with
    `shares_credentials` in the name of the browser's user; `peers` are the addresses that may,
    None for all of this machine; `webapps` are the user's own pages. `cookie_path` is that of the
    cookie which ties a client to a server, "" for none.
    """

    prefixes: tuple[str, ...] = PREFIXES
    roots: tuple[str, ...] = ()
    names: tuple[str, ...] = GATEWAY_NAMES
    origins: tuple[str, ...] = ()
    has_login_page: bool = True
    is_hosted: bool = False
    region: str = "US"
    shares_credentials: bool = True
    peers: Peers | None = None
    webapps: tuple[WebApp, ...] = ()
    rate: int = 10
    cookie_path: str = COOKIE_PATH

    @property
    def name(self) -> str:
        """What sessions and counts of this face are filed under."""
        return "hosted" if self.is_hosted else "gateway"

    def is_called(self, host: str) -> bool:
        """Say whether a host that a request names, in lower case, is this face."""
        return host in self.names or (self.is_hosted and _NUMBERED.fullmatch(host) is not None)

    def below(self, path: str) -> str | None:
        """Return a path as routes name it; None for one that is not below a base address."""
        if self.roots and path.startswith(self.roots):
            return path
        for prefix in self.prefixes:
            if path.startswith(prefix) and path[len(prefix) : len(prefix) + 1] == "/":
                below = path[len(prefix) :]
                return None if below.startswith(FIRMS) else below
        return None


def hosted(names: tuple[str, ...] = (), origins: tuple[str, ...] = ()) -> Face:
    """Return the face that has the shape of api.ibkr.com; `names` come beside its own."""
    return Face(
        prefixes=("/v1/api", "/alpha/api"),
        roots=("/oauth/", "/oauth2/", "/gw/api/v1/", "/.well-known/", "/sso/"),
        names=tuple(dict.fromkeys((*HOSTED_NAMES, *names))),
        origins=origins,
        has_login_page=False,
        is_hosted=True,
        rate=50,
        cookie_path="",
    )


def loopback(host: str, *, is_explaining: bool = False) -> str:
    """Return an address to listen at, which must be this machine's own.

    Args:
        host: `localhost`, or an address.
        is_explaining: whether refused signatures are explained, to nobody but this machine.

    Raises:
        AddressNotAllowed: another machine could reach it.
    """
    if host == "localhost":
        return "127.0.0.1"
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        address = None
    if is_explaining and (address is None or not address.is_loopback):
        raise AddressNotAllowed(
            "--explain-auth says what is wrong with a credential, so it is for this machine "
            f"alone: use 127.0.0.1 or ::1, not {host[:60]}, or leave it out."
        )
    if address is None or not address.is_loopback:
        raise AddressNotAllowed(
            f"The gateway face asks for no credential, so it listens to this machine alone: "
            f"use 127.0.0.1 or ::1, not {host[:60]}."
        )
    return str(address)


def is_loopback(remote: str) -> bool:
    """Say whether a peer's address is this machine's own, IPv4 in IPv6 clothes included."""
    if remote == "127.0.0.1":
        return True
    try:
        address = ipaddress.ip_address(remote)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback
