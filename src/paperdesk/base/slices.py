"""Slices: work that stops now and then, so that whoever does it can let others in between.

A function that works in slices is a generator: what it yields means nothing, and what it returns
is what the work comes to.
"""

from collections.abc import Generator
from typing import TypeAlias, TypeVar

T = TypeVar("T")

Slices: TypeAlias = Generator[None, None, T]


def whole(work: Slices[T]) -> T:
    """Do work to its end, without letting anybody in between."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]
