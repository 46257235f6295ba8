"""Overrides: names of somebody else that a desk answers to, for a while and when asked to.

Some programs insist on a host name of the real service. They can be led here, and verify what they
find, by a certificate for that name. So that nobody forgets about it, its authority is not the one
of this machine: it vouches for these very names and for nothing else, is made anew with them, and
lasts a week, after which programs that trust it refuse to speak.
"""

import ipaddress
import logging
import socket
import ssl
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import msgspec

from paperdesk.base.units import DAY, SECOND, Instant
from paperdesk.server import tls
from paperdesk.server.credentials import PRIVATE_DIR, write_private

LIFE_DAYS: Final = 7
FOLDER: Final = "overrides"
TITLE: Final = "Paperdesk, for a week"
_log = logging.getLogger("paperdesk.server")


class Override(msgspec.Struct, frozen=True):
    """What was made for names of others. `ends_at` is wall time."""

    folder: Path
    names: tuple[str, ...]
    ends_at: Instant

    @property
    def authority(self) -> Path:
        """The certificate that programs are to trust, for these names alone."""
        return self.folder / tls.AUTHORITY

    @property
    def ends_on(self) -> str:
        """The last day, in UTC."""
        return f"{datetime.fromtimestamp(self.ends_at // SECOND, UTC):%Y-%m-%d}"


class Lead(msgspec.Struct, frozen=True):
    """Where a name leads on this machine. `is_overridden` says that it leads to the machine."""

    name: str
    addresses: tuple[str, ...]
    is_overridden: bool


class _Record(msgspec.Struct, frozen=True):
    names: tuple[str, ...]
    ends_at: Instant


def made(data_dir: Path, names: tuple[str, ...], now: Instant) -> Override:
    """Return a certificate for names of others, made anew unless these very names have one today.

    Args:
        data_dir: where it is kept, below `tls`.
        names: somebody else's, in lower case.
        now: wall time.
    """
    folder = data_dir / "tls" / FOLDER
    record = _record(folder)
    is_there = all((folder / name).is_file() for name in tls.FILES)
    if record is None or not is_there or record.names != names or record.ends_at - now < DAY:
        record = _issue(folder, names, now)
    return Override(folder, names, record.ends_at)


def kept(data_dir: Path, now: Instant) -> Override | None:
    """Return what was made for names of others, while it lasts."""
    folder = data_dir / "tls" / FOLDER
    record = _record(folder)
    if record is None or record.ends_at <= now:
        return None
    return Override(folder, record.names, record.ends_at)


def answer(
    context: ssl.SSLContext, data_dir: Path, names: tuple[str, ...], now: Instant
) -> Override | None:
    """Let a context answer to names of others too, with a certificate of theirs; None for none."""
    if not names:
        return None
    override = made(data_dir, names, now)
    foreign = tls.blank()
    foreign.load_cert_chain(
        override.folder / tls.CERTIFICATE, override.folder / tls.CERTIFICATE_KEY
    )
    wanted = frozenset(names)

    def chosen(speech: Any, name: str | None, _own: ssl.SSLContext) -> None:  # noqa: ANN401
        if name is not None and name.lower() in wanted:
            speech.context = foreign

    context.sni_callback = chosen
    return override


def tell(override: Override) -> None:
    """Say in the log what is on, until when, and how it is ended."""
    _log.warning(
        "This desk answers as %s until %s. Nothing that is sent to these names while they lead "
        "here reaches the real service. `paperdesk tls hosts --check` says whether they do.",
        ", ".join(override.names),
        override.ends_on,
    )


def hosts_lines(override: Override) -> list[str]:
    """Return what to add to the hosts file, and to take out again."""
    return [
        f"{address} {name}  # paperdesk, take out by {override.ends_on}"
        for name in override.names
        for address in ("127.0.0.1", "::1")
    ]


def leads(names: Iterable[str], resolve: Callable[[str], list[str]]) -> list[Lead]:
    """Return where names lead.

    Args:
        names: to look at.
        resolve: returns the addresses of a name, none where it has none.
    """
    found = []
    for name in names:
        addresses = tuple(dict.fromkeys(resolve(name)))
        found.append(Lead(name, addresses, any(_is_here(one) for one in addresses)))
    return found


def resolved(name: str) -> list[str]:
    """Return the addresses of a name as every program of this machine gets them."""
    try:
        return [str(row[4][0]) for row in socket.getaddrinfo(name, 443, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError):
        return []


def _is_here(address: str) -> bool:
    return ipaddress.ip_address(address.partition("%")[0]).is_loopback


def _record(folder: Path) -> _Record | None:
    try:
        return msgspec.json.decode((folder / tls.RECORD).read_bytes(), type=_Record)
    except (OSError, msgspec.MsgspecError):
        return None


def _issue(folder: Path, names: tuple[str, ...], now: Instant) -> _Record:
    from paperdesk.server import authorities  # noqa: PLC0415 - slow, and seldom needed

    folder.mkdir(mode=PRIVATE_DIR, parents=True, exist_ok=True)
    for place in (folder.parent.parent, folder.parent, folder):
        place.chmod(PRIVATE_DIR)
    authority = authorities.made(folder, names, now, TITLE, LIFE_DAYS + 1)
    authorities.certify(folder, names, now, authority, days=LIFE_DAYS + 1)
    # Only its certificate is ever needed again: nobody can make another one of it.
    (folder / tls.AUTHORITY_KEY).unlink()
    record = _Record(names, now + LIFE_DAYS * DAY)
    write_private(folder / tls.RECORD, msgspec.json.encode(record))
    return record
