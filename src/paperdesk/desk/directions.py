"""Directions: scripts as people write them, in a scenario or to the control API.

    { contract = "AAPL", kind = "path", pins = [{ at = "2008-09-29 10:05", price = "110" }] }
    { contract = "MSFT", kind = "halt", at = "2008-09-29 11:00", lasts = "25min", change = "-6%" }
    { contract = "IBM", kind = "jump", at = "2008-09-30 09:00", change = "5%" }

Times are in New York's time; left out, `at` is where the desk stands.
"""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final, Literal

import msgspec

from paperdesk.base.errors import Refusal
from paperdesk.base.ids import Conid
from paperdesk.base.units import MINUTE, SECOND, Duration, Instant, Price
from paperdesk.desk.times import NEW_YORK, duration, instant
from paperdesk.kernel.messages.scripts import (
    Afterwards,
    HaltScript,
    JumpScript,
    PathScript,
    Pin,
    Script,
)
from paperdesk.kernel.state.contracts import Contract
from paperdesk.market.catalogue import Catalogue

FRACTION: Final = re.compile(r"[+-]?\d{1,6}(\.\d{1,9})?(%?)", re.ASCII)
CONID: Final = re.compile(r"\d{1,10}", re.ASCII)
PINS_MAX: Final = 1_000
HALT_USUALLY: Final[Duration] = 5 * MINUTE


class InvalidScript(Refusal):
    """The direction does not say what a market is to do."""

    code = "invalid_script"


class Waypoint(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A price at a time."""

    at: int | str
    price: Price


class Direction(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a contract's market is to do.

    `contract` is a symbol or a conid. A path goes through `pins` and then keeps its level, or
    with `then` "return" comes back to its own within `back`. A jump and the end of a halt change
    the price by `change`: `5%`, or a fraction. A halt `lasts` so long.
    """

    contract: int | str
    kind: Literal["path", "jump", "halt"]
    at: int | str = ""
    pins: tuple[Waypoint, ...] = ()
    then: Literal["keep", "return"] = "keep"
    back: int | str = 0
    change: str = "0"
    lasts: int | str = HALT_USUALLY
    code: str = "T1"


def scripts_of(
    directions: Iterable[Direction], catalogue: Catalogue, now: Instant
) -> Iterator[Script]:
    """Yield directions as scripts; see `script_of`."""
    for direction in directions:
        yield script_of(direction, catalogue, now)


def script_of(direction: Direction, catalogue: Catalogue, now: Instant) -> Script:
    """Return a direction as a script that starts where it says, or now.

    Raises:
        InvalidScript: the contract is not known, or the direction says too little.
        InvalidTime: a time of it is none.
    """
    contract = _contract(direction.contract, catalogue)
    calendar = catalogue.calendar(NEW_YORK)
    start = instant(calendar, direction.at) if direction.at != "" else _next_second(now)
    if direction.kind == "jump":
        return JumpScript(conid=contract.conid, start=start, change=_fraction(direction.change))
    if direction.kind == "halt":
        return HaltScript(
            conid=contract.conid,
            start=start,
            until=start + duration(direction.lasts),
            change=_fraction(direction.change),
            code=direction.code,
        )
    if not 0 < len(direction.pins) <= PINS_MAX:
        raise InvalidScript(f"A path has 1 to {PINS_MAX} pins: times and prices.")
    pins = tuple(Pin(instant(calendar, pin.at), pin.price) for pin in direction.pins)
    if direction.at == "" and now < pins[0].at:
        start = max(start, _session_start(catalogue, contract, pins[0].at))
    return PathScript(
        conid=contract.conid,
        start=start,
        pins=pins,
        afterwards=Afterwards(direction.then),
        back=duration(direction.back),
    )


def _contract(name: int | str, catalogue: Catalogue) -> Contract:
    if isinstance(name, str) and not CONID.fullmatch(name):
        found = catalogue.by_symbol(name.upper())
        if found:
            return found[0]
    else:
        contract = catalogue.find(Conid(int(name)))
        if contract is not None:
            return contract
    raise InvalidScript(f"There is no contract {str(name)[:40]!r}: give a symbol or a conid.")


def _fraction(text: str) -> Decimal:
    found = FRACTION.fullmatch(text.strip())
    if found is None:
        raise InvalidScript(f"{text[:40]!r} is no change: write 5% or 0.05.")
    amount = Decimal(text.strip().removesuffix("%"))
    return amount / 100 if found[2] else amount


def _next_second(at: Instant) -> Instant:
    return -(-at // SECOND) * SECOND


def _session_start(catalogue: Catalogue, contract: Contract, at: Instant) -> Instant:
    """Return where the session of an instant begins: a path lies in one day with its start."""
    session = catalogue.calendar(contract.calendar).session_at(at)
    return at if session is None else session.open
