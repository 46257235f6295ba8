"""Presets: from where on a user is asked before an order is taken."""

from decimal import Decimal
from typing import Literal

import msgspec

from paperdesk.base.ids import UserName
from paperdesk.base.units import ZERO, Money, Size
from paperdesk.kernel.messages import Command, Event


class Presets(msgspec.Struct, frozen=True, kw_only=True):
    """The thresholds of a user's precautions; 0 turns one off.

    The defaults are those of a new user. `percentage` is how far, in per cent, a limit may be from
    the market; `size` and `value` (in the account's base currency) what one order may be;
    `increments` how many price increments a limit may be from the market; `size_change` how much
    larger a modification may make an order. The switches say whether market orders, stops, orders
    against one's own and fractions outside regular hours are asked about: market orders where
    they are unusual or `always`, stops `once` or `always` by both of their questions.

    Source: documented thresholds (the literal texts name 3 %, 500 and 100,000); others judged. A
    new user is asked nothing that clients in wide use cannot confirm.
    """

    percentage: Decimal = Decimal(3)
    size: Size = Decimal(500)
    value: Money = Decimal(100_000)
    increments: Size = ZERO
    size_change: Size = ZERO
    market_orders: bool = True
    market_order_question: Literal["unusual", "always"] = "unusual"
    stops: bool = True
    stop_question: Literal["once", "always"] = "once"
    own_crosses: bool = False
    fractions_outside: bool = False


class SetPresets(Command, frozen=True):
    """Change a user's thresholds."""

    user_name: UserName
    presets: Presets


class PresetsSet(Event, frozen=True):
    """A user has these thresholds from now on."""

    user_name: UserName
    presets: Presets
