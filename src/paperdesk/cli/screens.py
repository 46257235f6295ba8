"""What `paperdesk watch` shows: quotes and orders, kept up to date from the frames of a socket."""

from collections.abc import Mapping, Sequence
from shutil import get_terminal_size
from typing import Any, Final

import msgspec
from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

SYMBOL, LAST, CHANGE, CHANGE_PERCENT, VOLUME = "55", "31", "82", "83", "87"
BID, BID_SIZE, ASK, ASK_SIZE = "84", "88", "86", "85"
FIELDS: Final = (
    SYMBOL,
    LAST,
    BID,
    BID_SIZE,
    ASK,
    ASK_SIZE,
    CHANGE,
    CHANGE_PERCENT,
    VOLUME,
)
"""The numbered columns of market data that are asked for."""

ORDERS_SHOWN_MAX: Final = 12
WIDE: Final = 100
"""From how many characters on there is room between columns."""


class Screen(msgspec.Struct, kw_only=True):
    """Everything shown, by contract and by order.

    `quotes` maps a conid to the fields known so far; deltas are merged into them. `orders` maps
    an order id to its row. `profit` is the first row of the profit and loss stream.
    """

    url: str
    account_id: str = ""
    symbols: dict[int, str] = msgspec.field(default_factory=dict)
    quotes: dict[int, dict[str, str]] = msgspec.field(default_factory=dict)
    orders: dict[int, dict[str, Any]] = msgspec.field(default_factory=dict)
    profit: dict[str, Any] = msgspec.field(default_factory=dict)
    notice: str = ""

    def hear(self, frame: Mapping[str, Any]) -> None:
        """Take one frame of the socket in; frames of other topics change nothing."""
        topic = str(frame.get("topic", ""))
        if topic.startswith("smd+"):
            self._hear_quote(frame)
        elif topic == "sor":
            for row in _rows(frame.get("args")):
                self._hear_order(row)
        elif topic == "spl":
            for row in _named_rows(frame.get("args")):
                self.profit.update(row)
        elif "error" in frame:
            self.notice = str(frame["error"])

    def _hear_quote(self, frame: Mapping[str, Any]) -> None:
        conid = frame.get("conid")
        if not isinstance(conid, int):
            return
        quote = self.quotes.setdefault(conid, {})
        for field in FIELDS:
            if field in frame:
                quote[field] = str(frame[field])

    def _hear_order(self, row: Mapping[str, Any]) -> None:
        order_id = row.get("orderId")
        if isinstance(order_id, int):
            self.orders.setdefault(order_id, {}).update(row)

    def drawing(self) -> Group:
        """Return the whole screen, ready to be printed."""
        parts: list[Table | Text] = [self._header(), self._quote_table()]
        if self.orders:
            parts.append(self._order_table())
        return Group(*parts)

    def _header(self) -> Text:
        header = Text(f"{self.account_id}  {self.url}", style="dim")
        for name, key in (("day", "dpl"), ("unrealized", "upl"), ("net liquidation", "nl")):
            value = self.profit.get(key)
            if isinstance(value, int | float):
                header.append(f"   {name} ", style="dim")
                header.append(f"{value:,.2f}", style=_colour(value) if key != "nl" else "bold")
        if self.notice:
            header.append(f"   {self.notice}", style="yellow")
        return header

    def _quote_table(self) -> Table:
        # Nine columns of prices fit eighty characters only close together.
        padding = (0, 1) if get_terminal_size().columns >= WIDE else (0, 0)
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=padding)
        table.add_column("contract", style="bold", no_wrap=True, min_width=8)
        for name in ("last", "bid", "size", "ask", "size", "change", "%", "volume"):
            table.add_column(name, justify="right", no_wrap=True, min_width=5)
        for conid, symbol in self.symbols.items():
            quote = self.quotes.get(conid, {})
            change = quote.get(CHANGE, "")
            colour = "red" if change.startswith("-") else "green" if change else ""
            table.add_row(
                quote.get(SYMBOL, symbol) if symbol.isdigit() else symbol,
                Text(quote.get(LAST, "" if quote else "…"), style=colour),
                quote.get(BID, ""),
                quote.get(BID_SIZE, ""),
                quote.get(ASK, ""),
                quote.get(ASK_SIZE, ""),
                Text(change, style=colour),
                Text(quote.get(CHANGE_PERCENT, ""), style=colour),
                quote.get(VOLUME, ""),
            )
        return table

    def _order_table(self) -> Table:
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, title="Orders", title_justify="left")
        for name in ("order", "contract", "what", "filled", "average", "status"):
            table.add_column(name, justify="right" if name in {"filled", "average"} else "left")
        newest = sorted(self.orders, reverse=True)[:ORDERS_SHOWN_MAX]
        for order_id in newest:
            row = self.orders[order_id]
            table.add_row(
                str(order_id),
                str(row.get("ticker", row.get("conid", ""))),
                str(row.get("orderDesc", "")),
                str(row.get("sizeAndFills", "")),
                str(row.get("avgPrice", "")),
                str(row.get("status", row.get("order_ccp_status", ""))),
            )
        return table


def _colour(value: float) -> str:
    return "red" if value < 0 else "green"


def _rows(value: object) -> Sequence[Mapping[str, Any]]:
    """Return the rows of a frame's args: a list of them, or one alone."""
    if isinstance(value, Mapping):
        return [value]
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []


def _named_rows(value: object) -> Sequence[Mapping[str, Any]]:
    """Return the rows of args that are keyed by partition."""
    if not isinstance(value, Mapping):
        return []
    return [row for row in value.values() if isinstance(row, Mapping)]
