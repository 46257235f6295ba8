"""Signatures: made and checked with the three asymmetric algorithms that a key may be for.

Which algorithm a key is for is said when it is registered, never by a token.
"""

from functools import lru_cache
from typing import Final

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey
from joserfc.jws import JWSRegistry

ALGORITHMS: Final = ("RS256", "PS256", "ES256")
STRICT_ALGORITHMS: Final = ("PS256", "ES256")
"""Those of FAPI 2.0; RS256 is not among them."""

KEYS_KEPT: Final = 1_024
_registry: Final = JWSRegistry(algorithms=ALGORITHMS)


def is_good(signed: bytes, signature: bytes, algorithm: str, pem: str) -> bool:
    """Say whether a signature was made over some bytes with the other half of a public key.

    Args:
        signed: the first two segments with the dot between them.
        signature: of the third segment.
        algorithm: one that the key is registered for.
        pem: the public key, `-----BEGIN PUBLIC KEY-----`.
    """
    found = _registry.get_alg(algorithm)
    try:
        return found.verify(signed, signature, _loaded(pem, algorithm))
    except (JoseError, ValueError):
        return False


def rs256(signed: bytes, key: RSAPrivateKey) -> bytes:
    """Return the RS256 signature of some bytes; it takes about a millisecond."""
    return _registry.get_alg("RS256").sign(signed, RSAKey(key, key))


@lru_cache(maxsize=KEYS_KEPT)
def _loaded(pem: str, algorithm: str) -> RSAKey | ECKey:
    return ECKey.import_key(pem) if algorithm == "ES256" else RSAKey.import_key(pem)
