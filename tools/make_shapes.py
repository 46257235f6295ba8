"""Make `market/data/shapes.bin`: how a bar with this open and close splits into two.

Run once, with numpy, which nothing shipped needs:

    python tools/make_shapes.py src/paperdesk/market/data/shapes.bin

The file is data, pinned by its hash in `tests/market/test_tree.py`: another run with another
numpy may give other shapes, and other shapes are another generator.

Paths of Brownian motion are simulated with the extremes inside each step drawn from the law of
the bridge, and scaled by their own range. For each of eight cuts the shape of the two halves is
noted; shapes are sorted into cells by open and close. A cell keeps 64 of them, drawn with
probability proportional to the square of the range: given only a bar's shape, its range and what
happens inside are not independent, and plain sampling would add variance at every level.
"""

import sys
import zlib
from hashlib import blake2b
from pathlib import Path

import numpy as np

PATHS = 1_440_000
CHUNK = 20_000
STEPS = 256
CUTS = 8
CELLS = 8
KEPT = 64
SEED = 20_250_101


def simulated(generator: np.random.Generator, count: int) -> list[np.ndarray]:
    """Return for each cut an array of rows (o, c, M, p1, q1, p2, q2, range), scaled by range."""
    variance = 1.0 / STEPS
    moves = generator.standard_normal((count, STEPS), dtype=np.float32) * np.sqrt(variance)
    ends = np.concatenate(
        [np.zeros((count, 1)), np.cumsum(moves, axis=1, dtype=np.float64)], axis=1
    )
    left, right = ends[:, :-1], ends[:, 1:]
    square = (right - left) ** 2

    def reach() -> np.ndarray:
        uniform = 1.0 - generator.random((count, STEPS))
        return np.sqrt(square - 2 * variance * np.log(uniform))

    tops = (left + right + reach()) / 2
    bottoms = (left + right - reach()) / 2
    high, low = tops.max(axis=1), bottoms.min(axis=1)
    size = high - low
    o, c = -low / size, (ends[:, -1] - low) / size
    rows = []
    for index in range(CUTS):
        k = 16 * index + 8
        middle = (ends[:, k] - low) / size
        highs = [(tops[:, :k].max(axis=1) - low) / size, (tops[:, k:].max(axis=1) - low) / size]
        lows = [
            (bottoms[:, :k].min(axis=1) - low) / size,
            (bottoms[:, k:].min(axis=1) - low) / size,
        ]
        columns = [o, c, middle]
        for end, half_high, half_low in zip((o, c), highs, lows, strict=True):
            top, bottom = np.maximum(end, middle), np.minimum(end, middle)
            with np.errstate(divide="ignore", invalid="ignore"):
                p = np.where(half_high >= 1.0, 1.0, (half_high - top) / (1.0 - top))
                q = np.where(half_low <= 0.0, 1.0, (bottom - half_low) / bottom)
            columns += [np.clip(p, 0, 1), np.clip(q, 0, 1)]
        columns.append(size)
        rows.append(np.stack(columns, axis=1).astype(np.float32))
    return rows


def mirrored(rows: np.ndarray) -> np.ndarray:
    """Return the same shapes upside down."""
    o, c, middle, p1, q1, p2, q2, size = rows.T
    return np.stack([1 - o, 1 - c, 1 - middle, q1, p1, q2, p2, size], axis=1)


def kept(rows: np.ndarray) -> bytes:
    """Return 64 shapes of one cell, sorted by the middle, drawn by the square of the range."""
    rows = rows[np.argsort(rows[:, 2], kind="stable")]
    weight = np.cumsum(rows[:, 7].astype(np.float64) ** 2)
    picks = np.searchsorted(weight, (np.arange(KEPT) + 0.5) / KEPT * weight[-1])
    out = bytearray()
    for o, c, middle, p1, q1, p2, q2, _ in rows[picks]:
        reaches = [255 if r >= 1.0 else min(int(r * 255), 254) for r in (p1, q1, p2, q2)]
        assert 255 in (reaches[0], reaches[2])
        assert 255 in (reaches[1], reaches[3])
        out += bytes([round(float(middle) * 255), *reaches])
        out += bytes([min(int(o * 255), 255), min(int(c * 255), 255)])
    return bytes(out)


def main() -> None:
    """Write the file that the first argument names."""
    generator = np.random.Generator(np.random.PCG64(SEED))
    parts: list[list[np.ndarray]] = [[] for _ in range(CUTS)]
    for _ in range(PATHS // CHUNK):
        for part, rows in zip(parts, simulated(generator, CHUNK), strict=True):
            part.append(rows)
    body = bytearray()
    for part in parts:
        rows = np.concatenate(part)
        rows = np.concatenate([rows, mirrored(rows)])
        cells = (rows[:, :2] * 255).astype(int) * CELLS >> 8
        order = cells[:, 0] * CELLS + cells[:, 1]
        for cell in range(CELLS * CELLS):
            body += kept(rows[order == cell])
    packed = b"PDS1" + zlib.compress(bytes(body), 9)
    Path(sys.argv[1]).write_bytes(packed + blake2b(packed, digest_size=32).digest())


if __name__ == "__main__":
    main()
