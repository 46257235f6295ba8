"""Arithmetic: exp, log and the normal distribution, the same to the last bit everywhere.

Only operations that IEEE 754 defines exactly are used; tables are files of integers. All
functions saturate: outside their domain they give the value at its end.
"""


def read_table(name: str) -> tuple[int, ...]:
    """Return a shipped table of integers by name."""
    raise NotImplementedError


def exp(value: float) -> float:
    """Return e to a power, within 1e-14; saturates beyond +-700."""
    raise NotImplementedError


def log(value: float) -> float:
    """Return the natural logarithm, within 1e-14; below the least normal number, that number's."""
    raise NotImplementedError


def normal_cdf(value: float) -> float:
    """Return the standard normal distribution function."""
    raise NotImplementedError
