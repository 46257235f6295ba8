from decimal import Decimal

from tests.sources import asked, conid, source, utc

from paperdesk.base.ids import Conid
from paperdesk.market.source import BarSize

MARKET = source()
NOW = utc(2026, 3, 3, "02:00:00")


def test_facts_are_those_of_the_daily_bars() -> None:
    facts = MARKET.facts(conid("AAPL"), NOW)
    days = MARKET.bars(conid("AAPL"), asked(BarSize.D1, NOW, 400), NOW)
    year = [bar for bar in days if bar.at > NOW - 364 * 86_400_000_000 - 12 * 3_600_000_000]

    assert facts.high_52_weeks == max(bar.high for bar in year)
    assert facts.low_52_weeks == min(bar.low for bar in year)
    assert facts.average_volume_90_days == sum(int(bar.volume) for bar in days[-63:]) // 63
    assert facts.ema_20 is not None
    assert min(bar.low for bar in days[-80:]) < facts.ema_20 < max(bar.high for bar in days[-80:])
    assert facts.volatility_30_days is not None
    assert Decimal("0.05") < facts.volatility_30_days < Decimal("1.5")


def test_beta_of_the_index_is_one() -> None:
    assert MARKET.facts(conid("SPX"), NOW).beta == Decimal(1)


def test_fund_tells_what_it_has_paid_and_will() -> None:
    facts = MARKET.facts(conid("SPY"), NOW)

    assert facts.dividend_trailing is not None
    assert facts.dividend_next is not None
    assert Decimal(4) < facts.dividend_trailing < Decimal(12)
    assert abs(facts.dividend_next / facts.dividend_trailing - 1) < Decimal("0.5")


def test_facts_of_an_unknown_contract_are_empty() -> None:
    assert MARKET.facts(Conid(999_999_999), NOW).beta is None
