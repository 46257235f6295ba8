"""Refusals: what the desk understood and will not do.

One class for each thing a caller can do about it. HTTP status and IBKR's wording are looked up
in `api/refusals.py`; a failure of our own is an assertion, never one of these.
"""


class Refusal(Exception):
    """The desk understood the request and will not do it."""

    code = "refused"

    def __init__(self, message: str) -> None:
        """Say in one sentence what was refused and what would be accepted."""
        super().__init__(message)
        self.message = message


class UnknownContract(Refusal):
    """No contract of the catalogue has the conid."""

    code = "unknown_contract"


class OutsideCalendar(Refusal):
    """The calendar's table ends before, or begins after, the time asked for."""

    code = "outside_calendar"


class UnknownAccount(Refusal):
    """The desk has no such account, or the user name may not trade it."""

    code = "unknown_account"


class AccountExists(Refusal):
    """An account id can be opened once."""

    code = "account_exists"


class InvalidName(Refusal):
    """A name that no user, or an id that no account, should have."""

    code = "invalid_name"


class UnknownUser(Refusal):
    """The desk has no such user name."""

    code = "unknown_user"


class InvalidAmount(Refusal):
    """An amount of money that cannot be moved: nothing, too much, or in no known currency."""

    code = "invalid_amount"


class TimeRunsBackwards(Refusal):
    """The clock was told an instant that has passed."""

    code = "time_runs_backwards"


class UnknownOrder(Refusal):
    """The account has no order with the id."""

    code = "unknown_order"


class OrderNotOpen(Refusal):
    """The order has traded all it had to, or is cancelled: there is nothing left to cancel."""

    code = "order_not_open"


class OrderNotModifiable(Refusal):
    """The order is done: it cannot be modified."""

    code = "order_not_modifiable"


class OrderMismatch(Refusal):
    """A modification names another contract, side or kind of order than the order has."""

    code = "order_mismatch"


class UnknownQuestion(Refusal):
    """The question was never asked, or has its answer."""

    code = "unknown_question"


class QuestionVoid(Refusal):
    """Another order request of the user came before the answer."""

    code = "question_void"


class DuplicateOrder(Refusal):
    """The customer order id has been used within a day."""

    code = "duplicate_order"


class TooManyScripts(Refusal):
    """The desk has as many scripts as it holds."""

    code = "too_many_scripts"


class TooManyOrders(Refusal):
    """Fifteen orders of the account work already on this side of the contract."""

    code = "too_many_orders"


class SizeNotPositive(Refusal):
    """The size is zero or less."""

    code = "size_not_positive"


class InvalidSize(Refusal):
    """The size does not fit the contract: below its minimum, a fraction, or out of all bounds."""

    code = "invalid_size"


class SizeTooLarge(Refusal):
    """The size is more than a limit order may show the market."""

    code = "size_too_large"


class InvalidPrice(Refusal):
    """A price is missing, not positive, or given where the order type has none."""

    code = "invalid_price"


class PriceOffIncrement(Refusal):
    """The price is not a multiple of the contract's price increment."""

    code = "price_off_increment"


class PriceTooFar(Refusal):
    """The limit is too far through the market."""

    code = "price_too_far"


class NotTradable(Refusal):
    """The contract can be looked at and not traded."""

    code = "not_tradable"


class TimeInForceNotSupported(Refusal):
    """The time in force does not go with the order type, or has passed."""

    code = "time_in_force_not_supported"


class MarketClosed(Refusal):
    """An order that must trade at once came while its market is closed."""

    code = "market_closed"


class UnknownParent(Refusal):
    """A child names a parent that the account has not, or that is cancelled."""

    code = "unknown_parent"


class InvalidBracket(Refusal):
    """A child must exit what its parent enters: same contract, opposite side."""

    code = "invalid_bracket"


class ShortNotAllowed(Refusal):
    """The account would sell more than it holds and may not be short."""

    code = "short_not_allowed"


class InsufficientFunds(Refusal):
    """A cash account has not the money, or a margin account not the equity, for the order."""

    code = "insufficient_funds"


class MinimumEquity(Refusal):
    """A margin account is worth too little to borrow."""

    code = "minimum_equity"
