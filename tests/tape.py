"""Tapes: stories of a desk as lines. What happens, and after the arrow what must come of it.

    quote 190.20 100 190.25 60         bid, its size, ask, its size; then `last 190.22`, `closed`,
                                       `pre`, `halted`; `-` is an empty side; `fx` for the pair
    buy 100 190.30 gtc outside         a limit order; without a price a market order; `other` is
                                       of the second account
    sell 10 stp 185                    also `stplmt STOP LIMIT`, `trail 5`, `trail 5%`,
                                       `traillmt 5 STOP LIMIT`
    bracket buy 10 190 / sell 10 195 / sell 10 stp 180
    group buy 10 190 / buy 10 189
    modify 1 buy 50 190.30             the complete ticket
    cancel 1    cancel all    yes    no    high 1 195.00
    clock 2026-06-10 16:00    clock +5 (minutes)

Orders are numbered as they are accepted. After the arrow stand `accepted 1`, `filled 1 60 190.25`,
`cancelled 1`, `triggered 1`, `released 1 40`, `held 1`, `moved 1 187.00`, `reduced 1 70`,
`modified 1`, `deactivated 1`, `asked o163`, `answered`, `dropped`, `refused code`.
"""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any

import msgspec
from tests.kernel.books import ACCOUNT, ALL, CALENDARS, EURUSD, STOCK, new_york

from paperdesk.base.errors import Refusal
from paperdesk.base.ids import AccountId, Conid, OrderId, QuestionId, UserName
from paperdesk.base.units import MINUTE
from paperdesk.kernel.kernel import Kernel
from paperdesk.kernel.messages import Command, Event
from paperdesk.kernel.messages.accounts import AccountKind, AddUser, DepositCash, OpenAccount
from paperdesk.kernel.messages.clock import AdvanceClock
from paperdesk.kernel.messages.orders import (
    AnswerQuestion,
    CancelAllOrders,
    CancelOrder,
    ModifyOrder,
    MoveTrail,
    OrderAccepted,
    OrderCancelled,
    OrderDeactivated,
    OrderFilled,
    OrderHeld,
    OrderModified,
    OrderReduced,
    OrderReleased,
    OrdersQuestioned,
    OrderTriggered,
    OrderType,
    PlaceOrders,
    QuestionAnswered,
    QuestionsDropped,
    Side,
    Ticket,
    TimeInForce,
    TrailMoved,
    TrailUnit,
)
from paperdesk.kernel.messages.presets import Presets, SetPresets
from paperdesk.kernel.messages.quotes import Quote, RecordQuote
from paperdesk.kernel.state.world import Contracts, Models, world_at

USER = UserName("demo")
OTHER = AccountId("DU7654321")
CONTRACTS = Contracts({row.conid: row for row in ALL}, CALENDARS)
UNASKED = Presets(
    percentage=Decimal(0),
    size=Decimal(0),
    value=Decimal(0),
    market_orders=False,
    stops=False,
    own_crosses=False,
)
NO_QUESTION = QuestionId("none")
SUPPRESSED = ("o403", "o10164", "o10223", "o2165")


def open_kernel(
    cash: str = "1000000",
    kind: str = "MARGIN",
    at: str = "2026-06-10 10:00",
    fill: str = "touch",
    *,
    asks: bool = False,
    others: bool = False,
) -> Kernel:
    """Return a desk with the user `demo`, one account and some cash; `asks` as a new user is.

    With `others` there is a second account, whose orders a tape marks by `other`.
    """
    kernel = Kernel(world_at(new_york(at), seed=7), CONTRACTS, Models(fill))
    kernel.handle(
        OpenAccount(
            account_id=ACCOUNT, kind=AccountKind(kind), base_currency="USD", title="Pat Example"
        )
    )
    kernel.handle(AddUser(user_name=USER, account_ids=(ACCOUNT,)))
    kernel.handle(DepositCash(account_id=ACCOUNT, currency="USD", amount=Decimal(cash)))
    if others:
        open_other(kernel)
    if not asks:
        kernel.handle(SetPresets(user_name=USER, presets=UNASKED))
    return kernel


def open_other(kernel: Kernel) -> None:
    """Open a second account of the user."""
    kernel.handle(
        OpenAccount(
            account_id=OTHER, kind=AccountKind.MARGIN, base_currency="USD", title="Sam Example"
        )
    )
    kernel.handle(DepositCash(account_id=OTHER, currency="USD", amount=Decimal(1_000_000)))
    kernel.handle(AddUser(user_name=USER, account_ids=(ACCOUNT, OTHER)))


def number(text: str) -> Decimal | None:
    return None if text == "-" else Decimal(text)


def quote(  # noqa: PLR0913 - a quote has so many parts
    kernel: Kernel,
    bid: str,
    ask: str,
    *,
    bid_size: int | str = 100,
    ask_size: int | str = 100,
    last: str = "",
    conid: Conid = STOCK.conid,
    is_open: bool = True,
    is_regular: bool = True,
    is_halted: bool = False,
) -> RecordQuote:
    """Return what the market shows now; the last trade is the bid unless it is given."""
    is_pair = conid == EURUSD.conid
    price = last or (bid if bid != "-" else ask)
    return RecordQuote(
        quote=Quote(
            conid=conid,
            at=kernel.world.now,
            bid=number(bid),
            bid_size=Decimal(bid_size),
            ask=number(ask),
            ask_size=Decimal(ask_size),
            last=None if is_pair else number(price),
            last_size=Decimal(1),
            last_at=kernel.world.now,
            volume=Decimal(1000),
            is_open=is_open,
            is_regular=is_regular,
            is_halted=is_halted,
        )
    )


def ticket(side: str, size: str | None, **more: object) -> Ticket:
    """Return a ticket of a size; prices, types and times in force are words."""
    fields: dict[str, Any] = {
        "conid": STOCK.conid,
        "side": Side(side.upper()),
        "size": None if size is None else Decimal(size),
    } | more
    fields["order_type"] = OrderType(fields.get("order_type", "LMT"))
    fields["time_in_force"] = TimeInForce(fields.get("time_in_force", "DAY"))
    for name in ("limit_price", "stop_price", "trail", "cash"):
        if fields.get(name) is not None:
            fields[name] = Decimal(fields[name])
    return Ticket(**fields)


def limit(side: str, size: str, price: str, **more: object) -> Ticket:
    """Return a limit order's ticket."""
    return ticket(side, size, limit_price=price, **more)


def market(side: str, size: str | None, **more: object) -> Ticket:
    """Return a market order's ticket."""
    return ticket(side, size, order_type="MKT", **more)


def stop(side: str, size: str, price: str, **more: object) -> Ticket:
    """Return a stop's ticket."""
    return ticket(side, size, order_type="STP", stop_price=price, **more)


def place(
    *tickets: Ticket,
    group: bool = False,
    suppressed: Sequence[str] = SUPPRESSED,
    without_data: Sequence[Conid] = (),
    account_id: AccountId = ACCOUNT,
) -> PlaceOrders:
    """Return the request to place tickets."""
    return PlaceOrders(
        account_id=account_id,
        user_name=USER,
        tickets=tickets,
        is_oca_group=group,
        suppressed=tuple(suppressed),
        without_data=tuple(without_data),
    )


def modify(
    order_id: OrderId, wanted: Ticket, suppressed: Sequence[str] = SUPPRESSED
) -> ModifyOrder:
    """Return the request to modify an order."""
    return ModifyOrder(
        account_id=ACCOUNT,
        user_name=USER,
        order_id=order_id,
        ticket=wanted,
        suppressed=tuple(suppressed),
    )


def clock(text: str) -> AdvanceClock:
    """Return the command to let it be a time in New York."""
    return AdvanceClock(to=new_york(text))


def play(kernel: Kernel, tape: str, *, suppressed: Sequence[str] = SUPPRESSED) -> None:
    """Let each line happen and compare what came of it with what stands after its arrow."""
    player = Player(kernel, suppressed)
    for line in tape.strip().splitlines():
        said, _, expected = line.partition("->")
        if said.split():
            told = player.tell(said.split())
            assert told == " ".join(expected.split()), f"{said.strip()} -> {told}"


class Player:
    """Turns the words of a tape into commands and events into words."""

    def __init__(self, kernel: Kernel, suppressed: Sequence[str] = SUPPRESSED) -> None:
        self.kernel = kernel
        self.suppressed = tuple(suppressed)
        self.ids: list[OrderId] = list(kernel.world.orders.by_id)

    def tell(self, words: list[str]) -> str:
        """Return what came of a line."""
        try:
            events = self.kernel.handle(self.command(words))
        except Refusal as refusal:
            return f"refused {refusal.code}"
        return ", ".join(self.told(events))

    def command(self, words: list[str]) -> Command:
        verb, rest = words[0], words[1:]
        verbs: dict[str, Callable[[list[str]], Command]] = {
            "quote": self.quoted,
            "modify": lambda rest: modify(
                self.ids[int(rest[0]) - 1], parsed(rest[1:]), self.suppressed
            ),
            "cancel": self.cancelled,
            "clock": self.clocked,
            "high": lambda rest: MoveTrail(
                order_id=self.ids[int(rest[0]) - 1], reference=Decimal(rest[1])
            ),
            "yes": lambda _: self.answer(confirmed=True),
            "no": lambda _: self.answer(confirmed=False),
            "group": lambda rest: self.several(rest, group=True),
            "bracket": lambda rest: self.several(rest, group=False),
        }
        if verb in verbs:
            return verbs[verb](rest)
        account_id = OTHER if "other" in words else ACCOUNT
        return place(parsed(words), suppressed=self.suppressed, account_id=account_id)

    def quoted(self, words: list[str]) -> Command:
        bid, bid_size, ask, ask_size, *more = words
        return quote(
            self.kernel,
            bid,
            ask,
            bid_size=bid_size,
            ask_size=ask_size,
            last=more[more.index("last") + 1] if "last" in more else "",
            conid=EURUSD.conid if "fx" in more else STOCK.conid,
            is_open="closed" not in more,
            is_regular="pre" not in more and "closed" not in more,
            is_halted="halted" in more,
        )

    def clocked(self, words: list[str]) -> Command:
        if words[0].startswith("+"):
            return AdvanceClock(to=self.kernel.world.now + int(words[0]) * MINUTE)
        return clock(" ".join(words))

    def cancelled(self, words: list[str]) -> Command:
        if words[0] == "all":
            return CancelAllOrders(account_id=ACCOUNT, user_name=USER)
        order_id = self.ids[int(words[0]) - 1]
        return CancelOrder(account_id=ACCOUNT, order_id=order_id, user_name=USER)

    def answer(self, *, confirmed: bool) -> Command:
        orders = self.kernel.world.orders
        question_id = orders.question_of.get(USER) or next(reversed(orders.ended), NO_QUESTION)
        return AnswerQuestion(user_name=USER, question_id=question_id, confirmed=confirmed)

    def several(self, words: list[str], *, group: bool) -> Command:
        parts = " ".join(words).split("/")
        tickets = [parsed(part.split()) for part in parts]
        if not group:
            name = f"parent-{len(self.ids)}"
            tickets = [
                msgspec.structs.replace(tickets[0], customer_order_id=name),
                *(msgspec.structs.replace(row, parent=name) for row in tickets[1:]),
            ]
        return place(*tickets, group=group, suppressed=self.suppressed)

    def told(self, events: list[Event]) -> Iterator[str]:
        for event in events:
            if isinstance(event, OrderAccepted):
                self.ids.append(event.order_id)
            words = TOLD.get(type(event))
            if words is not None:
                order_id = getattr(event, "order_id", None)
                which = self.ids.index(order_id) + 1 if order_id in self.ids else 0
                yield " ".join(words(event, which).split())


TOLD: dict[type[Event], Callable[[Any, int], str]] = {
    OrderAccepted: lambda _, n: f"accepted {n}",
    OrderCancelled: lambda _, n: f"cancelled {n}",
    OrderDeactivated: lambda _, n: f"deactivated {n}",
    OrderFilled: lambda event, n: f"filled {n} {event.size} {event.price}",
    OrderHeld: lambda _, n: f"held {n}",
    OrderModified: lambda _, n: f"modified {n}",
    OrderReduced: lambda event, n: f"reduced {n} {event.size}",
    OrderReleased: lambda event, n: f"released {n} {event.size or ''}",
    OrderTriggered: lambda _, n: f"triggered {n}",
    OrdersQuestioned: lambda event, _: f"asked {event.questions[0].message_id}",
    QuestionAnswered: lambda _event, _: "answered",
    QuestionsDropped: lambda _event, _: "dropped",
    TrailMoved: lambda event, n: f"moved {n} {event.stop_price}",
}


def parsed(words: list[str]) -> Ticket:
    """Return the ticket that words say."""
    side, size, *rest = words
    more: dict[str, Any] = {}
    plain = [word for word in rest if not is_flag(word, more)]
    if size.startswith("$"):
        more["cash"] = size[1:]
    if plain and plain[0] in SHAPES:
        order_type, names = SHAPES[plain[0]]
        more |= {"order_type": order_type} | dict(zip(names, plain[1:], strict=False))
        if str(more.get("trail", "")).endswith("%"):
            more |= {"trail": more["trail"].rstrip("%"), "trail_unit": TrailUnit.PERCENT}
    elif plain:
        more["limit_price"] = plain[0]
    else:
        more["order_type"] = "MKT"
    return ticket(side, None if size.startswith("$") else size, **more)


SHAPES = {
    "stp": ("STP", ("stop_price",)),
    "stplmt": ("STOP_LIMIT", ("stop_price", "limit_price")),
    "trail": ("TRAIL", ("trail", "stop_price")),
    "traillmt": ("TRAILLMT", ("trail", "stop_price", "limit_price")),
}


def is_flag(word: str, more: dict[str, Any]) -> bool:
    """Note what a word adds to a ticket, and say whether it did."""
    flags: dict[str, tuple[str, Any]] = {
        "gtc": ("time_in_force", "GTC"),
        "gtd": ("time_in_force", "GTD"),
        "ioc": ("time_in_force", "IOC"),
        "day": ("time_in_force", "DAY"),
        "outside": ("outside_regular", True),
        "paused": ("is_deactivated", True),
        "aon": ("is_all_or_none", True),
        "close": ("is_closing", True),
        "fx": ("conid", EURUSD.conid),
    }
    if word in flags:
        more.__setitem__(*flags[word])
        return True
    if word == "other":
        return True
    name, separator, value = word.partition("=")
    if separator:
        names = {"as": "customer_order_id", "of": "parent", "until": "expires_at"}
        more[names[name]] = new_york(value.replace("T", " ")) if name == "until" else value
    return bool(separator)
