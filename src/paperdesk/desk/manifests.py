"""Manifests: what a desk on disk is and how it began. Written once, before its first event.

<data-dir>/desks/<name>/manifest.json
journal.db  (beside it -wal, -shm while it is open, and .lock)
checkpoints/<seq>.checkpoint
"""

import os
import shutil
from contextlib import ExitStack
from hashlib import blake2b
from pathlib import Path
from typing import Final

import msgspec

from paperdesk.base.errors import Refusal
from paperdesk.base.units import Instant
from paperdesk.desk.terms import NAME, Scenario
from paperdesk.store.checkpoint import SUFFIX
from paperdesk.store.files import MODE, checked, copied, locked, read, synchronised
from paperdesk.store.records import HASH_SIZE

FORM: Final = 1
"""The form of manifests that this release writes and reads."""

DESKS: Final = "desks"
MANIFEST: Final = "manifest.json"
JOURNAL: Final = "journal.db"
CHECKPOINTS: Final = "checkpoints"
PRIVATE: Final = 0o700


class UnknownDesk(Refusal):
    """The data folder has no desk of that name."""

    code = "unknown_desk"


class InvalidDesk(Refusal):
    """The desk's name or its manifest is not what it must be."""

    code = "invalid_desk"


class DeskExists(Refusal):
    """There is a desk of that name already."""

    code = "desk_exists"


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """How a desk began.

    `seed`, `begins_at` and `scenario` make the genesis of its journal's chain. `release` and
    `catalogue` (its hash) are what it began with; later ones may have more contracts, and the
    prices of the old ones stay, since conids name the draws. `forked_from` is the desk and record
    that it is a copy of.
    """

    form: int = FORM
    name: str
    seed: int
    begins_at: Instant
    release: str
    catalogue: str
    forked_from: str = ""
    scenario: Scenario

    @property
    def genesis(self) -> bytes:
        """The hash from which the journal's chain starts."""
        beginning = (self.seed, self.begins_at, self.scenario)
        return blake2b(msgspec.msgpack.encode(beginning), digest_size=HASH_SIZE).digest()


class Place(msgspec.Struct, frozen=True):
    """Where one desk is kept."""

    directory: Path

    @property
    def manifest(self) -> Path:
        """The file that says how the desk began."""
        return self.directory / MANIFEST

    @property
    def journal(self) -> Path:
        """The file of its events."""
        return self.directory / JOURNAL

    @property
    def checkpoints(self) -> Path:
        """The folder of its checkpoints."""
        return self.directory / CHECKPOINTS

    @property
    def exists(self) -> bool:
        """Whether a desk is kept here."""
        return self.manifest.is_file()


def place(data_dir: Path, name: str) -> Place:
    """Return where a desk of a name is kept, whether it exists or not.

    Raises:
        InvalidDesk: the name is none.
    """
    if not NAME.fullmatch(name):
        raise InvalidDesk(
            f"{name[:80]!r} cannot be a desk's name: at most 64 small letters, digits, "
            "dots, dashes and underscores."
        )
    return Place(data_dir / DESKS / name)


def existing(data_dir: Path, name: str) -> Place:
    """Return where a desk is kept that must exist.

    Raises:
        UnknownDesk: there is none of that name; the message lists those that are there.
    """
    found = place(data_dir, name)
    if not found.exists:
        names = ", ".join(names_in(data_dir)) or "none"
        raise UnknownDesk(f"There is no desk {name} in {data_dir}; there is: {names}.")
    return found


def names_in(data_dir: Path) -> list[str]:
    """Return the names of the desks of a data folder, in order."""
    return sorted(path.parent.name for path in (data_dir / DESKS).glob(f"*/{MANIFEST}"))


def begin(where: Place, manifest: Manifest) -> None:
    """Make a desk's folder and write its manifest.

    Raises:
        DeskExists: the folder has a desk.
    """
    if where.exists:
        raise DeskExists(f"There is a desk {manifest.name} already.")
    where.directory.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
    new = where.manifest.with_suffix(".new")
    content = msgspec.json.format(msgspec.json.encode(manifest), indent=2)
    with open(new, "wb", opener=_private) as file:
        file.write(content + b"\n")
        file.flush()
        os.fsync(file.fileno())
    new.replace(where.manifest)
    synchronised(where.directory)


def manifest_of(where: Place) -> Manifest:
    """Return a desk's manifest.

    Raises:
        InvalidDesk: it is not to be read, or of a newer release.
    """
    try:
        manifest = msgspec.json.decode(where.manifest.read_bytes(), type=Manifest)
    except (OSError, msgspec.MsgspecError) as error:
        raise InvalidDesk(f"{where.manifest} is no manifest of a desk: {error}.") from error
    if manifest.form > FORM:
        raise InvalidDesk(
            f"{where.manifest} has form {manifest.form}; this release reads up to {FORM}. "
            "Open the desk with a newer release."
        )
    return manifest


def forked(data_dir: Path, source: str, name: str) -> Manifest:
    """Copy a desk, which may be open, as it is now; both go their own way from there.

    Raises:
        UnknownDesk: there is no such desk.
        DeskExists: there is a desk of the new name.
        JournalDamaged: the copied journal is not whole.
    """
    old, new = existing(data_dir, source), place(data_dir, name)
    if new.directory.exists():
        raise DeskExists(f"There is a desk {name} already.")
    with ExitStack() as undo:
        undo.callback(shutil.rmtree, new.directory)
        new.checkpoints.mkdir(mode=PRIVATE, parents=True)
        new.directory.chmod(PRIVATE)
        # Checkpoints first: the journal that is copied after them knows all their events.
        for checkpoint in sorted(old.checkpoints.glob(f"*{SUFFIX}")):
            shutil.copy(checkpoint, new.checkpoints)
        checked(old.journal, manifest_of(old).genesis)
        copied(old.journal, new.journal)
        seq = sum(1 for _ in read(new.journal))
        for file in sorted(old.directory.iterdir()):
            if file.is_file() and not file.name.startswith(("journal.", MANIFEST)):
                shutil.copy(file, new.directory)
        manifest = msgspec.structs.replace(
            manifest_of(old), name=name, forked_from=f"{source} after record {seq}"
        )
        begin(new, manifest)
        undo.pop_all()
    return manifest


def deleted(data_dir: Path, name: str) -> None:
    """Remove a desk for good.

    Raises:
        UnknownDesk: there is no such desk.
        JournalInUse: somebody has it open.
    """
    where = existing(data_dir, name)
    lock = locked(where.journal)
    try:
        where.manifest.unlink()
    finally:
        lock.close()
    shutil.rmtree(where.directory)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, MODE)
