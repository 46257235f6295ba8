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
