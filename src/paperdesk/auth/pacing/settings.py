"""Settings: how strictly requests are counted."""

from enum import Enum
from typing import Final

import msgspec

from paperdesk.base.units import DAY, HOUR, MILLISECOND, MINUTE, Duration

PENALTY_MIN: Final[Duration] = MILLISECOND
PENALTY_MAX: Final[Duration] = 7 * DAY


class Mode(Enum):
    """What follows a request too many.

    STRICT is the real service: 429, and the address goes into the penalty box. LENIENT answers
    429 and leaves it at that. OFF counts nothing.
    """

    STRICT = "strict"
    LENIENT = "lenient"
    OFF = "off"


class PacingSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How strictly requests are counted, and how long the penalty box keeps an address.

    Whoever comes into the box for the `strikes`-th time within `strikes_within` is blocked until
    an operator lets it out; with 0 strikes nobody is. `under_way` is how many requests beyond
    those of a second may be under way, their answers held back; with 0 each is one too many.
    """

    mode: Mode = Mode.STRICT
    penalty: Duration = 10 * MINUTE
    strikes: int = 3
    strikes_within: Duration = 24 * HOUR
    under_way: int = 4
