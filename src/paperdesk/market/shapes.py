"""Shapes: how a bar with this open and close splits, looked up and not computed.

The table holds sampled Brownian paths, made once by `tools/make_shapes.py`: for 8 shares of
variance of the first half and 8 by 8 cells of open and close within the range, 64 shapes sorted
by their middle, so that a rank is a handle for correlation.
"""

from typing import Final

from paperdesk.market.arith import read_data
from paperdesk.market.nodes import Node

ONE: Final = 1 << 16
HALF: Final = ONE >> 1
PER_CELL: Final = 64
BYTES: Final = 7
TOUCHES: Final = 255
"""A reach that goes to the bar's own high or low. For each, one half at least has it, and so the
union of the halves is the bar, whatever the data."""

_SHAPES: Final = read_data("shapes.bin", b"PDS1")


def shaped(node: Node, f: int, u: int, d: tuple[int, ...]) -> tuple[int, int, int, int, int, int]:
    """Return high, low and close of the first half, open, high and low of the second.

    f is the first half's share of the variance in 1/65536, u the rank of the shape, d the words.
    Histories spend their time here: comparisons are cheaper than `min` and `max`.
    """
    _, _, o, h, low, c, _, _ = node
    if f < 1:
        f = 1
    elif f >= ONE:
        f = ONE - 1
    # The shapes are of first halves that are the smaller ones; the others are these seen from
    # the end.
    is_turned = f >= HALF
    if is_turned:
        o, c, f = c, o, ONE - f
    size = h - low
    of = (o - low) * 255 // size
    cf = (c - low) * 255 // size
    share = f >> 12 if f < HALF else (HALF - 1) >> 12
    place = ((share << 6 | of >> 5 << 3 | cf >> 5) * PER_CELL + (u * PER_CELL >> 16)) * BYTES
    ms, p1, q1, p2, q2, os, cs = _SHAPES[place : place + BYTES]
    shift = (ms << 16) + (ONE - f) * (of - os) + f * (cf - cs)
    middle = low + (shift * size + size * (d[5] - 32_768) + 8_355_840) // 16_711_680
    if middle < low:
        middle = low
    elif middle > h:
        middle = h
    opening = middle
    if d[6] & 1:
        # Beside it, unless that is outside the bar.
        opening += middle < h if d[6] & 2 else -(middle > low)
    top, bottom = (o, middle) if o > middle else (middle, o)
    h1 = h if p1 == TOUCHES else top + ((p1 * (h - top) * 257 + d[7]) >> 16)
    l1 = low if q1 == TOUCHES else bottom - ((q1 * (bottom - low) * 257 + d[8]) >> 16)
    top, bottom = (c, opening) if c > opening else (opening, c)
    h2 = h if p2 == TOUCHES else top + ((p2 * (h - top) * 257 + d[9]) >> 16)
    l2 = low if q2 == TOUCHES else bottom - ((q2 * (bottom - low) * 257 + d[10]) >> 16)
    if is_turned:
        return h2, l2, opening, middle, h1, l1
    return h1, l1, middle, opening, h2, l2
