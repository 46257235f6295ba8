"""Peers: which addresses may reach the gateway face, as the gateway's own settings list them.

An entry of `allow` wins, then one of `deny`, and whoever is in neither stays out. A pattern that
makes no sense is said to be skipped and never keeps a desk from starting.
"""

import ipaddress
import logging
import re
from collections.abc import Iterable
from typing import Final, TypeAlias

import msgspec

ALLOWED: Final = ("192.*", "131.216.*", "127.0.0.1", "::1")
DENIED: Final[tuple[str, ...]] = ()
PREFIX: Final = re.compile(r"([0-9.]*|[0-9a-f]{1,4}:[0-9a-f:]*)\*[.*]*", re.ASCII)
PATTERN_LENGTH_MAX: Final = 100
PATTERNS_MAX: Final = 1_000
TOLD_MAX: Final = 100

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network

_log = logging.getLogger("paperdesk.server")


class Patterns(msgspec.Struct, frozen=True):
    """Addresses by how their text begins, and by network; a single address is a small network."""

    prefixes: tuple[str, ...] = ()
    networks: tuple[Network, ...] = ()

    def match(self, address: Address) -> bool:
        """Say whether an address is among them."""
        return address.compressed.startswith(self.prefixes) or any(
            address in network for network in self.networks
        )


def patterns(texts: Iterable[object], skipped: list[str]) -> Patterns:
    """Read patterns such as `192.*`, `10.0.0.0/8`, `127.0.0.1`; what is none goes to `skipped`."""
    prefixes: list[str] = []
    networks: list[Network] = []
    for count, given in enumerate(texts):
        text = str(given).strip().lower()[:PATTERN_LENGTH_MAX]
        if count >= PATTERNS_MAX:
            skipped.append(f"everything after {PATTERNS_MAX} patterns")
            break
        if (matched := PREFIX.fullmatch(text)) is not None:
            prefixes.append(matched[1])
            continue
        try:
            networks.append(ipaddress.ip_network(text, strict=False))
        except ValueError:
            skipped.append(text)
    return Patterns(tuple(prefixes), tuple(networks))


class Peers:
    """Who may come, and who was told in the log that he may not."""

    def __init__(self, allowed: Patterns, denied: Patterns) -> None:
        """Begin with nobody told."""
        self._allowed = allowed
        self._denied = denied
        self._told: set[str] = set()

    def admits(self, remote: str) -> bool:
        """Say whether a peer's address may come; the first refusal of each is logged.

        Whoever may come as 127.0.0.1 may come as ::1: `localhost` is either.
        """
        address = _plain(remote)
        if address is None:
            return False
        if self._allowed.match(address) or (address == _SIX and self._allowed.match(_FOUR)):
            return True
        self._tell(address, is_denied=self._denied.match(address))
        return False

    def _tell(self, address: Address, *, is_denied: bool) -> None:
        text = address.compressed
        if text in self._told or len(self._told) >= TOLD_MAX:
            return
        self._told.add(text)
        _log.warning(
            "Access Denied to %s, which is %s. To let it in, add this line to conf.yaml, below "
            "ips, allow:  - %s",
            text,
            "in ips, deny" if is_denied else "in neither list of ips",
            text,
        )


def _plain(remote: str) -> Address | None:
    """Return an address; IPv4 in IPv6 clothes is IPv4."""
    try:
        address = ipaddress.ip_address(remote.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


_FOUR: Final = ipaddress.IPv4Address("127.0.0.1")
_SIX: Final = ipaddress.IPv6Address("::1")
