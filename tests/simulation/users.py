"""Users who do anything: requests drawn from one seed, most of them sensible, some of them not."""

from random import Random
from typing import Any, Final

from tests.desks import AAPL, EURUSD, MSFT, SPX, Client, Reply, Socket
from tests.tickets import ORDERS

from paperdesk.base.ids import Conid, OrderId

IBM: Final = Conid(8314)
EURGBP: Final = Conid(12087807)
TRADED: Final = (AAPL, AAPL, AAPL, MSFT, IBM, EURUSD, EURGBP)
ORDER_TYPES: Final = ("MKT", "LMT", "LMT", "STP", "STOP_LIMIT", "TRAIL", "TRAILLMT")
NOT_TRADED: Final = (SPX, Conid(0), Conid(123))
NONSENSE: Final[tuple[object, ...]] = (
    None,
    0,
    -1,
    0.5,
    1e17,
    -0.0,
    "10",
    "abc",
    "",
    "NaN",
    "1e400",
    "\0",
    True,
    [],
    {},
    [1],
    12345678901234567890,
)
ANSWERS_MAX: Final = 20


class User:
    """Somebody with one account, one socket, and no plan."""

    def __init__(self, client: Client, draw: Random) -> None:
        """Subscribe to everything, and begin."""
        self.client = client
        self.draw = draw
        self.order_ids: list[str] = []
        self.done = 0
        self.socket: Socket = client.socket()
        for wish in ("sor+{}", 'str+{"days":7}', 'smd+265598+{"fields":["31","84","86"]}'):
            self.socket.send(wish)

    def act(self) -> list[Reply]:
        """Do something and return what came back."""
        self.done += 1
        deeds = (self.place, self.modify, self.cancel, self.wait, self.look)
        (deed,) = self.draw.choices(deeds, (45, 15, 10, 10, 20))
        return deed()

    def place(self) -> list[Reply]:
        """Place or preview one order, a group or a bracket, and answer what is asked."""
        tickets = [self.ticket() for _ in range(self.draw.choice((1, 1, 1, 2, 3)))]
        if len(tickets) > 1 and self.chance(0.6):
            tickets[0]["cOID"] = f"entry-{self.done}"
            for child in tickets[1:]:
                child["parentId"] = tickets[0]["cOID"]
                child["conid"] = tickets[0]["conid"]
                child["side"] = "SELL" if tickets[0]["side"] == "BUY" else "BUY"
        path = f"{ORDERS}/whatif" if self.chance(0.2) else ORDERS
        return self.answered(self.client.post(path, {"orders": tickets}))

    def modify(self) -> list[Reply]:
        """Change an order, usually in what can be changed."""
        if not self.order_ids:
            return []
        order_id = self.draw.choice(self.order_ids)
        ticket = self.ticket()
        if self.chance(0.9):
            order = self.client.desk.world.orders.by_id[OrderId(int(order_id))]
            ticket |= {
                "conid": order.conid,
                "side": order.side.value,
                "orderType": order.order_type.value,
            }
        path = f"iserver/account/DU1234567/order/{order_id}"
        return self.answered(self.client.post(path, ticket))

    def cancel(self) -> list[Reply]:
        """Cancel an order, all of them, or none that is there."""
        order_id = self.draw.choice([*self.order_ids, *self.order_ids, "-1", "5", "x"])
        return [self.client.delete(f"iserver/account/DU1234567/order/{order_id}")]

    def wait(self) -> list[Reply]:
        """Let time pass."""
        self.client.wait(self.draw.choice((0.5, 10, 600, 3_600, 7 * 3_600, 24 * 3_600)))
        return []

    def look(self) -> list[Reply]:
        """Ask for a list or a row."""
        paths = (
            "iserver/account/trades?days=7",
            "iserver/account/orders",
            "iserver/account/orders?force=true",
            "iserver/account/DU1234567/summary",
            "portfolio/accounts",
            "portfolio/DU1234567/ledger",
            "portfolio/DU1234567/positions/0",
            "iserver/marketdata/snapshot?conids=265598,8314&fields=31,84,73,74,75,76,78,80",
            *(f"iserver/account/order/status/{order_id}" for order_id in self.order_ids[-5:]),
        )
        return [self.client.get(self.draw.choice(paths))]

    def answered(self, reply: Reply) -> list[Reply]:
        """Answer the questions of a reply, mostly with yes, and remember the orders it made."""
        replies = [reply]
        for _ in range(ANSWERS_MAX):
            rows = replies[-1].json
            if replies[-1].status != 200 or not isinstance(rows, list) or "id" not in rows[0]:
                break
            answer = {"confirmed": self.chance(0.95)}
            replies.append(self.client.post(f"iserver/reply/{rows[0]['id']}", answer))
        rows = replies[-1].json
        if isinstance(rows, list):
            self.order_ids += [row["order_id"] for row in rows if "order_id" in row]
        return replies

    def ticket(self) -> dict[str, Any]:
        """Draw an order: near the market as a rule, with a field of nonsense now and then."""
        draw = self.draw
        conid = draw.choice(TRADED if self.chance(0.97) else NOT_TRADED)
        price = self.price(conid)
        ticket: dict[str, Any] = {
            "conid": conid,
            "side": draw.choice(("BUY", "SELL")),
            "orderType": draw.choice(
                ("MKT", "LMT", "LMT", "STP", "STOP_LIMIT", "TRAIL", "TRAILLMT")
            ),
            "quantity": draw.choice((1, 2, 5, 10, 100, 600, 0.5, 25_000)),
            "tif": draw.choice(("DAY", "DAY", "DAY", "GTC", "GTC", "IOC", "GTD", "OPG")),
            "price": price,
        }
        if ticket["orderType"] in {"STOP_LIMIT", "TRAILLMT"}:
            ticket["auxPrice"] = self.price(conid)
        if ticket["orderType"] in {"TRAIL", "TRAILLMT"}:
            ticket |= {
                "trailingAmt": draw.choice((0.5, 1, 5)),
                "trailingType": draw.choice(("amt", "%")),
            }
        if ticket["tif"] == "GTD":
            ticket["goodTillDate"] = draw.choice(("20260309-20:00:00", "20260330"))
        for field, chance, values in EXTRAS:
            if self.chance(chance):
                ticket[field] = draw.choice(values)
        for field in list(ticket):
            if self.chance(0.006):
                ticket[field] = draw.choice(NONSENSE)
        return ticket

    def price(self, conid: Conid) -> float:
        """Draw a price near the market."""
        quote = self.client.desk.source.quote(conid, self.client.desk.now)
        middle = 100.0 if quote is None else float(quote.bid or quote.last or 100)
        factor = self.draw.choice((1.0, 0.999, 1.001, 0.98, 1.02, 0.9, 1.05))
        return round(middle * factor, 2 if middle > 3 else 4)

    def chance(self, of: float) -> bool:
        """Draw whether something happens."""
        return self.draw.random() < of


EXTRAS: Final[tuple[tuple[str, float, tuple[object, ...]], ...]] = (
    ("cOID", 0.2, tuple(f"c{number}" for number in range(40))),
    ("parentId", 0.02, tuple(f"c{number}" for number in range(40))),
    ("isClose", 0.05, (True,)),
    ("outsideRTH", 0.1, (True, "True")),
    ("cashQty", 0.05, (100, 1000.5)),
    ("deactivated", 0.05, (True,)),
    ("allOrNone", 0.05, (True,)),
    ("isSingleGroup", 0.1, (True,)),
)
