"""Names of things, each a type of its own so that one is never taken for another."""

from typing import NewType

AccountId = NewType("AccountId", str)
"""An IBKR account id: `DU1234567` on paper, `U1234567` live."""

Conid = NewType("Conid", int)
"""IBKR's contract id: product and currency, not exchange."""

ExecutionId = NewType("ExecutionId", str)
"""One trade of one order, `0000dc8f.6b9035f5.01.01`."""

OcaGroupId = NewType("OcaGroupId", str)
"""Orders of which the first to trade cancels the others."""

OrderId = NewType("OrderId", int)
"""An order accepted by the desk; unique within the desk."""

QuestionId = NewType("QuestionId", str)
"""What a client answers at /iserver/reply; a UUID in text."""

UserName = NewType("UserName", str)
"""Who signs in; carries permissions and data subscriptions."""
