from decimal import Decimal

import pytest

from paperdesk.base.ids import AccountId
from paperdesk.kernel.messages.accounts import CashDeposited
from paperdesk.store.journal import JournalFailed
from paperdesk.store.memory import MemoryJournal

DU1 = AccountId("DU1234567")


def deposit(amount: int) -> CashDeposited:
    return CashDeposited(at=amount, account_id=DU1, currency="USD", amount=Decimal(amount))


def test_events_come_back_in_order() -> None:
    journal = MemoryJournal()

    assert journal.append([deposit(1), deposit(2)]) == 2
    assert journal.append([deposit(3)]) == 3

    assert list(journal.events()) == [deposit(1), deposit(2), deposit(3)]
    assert list(journal.events(after=2)) == [deposit(3)]


def test_what_is_appended_counts_as_durable_at_once() -> None:
    journal = MemoryJournal()
    journal.append([deposit(1)])
    called: list[int] = []

    journal.notify(1, lambda: called.append(1))

    assert called == [1]
    assert journal.durable_seq == 1


def test_the_chain_begins_at_its_genesis() -> None:
    one, other = MemoryJournal(b"a" * 32), MemoryJournal(b"b" * 32)
    for journal in (one, other):
        journal.append([deposit(1)])

    assert one.hash_at(0) == b"a" * 32
    assert one.hash_at(1) != other.hash_at(1)


def test_a_stopped_journal_takes_nothing() -> None:
    journal = MemoryJournal()
    journal.failure = "pulled the plug"

    with pytest.raises(JournalFailed, match="pulled the plug"):
        journal.append([deposit(1)])

    assert journal.seq == 0
