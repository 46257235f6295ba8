"""Small enough to read: functions, files, lines, parameters' tables apart."""

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted(
    path
    for folder in ("src", "tests", "tools", "benchmarks", "examples", "scripts")
    for path in (ROOT / folder).rglob("*.py")
)
MODULES = sorted((ROOT / "src").rglob("*.py"))

FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 60
LINE_COLUMNS_MAX = 100
FUNCTION_LINES_MEDIAN_MAX = 15


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def lines_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    assert function.end_lineno is not None
    return function.end_lineno - function.lineno + 1


@pytest.mark.parametrize("path", FILES, ids=name)
def test_file_can_be_read_at_one_sitting(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()

    assert len(lines) <= FILE_LINES_MAX, f"{name(path)}: make a package of it, same name"
    wide = [n for n, line in enumerate(lines, start=1) if len(line) > LINE_COLUMNS_MAX]
    assert not wide, f"{name(path)}: too wide in lines {wide}"


@pytest.mark.parametrize("path", FILES, ids=name)
def test_function_fits_on_a_screen(path: Path) -> None:
    long = [
        f"{f.name} ({lines_of(f)})" for f in functions(path) if lines_of(f) > FUNCTION_LINES_MAX
    ]

    assert not long, f"{name(path)}: split {', '.join(long)}"


def test_most_functions_are_small() -> None:
    lengths = [lines_of(function) for path in MODULES for function in functions(path)]

    assert statistics.median(lengths) <= FUNCTION_LINES_MEDIAN_MAX
