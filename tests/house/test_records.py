"""Decision records are numbered and shaped alike; changelog fragments have a kind; links lead."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
FRAGMENTS = sorted(p for p in (ROOT / "changelog.d").glob("*.md") if p.name != "README.md")

SECTIONS = ["Question", "What we know", "Decision", "Consequences", "Not chosen"]
PAGE_LINES_MAX = 70


def name(path: Path) -> str:
    return path.name


def test_no_two_decisions_have_one_number() -> None:
    numbers = [int(path.name[:4]) for path in DECISIONS]

    assert len(numbers) == len(set(numbers))


@pytest.mark.parametrize("path", DECISIONS, ids=name)
def test_decision_answers_one_question_on_one_page(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert text.startswith(f"# {int(path.name[:4])}. ")
    assert re.search(r"^(Proposed|Accepted|Replaced), \d{4}-\d\d-\d\d\.", text, re.MULTILINE)
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == SECTIONS
    assert len(text.splitlines()) <= PAGE_LINES_MAX


@pytest.mark.parametrize("path", FRAGMENTS, ids=name)
def test_changelog_fragment_is_one_sentence_of_a_known_kind(path: Path) -> None:
    kind = path.name.split(".")[-2]

    assert kind in {"added", "changed", "fixed", "removed", "security"}
    assert len(path.read_text(encoding="utf-8").strip().splitlines()) == 1


DOCUMENTS = sorted(
    path
    for folder in (".", "docs", "changelog.d")
    for path in (ROOT / folder).glob("**/*.md")
    if not any(part.startswith(".") for part in path.relative_to(ROOT).parts)
)


@pytest.mark.parametrize("path", sorted(set(DOCUMENTS)), ids=lambda p: str(p.relative_to(ROOT)))
def test_links_between_documents_lead_somewhere(path: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8"))

    dead = [link for link in links if not (path.parent / link).exists()]

    assert not dead
