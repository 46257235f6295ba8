"""Scripts: what somebody has decided that a contract's market will do.

A script begins at its `start` and changes nothing that was before it. Prices are in the shares of
the day of the script. Scripts of one contract take effect in the order in which they were added.
"""

from enum import Enum
from typing import TypeAlias

import msgspec

from paperdesk.base.ids import Conid
from paperdesk.base.units import ZERO, Duration, Instant, Price
from paperdesk.kernel.messages import Command, Event


class Afterwards(Enum):
    """What follows the last pin of a path."""

    KEEP = "keep"
    """The market goes its own way from there: later days are at the new level too."""

    RETURN = "return"
    """It goes back to the level that it would have had."""


class Pin(msgspec.Struct, frozen=True):
    """The market is at a price at an instant, to the whole second."""

    at: Instant
    price: Price


class PathScript(msgspec.Struct, frozen=True, kw_only=True, tag="path"):
    """Through these prices at these instants.

    Pins ascend, come after `start`, and lie in one session's day with it. With `RETURN` it takes
    `back` to come back, at most to the end of the day.
    """

    conid: Conid
    start: Instant
    pins: tuple[Pin, ...]
    afterwards: Afterwards = Afterwards.KEEP
    back: Duration = 0


class JumpScript(msgspec.Struct, frozen=True, kw_only=True, tag="jump"):
    """By a fraction of the price, at once and for good: 0.05 is 5 % up.

    Outside all hours it is a gap of the night.
    """

    conid: Conid
    start: Instant
    change: Price


class HaltScript(msgspec.Struct, frozen=True, kw_only=True, tag="halt"):
    """No trades from `start` until `until`, then on at a price that differs by `change`.

    `change` is a fraction of the last price before. Both instants are of one session's day. `code`
    is the exchange's reason, `T1` for news pending.
    """

    conid: Conid
    start: Instant
    until: Instant
    change: Price = ZERO
    code: str = "T1"


Script: TypeAlias = PathScript | JumpScript | HaltScript


class AddScript(Command, frozen=True):
    """Have a contract's market follow a script that starts now or later."""

    script: Script


class ScriptAdded(Event, frozen=True):
    """A contract's market will follow a script."""

    script: Script
