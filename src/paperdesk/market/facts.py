"""Facts: what daily rows alone tell of a contract."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from math import sqrt
from typing import Final

from paperdesk.base.units import Price, Size
from paperdesk.market.actions import adjusted
from paperdesk.market.arith import log
from paperdesk.market.courses import Course
from paperdesk.market.source import Facts

WEEK: Final = 7
SESSIONS_A_YEAR: Final = 252
VOLUME_SESSIONS: Final = 63
"""Of 90 days."""
VOLATILITY_SESSIONS: Final = 30
EMA_TIMES: Final = 4
"""So many times its length is looked back; what is older weighs less than a thousandth."""
RATIO_STEP: Final = Decimal("0.0001")

NOTHING: Final = Facts(
    high_52_weeks=None,
    low_52_weeks=None,
    high_26_weeks=None,
    low_26_weeks=None,
    high_13_weeks=None,
    low_13_weeks=None,
    average_volume_90_days=Decimal(0),
    ema_20=None,
    ema_50=None,
    ema_100=None,
    ema_200=None,
    volatility_30_days=None,
    beta=None,
    dividend_trailing=None,
    dividend_next=None,
)


def facts_of(course: Course, place: int, index: Course | None, payout: float) -> Facts:
    """Return the facts of the sessions up to a place.

    Args:
        course: whose facts.
        place: the last session that counts.
        index: what beta is measured against, over a year of sessions.
        payout: expected distributions of the next year, as a fraction of the price.
    """
    rows = Closes(course, place)
    highs = {weeks: rows.reach(weeks) for weeks in (52, 26, 13)}
    emas = {length: rows.average(length) for length in (20, 50, 100, 200)}
    close = rows.closes(1)
    due = None
    if close and payout > 0.0:
        due = (close[-1] * Decimal(str(payout))).quantize(RATIO_STEP)
    return Facts(
        high_52_weeks=highs[52][0],
        low_52_weeks=highs[52][1],
        high_26_weeks=highs[26][0],
        low_26_weeks=highs[26][1],
        high_13_weeks=highs[13][0],
        low_13_weeks=highs[13][1],
        average_volume_90_days=rows.volume(),
        ema_20=emas[20],
        ema_50=emas[50],
        ema_100=emas[100],
        ema_200=emas[200],
        volatility_30_days=rows.volatility(),
        beta=None if index is None else _beta(rows, Closes(index, place)),
        dividend_trailing=rows.paid(),
        dividend_next=due,
    )


class Closes:
    """A course's daily rows up to a session, in the shares of that session."""

    def __init__(self, course: Course, place: int) -> None:
        """Know the last session that counts."""
        self._course, self._place = course, place

    def closes(self, count: int) -> list[Price]:
        """Return the last closes, oldest first."""
        course, found = self._course, []
        for place in range(max(0, self._place - count + 1), self._place + 1):
            daily = course.daily(place)
            if daily is not None:
                shares = course.shares(place, self._place)
                found.append(adjusted(daily.close * daily.step, shares))
        return found

    def reach(self, weeks: int) -> tuple[Price | None, Price | None]:
        """Return the highest and lowest price of so many weeks."""
        course = self._course
        first = course.place(course.days[self._place] - weeks * WEEK + 1)
        highs: list[Price] = []
        lows: list[Price] = []
        for place in range(max(0, first), self._place + 1):
            daily = course.daily(place)
            if daily is not None:
                shares = course.shares(place, self._place)
                highs.append(adjusted(daily.high * daily.step, shares))
                lows.append(adjusted(daily.low * daily.step, shares))
        return (max(highs), min(lows)) if highs else (None, None)

    def volume(self) -> Size:
        """Return the mean volume of 90 days."""
        course, total, count = self._course, 0, 0
        if not course.has_volume:
            return Decimal(0)
        for place in range(max(0, self._place - VOLUME_SESSIONS + 1), self._place + 1):
            daily = course.daily(place)
            if daily is not None:
                shares = course.shares(place, self._place)
                total += daily.volume * shares.numerator // shares.denominator
                count += 1
        return Decimal(total // count) if count else Decimal(0)

    def average(self, length: int) -> Price | None:
        """Return the exponential moving average of closes, to a tenth of a thousandth."""
        closes = self.closes(EMA_TIMES * length)
        if len(closes) < length:
            return None
        average, weight = float(closes[0]), 2.0 / (length + 1)
        for close in closes[1:]:
            average += weight * (float(close) - average)
        return Decimal(int(average * 10_000.0 + 0.5)).scaleb(-4)

    def returns(self, count: int) -> list[float]:
        """Return the logarithms of the last daily returns."""
        closes = [float(close) for close in self.closes(count + 1)]
        return [log(later / close) for close, later in pairwise(closes)]

    def volatility(self) -> Price | None:
        """Return the yearly standard deviation of 30 sessions' returns, as a fraction."""
        returns = self.returns(VOLATILITY_SESSIONS)
        if len(returns) < VOLATILITY_SESSIONS:
            return None
        variance = _covariance(returns, returns) * SESSIONS_A_YEAR
        return Decimal(int(sqrt(variance) * 10_000.0 + 0.5)).scaleb(-4)

    def paid(self) -> Price | None:
        """Return what twelve months have paid per share of now, or None."""
        course = self._course
        first = course.place(course.days[self._place] - 365)
        dividends = course.dividends(max(0, first), self._place)
        if not dividends:
            return None
        total = Decimal(0)
        for paid in dividends:
            total += adjusted(paid.amount, course.shares(paid.place, self._place))
        return total


def _beta(rows: Closes, index: Closes) -> Price | None:
    returns, market = rows.returns(SESSIONS_A_YEAR), index.returns(SESSIONS_A_YEAR)
    count = min(len(returns), len(market))
    if count < VOLATILITY_SESSIONS:
        return None
    returns, market = returns[-count:], market[-count:]
    beta = _covariance(returns, market) / _covariance(market, market)
    rounded = int(beta * 10_000.0 + 0.5) if beta >= 0.0 else -int(0.5 - beta * 10_000.0)
    return Decimal(rounded).scaleb(-4)


def _covariance(left: Sequence[float], right: Sequence[float]) -> float:
    mean, other, total = _mean(left), _mean(right), 0.0
    for a, b in zip(left, right, strict=True):
        total += (a - mean) * (b - other)
    return total / len(left)


def _mean(values: Sequence[float]) -> float:
    total = 0.0
    for value in values:
        total += value
    return total / len(values)
