"""A desk's books without orders: what is traded is told, not matched."""

from decimal import Decimal

from paperdesk.base.calendar import Calendar, day_of
from paperdesk.base.ids import AccountId, Conid, ExecutionId, OrderId
from paperdesk.base.units import ZERO, Instant
from paperdesk.kernel.messages import Event
from paperdesk.kernel.messages.accounts import AccountKind, AccountOpened, CashDeposited
from paperdesk.kernel.messages.orders import OrderFilled, Side
from paperdesk.kernel.messages.quotes import Quote, QuoteRecorded
from paperdesk.kernel.rules import closings, settlement
from paperdesk.kernel.state import ledger
from paperdesk.kernel.state.contracts import Contract, IncrementRule, SecurityType
from paperdesk.kernel.state.world import Contracts, Models, World, world_at
from paperdesk.market.calendars import read_calendars, shipped

ACCOUNT = AccountId("DU1234567")
CALENDARS: dict[str, Calendar] = read_calendars(shipped("calendars.json"))


def stock(conid: int, symbol: str, *, multiple: str = "1", country: str = "US") -> Contract:
    return Contract(
        conid=Conid(conid),
        symbol=symbol,
        local_symbol=symbol,
        security_type=SecurityType.STOCK,
        name=symbol,
        currency="USD",
        country=country,
        primary_exchange="NASDAQ",
        listing_exchange="NASDAQ.NMS",
        trading_class="NMS",
        exchanges=("SMART", "NASDAQ"),
        calendar="XNYS",
        increments=(IncrementRule(ZERO, Decimal("0.01")),),
        decimals=2,
        size_increment=Decimal("0.0001"),
        round_lot=Decimal(100),
        minimum_size=Decimal("0.0001"),
        multiplier=Decimal(1),
        settlement_days=1,
        margin_multiplier=Decimal(multiple),
    )


def pair(conid: int, base: str, currency: str) -> Contract:
    return Contract(
        conid=Conid(conid),
        symbol=base,
        local_symbol=f"{base}.{currency}",
        security_type=SecurityType.FOREX,
        name=f"{base}.{currency}",
        currency=currency,
        base=base,
        primary_exchange="IDEALPRO",
        listing_exchange="IDEALPRO",
        trading_class=f"{base}.{currency}",
        exchanges=("IDEALPRO",),
        calendar="FX",
        increments=(IncrementRule(ZERO, Decimal("0.00005")),),
        decimals=5,
        size_increment=Decimal(1),
        round_lot=Decimal(1),
        minimum_size=Decimal(1),
        multiplier=Decimal(1),
        settlement_days=2,
        margin_multiplier=Decimal(1),
    )


STOCK, PENNY, TRIPLE = stock(101, "AAA"), stock(102, "PNY"), stock(103, "TQQ", multiple="3")
EURUSD, USDJPY, AUDUSD = pair(201, "EUR", "USD"), pair(202, "USD", "JPY"), pair(203, "AUD", "USD")
USDCAD = pair(204, "USD", "CAD")
ALL = (STOCK, PENNY, TRIPLE, EURUSD, USDJPY, AUDUSD, USDCAD)


class Books:
    """One account, its world, and short ways to say what happens to them."""

    stock, penny, triple = STOCK.conid, PENNY.conid, TRIPLE.conid
    eurusd, usdjpy, audusd, usdcad = EURUSD.conid, USDJPY.conid, AUDUSD.conid, USDCAD.conid
    account_id = ACCOUNT

    def __init__(self, kind: AccountKind, base: str, now: Instant) -> None:
        self.world: World = world_at(now, seed=7)
        contracts = Contracts({row.conid: row for row in ALL}, CALENDARS)
        self.world.attach(contracts, Models())
        self.fills = 0
        self.world.apply(
            AccountOpened(
                at=now, account_id=ACCOUNT, kind=kind, base_currency=base, title="Pat Example"
            )
        )

    @property
    def book(self) -> ledger.Book:
        return self.world.ledger.books[ACCOUNT]

    def deposit(self, amount: str, currency: str = "USD") -> None:
        self.world.apply(
            CashDeposited(
                at=self.world.now,
                account_id=ACCOUNT,
                currency=currency,
                amount=Decimal(amount),
            )
        )

    def quote(
        self, conid: Conid, price: str, bid: str | None = None, ask: str | None = None
    ) -> None:
        contract = self.world.contract(conid)
        is_pair = contract.security_type is SecurityType.FOREX
        self.world.apply(
            QuoteRecorded(
                at=self.world.now,
                quote=Quote(
                    conid=conid,
                    at=self.world.now,
                    bid=Decimal(bid or price),
                    bid_size=Decimal(100),
                    ask=Decimal(ask or price),
                    ask_size=Decimal(100),
                    last=None if is_pair else Decimal(price),
                    last_size=Decimal(1),
                    last_at=self.world.now,
                    volume=Decimal(1),
                    is_open=True,
                    is_regular=True,
                ),
            )
        )

    def fill(self, side: Side, size: str, conid: Conid, price: str, **more: str) -> OrderFilled:
        """Trade, with a quote at the price, and settle as that follows.

        More may be `commission`, `fees`, `order_id`, `conversion`.
        """
        self.quote(conid, price)
        world, contract = self.world, self.world.contract(conid)
        self.fills += 1
        base = world.accounts.by_id[ACCOUNT].base_currency
        is_pair = contract.security_type is SecurityType.FOREX
        event = OrderFilled(
            at=world.now,
            execution_id=ExecutionId(str(self.fills)),
            order_id=OrderId(int(more.get("order_id", self.fills))),
            account_id=ACCOUNT,
            conid=conid,
            side=side,
            price=Decimal(price),
            size=Decimal(size),
            currency=contract.currency,
            commission=Decimal(more.get("commission", "0")),
            fees=Decimal(more.get("fees", "0")),
            commission_currency=base if is_pair else contract.currency,
            settles_at=settlement.settles_at(world, contract, world.now),
            exchange="SMART",
            quote=world.quotes.by_conid[conid],
        )
        ledger.traded(
            world.ledger,
            event,
            contract,
            trade_day=settlement.trade_day(world, contract, world.now),
            is_conversion="conversion" in more,
        )
        return event

    def buy(self, size: str, conid: Conid, price: str, **more: str) -> OrderFilled:
        """Buy."""
        return self.fill(Side.BUY, size, conid, price, **more)

    def sell(self, size: str, conid: Conid, price: str, **more: str) -> OrderFilled:
        """Sell."""
        return self.fill(Side.SELL, size, conid, price, **more)

    def advance(self, until: str) -> list[Event]:
        """Let the books do what is due up to a time in New York, and be there."""
        world, to = self.world, new_york(until)
        told: list[Event] = []
        while (at := closings.next_due(world, world.now)) is not None and at <= to:
            world.now = at
            for event in closings.due(world, at):
                world.apply(event)
                told.append(event)
        world.now = to
        return told


def new_york(text: str) -> Instant:
    """Return the instant of `2026-06-10 10:00` in New York."""
    day, _, time = text.partition(" ")
    year, month, of_month = (int(part) for part in day.split("-"))
    hour, minute = (int(part) for part in time.split(":"))
    return CALENDARS["XNYS"].instant(day_of(year, month, of_month), hour * 3600 + minute * 60)


def open_books(
    cash: str = "0", kind: str = "MARGIN", base: str = "USD", at: str = "2026-06-10 10:00"
) -> Books:
    """Return the books of a new account with some cash in its base currency."""
    books = Books(AccountKind(kind), base, new_york(at))
    if Decimal(cash):
        books.deposit(cash, base)
    return books
