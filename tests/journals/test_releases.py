"""Journals of releases: what was written by any of them leads to the same world for ever."""

import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import pytest

from paperdesk import __version__
from paperdesk.desk.manifests import Place, manifest_of
from paperdesk.desk.replays import replayed
from paperdesk.market.catalogue import load_catalogue
from paperdesk.store.checkpoint import world_hash
from paperdesk.store.sqlite import SqliteJournal
from paperdesk.store.upcast import kinds

FOLDER = Path(__file__).parent
RELEASES = sorted(path.parent for path in FOLDER.glob("*/journal.db"))


def told_of(release: Path) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.json.decode((release / "told.json").read_bytes())
    return told


@pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.name)
def test_a_journal_of_each_release_leads_to_its_recorded_world(
    release: Path, tmp_path: Path
) -> None:
    """A world that is another now needs a decision record, and an upcast or a new hash."""
    where = Place(tmp_path / "desk")
    shutil.copytree(release, where.directory)
    told, manifest = told_of(release), manifest_of(where)

    journal = SqliteJournal(where.journal, manifest.genesis)
    world = replayed(manifest, load_catalogue(), journal.events())
    counted = Counter(record.kind for record in journal.records())

    assert (journal.seq, journal.hash_at(journal.seq).hex()) == (told["seq"], told["chain"])
    assert counted == told["kinds"]
    assert world_hash(world) == told["world"], "run `python -m tools.make_journal` and say why"
    journal.close()


def test_this_release_leaves_a_journal() -> None:
    assert __version__ in {release.name for release in RELEASES}


def test_the_journal_of_this_release_holds_nearly_every_kind_of_event() -> None:
    told = told_of(FOLDER / __version__)

    missing = set(kinds()) - set(told["kinds"])
    assert len(missing) <= len(kinds()) // 3, sorted(missing)
