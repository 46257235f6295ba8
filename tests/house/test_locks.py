"""Packages are locked by hash, and their lists tell nothing about where they came from."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LISTS = sorted((ROOT / "requirements").glob("*.txt"))
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[a-z0-9,._-]+\])?==\S+", re.MULTILINE)
"""A package with its extras: an installer that finds them asked for elsewhere wants them here."""


def name(path: Path) -> str:
    return path.name


def wanted() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {re.split(r"[\[<>=;! ]", line)[0].lower() for line in project["dependencies"]}


@pytest.mark.parametrize("path", LISTS, ids=name)
def test_every_package_is_pinned_with_its_hash(path: Path) -> None:
    entries = path.read_text(encoding="utf-8").replace("\\\n", " ").strip().splitlines()

    assert entries
    for entry in entries:
        assert PIN.match(entry), f"not pinned: {entry[:60]}"
        assert "--hash=sha256:" in entry, f"without a hash: {entry[:60]}"


@pytest.mark.parametrize("path", LISTS, ids=name)
def test_list_names_no_address(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert "://" not in text
    assert "index-url" not in text


def test_what_the_project_asks_for_is_locked() -> None:
    locked = set(PIN.findall((ROOT / "requirements" / "run.txt").read_text(encoding="utf-8")))

    assert wanted() <= locked, "run make lock"


def test_core_stays_within_twelve_direct_packages() -> None:
    assert len(wanted()) <= 12
