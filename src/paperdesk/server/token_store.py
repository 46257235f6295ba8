"""The token store: what the authorization server must not forget, in a desk's folder.

The server's private key is a file of its own that only its owner reads. Assertions that were used
and tokens that were revoked stand in a small database: each is there before its answer leaves, so
that nobody uses one twice by having the desk killed.
"""

import os
import sqlite3
from hashlib import sha256
from pathlib import Path
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from paperdesk.auth.keys import to_pem
from paperdesk.auth.oauth2 import keys
from paperdesk.auth.oauth2.access_tokens import Revoked
from paperdesk.auth.oauth2.authorization import Remembered
from paperdesk.auth.oauth2.keys import Terms
from paperdesk.auth.oauth2.replays import Used
from paperdesk.auth.registrations import ClientKey
from paperdesk.base.errors import Refusal
from paperdesk.base.units import Instant
from paperdesk.server.credentials import PRIVATE, write_private

KEY_FILE: Final = "oauth2-signing.key"
DATABASE: Final = "oauth2.sqlite"
IN_MEMORY: Final = ":memory:"
KEY_BITS: Final = 2_048
EXPONENT: Final = 65_537
ID_DIGITS: Final = 40

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS used (
  mark TEXT PRIMARY KEY, client_id TEXT NOT NULL, until INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS revoked (
  token_id TEXT PRIMARY KEY, until INTEGER NOT NULL
) WITHOUT ROWID;
"""


class TokenStoreDamaged(Refusal):
    """A file of the authorization server cannot be read."""

    code = "token_store_damaged"


class TokenStore:
    """The memory of one desk's authorization server; without a folder it ends with the process.

    Used by one thread at a time.
    """

    def __init__(self, folder: Path | None, now: Instant, key: RSAPrivateKey | None = None) -> None:
        """Read what there is, and make the server's key where there is none.

        Args:
            folder: the desk's; None for memory alone.
            now: wall time; what has expired is forgotten.
            key: the server's private key, in place of the one in the folder.

        Raises:
            TokenStoreDamaged: one of the files is not as it was written.
        """
        self._key = key or _key(folder)
        self._database = _opened(folder)
        with self._database:
            self._database.execute("DELETE FROM used WHERE until <= ?", (now,))
            self._database.execute("DELETE FROM revoked WHERE until <= ?", (now,))

    @property
    def key(self) -> RSAPrivateKey:
        """The key that access tokens are signed with."""
        return self._key

    def remembered(self) -> Remembered:
        """Return what outlives the process."""
        used = self._database.execute("SELECT until, mark, client_id FROM used")
        revoked = self._database.execute("SELECT token_id, until FROM revoked")
        return Remembered(
            key=public(self._key),
            used=[Used(*row) for row in used],
            revoked=[Revoked(*row) for row in revoked],
        )

    def keep(self, used: Used | None = None, revoked: Revoked | None = None) -> None:
        """Write down what was used and what was revoked; it is on disk when this returns."""
        with self._database:
            if used is not None:
                self._database.execute(
                    "INSERT OR IGNORE INTO used (mark, client_id, until) VALUES (?, ?, ?)",
                    (used.mark, used.client_id, used.until),
                )
            if revoked is not None:
                self._database.execute(
                    "INSERT OR REPLACE INTO revoked (token_id, until) VALUES (?, ?)",
                    (revoked.token_id, revoked.until),
                )

    def close(self) -> None:
        """Let the files go."""
        self._database.close()


def public(key: RSAPrivateKey) -> ClientKey:
    """Return the public half of the server's key, named by 40 digits of its digest."""
    half = key.public_key()
    der = half.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    kid = sha256(der).hexdigest()[:ID_DIGITS]
    return keys.read(to_pem(half), Terms(kid=kid, algorithm="RS256"))[0]


def _key(folder: Path | None) -> RSAPrivateKey:
    if folder is None:
        return rsa.generate_private_key(EXPONENT, KEY_BITS)
    path = folder / KEY_FILE
    try:
        # Our own file: to check its primes again would take longer than all the rest of a start.
        kept = load_pem_private_key(path.read_bytes(), None, unsafe_skip_rsa_key_validation=True)
    except FileNotFoundError:
        made = rsa.generate_private_key(EXPONENT, KEY_BITS)
        folder.mkdir(parents=True, exist_ok=True)
        write_private(path, made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        return made
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm):
        kept = None
    if not isinstance(kept, RSAPrivateKey):
        raise TokenStoreDamaged(
            f"{path} is not the key it was. Move it away and a new one is made; access tokens of "
            "the old one open nothing then."
        )
    return kept


def _opened(folder: Path | None) -> sqlite3.Connection:
    if folder is None:
        database = sqlite3.connect(IN_MEMORY, check_same_thread=False)
        database.executescript(SCHEMA)
        return database
    path = folder / DATABASE
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, PRIVATE))
    database = sqlite3.connect(path, check_same_thread=False)
    try:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        database.executescript(SCHEMA)
    except sqlite3.DatabaseError as error:
        database.close()
        raise TokenStoreDamaged(
            f"{path} cannot be read ({error}). Move it away: assertions that were used in the last "
            "minutes could then be used once more."
        ) from error
    return database
