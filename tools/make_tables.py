"""Make `market/data/tables.bin`: quantiles and constants, as integers.

Run once:

    python tools/make_tables.py src/paperdesk/market/data/tables.bin [NORM]

The file is data, pinned by its hash in `tests/market/test_arith.py`. Everything is computed with
60 decimal digits and rounded once. `NORM` is a JSON file of 1,024 integers, the output of
`tools/calibrate_volume.py`; without it the table that needs no calibration is written.
"""

import json
import sys
import zlib
from decimal import Decimal, getcontext
from hashlib import blake2b
from pathlib import Path
from statistics import NormalDist
from struct import pack

getcontext().prec = 60
ONE = Decimal(1)
QUANTILES = 4096
MILLION = 1_000_000


def whole(value: Decimal) -> int:
    """Return the nearest integer."""
    return int(value.to_integral_value())


def standard(count: int) -> list[Decimal]:
    """Return the quantiles of a standard normal at the middles of so many equal shares."""
    half = count // 2
    upper = [Decimal(NormalDist().inv_cdf((i + 0.5) / count)) for i in range(half, count)]
    return [-z for z in reversed(upper)] + upper


def lognormal(scale: str) -> list[int]:
    """Return 65536·e^(scale·z) for each quantile z."""
    return [whole(65536 * (Decimal(scale) * z).exp()) for z in standard(QUANTILES)]


def rank() -> list[int]:
    """Return 65536·PHI(z) for z in steps of 2048e-6 from -4.194304 up, at the middles."""
    law = NormalDist()
    values = [law.cdf(((i << 11) + 1024 - (1 << 22)) / MILLION) for i in range(4096)]
    return [min(65535, int(65536 * value)) for value in values]


def exponential(count: int) -> list[Decimal]:
    """Return the quantiles of an exponential of mean one."""
    return [-(1 - (Decimal(i) + Decimal("0.5")) / count).ln() for i in range(count)]


def mills() -> list[int]:
    """Return Taylor coefficients of Mills' ratio (1 - PHI) / phi about 64 middles, times 2^50.

    Eleven for each of the intervals [j/8, (j+1)/8) up to 8, lowest power first. From R' = xR - 1
    follow all derivatives.
    """
    out: list[int] = []
    for j in range(64):
        x = (Decimal(j) + Decimal("0.5")) / 8
        derivatives = [mills_at(x)]
        derivatives.append(x * derivatives[0] - 1)
        for n in range(1, 10):
            derivatives.append(x * derivatives[n] + n * derivatives[n - 1])
        factorial = ONE
        for n, value in enumerate(derivatives):
            factorial *= max(n, 1)
            out.append(whole(value / factorial * 2**50))
    return out


def mills_at(x: Decimal) -> Decimal:
    """Return Mills' ratio: half its Gaussian integral less the series of odd powers."""
    term, total, n = x, x, 1
    while abs(term) > Decimal("1e-70"):
        n += 2
        term *= x * x / n
        total += term
    return (PI / 2).sqrt() * (x * x / 2).exp() - total


def pi() -> Decimal:
    """Return pi by Machin's formula."""

    def arctan_of_inverse(n: int) -> Decimal:
        total, power, k = Decimal(0), ONE / n, 0
        while power > Decimal("1e-75"):
            total += power / (2 * k + 1) * (-1) ** k
            power /= n * n
            k += 1
        return total

    return 4 * (4 * arctan_of_inverse(5) - arctan_of_inverse(239))


getcontext().prec = 90
PI = pi()


def volume_norm(argument: str | None) -> list[int]:
    """Return the calibration of volume shares: 128 classes of variance share x 8 of volume's."""
    if argument is not None:
        return [int(value) for value in json.loads(Path(argument).read_text())]
    shares = [(Decimal(i) + Decimal("0.5")) / 128 for i in range(128)]
    return [whole(65536 * ((1 - f) / f).sqrt()) for f in shares for _ in range(8)]


def tables(norm: str | None) -> dict[str, list[int]]:
    """Return every table by name."""
    ln2 = Decimal(2).ln()
    return {
        "normal": [whole(MILLION * z) for z in standard(QUANTILES)],
        "exponential": [whole(MILLION * x) for x in exponential(QUANTILES)],
        "rank": rank(),
        "cascade": lognormal("0.5"),
        "couple": lognormal("0.15"),
        "volume_many": lognormal("0.25"),
        "volume_some": lognormal("0.4"),
        "volume_few": lognormal("0.7"),
        "volume_norm": volume_norm(norm),
        "gap": [1 + whole(1000 * x * x) for x in exponential(256)],
        "share": [whole(1000 * x) for x in exponential(256)],
        "sizes": [whole(256 * (Decimal("0.6") * z).exp()) for z in standard(QUANTILES)],
        "exp": [whole((ln2 * i / 256).exp() * 2**52) for i in range(256)],
        "log": [whole((Decimal(i) / 64).ln() * 2**54) for i in range(48, 97)],
        "mills": mills(),
        "half_life": [whole(65536 * (-ln2 * i / 256).exp()) for i in range(256)],
        "constants": [
            whole(256 / ln2 * 2**40),
            whole(ln2 / 256 * 2**40),
            whole((ln2 / 256 * 2**40 - whole(ln2 / 256 * 2**40)) * 2**52),
            whole(ln2 * 2**32),
            whole((ln2 * 2**32 - whole(ln2 * 2**32)) * 2**52),
            whole((2 * PI).sqrt() * 2**50),
        ],
    }


def main() -> None:
    """Write the file that the first argument names."""
    body = bytearray()
    for name, values in tables(sys.argv[2] if len(sys.argv) > 2 else None).items():
        body += pack("<B", len(name)) + name.encode() + pack("<I", len(values))
        body += pack(f"<{len(values)}q", *values)
    packed = b"PDT1" + zlib.compress(bytes(body), 9)
    Path(sys.argv[1]).write_bytes(packed + blake2b(packed, digest_size=32).digest())


if __name__ == "__main__":
    main()
