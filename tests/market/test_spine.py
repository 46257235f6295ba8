from itertools import pairwise
from math import sqrt

from paperdesk.market.draws import Draws
from paperdesk.market.spine import (
    NO_PAYOUTS,
    OwnReturns,
    Payouts,
    Returns,
    StateReturns,
    Weights,
    ranks,
)

DAYS = range(10_595, 14_000)


def market() -> Returns:
    return Returns(Draws(1, 7, "factor/market", "spine"), DAYS, 0.0095, 0.0003)


def stock(payouts: Payouts = NO_PAYOUTS) -> OwnReturns:
    weights = Weights(0.3, 1.0, has_sector=False, is_sector=False, has_news=True)
    return OwnReturns(Draws(1, 7, "265598", "spine"), DAYS, weights, market(), None, payouts)


def test_years_added_at_the_end_change_nothing_before() -> None:
    short, long = stock(), stock()

    short.extend(100)
    short.extend(300)
    long.extend(1000)

    assert short.close[:300] == long.close[:300]
    assert len(long.close) == 1000


def test_deviation_of_the_days_comes_to_the_yearly_volatility() -> None:
    own = stock()
    own.extend(3000)

    moves = [later - before for before, later in pairwise(own.close)]
    yearly = sqrt(sum(move * move for move in moves) / len(moves) * 252)
    assert 0.24 < yearly < 0.38


def test_payout_comes_off_the_night_of_its_day() -> None:
    plain, paying = stock(), stock(Payouts({50: -0.01}, 0.0))
    plain.extend(60)
    paying.extend(60)

    assert plain.open[49] == paying.open[49]
    assert abs(plain.open[50] - paying.open[50] - 0.01) < 1e-12


def test_index_of_volatility_is_high_after_wild_days() -> None:
    common = market()
    state = StateReturns(Draws(1, 7, "13455763", "spine"), DAYS, common, 1.0)
    state.extend(500)

    assert state.close[99] == 0.5 * common.month[100]


def test_ranks_are_raised_and_bounded() -> None:
    assert ranks((0.5, 0.0)) == (int(0.5 * sqrt(2.2) * 65536), 0)
    market_rank, sector_rank = ranks((0.9, 0.4))
    assert market_rank**2 + sector_rank**2 <= 0.97 * 65536**2
