"""Arithmetic: exp, log and the normal distribution, the same to the last bit everywhere.

Only operations that IEEE 754 defines exactly are used (`+ - * /`, comparison, `int()`); tables are
files of integers. All functions saturate: outside their domain they give the value at its end.
"""

from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from struct import unpack_from
from typing import Final
from zlib import decompress

DATA: Final = Path(__file__).parent / "data"
HASH_BYTES: Final = 32

EXPONENT_MAX: Final = 700.0
"""Beyond it `exp` saturates; e^700 and e^-700 are normal numbers."""

LEAST: Final = 2.2250738585072014e-308
"""The least normal number; `log` saturates below it."""

MOST: Final = 1.7976931348623157e308
"""The largest number; `log` saturates above it, that is at infinity."""

DEVIATIONS_MAX: Final = 37.0
"""Beyond it `normal_cdf` is 0 or 1."""


def read_data(name: str, magic: bytes) -> bytes:
    """Return the body of a shipped file: four letters, a zlib stream, BLAKE2b of all before.

    Raises:
        ValueError: the file is not what was shipped.
    """
    packed = (DATA / name).read_bytes()
    body, digest = packed[:-HASH_BYTES], packed[-HASH_BYTES:]
    if body[: len(magic)] != magic or blake2b(body, digest_size=HASH_BYTES).digest() != digest:
        raise ValueError(f"{name} is damaged: install the package again.")
    return decompress(body[len(magic) :])


@lru_cache(maxsize=1)
def _tables() -> dict[str, tuple[int, ...]]:
    body = read_data("tables.bin", b"PDT1")
    tables: dict[str, tuple[int, ...]] = {}
    place = 0
    while place < len(body):
        length = body[place]
        name = body[place + 1 : place + 1 + length].decode("ascii")
        place += 1 + length
        (count,) = unpack_from("<I", body, place)
        tables[name] = unpack_from(f"<{count}q", body, place + 4)
        place += 4 + 8 * count
    return tables


def read_table(name: str) -> tuple[int, ...]:
    """Return a shipped table of integers by name (`tools/make_tables.py` says what they are)."""
    return _tables()[name]


def _powers_of_two() -> tuple[float, ...]:
    upward = [1.0]
    for _ in range(1023):
        upward.append(upward[-1] * 2.0)
    return (*upward, *(1.0 / power for power in reversed(upward[1:])))


_POWER: Final = _powers_of_two()
"""2^n at index n, for n from -1023 to 1023."""

_EXP: Final = tuple(value / _POWER[52] for value in read_table("exp"))
_LOG: Final = tuple(value / _POWER[54] for value in read_table("log"))
_MILLS: Final = tuple(value / _POWER[50] for value in read_table("mills"))

_per_step, _step, _step_rest, _ln2, _ln2_rest, _root = read_table("constants")
_STEPS_PER_UNIT: Final = _per_step / _POWER[40]
_STEP: Final = _step / _POWER[40]
"""ln 2 / 256 to 32 bits, so that its multiples are exact, and what is missing."""
_STEP_REST: Final = _step_rest / _POWER[40] / _POWER[52]
_LN2: Final = _ln2 / _POWER[32]
_LN2_REST: Final = _ln2_rest / _POWER[32] / _POWER[52]
_ROOT_OF_TWO_PI: Final = _root / _POWER[50]


def exp(value: float) -> float:
    """Return e to a power, relative error below 1e-14; saturates beyond +-700."""
    if value > EXPONENT_MAX:
        value = EXPONENT_MAX
    elif value < -EXPONENT_MAX:
        value = -EXPONENT_MAX
    steps = value * _STEPS_PER_UNIT
    k = int(steps + 0.5) if steps >= 0.0 else -int(0.5 - steps)
    r = (value - k * _STEP) - k * _STEP_REST
    series = r * (1.0 + r * (0.5 + r * (1.0 / 6.0 + r * (1.0 / 24.0 + r / 120.0))))
    scale = _EXP[k & 255]
    return (scale + scale * series) * _POWER[k >> 8]


def log(value: float) -> float:
    """Return the natural logarithm, relative error below 1e-14.

    Saturates: numbers below the least normal one, negative ones too, give its logarithm.
    """
    if value < LEAST:
        value = LEAST
    elif value > MOST:
        value = MOST
    above, below = value.as_integer_ratio()
    exponent = above.bit_length() - below.bit_length()
    mantissa = value * _POWER[-exponent]
    if mantissa >= 1.5:  # noqa: PLR2004 - so that numbers near one have exponent 0
        mantissa *= 0.5
        exponent += 1
    elif mantissa < 0.75:  # noqa: PLR2004
        mantissa *= 2.0
        exponent -= 1
    index = int(mantissa * 64.0 + 0.5)
    middle = index / 64.0
    r = (mantissa - middle) / (mantissa + middle)
    square = r * r
    tail = square * (1.0 / 3.0 + square * (1.0 / 5.0 + square * (1.0 / 7.0)))
    near = 2.0 * (r + r * tail)
    return exponent * _LN2 + (_LOG[index - 48] + (near + exponent * _LN2_REST))


def _upper_tail(value: float) -> float:
    """Return what lies above a number of deviations, which is not negative."""
    if value >= DEVIATIONS_MAX:
        return 0.0
    index = int(value * 8.0)
    if index >= 64:  # noqa: PLR2004 - the table ends at eight deviations
        return _far_tail(value)
    r = value - (index + 0.5) / 8.0
    c = _MILLS[11 * index : 11 * index + 11]
    low = c[0] + r * (c[1] + r * (c[2] + r * (c[3] + r * (c[4] + r * c[5]))))
    r6 = r * r * r * r * r * r
    mills = low + r6 * (c[6] + r * (c[7] + r * (c[8] + r * (c[9] + r * c[10]))))
    return exp(-0.5 * value * value) / _ROOT_OF_TWO_PI * mills


def _far_tail(value: float) -> float:
    # The square in two parts, so that its rounding does not grow with it.
    rough = int(value * 64.0) / 64.0
    rest = (value - rough) * (value + rough)
    density = exp(-0.5 * rough * rough) * exp(-0.5 * rest) / _ROOT_OF_TWO_PI
    # Laplace's continued fraction; from 8 deviations on 30 terms are exact.
    ratio = value
    for n in range(30, 0, -1):
        ratio = value + n / ratio
    return density / ratio


def normal_cdf(value: float) -> float:
    """Return the standard normal distribution function.

    The relative error is below 1e-14 in the lower tail too, to -37 deviations; beyond is 0 or 1.
    """
    if value <= 0.0:
        return _upper_tail(-value)
    return 1.0 - _upper_tail(value)
