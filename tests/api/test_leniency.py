import re
from decimal import Decimal
from typing import ClassVar

import msgspec
import pytest

from paperdesk.api import leniency
from paperdesk.api.leniency import (
    LenientBool,
    LenientDecimal,
    LenientInt,
    LenientText,
    OptionalBool,
    OptionalDecimal,
    OptionalInt,
)
from paperdesk.api.route import BadRequest, Empty


class Ticket(msgspec.Struct, kw_only=True):
    conid: LenientInt
    quantity: LenientDecimal
    price: OptionalDecimal = None
    parent: OptionalInt = None
    outside: LenientBool = False
    single: OptionalBool = None
    name: LenientText = ""


def read(body: str) -> Ticket:
    return leniency.body(Ticket, body.encode())


@pytest.mark.parametrize(
    "body",
    [
        '{"conid":265598,"quantity":10,"price":187.5,"outside":true}',
        '{"conid":"265598","quantity":"10","price":"187.5","outside":"True"}',
        '{"conid":265598.0,"quantity":10.0,"price":" 187.50 ","outside":1}',
        '{"conid":"265598","quantity":1e1,"price":"1875e-1","outside":"1"}',
    ],
)
def test_numbers_and_texts_stand_for_each_other(body: str) -> None:
    ticket = read(body)

    assert ticket.conid == 265598
    assert type(ticket.conid) is int
    assert ticket.quantity == Decimal(10)
    assert ticket.price == Decimal("187.5")
    assert type(ticket.price) is Decimal
    assert ticket.outside is True


def test_a_decimal_keeps_the_digits_it_was_sent_with() -> None:
    assert str(read('{"conid":1,"quantity":0.10}').quantity) == "0.10"
    assert str(read('{"conid":1,"quantity":1e2}').quantity) == "100"


def test_nothing_may_be_said_as_an_empty_text_or_null() -> None:
    ticket = read('{"conid":1,"quantity":1,"price":"","parent":null,"single":""}')

    assert (ticket.price, ticket.parent, ticket.single) == (None, None, None)


def test_a_text_may_be_sent_as_a_number() -> None:
    assert read('{"conid":1,"quantity":1,"name":42}').name == "42"


@pytest.mark.parametrize(
    "number",
    [
        "NaN",
        "Infinity",
        "-Infinity",
        '"NaN"',
        '"sNaN"',
        '"Infinity"',
        "1e309",
        '"1e309"',
        "1e99999999999999999999",
        "1_000",
        '"1_000"',
        '"1,000"',
        "9" * 5_000,
        f'"{"9" * 5_000}"',
        f"1.{'9' * 5_000}",
        "1e-400",
        '"0x10"',
        '"١٢"',
        '"10 USD"',
        "true",
        "[]",
        "{}",
        '""',
        "null",
    ],
)
def test_what_is_no_number_is_refused(number: str) -> None:
    with pytest.raises(BadRequest, match=r"^Bad Request: "):
        read(f'{{"conid":1,"quantity":{number}}}')


@pytest.mark.parametrize("conid", ["1.5", '"1.5"', "1e30", "10000000000000000000", '"abc"'])
def test_what_is_no_whole_number_is_refused(conid: str) -> None:
    with pytest.raises(BadRequest):
        read(f'{{"conid":{conid},"quantity":1}}')


@pytest.mark.parametrize("flag", ["2", '"maybe"', "[]", "null", "1.0"])
def test_what_is_no_truth_value_is_refused(flag: str) -> None:
    with pytest.raises(BadRequest):
        read(f'{{"conid":1,"quantity":1,"outside":{flag}}}')


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b'{"conid":1,}',
        b'{"conid":1}x',
        b'\xff\xfe{"conid":1}',
        b'{"name":"\xff"}',
        b'{"name":"\\ud800"}',
        b'{"conid":1,"quantity":1,"name":"\\u0000"}',
        b'{"conid":1,"quantity":1,"name":"' + b"x" * 20_000 + b'"}',
        b"[" * 100_000,
        b'{"conid":' * 100_000,
        b'{"z":' + b"[" * 100_000,
        b"null",
        b"[1]",
        b'"text"',
        b"7",
    ],
)
def test_what_is_no_such_record_is_refused(body: bytes) -> None:
    with pytest.raises(BadRequest):
        leniency.body(Ticket, body)


@pytest.mark.parametrize("body", [b"", b" ", b"{}"])
def test_an_empty_body_is_refused_where_one_is_needed(body: bytes) -> None:
    with pytest.raises(BadRequest, match="body can't be empty"):
        leniency.body(Ticket, body)


def test_a_refusal_names_the_field() -> None:
    with pytest.raises(BadRequest, match=r"^Bad Request: quantity is not valid$"):
        read('{"conid":1,"quantity":"many"}')
    with pytest.raises(BadRequest, match=r"^Bad Request: quantity needed$"):
        read('{"conid":1}')


def test_a_body_that_nobody_reads_may_be_anything() -> None:
    assert leniency.body(Empty, b"\xff[[[[") is leniency.NO_BODY


def test_unknown_fields_are_ignored_and_the_last_of_repeated_ones_counts() -> None:
    ticket = read(
        '{"conid":1,"quantity":1,"conid":2,"surprise":{"a":[1e400]}}'.replace("1e400", "1")
    )

    assert ticket.conid == 2


def test_a_form_is_read_like_json() -> None:
    ticket = leniency.body(
        Ticket,
        b"conid=5&quantity=1.5&outside=True&name=a%2Bb+c",
        "application/x-www-form-urlencoded",
    )

    assert (ticket.conid, ticket.quantity, ticket.outside) == (5, Decimal("1.5"), True)
    assert ticket.name == "a+b c"


def test_query_names_have_no_case_and_lists_arrive_in_three_ways() -> None:
    query = leniency.query(b"ConIds=1,2&conids=3%2C4&force=True&secType=STK&empty&&=x")

    assert query.items("conids") == ["1", "2", "3", "4"]
    assert query.flag("FORCE") is True
    assert query.text("sectype") == "STK"
    assert query.has("empty")


@pytest.mark.parametrize("sent", [b"%", b"%zz", b"%ff=%00", b"&" * 5_000, b"=" * 5_000, b"\xff"])
def test_an_absurd_query_is_read_all_the_same(sent: bytes) -> None:
    assert leniency.query(sent).text("conid") == ""


def test_of_a_flood_of_parameters_the_first_200_are_read() -> None:
    query = leniency.query(b"&".join(b"p%d=1" % n for n in range(10_000)))

    assert query.has("p199")
    assert not query.has("p200")


class Worded(msgspec.Struct):
    NOT_JSON: ClassVar[str] = "Failed to parse body as JSON."
    NOT_TYPED: ClassVar[str] = "incorrect type"

    size: LenientInt = 0


@pytest.mark.parametrize(
    ("sent", "told"), [(b"{", "Failed to parse body as JSON."), (b'{"size":"x"}', "incorrect type")]
)
def test_a_record_may_have_words_of_its_own(sent: bytes, told: str) -> None:
    with pytest.raises(BadRequest, match=f"^{re.escape(told)}$"):
        leniency.body(Worded, sent)
