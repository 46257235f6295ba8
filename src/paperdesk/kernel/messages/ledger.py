"""The ledger: what happens to money and to the books without an order."""

from paperdesk.base.ids import AccountId, Conid
from paperdesk.base.units import Currency, Instant, Money, Price
from paperdesk.kernel.messages import Event


class CashSettled(Event, frozen=True):
    """Money that moved at execution has changed hands.

    `due_at` is when it had to; neither `received` nor `paid` is negative.
    """

    due_at: Instant
    account_id: AccountId
    currency: Currency
    received: Money
    paid: Money


class PositionsMarked(Event, frozen=True):
    """The daily profit of these contracts starts again, from these prices."""

    prices: dict[Conid, Price]


class RealisedCut(Event, frozen=True):
    """Realised profit starts again at zero: the books of the day are cut."""


class AccountMarked(Event, frozen=True):
    """The regular session has closed: what the account was worth, and its special memorandum.

    Both are in the account's base currency.
    """

    account_id: AccountId
    equity_with_loan: Money
    sma: Money
