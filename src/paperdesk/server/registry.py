"""The registry: a desk's registrations in a file that only its owner reads."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from paperdesk.auth.registrations import Registrations, Revocation
from paperdesk.base.errors import Refusal
from paperdesk.server.credentials import write_private

if TYPE_CHECKING:
    from collections.abc import Callable

FILE: Final = "registrations.json"


class RegistrationsDamaged(Refusal):
    """The file of registrations cannot be read."""

    code = "registrations_damaged"


class Registry:
    """The registrations of one desk, and the file they are kept in (None for memory alone)."""

    def __init__(self, folder: Path | None) -> None:
        """Read what a desk's folder holds.

        Raises:
            RegistrationsDamaged: the file is not as it was written.
        """
        self._path = None if folder is None else folder / FILE
        self.registrations = Registrations()
        self.revoked: list[Callable[[Revocation], None]] = []
        """Told at once of what opens nothing any more."""

        if self._path is None or not self._path.exists():
            return
        try:
            self.registrations = msgspec.json.decode(self._path.read_bytes(), type=Registrations)
        except (msgspec.MsgspecError, OSError) as error:
            raise RegistrationsDamaged(
                f"{self._path} cannot be read ({error}). Move it away, and programs can be "
                "registered anew."
            ) from error

    def save(self) -> None:
        """Write the registrations, wholly or not at all."""
        if self._path is not None:
            write_private(self._path, msgspec.json.encode(self.registrations))

    def revoke(self, revocation: Revocation) -> None:
        """Say that something opens nothing any more; what was opened with it ends."""
        for tell in self.revoked:
            tell(revocation)
