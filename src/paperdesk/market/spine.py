"""Spine: what each session's day did to a factor or a contract, as logarithms, from a fixed epoch.

One cheap forward recursion a subject; nothing else in the market has a history. A row draws the
words of its day, so that years can be added at the end and never change what was before.

Source: judged; the law and its figures are frozen with generator 1.
"""

from array import array
from collections.abc import Sequence
from math import sqrt
from typing import Final, NamedTuple

from paperdesk.base.units import Day
from paperdesk.market.arith import exp
from paperdesk.market.draws import Draws, normal

EPOCH: Final[Day] = 10_595
"""4 January 1999: the first row of every spine."""

MICRO: Final = 1e-6

MARKET_SD: Final = 0.0095
SECTOR_SD: Final = 0.006
MARKET_USUAL: Final = 0.0101
SECTOR_USUAL: Final = 0.0064
"""What their recursions come to over the years, jumps and swings of variance included."""
OWN_SWINGS: Final = 0.88
"""One over the same for a contract's own part."""
OWN_LEAST: Final = 0.2
"""A company's own part of its deviation, however much of it the market explains."""
QUICK_SHARE: Final = 0.25
"""How much of the quick part of variance lasts a month."""
MARKET_DRIFT: Final = 0.0003
SESSIONS_A_YEAR: Final = 252
NIGHT: Final = 0.5
DAY: Final = 0.866
OWN_NIGHT: Final = 0.45
OWN_DAY: Final = 0.89
JUMP_WORDS: Final = 262
"""Of 65,536 nights, that bring a jump of the market."""
NEWS_WORDS: Final = 223
"""The same for news of one contract."""
EARNINGS_SESSIONS: Final = 63
EARNINGS_SD: Final = 0.045
NEWS_SD: Final = 0.03
USUAL_YEARLY: Final = 0.3
OWN_STATE_MAX: Final = 2.5

EARNINGS: Final = 1
NEWS: Final = 2


NEWS_VARIANCE: Final = (
    EARNINGS_SD * EARNINGS_SD / EARNINGS_SESSIONS + NEWS_SD * NEWS_SD * NEWS_WORDS / 65_536
)
"""Of a session, at the usual yearly volatility."""


class Returns:
    """The days of a common factor, by place of the session in its calendar from the epoch on.

    `night` and `day` are logarithms from close to open and from open to close, `sd` the standard
    deviation that the daytime had, `state` the logarithm of variance before the day, `month` the
    part of it that a month ahead still shows.
    """

    def __init__(self, draws: Draws, days: Sequence[Day], sd: float, drift: float) -> None:
        """Know the draws (kind `spine`), the days from the epoch on, and the usual deviation."""
        self.night, self.day, self.sd, self.state = (array("d") for _ in range(4))
        self.month = array("d")
        self._words = draws.words
        self._days = days
        self._sd = sd
        self._drift = drift
        self._slow = self._quick = 0.0

    def extend(self, count: int) -> None:
        """Have at least so many rows."""
        slow, quick = self._slow, self._quick
        for day in self._days[len(self.night) : count]:
            words = self._words(day, 0)
            dark, light = normal(words[0]) * MICRO, normal(words[1]) * MICRO
            sd = self._sd * exp((slow + quick) * 0.5 - 0.2)
            jump = sd * (2.5 * normal(words[5]) * MICRO - 0.5) if words[4] < JUMP_WORDS else 0.0
            self.night.append(NIGHT * sd * dark + 0.25 * self._drift + jump)
            self.day.append(DAY * sd * light + 0.75 * self._drift)
            self.sd.append(DAY * sd)
            self.state.append(slow + quick)
            self.month.append(slow + QUICK_SHARE * quick)
            z = NIGHT * dark + DAY * light
            slow = 0.985 * slow + 0.15 * (0.6 * normal(words[2]) * MICRO - 0.6 * z)
            quick = 0.85 * quick + 0.30 * (0.6 * normal(words[3]) * MICRO - 0.6 * z)
        self._slow, self._quick = slow, quick


class Weights:
    """How much of a contract's days comes from where.

    `beta` and `gamma` weigh the market's and the sector's returns, `own` is the standard
    deviation of its own part a session. The three explain the yearly volatility together.
    """

    __slots__ = ("beta", "gamma", "has_news", "loud", "own", "ranks")

    def __init__(
        self, yearly: float, beta: float, *, has_sector: bool, is_sector: bool, has_news: bool
    ) -> None:
        """Share a yearly volatility out; a sector's own fund is market and sector alone."""
        total = yearly / sqrt(SESSIONS_A_YEAR)
        self.has_news, self.loud = has_news, yearly / USUAL_YEARLY
        self.beta, market = beta, beta * MARKET_USUAL
        left = max(0.0, total * total - market * market)
        self.gamma = 0.0
        if is_sector:
            self.gamma = 0.98 * sqrt(left) / SECTOR_USUAL
        elif has_sector:
            self.gamma = min(1.0, 0.6 * sqrt(left) / SECTOR_USUAL)
        sector = self.gamma * SECTOR_USUAL
        left -= sector * sector
        if has_news:
            left -= self.loud * self.loud * NEWS_VARIANCE
        least = OWN_LEAST * total if has_news else 0.0
        self.own = OWN_SWINGS * sqrt(max(least * least, left))
        whole = sqrt(market * market + sector * sector + self.own * self.own)
        self.ranks = ranks((market / whole, sector / whole))


def ranks(shares: Sequence[float]) -> tuple[int, ...]:
    """Return weights of factors in ranks, 1/65536, from their shares of a day's deviation.

    What a bar's own high and low tell is not shared, so squares are raised 2.2 times, to 0.97 in
    all at most.
    """
    squares = 0.0
    for share in shares:
        squares += 2.2 * share * share
    scale = sqrt(2.2 * (1.0 if squares <= 0.97 else 0.97 / squares))  # noqa: PLR2004
    return tuple(int(share * scale * 65536.0) for share in shares)


class Payouts(NamedTuple):
    """Logarithms of what ex-days take off a price, by place, and what each session earns of it."""

    logs: dict[int, float]
    carry: float


NO_PAYOUTS: Final = Payouts({}, 0.0)


class OwnReturns:
    """The days of a contract: logarithms of open and close from the epoch's close, summed up.

    `sd` is the daytime's standard deviation, `activity` the logarithm of volume's own course,
    `news` marks nights that brought earnings or other news.
    """

    def __init__(
        self,
        draws: Draws,
        days: Sequence[Day],
        weights: Weights,
        market: Returns,
        sector: Returns | None,
        payouts: Payouts,
    ) -> None:
        """Know the draws (kind `spine`), and what the contract pays out."""
        self.open, self.close, self.sd, self.activity = (array("d") for _ in range(4))
        self.news = bytearray()
        self.days = days
        self._words = draws.words
        self._weights = weights
        self._market = market
        self._sector = sector
        self._payouts = payouts.logs
        self._carry = payouts.carry
        self._phase = draws.words(0, 2)[0] % EARNINGS_SESSIONS
        self._level = self._state = self._activity = 0.0

    def extend(self, count: int) -> None:
        """Have at least so many rows."""
        first, count = len(self.open), min(count, len(self.days))
        self._market.extend(count)
        if self._sector is not None:
            self._sector.extend(count)
        for place in range(first, count):
            self._append(place, self._words(self.days[place], 0))

    def _append(self, place: int, words: tuple[int, ...]) -> None:
        weights, market = self._weights, self._market
        dark, light = normal(words[0]) * MICRO, normal(words[1]) * MICRO
        own = weights.own * exp(self._state * 0.5 - 0.09 + 0.175 * market.state[place])
        night = weights.beta * market.night[place] + OWN_NIGHT * own * dark
        day = weights.beta * market.day[place] + OWN_DAY * own * light + self._carry
        shared, alone = weights.beta * market.sd[place], OWN_DAY * own
        variance = shared * shared + alone * alone
        if self._sector is not None:
            night += weights.gamma * self._sector.night[place]
            day += weights.gamma * self._sector.day[place]
            common = weights.gamma * self._sector.sd[place]
            variance += common * common
        night += self._payouts.get(place, 0.0) + self._tidings(place, words)

        level = self._level + night
        self.open.append(level)
        self._level = level + day
        self.close.append(self._level)
        self.sd.append(sqrt(variance))
        self._activity = 0.75 * self._activity + 0.28 * normal(words[8]) * MICRO
        self.activity.append(self._activity)

        z = OWN_NIGHT * dark + OWN_DAY * light
        state = 0.97 * self._state + 0.16 * normal(words[2]) * MICRO
        self._state = min(OWN_STATE_MAX, state + 0.11 * (z * z - 1.0) - 0.06 * z)

    def _tidings(self, place: int, words: tuple[int, ...]) -> float:
        weights = self._weights
        if weights.has_news and (place + self._phase) % EARNINGS_SESSIONS == 0:
            self.news.append(EARNINGS)
            return EARNINGS_SD * weights.loud * normal(words[5]) * MICRO
        if weights.has_news and words[4] < NEWS_WORDS:
            self.news.append(NEWS)
            return NEWS_SD * weights.loud * normal(words[5]) * MICRO
        self.news.append(0)
        return 0.0


class StateReturns(OwnReturns):
    """The days of an index of volatility: what the market's own state of variance is after each.

    `elasticity` says how much of the state's moves the index shows.
    """

    def __init__(
        self, draws: Draws, days: Sequence[Day], market: Returns, elasticity: float
    ) -> None:
        """Follow the market's state; the words make the part of its own."""
        weights = Weights(1.0, 0.0, has_sector=False, is_sector=False, has_news=False)
        super().__init__(draws, days, weights, market, None, NO_PAYOUTS)
        self._elasticity = elasticity

    def extend(self, count: int) -> None:
        """Have at least so many rows."""
        count = min(count, len(self.days) - 1)
        self._market.extend(count + 1)
        for place in range(len(self.open), count):
            words = self._words(self.days[place], 0)
            before = self._elasticity * 0.5 * self._market.month[place]
            after = self._elasticity * 0.5 * self._market.month[place + 1]
            self.open.append(before + 0.3 * (after - before) + 0.006 * normal(words[0]) * MICRO)
            self.close.append(after)
            self.sd.append(0.045 * self._elasticity)
            self.activity.append(0.0)
            self.news.append(0)
