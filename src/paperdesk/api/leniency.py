"""Leniency: what is taken for a number, a truth value or a text although it is spelt otherwise.

Clients write `"conid": "265598"`, `"price": "187.5"` and `"outsideRTH": "True"`, and the real
service takes it. It is done here, once: a wire record names its fields with the types of this
module, and a handler sees plain values. What cannot be a price or a size for anybody (NaN,
`1e309`, `1_000`, thousands of digits) is refused before it is a number at all.
"""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar, cast
from urllib.parse import unquote_to_bytes

import msgspec

from paperdesk.api.route import BadRequest, Empty, Query

R = TypeVar("R")

DIGITS_MAX: Final = 18
"""Digits of a number before its point, and after it: no price, size or id has more."""

NUMBER_LENGTH_MAX: Final = 40
TEXT_LENGTH_MAX: Final = 10_000
PARAMETERS_MAX: Final = 200
TRUE: Final = frozenset({"true", "1", "yes", "y"})
FALSE: Final = frozenset({"false", "0", "no", "n"})
NUMBER_CHARACTERS: Final = frozenset("0123456789+-.eE")

if TYPE_CHECKING:
    LenientDecimal: TypeAlias = Decimal
    LenientInt: TypeAlias = int
    LenientBool: TypeAlias = bool
    LenientText: TypeAlias = str
    OptionalDecimal: TypeAlias = Decimal | None
    OptionalInt: TypeAlias = int | None
    OptionalBool: TypeAlias = bool | None
else:

    class Lenient(type):
        """A field type whose values are plain ones: `accepts` says of which type."""

        accepts: tuple[type, ...] = ()

        def __instancecheck__(cls, instance: object) -> bool:
            """Say whether a value may stand in a field of the type."""
            return isinstance(instance, cls.accepts)

    class LenientDecimal(metaclass=Lenient):
        """A Decimal: `187.5`, `"187.5"`."""

        accepts = (Decimal,)

    class LenientInt(metaclass=Lenient):
        """An int: `265598`, `"265598"`, `265598.0`."""

        accepts = (int,)

    class LenientBool(metaclass=Lenient):
        """A bool: `true`, `"True"`, `1`, `"0"`."""

        accepts = (bool,)

    class LenientText(metaclass=Lenient):
        """A str: `"1"`, `1`, `1.5`, `true`."""

        accepts = (str,)

    class OptionalDecimal(metaclass=Lenient):
        """A Decimal or None: as LenientDecimal, and `""`, `null` for nothing."""

        accepts = (Decimal, type(None))

    class OptionalInt(metaclass=Lenient):
        """An int or None: as LenientInt, and `""`, `null` for nothing."""

        accepts = (int, type(None))

    class OptionalBool(metaclass=Lenient):
        """A bool or None: as LenientBool, and `""`, `null` for nothing."""

        accepts = (bool, type(None))


def decimal(value: object) -> Decimal:
    """Return a number, however it is spelt.

    Raises:
        ValueError: it is not one, is not finite, or has more than 18 digits before or after its
            point.
    """
    if type(value) is Decimal:
        number = value
    elif type(value) is int:
        number = Decimal(value)
    elif type(value) is str:
        number = _spelt(value.strip())
    else:
        raise ValueError("a number is needed")
    return _within_limits(number)


def integer(value: object) -> int:
    """Return a whole number, however it is spelt.

    Raises:
        ValueError: it is not one, or has more than 18 digits.
    """
    if type(value) is int and -INTEGER_END < value < INTEGER_END:
        return value
    number = decimal(value)
    whole = int(number)
    if whole != number:
        raise ValueError("a whole number is needed")
    return whole


def boolean(value: object) -> bool:
    """Return a truth value, however it is spelt; ValueError where it is none."""
    if type(value) is bool:
        return value
    if type(value) is str or type(value) is int:
        spelt = str(value).strip().lower() if type(value) is str else f"{value:d}"[:2]
        if spelt in TRUE:
            return True
        if spelt in FALSE:
            return False
    raise ValueError("true or false is needed")


def text(value: object) -> str:
    """Return a text, or a number or truth value as text; ValueError where it is none.

    A text has at most 10,000 characters and no NUL.
    """
    if type(value) is bool:
        return "true" if value else "false"
    if type(value) is int or type(value) is Decimal:
        return str(decimal(value))
    if type(value) is not str or len(value) > TEXT_LENGTH_MAX or "\0" in value:
        raise ValueError("a text is needed")
    return value


INTEGER_END: Final = 10**DIGITS_MAX


def _spelt(spelling: str) -> Decimal:
    if (
        not spelling
        or len(spelling) > NUMBER_LENGTH_MAX
        or not NUMBER_CHARACTERS.issuperset(spelling)
    ):
        raise ValueError("a number is needed")
    try:
        return Decimal(spelling)
    except InvalidOperation:
        raise ValueError("a number is needed") from None


def _within_limits(number: Decimal) -> Decimal:
    if not number.is_finite():
        raise ValueError("a finite number is needed")
    _, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int)
    if -exponent > DIGITS_MAX or (number and len(digits) + exponent > DIGITS_MAX):
        raise ValueError("the number has too many digits")
    if exponent > 0:
        # 1E+2 and 100 are one size, and leave the desk spelt alike.
        return Decimal(int(number))
    return number


def _number_in_json(spelling: str) -> Decimal:
    return _within_limits(_spelt(spelling))


def lenient(field: type[Any], value: object) -> object:
    """Turn a decoded value into what a field of this module's types holds.

    Raises:
        ValueError: the value cannot be meant.
    """
    read = READERS[field]
    if field in OPTIONAL and (value is None or (type(value) is str and not value.strip())):
        return None
    return read(value)


READERS: Final[dict[object, Any]] = {
    LenientDecimal: decimal,
    LenientInt: integer,
    LenientBool: boolean,
    LenientText: text,
    OptionalDecimal: decimal,
    OptionalInt: integer,
    OptionalBool: boolean,
}
OPTIONAL: Final[frozenset[object]] = frozenset({OptionalDecimal, OptionalInt, OptionalBool})

NO_BODY: Final = Empty()
BODY_NEEDED: Final = "Bad Request: body can't be empty"
FORM: Final = "application/x-www-form-urlencoded"


def body(of: type[R], sent: bytes, content_type: str = "") -> R:
    """Decode a request's body into the record that its route expects.

    JSON whatever the content type says, or a form where it says so. A missing body is read as
    `{}`. Unknown fields are ignored; of a repeated field the last counts. A record may have the
    texts of its route's refusals as class variables `NOT_JSON` and `NOT_TYPED`, and in
    `ARRAY_FIELD` the name of the field that an array without an object around it is meant for.

    Raises:
        BadRequest: it is not JSON, or not such a record; the message names the field.
    """
    if of is Empty:
        return cast("R", NO_BODY)
    try:
        if not sent or sent.isspace():
            return _decoder(of).decode(b"{}")
        if content_type.startswith(FORM):
            return msgspec.convert(_form(sent), of, strict=False, dec_hook=lenient)
        field: str = getattr(of, "ARRAY_FIELD", "")
        if field and sent.lstrip()[:1] == b"[":
            sent = b'{"%b":%b}' % (field.encode(), sent)
        return _decoder(of).decode(sent)
    except msgspec.ValidationError as refused:
        told = getattr(of, "NOT_TYPED", "") or _told(sent, str(refused))
        raise BadRequest(told) from None
    except (msgspec.MsgspecError, ArithmeticError, RecursionError, TypeError, ValueError):
        raise BadRequest(getattr(of, "NOT_JSON", NOT_JSON)) from None


def _told(sent: bytes, message: str) -> str:
    """Return what is wrong with a body in the caller's words, not in those of the decoder."""
    if sent.strip() in {b"", b"{}", b"[]"}:
        return BODY_NEEDED
    what, _, where = message.partition(" - at `$")
    where = where.rstrip("`").lstrip(".")
    if what.startswith("Object missing required field"):
        field = what.rpartition(" ")[2].strip("`")
        return f"Bad Request: {where}.{field} needed" if where else f"Bad Request: {field} needed"
    return f"Bad Request: {where[:TOLD_LENGTH_MAX]} is not valid" if where else INVALID


NOT_JSON: Final = "Bad Request: body is not valid JSON"
INVALID: Final = "Bad Request: body is not valid"
TOLD_LENGTH_MAX: Final = 100


_decoders: dict[type[Any], msgspec.json.Decoder[Any]] = {}


def _decoder(of: type[R]) -> msgspec.json.Decoder[R]:
    """Return the decoder of a record, made at its first use; there are as many as routes."""
    found = _decoders.get(of)
    if found is None:
        found = _decoders[of] = _new_decoder(of)
    return found


def _new_decoder(of: type[R]) -> msgspec.json.Decoder[R]:
    return msgspec.json.Decoder(of, strict=False, dec_hook=lenient, float_hook=_number_in_json)


def _form(sent: bytes) -> dict[str, str]:
    """Return a form's fields, the last of repeated ones."""
    return {name: values[-1] for name, values in parameters(sent).items()}


def query(sent: bytes) -> Query:
    """Read a query string: names in any case, at most 200 parameters, the rest is not looked at.

    What is not UTF-8 is replaced, as a browser does.
    """
    return _remembered(sent) if len(sent) <= REMEMBERED_LENGTH_MAX else _query(sent)


REMEMBERED_LENGTH_MAX: Final = 500
REMEMBERED_MAX: Final = 2_000


def _query(sent: bytes) -> Query:
    found: dict[str, list[str]] = {}
    for name, values in parameters(sent).items():
        found.setdefault(name.lower(), []).extend(values)
    return Query(found)


# A program asks the same again and again, and nothing changes a query once it is read.
_remembered = lru_cache(maxsize=REMEMBERED_MAX)(_query)


def parameters(sent: bytes) -> Mapping[str, list[str]]:
    """Return the names and values of a query string or a form, in the order they were sent.

    Names that differ in letter case alone are kept apart.
    """
    found: dict[str, list[str]] = {}
    for pair in sent.split(b"&", PARAMETERS_MAX)[:PARAMETERS_MAX]:
        if not pair:
            continue
        name, _, value = pair.partition(b"=")
        found.setdefault(_unescaped(name), []).append(_unescaped(value))
    return found


def _unescaped(sent: bytes) -> str:
    if b"+" in sent:
        sent = sent.replace(b"+", b" ")
    if b"%" in sent:
        sent = unquote_to_bytes(sent)
    return sent.decode("utf-8", "replace")
