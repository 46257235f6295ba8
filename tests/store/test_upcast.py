from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from paperdesk.base.ids import AccountId
from paperdesk.kernel.messages.accounts import CashDeposited
from paperdesk.store.journal import JournalDamaged, JournalNewer
from paperdesk.store.records import HASH_SIZE, Record, sealed
from paperdesk.store.upcast import FORM, UPCASTS, Reader, Told, kinds

DU1 = AccountId("DU1234567")
DEPOSIT = CashDeposited(at=5, account_id=DU1, currency="USD", amount=Decimal(7))


def record(kind: str, fields: dict[str, Any], form: int) -> Record:
    body = msgspec.msgpack.encode({"type": kind, **fields})
    return Record(9, 5, form, kind, body, bytes(HASH_SIZE))


def test_an_event_of_this_form_comes_back_as_it_was() -> None:
    kept = sealed(1, FORM, DEPOSIT, bytes(HASH_SIZE))

    assert list(Reader().events(kept)) == [DEPOSIT]


def test_an_old_event_is_told_in_the_words_of_today() -> None:
    def in_dollars(fields: dict[str, Any]) -> Iterator[Told]:
        yield "CashDeposited", {**fields, "currency": "USD"}

    old = record("CashDeposited", {"at": 5, "account_id": "DU1234567", "amount": "7"}, form=1)
    reader = Reader(form=2, upcasts={(1, "CashDeposited"): in_dollars})

    assert list(reader.events(old)) == [DEPOSIT]


def test_an_old_event_may_become_several_over_several_forms() -> None:
    def taken_apart(fields: dict[str, Any]) -> Iterator[Told]:
        for amount in fields.pop("amounts"):
            yield "MoneyCame", {**fields, "amount": amount}

    def renamed(fields: dict[str, Any]) -> Iterator[Told]:
        yield "CashDeposited", {**fields, "currency": "USD"}

    old = record("MoneyRained", {"at": 5, "account_id": "DU1234567", "amounts": ["3", "4"]}, 1)
    reader = Reader(form=3, upcasts={(1, "MoneyRained"): taken_apart, (2, "MoneyCame"): renamed})

    assert [event.amount for event in reader.events(old) if isinstance(event, CashDeposited)] == [
        Decimal(3),
        Decimal(4),
    ]


def test_kinds_without_an_upcast_stay_as_they_are() -> None:
    old = sealed(1, 1, DEPOSIT, bytes(HASH_SIZE))

    assert list(Reader(form=4, upcasts={}).events(old)) == [DEPOSIT]


def test_an_event_of_a_newer_release_is_refused() -> None:
    newer = record("CashDeposited", {"at": 5}, FORM + 1)

    with pytest.raises(JournalNewer, match=r"Record 9 \(CashDeposited\).*newer release"):
        list(Reader().events(newer))


@pytest.mark.parametrize(
    ("kind", "fields"),
    [("NobodyKnows", {"at": 5}), ("CashDeposited", {"at": 5}), ("CashDeposited", {"at": "x"})],
)
def test_what_is_no_event_is_named(kind: str, fields: dict[str, Any]) -> None:
    with pytest.raises(JournalDamaged, match=rf"Record 9 \({kind}\) of the journal is no event"):
        list(Reader().events(record(kind, fields, FORM)))


def test_every_form_but_the_newest_may_have_upcasts() -> None:
    assert all(1 <= form < FORM for form, _ in UPCASTS)


def test_only_kept_events_are_known() -> None:
    known = kinds()

    assert known["CashDeposited"] is CashDeposited
    assert all(kind.kept for kind in known.values())
