"""Names: which hosts are this machine's own to be called by, and which are somebody else's."""

import ipaddress
import re
import socket
from collections.abc import Iterable
from typing import Final

LOCAL_ENDINGS: Final = (
    ".example",
    ".home.arpa",
    ".internal",
    ".invalid",
    ".lan",
    ".local",
    ".localhost",
    ".test",
)
"""Ends of names that nobody has in the world outside."""

SERVICE_NAMES: Final = (
    "api.ibkr.com",
    "1.api.ibkr.com",
    "interactivebrokers.com",
    "www.interactivebrokers.com",
    "ndcdyn.interactivebrokers.com",
)
"""Names of the real service that programs have built in."""


HOST_NAME: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.:-]{0,251}[A-Za-z0-9])?", re.ASCII)
"""A name or an address of one host."""


def is_foreign(name: str) -> bool:
    """Say whether a name is somebody else's: it has a dot and is no address nor a local name."""
    text = name.lower().rstrip(".")
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return "." in text and not text.endswith(LOCAL_ENDINGS) and text != _own_name()
    return False


def split(names: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names that are local and those that are somebody else's."""
    low = tuple(dict.fromkeys(name.lower() for name in names))
    return (
        tuple(name for name in low if not is_foreign(name)),
        tuple(name for name in low if is_foreign(name)),
    )


def _own_name() -> str:
    return socket.gethostname().lower()
