"""Credentials: the passwords of a data directory, hashed, in files that only their owner reads.

`passwords.json` holds what is needed to check a password. A password that the program itself made
up also stands in `generated-passwords.json`, so that the next start can print it again; it leaves
that file when somebody sets another one.
"""

import asyncio
import os
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from paperdesk.auth import passwords
from paperdesk.auth.passwords import PasswordHash
from paperdesk.base.errors import Refusal

HASHES: Final = "passwords.json"
GENERATED: Final = "generated-passwords.json"
PRIVATE: Final = 0o600
PRIVATE_DIR: Final = 0o700
LENGTH_MIN: Final = 6

V = TypeVar("V")

_hashes_decoder = msgspec.json.Decoder(dict[str, PasswordHash])
_generated_decoder = msgspec.json.Decoder(dict[str, str])


class InvalidPassword(Refusal):
    """A password that nobody should have."""

    code = "invalid_password"


class CredentialsDamaged(Refusal):
    """A file of passwords cannot be read."""

    code = "credentials_damaged"


class Credentials:
    """Who may sign in with which password."""

    def __init__(self, data_dir: Path) -> None:
        """Read the files of a data directory, which need not be there yet.

        Raises:
            CredentialsDamaged: one of them is not as it was written.
        """
        self.data_dir = data_dir
        self._hashes: dict[str, PasswordHash] = {}
        self._generated: dict[str, str] = {}
        self._read_at: tuple[int, int, int] | None = None
        self._refresh()
        self._checker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="passwords")
        self.turn = asyncio.Lock()
        """Held by whoever has a password checked and judged."""

    def has(self, user_name: str) -> bool:
        """Say whether a user name has a password."""
        self._refresh()
        return user_name in self._hashes

    def printable(self, user_name: str) -> str | None:
        """Return a user's password where the program itself made it up."""
        self._refresh()
        return self._generated.get(user_name)

    def ensure(self, user_name: str) -> None:
        """Make up a password for a user name that has none."""
        if not self.has(user_name):
            password = passwords.generated(secrets.randbelow)
            self._keep(user_name, password)
            self._generated[user_name] = password
            self._write()

    def set(self, user_name: str, password: str) -> None:
        """Give a user name a password.

        Raises:
            InvalidPassword: it is shorter than six characters, or absurdly long.
        """
        if not LENGTH_MIN <= len(password) <= passwords.LENGTH_MAX:
            raise InvalidPassword(
                f"A password has {LENGTH_MIN} to {passwords.LENGTH_MAX} characters."
            )
        self._refresh()
        kept = self._hashes.get(user_name)
        if kept is not None and passwords.matches(password, kept):
            return
        self._keep(user_name, password)
        self._generated.pop(user_name, None)
        self._write()

    def matches(self, user_name: str, password: str) -> bool:
        """Say whether a password is right; it takes as long for a name that nobody has."""
        self._refresh()
        kept = self._hashes.get(user_name)
        return passwords.matches(password, kept or UNKNOWN) and kept is not None

    async def off_loop(self, check: Callable[[], bool]) -> bool:
        """Do a check that takes its time, off the loop; `turn` lets one come after the other."""
        return await asyncio.get_running_loop().run_in_executor(self._checker, check)

    def _keep(self, user_name: str, password: str) -> None:
        salt = secrets.token_bytes(passwords.SALT_SIZE)
        self._hashes[user_name] = passwords.hashed(password, salt)

    def _refresh(self) -> None:
        """Read what another process has written since: several desks share a data directory."""
        read_at = _written_at(self.data_dir / HASHES)
        if read_at != self._read_at:
            self._hashes = _read(self.data_dir / HASHES, _hashes_decoder)
            self._generated = _read(self.data_dir / GENERATED, _generated_decoder)
            self._read_at = read_at

    def _write(self) -> None:
        self.data_dir.mkdir(mode=PRIVATE_DIR, parents=True, exist_ok=True)
        # The hashes come last: who sees them change reads both files.
        write_private(self.data_dir / GENERATED, msgspec.json.encode(self._generated))
        write_private(self.data_dir / HASHES, msgspec.json.encode(self._hashes))
        self._read_at = _written_at(self.data_dir / HASHES)


UNKNOWN: Final = PasswordHash(salt="AAAAAAAAAAAAAAAAAAAAAA==", digest="A" * 43 + "=")
"""No password has this digest."""


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner reads, wholly or not at all."""
    beside = path.with_name(f"{path.name}.new")
    beside.unlink(missing_ok=True)
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def _written_at(path: Path) -> tuple[int, int, int]:
    """Return what differs when a file is another."""
    try:
        found = path.stat()
    except OSError:
        return NOT_THERE
    return found.st_mtime_ns, found.st_size, found.st_ino


NOT_THERE: Final = (0, 0, 0)


def _read(path: Path, decoder: msgspec.json.Decoder[dict[str, V]]) -> dict[str, V]:
    try:
        return decoder.decode(path.read_bytes())
    except FileNotFoundError:
        return {}
    except (msgspec.MsgspecError, OSError) as error:
        raise CredentialsDamaged(
            f"{path} cannot be read ({error}). Move it away and new passwords are made."
        ) from error
