"""A data directory with one desk on which two things happened."""

from decimal import Decimal
from pathlib import Path

import pytest

from paperdesk.base.ids import AccountId
from paperdesk.desk.manifests import Manifest, begin, place
from paperdesk.desk.terms import load
from paperdesk.kernel.messages.accounts import AccountKind, AccountOpened, CashDeposited
from paperdesk.store.sqlite import SqliteJournal

BEGINS_AT = 1_222_695_000_000_000
ACCOUNT = AccountId("DU1234567")


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    where = place(tmp_path, "default")
    manifest = Manifest(
        name="default",
        seed=7,
        begins_at=BEGINS_AT,
        release="0.1.0",
        catalogue="",
        scenario=load("history"),
    )
    begin(where, manifest)
    journal = SqliteJournal(where.journal, manifest.genesis)
    journal.append(
        [
            AccountOpened(
                at=BEGINS_AT,
                account_id=ACCOUNT,
                kind=AccountKind.MARGIN,
                base_currency="USD",
                title="Demo account",
            ),
            CashDeposited(
                at=BEGINS_AT, account_id=ACCOUNT, currency="USD", amount=Decimal(1_000_000)
            ),
        ]
    )
    journal.close()
    return tmp_path
