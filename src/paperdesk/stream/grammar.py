"""Grammar: `TOPIC[+TARGET][+{JSON}]`, as clients ask and as answers echo it."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

import msgspec

TOPIC_LENGTH_MAX: Final = 16
TARGET_LENGTH_MAX: Final = 500
NUMBER_LENGTH_MAX: Final = 40
EXPONENT_MAX: Final = 30
NO_ARGUMENTS: Final[Mapping[str, Any]] = {}


class NotUnderstood(ValueError):
    """A message that has not the shape of one."""


class Wish(msgspec.Struct, frozen=True):
    """What a client asked for.

    `smd+265598+{"fields":["31"]}` has topic `smd`, target `265598` and those arguments;
    `sbd+DU1+265598` has the target `DU1+265598`, `tic` an empty one. Numbers with a point in the
    arguments are Decimals.
    """

    topic: str
    target: str = ""
    arguments: Mapping[str, Any] = NO_ARGUMENTS

    @property
    def echo(self) -> str:
        """How answers name it: topic and target."""
        return f"{self.topic}+{self.target}" if self.target else self.topic


def wish(text: str) -> Wish:
    """Read what a client sent.

    Raises:
        NotUnderstood: no topic, one that is no word, or arguments that are no JSON object.
    """
    head, arguments = _split(text.strip())
    topic, _, target = head.partition("+")
    topic = topic.strip()
    if not topic.isalpha() or not topic.isascii() or len(topic) > TOPIC_LENGTH_MAX:
        raise NotUnderstood("no topic")
    target = target.strip()
    if len(target) > TARGET_LENGTH_MAX:
        raise NotUnderstood("the target is too long")
    return Wish(topic, target, _arguments(arguments) if arguments else NO_ARGUMENTS)


def session_of(text: str) -> str | None:
    """Return the session id of a `{"session":"…"}` message, or None where it is none."""
    if not text.lstrip().startswith("{"):
        return None
    try:
        return _session_decoder.decode(text).session
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None


class SessionMessage(msgspec.Struct):
    """The first message of a client that has no cookie."""

    session: str


_session_decoder = msgspec.json.Decoder(SessionMessage)


def _split(text: str) -> tuple[str, str]:
    start = text.find("{")
    if start < 0:
        return text.rstrip("+"), ""
    if start == 0 or text[:start].rstrip()[-1:] != "+":
        raise NotUnderstood("arguments follow a +")
    return text[:start].rstrip().removesuffix("+"), text[start:]


def _arguments(text: str) -> Mapping[str, Any]:
    try:
        return _decoder.decode(text)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise NotUnderstood("the arguments are no JSON object") from None


def _number(spelling: str) -> Decimal:
    if len(spelling) > NUMBER_LENGTH_MAX:
        raise NotUnderstood("a number is too long")
    try:
        number = Decimal(spelling)
    except InvalidOperation:
        raise NotUnderstood("a number is too large") from None
    if abs(number.adjusted()) > EXPONENT_MAX:
        raise NotUnderstood("a number is too large")
    return number


_decoder = msgspec.json.Decoder(dict[str, Any], float_hook=_number)
