"""How fast the desk is, each figure beside a baseline that was measured in the same run.

`make bench` runs all of them, `make bench ARGS="kernel http"` some. A benchmark asserts nothing
about time: it prints medians, the ratio to its baseline, and the aim that it is held against.
"""
