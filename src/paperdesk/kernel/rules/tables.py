"""Tables: rates by date. Made by tools/make_brokerage_tables.py; not written by hand."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from paperdesk.kernel.rules.schedules import (
    SINCE_EVER,
    UNTIL_FURTHER_NOTICE,
    CommissionRow,
    FeeRow,
    FxMarginRow,
    SettlementRow,
    ShortStep,
    StockMarginRow,
)

COMMISSIONS: Final[Mapping[tuple[str, str], Sequence[CommissionRow]]] = {
    ("STK", "US"): [
        CommissionRow(
            "STK",
            "US",
            SINCE_EVER,
            UNTIL_FURTHER_NOTICE,
            "share",
            Decimal("0.005"),
            "USD",
            Decimal("1.00"),
            Decimal("0.01"),
            Decimal("0.01"),
        ),
    ],
    ("STK", "CA"): [
        CommissionRow(
            "STK",
            "CA",
            SINCE_EVER,
            UNTIL_FURTHER_NOTICE,
            "share",
            Decimal("0.01"),
            "CAD",
            Decimal("1.00"),
            Decimal("0.01"),
            Decimal("0.005"),
        ),
    ],
    ("CASH", ""): [
        CommissionRow(
            "CASH",
            "",
            SINCE_EVER,
            UNTIL_FURTHER_NOTICE,
            "value",
            Decimal("0.00002"),
            "USD",
            Decimal("2.00"),
            Decimal("2.00"),
            None,
        ),
    ],
}

FEES: Final[Mapping[tuple[str, str], Sequence[FeeRow]]] = {
    ("STK", "US"): [
        FeeRow("SEC", "STK", "US", 19415, 19864, "SELL", "value", Decimal("0.000008"), None),
        FeeRow("SEC", "STK", "US", 19865, 20221, "SELL", "value", Decimal("0.0000278"), None),
        FeeRow(
            "SEC",
            "STK",
            "US",
            20547,
            UNTIL_FURTHER_NOTICE,
            "SELL",
            "value",
            Decimal("0.0000206"),
            None,
        ),
        FeeRow(
            "TAF",
            "STK",
            "US",
            19723,
            20453,
            "SELL",
            "share",
            Decimal("0.000166"),
            Decimal("8.30"),
        ),
        FeeRow(
            "TAF",
            "STK",
            "US",
            20454,
            20818,
            "SELL",
            "share",
            Decimal("0.000195"),
            Decimal("9.79"),
        ),
        FeeRow(
            "TAF",
            "STK",
            "US",
            20819,
            UNTIL_FURTHER_NOTICE,
            "SELL",
            "share",
            Decimal("0.000232"),
            Decimal("11.61"),
        ),
        FeeRow("CAT", "STK", "US", 19865, 20453, "BOTH", "share", Decimal("0.000072"), None),
        FeeRow(
            "CAT",
            "STK",
            "US",
            20454,
            UNTIL_FURTHER_NOTICE,
            "BOTH",
            "share",
            Decimal("0.000035"),
            None,
        ),
    ],
}

SETTLEMENT_CYCLES: Final[Mapping[tuple[str, str], Sequence[SettlementRow]]] = {
    ("STK", "US"): [
        SettlementRow("STK", "US", SINCE_EVER, 17413, 3),
        SettlementRow("STK", "US", 17414, 19870, 2),
        SettlementRow("STK", "US", 19871, UNTIL_FURTHER_NOTICE, 1),
    ],
    ("STK", "CA"): [
        SettlementRow("STK", "CA", SINCE_EVER, 19869, 2),
        SettlementRow("STK", "CA", 19870, UNTIL_FURTHER_NOTICE, 1),
    ],
    ("CASH", "USD.CAD"): [
        SettlementRow("CASH", "USD.CAD", SINCE_EVER, UNTIL_FURTHER_NOTICE, 1),
    ],
    ("CASH", "USD.TRY"): [
        SettlementRow("CASH", "USD.TRY", SINCE_EVER, UNTIL_FURTHER_NOTICE, 1),
    ],
    ("CASH", "USD.PHP"): [
        SettlementRow("CASH", "USD.PHP", SINCE_EVER, UNTIL_FURTHER_NOTICE, 1),
    ],
    ("CASH", "USD.RUB"): [
        SettlementRow("CASH", "USD.RUB", SINCE_EVER, UNTIL_FURTHER_NOTICE, 1),
    ],
}

FX_MARGIN: Final[tuple[FxMarginRow, ...]] = (
    FxMarginRow("USD", Decimal("0.025"), Decimal("0.025")),
    FxMarginRow("EUR", Decimal("0.03"), Decimal("0.03")),
    FxMarginRow("GBP", Decimal("0.025"), Decimal("0.025")),
    FxMarginRow("JPY", Decimal("0.03"), Decimal("0.025")),
    FxMarginRow("CHF", Decimal("0.05"), Decimal("0.03")),
    FxMarginRow("AUD", Decimal("0.03"), Decimal("0.025")),
    FxMarginRow("CAD", Decimal("0.025"), Decimal("0.025")),
    FxMarginRow("NZD", Decimal("0.0333"), Decimal("0.0333")),
    FxMarginRow("SEK", Decimal("0.0333"), Decimal("0.0333")),
    FxMarginRow("NOK", Decimal("0.0333"), Decimal("0.0333")),
    FxMarginRow("DKK", Decimal("0.15"), Decimal("0.15")),
    FxMarginRow("HKD", Decimal("0.12"), Decimal("0.10")),
    FxMarginRow("SGD", Decimal("0.05"), Decimal("0.05")),
    FxMarginRow("CNH", Decimal("0.12"), Decimal("0.10")),
    FxMarginRow("MXN", Decimal("0.06"), Decimal("0.05")),
    FxMarginRow("ZAR", Decimal("0.05"), Decimal("0.05")),
    FxMarginRow("PLN", Decimal("0.05"), Decimal("0.05")),
    FxMarginRow("CZK", Decimal("0.10"), Decimal("0.10")),
    FxMarginRow("HUF", Decimal("0.05"), Decimal("0.05")),
    FxMarginRow("ILS", Decimal("0.05"), Decimal("0.05")),
    FxMarginRow("KRW", Decimal("0.10"), Decimal("0.10")),
    FxMarginRow("RUB", Decimal("0.20"), Decimal("0.15")),
    FxMarginRow("OTHER", Decimal("0.20"), Decimal("0.20")),
)

STOCK_MARGIN: Final[tuple[StockMarginRow, ...]] = (
    StockMarginRow(
        SINCE_EVER,
        UNTIL_FURTHER_NOTICE,
        Decimal("0.25"),
        Decimal("0.30"),
        Decimal("0.50"),
        Decimal(2000),
        Decimal(4),
    ),
)

SHORT_STEPS: Final[tuple[ShortStep, ...]] = (
    ShortStep(Decimal(0), None, Decimal("2.50")),
    ShortStep(Decimal("2.50"), Decimal(1), None),
    ShortStep(Decimal(5), None, Decimal("5.00")),
    ShortStep(Decimal("16.67"), Decimal("0.30"), None),
)
