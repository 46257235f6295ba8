"""What is written down anywhere in the tree, and what is not."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# Spelt apart so that this file does not break its own rule.
UNFINISHED = re.compile("|".join(("TO" + "DO", "FIX" + "ME", "NotImpl" + "ementedError")))
WORKSHOP = re.compile(
    "|".join(
        (
            r"\.\./sha" + "red",
            r"(?<![\w.])/wo" + "rk/",
            r"/ro" + "ot/",
            r"py" + r"pi\.org",
            "python" + r"hosted\.org",
            "npm" + r"js\.(org|com)",
            r"/opt/wh" + "eels",
        )
    )
)
MAY_NAME_THE_WORKSHOP = frozenset({".ci/run", "scripts/conformance"})

TEXT = frozenset({".py", ".md", ".toml", ".txt", ".yml", ".yaml", ".json", ".csv", ".html", ""})
# Whole folders only: nothing that git ignores is anybody's concern.
NOT_OURS = frozenset({".git", "build", "dist", "htmlcov", "site", "node_modules", "__pycache__"})


def is_ours(path: Path) -> bool:
    inside = path.relative_to(ROOT)
    folders = inside.parts[:-1]
    hidden = any(part.startswith(".") and part not in {".github", ".ci"} for part in folders)
    return not hidden and not NOT_OURS.intersection(folders) and path.suffix in TEXT


FILES = sorted(path for path in ROOT.rglob("*") if path.is_file() and is_ours(path))
CODE = [path for path in FILES if path.suffix == ".py"]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def lines_with(path: Path, pattern: re.Pattern[str]) -> list[str]:
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    return [f"{n}: {line.strip()[:80]}" for n, line in enumerate(lines, 1) if pattern.search(line)]


@pytest.mark.parametrize("path", CODE, ids=name)
def test_nothing_is_left_for_later_in_code(path: Path) -> None:
    assert not lines_with(path, UNFINISHED), f"{name(path)}: open an issue and name it"


def test_nothing_tells_where_it_was_made() -> None:
    told = {
        name(path): found
        for path in FILES
        if name(path) not in MAY_NAME_THE_WORKSHOP and (found := lines_with(path, WORKSHOP))
    }

    assert not told


UNSPOKEN = frozenset({"utils", "helpers", "common", "misc", "manager", "managers", "services"})


@pytest.mark.parametrize("path", [p for p in CODE if "src" in p.parts], ids=name)
def test_module_is_named_for_what_it_holds(path: Path) -> None:
    assert path.stem not in UNSPOKEN
    assert not path.stem.startswith("base_")


def test_no_class_is_a_manager_or_service() -> None:
    vague = re.compile(r"^\s*class \w*(Manager|Service|Helper|Util|Engine|Handler)\b", re.MULTILINE)

    told = {name(path): found for path in CODE if (found := lines_with(path, vague))}

    assert not told
