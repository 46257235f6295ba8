"""Second factors on disk: a private file beside the passwords.

It is read at every use, so that a running desk notices what the command line has changed, and
written whole.
"""

import secrets
from pathlib import Path
from typing import Final

import msgspec

from paperdesk.auth import second_factors
from paperdesk.auth.second_factors import NONE, SecondFactors
from paperdesk.base.errors import Refusal
from paperdesk.base.units import Instant
from paperdesk.server.credentials import PRIVATE_DIR, CredentialsDamaged, write_private

FILE: Final = "second-factors.json"
CODE_LENGTHS: Final = range(4, second_factors.CODE_LENGTH_MAX + 1)

_decoder = msgspec.json.Decoder(dict[str, SecondFactors])


class InvalidCode(Refusal):
    """A code that nobody should have."""

    code = "invalid_code"


class FactorFile:
    """What users show beside their passwords, in one data directory."""

    def __init__(self, data_dir: Path) -> None:
        """Name the file, which need not be there."""
        self._path = data_dir / FILE

    def of(self, user_name: str) -> SecondFactors:
        """Return a user's second factors.

        Raises:
            CredentialsDamaged: the file is not as it was written.
        """
        return self._read().get(user_name, NONE)

    def keep(self, user_name: str, factors: SecondFactors) -> None:
        """Give a user other second factors.

        Raises:
            InvalidCode: the code that is always the same is too short or too long.
        """
        if factors.code and len(factors.code) not in CODE_LENGTHS:
            raise InvalidCode(
                f"A code has {CODE_LENGTHS[0]} to {CODE_LENGTHS[-1]} letters or digits."
            )
        everybody = self._read()
        everybody[user_name] = factors
        self._path.parent.mkdir(mode=PRIVATE_DIR, parents=True, exist_ok=True)
        write_private(self._path, msgspec.json.encode(everybody))

    def renew(self, user_name: str) -> str:
        """Give a user a new secret for an authenticator app, and return the address that it reads.

        The address holds the secret and is not shown again.
        """
        secret = second_factors.secret_of(secrets.token_bytes(second_factors.SECRET_SIZE))
        factors = self.of(user_name)
        self.keep(user_name, msgspec.structs.replace(factors, secret=secret, used_step=-1))
        return second_factors.uri(secret, user_name)

    def take(self, user_name: str, code: str, at: Instant, *, is_fixed: bool) -> bool:
        """Say whether a code is right; an authenticator app's is used up by that.

        Args:
            user_name: whose.
            code: what was typed.
            at: wall time.
            is_fixed: whether the code is the one that is always the same.
        """
        factors = self.of(user_name)
        if is_fixed:
            return second_factors.is_fixed_code(factors, code)
        step = second_factors.step_of(factors, code, at)
        if step is None:
            return False
        self.keep(user_name, msgspec.structs.replace(factors, used_step=step))
        return True

    def _read(self) -> dict[str, SecondFactors]:
        try:
            return _decoder.decode(self._path.read_bytes())
        except FileNotFoundError:
            return {}
        except (msgspec.MsgspecError, OSError) as error:
            raise CredentialsDamaged(
                f"{self._path} cannot be read ({error}). Move it away, and nobody has a second "
                "factor until it is set again."
            ) from error
