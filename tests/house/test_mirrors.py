"""Tests mirror the tree: who changes a module knows where its test is."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HOUSE = ROOT / "src" / "paperdesk"
TESTS = ROOT / "tests"

# Folders whose tests ask about the whole house rather than one module.
WHOLE = frozenset(
    {"clients", "conformance", "docs", "house", "journals", "properties", "scenarios"}
    | {"simulation"}
)


def has_code(path: Path) -> bool:
    """Say whether a module does something: a function that is more than a declaration."""
    return any(
        isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not is_declaration(node)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    )


def is_declaration(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    body = [
        node
        for node in function.body
        if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
    ]
    return not body


MODULES = sorted(
    path for path in HOUSE.rglob("*.py") if path.name != "__init__.py" and has_code(path)
)
TEST_FILES = sorted(
    path
    for path in TESTS.rglob("test_*.py")
    if len(path.relative_to(TESTS).parts) > 1 and path.relative_to(TESTS).parts[0] not in WHOLE
)


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def homes_of(module: Path) -> list[Path]:
    """Return where a module's tests may be: beside it, or in the file of its package."""
    inside = module.relative_to(HOUSE)
    homes = [TESTS / inside.parent / f"test_{inside.stem.lstrip('_')}.py"]
    if len(inside.parts) > 2:
        homes.append(TESTS / inside.parent.parent / f"test_{inside.parent.name}.py")
    return homes


def is_about_something(test: Path) -> bool:
    """Say whether a test file has a module, or a package whose parts it begins with."""
    inside = test.relative_to(TESTS)
    noun = inside.stem.removeprefix("test_")
    room = HOUSE / inside.parent
    words = noun.split("_")
    stems = ["_".join(words[:count]) for count in range(len(words), 0, -1)]
    return any(
        (room / f"{stem}.py").exists() or (room / f"_{stem}.py").exists() or (room / stem).is_dir()
        for stem in stems
    )


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_module_with_code_has_a_test(path: Path) -> None:
    homes = homes_of(path)
    split = sorted(homes[0].parent.glob(f"{homes[0].stem}_*.py"))

    assert split or any(home.exists() for home in homes), f"write {name(homes[0])}"


@pytest.mark.parametrize("path", TEST_FILES, ids=name)
def test_test_file_has_a_module_to_test(path: Path) -> None:
    assert is_about_something(path), f"{name(path)} tests nothing in {path.parent.name}"
