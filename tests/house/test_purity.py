"""What may not appear where: clocks, chance, floats and files in the core; waiting below server.

The import contracts of pyproject.toml forbid modules; this forbids names that need no import.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2] / "src" / "paperdesk"

CORE = ("base", "kernel", "views")
DETERMINISTIC = (*CORE, "market")
NEVER_WAITS = (*DETERMINISTIC, "store", "desk", "auth", "faults", "api", "stream")

CLOCKS_AND_CHANCE = frozenset(
    {"asyncio", "datetime", "logging", "os", "random", "secrets", "socket", "threading", "time"}
    | {"uuid", "zoneinfo"}
)
MACHINE_DEPENDENT = frozenset({"breakpoint", "hash", "id", "input", "print"})
# A cache may know a table by its place, as long as no answer shows it.
MAY_KNOW_PLACES = HOUSE / "market"
CALENDAR = HOUSE / "base" / "calendar.py"


def modules(rooms: tuple[str, ...]) -> list[Path]:
    return sorted(path for room in rooms for path in (HOUSE / room).rglob("*.py"))


def name(path: Path) -> str:
    return str(path.relative_to(HOUSE))


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name.partition(".")[0]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            top = node.module.partition(".")[0]
            drawn = {alias.name for alias in node.names}
            # A Random of one's own, seeded by name, is the house's way to draw.
            if (top, drawn) != ("random", {"Random"}):
                yield node.lineno, top


def called_names(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.lineno, node.func.id


@pytest.mark.parametrize("path", modules(DETERMINISTIC), ids=name)
def test_deterministic_room_asks_neither_clock_nor_chance(path: Path) -> None:
    allowed = {"datetime", "zoneinfo"} if path == CALENDAR else set()

    found = [f"line {n}: {top}" for n, top in imported(path) if top in CLOCKS_AND_CHANCE - allowed]

    assert not found, f"{name(path)}: time and chance arrive as data, not from {found}"


@pytest.mark.parametrize("path", modules(DETERMINISTIC), ids=name)
def test_deterministic_room_calls_nothing_that_differs_between_machines(path: Path) -> None:
    allowed = {"id"} if path.is_relative_to(MAY_KNOW_PLACES) else set()
    differing = MACHINE_DEPENDENT - allowed
    found = [f"line {n}: {call}" for n, call in called_names(path) if call in differing]

    assert not found, f"{name(path)}: {found}"


@pytest.mark.parametrize("path", modules(CORE), ids=name)
def test_core_has_no_floats_and_opens_no_files(path: Path) -> None:
    floats = [
        f"line {node.lineno}: {node.value}"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, float)
    ]
    calls = [f"line {n}: {call}" for n, call in called_names(path) if call in {"float", "open"}]

    assert not floats + calls, f"{name(path)}: money and sizes are Decimal: {floats + calls}"


def iterated(path: Path) -> Iterator[ast.expr]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.For):
            yield node.iter
        elif isinstance(node, ast.ListComp | ast.GeneratorExp | ast.DictComp):
            yield from (generator.iter for generator in node.generators)


def is_plainly_a_set(node: ast.expr) -> bool:
    called = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    if called:
        assert isinstance(node, ast.Call)
        assert isinstance(node.func, ast.Name)
        return node.func.id in {"set", "frozenset"}
    return isinstance(node, ast.Set | ast.SetComp)


@pytest.mark.parametrize("path", modules(DETERMINISTIC), ids=name)
def test_deterministic_room_never_walks_a_set_in_its_own_order(path: Path) -> None:
    found = [f"line {node.lineno}" for node in iterated(path) if is_plainly_a_set(node)]

    assert not found, f"{name(path)}: sort it, or keep a dict: {found}"


@pytest.mark.parametrize("path", modules(NEVER_WAITS), ids=name)
def test_nothing_below_the_server_waits(path: Path) -> None:
    waits = (ast.AsyncFunctionDef, ast.Await, ast.AsyncFor, ast.AsyncWith)

    found = [node for node in ast.walk(tree(path)) if isinstance(node, waits)]

    assert not found, f"{name(path)}: only server, control, gateway, cluster and cli may wait"


def catches_all(handler: ast.ExceptHandler) -> bool:
    return handler.type is None or (
        isinstance(handler.type, ast.Name) and handler.type.id in {"Exception", "BaseException"}
    )


def raises_again(handler: ast.ExceptHandler) -> bool:
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


@pytest.mark.parametrize("path", sorted(HOUSE.rglob("*.py")), ids=name)
def test_only_the_server_catches_everything_and_goes_on(path: Path) -> None:
    swallowed = [
        f"line {node.lineno}"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler) and catches_all(node) and not raises_again(node)
    ]

    assert not swallowed or path.parts[-2] == "server", f"{name(path)}: name it: {swallowed}"
