from decimal import Decimal

import pytest

from paperdesk.base.ids import AccountId
from paperdesk.kernel.messages.accounts import CashDeposited
from paperdesk.store.journal import JournalDamaged
from paperdesk.store.records import HASH_SIZE, Record, Row, followed, sealed, verified

START = bytes(HASH_SIZE)
HASH_OF_THE_FIRST = "1efa839b6808503cb1b0efe6b63e0d7ac572d453d22b7c4717a1be71569e7a97"


def deposit(at: int, amount: str) -> CashDeposited:
    return CashDeposited(
        at=at, account_id=AccountId("DU1234567"), currency="USD", amount=Decimal(amount)
    )


def chain(*amounts: str) -> list[Record]:
    records: list[Record] = []
    before = START
    for seq, amount in enumerate(amounts, start=1):
        records.append(sealed(seq, 1, deposit(seq * 10, amount), before))
        before = records[-1].hash
    return records


def row(record: Record) -> Row:
    return (record.seq, record.at, record.form, record.kind, record.body, record.hash)


def test_a_record_says_what_happened_and_when() -> None:
    (record,) = chain("100.50")

    assert (record.seq, record.at, record.form, record.kind) == (1, 10, 1, "CashDeposited")
    assert b"100.50" in record.body


def test_the_hash_of_a_record_is_the_same_for_ever() -> None:
    (record,) = chain("100.50")

    assert record.hash.hex() == HASH_OF_THE_FIRST


def test_a_whole_chain_is_followed_to_its_end() -> None:
    records = chain("1", "2", "3")

    assert followed(map(row, records), 0, START) == (3, records[-1].hash)
    assert list(verified(map(row, records), 0, START)) == records


def test_a_chain_can_be_followed_from_its_middle() -> None:
    records = chain("1", "2", "3")

    assert followed(map(row, records[2:]), 2, records[1].hash) == (3, records[2].hash)


@pytest.mark.parametrize(
    ("column", "value"),
    [(1, 21), (2, 2), (3, "CashTaken"), (4, b"\x80"), (5, START), (1, "20"), (3, None), (4, 7)],
)
def test_a_changed_column_is_found_at_its_record(column: int, value: object) -> None:
    rows = [list(row(record)) for record in chain("1", "2", "3")]
    rows[1][column] = value

    with pytest.raises(JournalDamaged, match="Record 2"):
        followed((tuple(told) for told in rows), 0, START)  # type: ignore[misc]


def test_a_missing_record_is_named() -> None:
    records = chain("1", "2", "3")

    with pytest.raises(JournalDamaged, match="Record 2 of the journal is missing: after 1 comes 3"):
        followed(map(row, [records[0], records[2]]), 0, START)


def test_records_that_change_places_are_found() -> None:
    first, second, third = chain("1", "2", "3")

    with pytest.raises(JournalDamaged, match="Record 1"):
        followed(map(row, [second, first, third]), 0, START)
