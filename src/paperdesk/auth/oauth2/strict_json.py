"""Strict JSON: what two readers could understand differently is refused.

A reader that keeps the last of two members and one that keeps the first see two different
assertions in the same signed bytes. Here a text has one meaning or none.
"""

import json
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

DEPTH_MAX: Final = 64
NUMBER_LENGTH_MAX: Final = 40
EXPONENT_MAX: Final = 30
NESTED: Final = frozenset({dict, list})
ESCAPED_SURROGATE: Final = re.compile(rb"\\u[dD][89a-fA-F]")


class NotStrict(ValueError):
    """A text that is not JSON, or is not the same JSON to every reader."""


def decoded(text: bytes) -> Any:  # noqa: ANN401 - JSON
    """Return the value of a JSON text; numbers with a point or an exponent are Decimal.

    Raises:
        NotStrict: it is not UTF-8 or not JSON, has a byte order mark, a member twice, NaN or an
            infinity, a number of absurd size, half a surrogate pair, or more than 64 levels.
    """
    try:
        value = _decoder.decode(text.decode())
    except UnicodeDecodeError:
        raise NotStrict("not UTF-8") from None
    except NotStrict:
        raise
    except json.JSONDecodeError as error:
        raise NotStrict(f"not JSON: {error.msg} at character {error.pos}") from None
    except RecursionError:
        raise NotStrict(f"more than {DEPTH_MAX} levels deep") from None
    _check_depth(value)
    if ESCAPED_SURROGATE.search(text):
        _check_surrogates(value)
    return value


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        names = [name for name, _ in pairs]
        doubled = next(name for name in members if names.count(name) > 1)
        raise NotStrict(f"the member {doubled[:40]!r} stands there twice")
    return members


def _integer(digits: str) -> int:
    if len(digits) > NUMBER_LENGTH_MAX:
        raise NotStrict("a number has too many digits")
    return int(digits)


def _fraction(digits: str) -> Decimal:
    if len(digits) > NUMBER_LENGTH_MAX:
        raise NotStrict("a number has too many digits")
    number = Decimal(digits)
    if number and abs(number.adjusted()) > EXPONENT_MAX:
        raise NotStrict("a number is too large or too small")
    return number


def _constant(name: str) -> None:
    raise NotStrict(f"{name} is not JSON")


def _check_depth(value: object) -> None:
    level = [value]
    for _ in range(DEPTH_MAX):
        level = [inner for outer in level for inner in _members_of(outer) if type(inner) in NESTED]
        if not level:
            return
    raise NotStrict(f"more than {DEPTH_MAX} levels deep")


def _members_of(value: object) -> Iterable[object]:
    if type(value) is dict:
        return value.values()
    return value if type(value) is list else ()


def _check_surrogates(value: object) -> None:
    """Refuse half a surrogate pair: no reader can write such a text down again."""
    try:
        json.dumps(value, ensure_ascii=False, default=str).encode()
    except UnicodeEncodeError:
        raise NotStrict("half a surrogate pair") from None


_decoder: Final = json.JSONDecoder(
    object_pairs_hook=_members,
    parse_int=_integer,
    parse_float=_fraction,
    parse_constant=_constant,
)
