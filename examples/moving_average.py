"""A moving-average bot on the real days of September and October 2008, at full speed.

    python examples/moving_average.py [PLOT.svg]

It starts a desk of its own at the opening of 2 September 2008 with a clock that stands still, walks
it from day to day over the control API, and trades Apple over the trading API like any client: a
few minutes before each close it holds 3,000 shares when the average of three closes is above that
of ten, and is short by as many when it is below. Nothing but Python's standard library is needed.
"""

import datetime as dt
import json
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

SYMBOL, SIZE = "AAPL", 3_000
FIRST, LAST = dt.date(2008, 9, 2), dt.date(2008, 10, 31)
FAST, SLOW = 3, 10
DECIDES_AT = "15:55"


class Day(NamedTuple):
    """One session as the bot saw it."""

    date: dt.date
    price: float
    fast: float
    slow: float
    position: int
    worth: float


class Desk:
    """Both APIs of a running desk, over one connection each."""

    def __init__(self, url: str, control_url: str) -> None:
        """Connect; the certificate of a desk on loopback is believed as it is."""
        trading, control = urlsplit(url), urlsplit(control_url)
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        self._base = trading.path
        self._trading = HTTPSConnection(
            trading.hostname or "", trading.port, context=context, timeout=60
        )
        self._control = HTTPConnection(control.hostname or "", control.port, timeout=60)
        self.name = self.control("GET", "/desks")[0]["name"]

    def api(self, method: str, path: str, body: object = None) -> Any:
        """Ask the trading API."""
        return self._ask(self._trading, method, f"{self._base}/{path}", body)

    def control(self, method: str, path: str, body: object = None) -> Any:
        """Ask Paperdesk's own API."""
        return self._ask(self._control, method, path, body)

    def advance(self, **how: str) -> dict[str, Any]:
        """Let desk time go on: `to` a time of New York, or `by` a duration."""
        advanced: dict[str, Any] = self.control("POST", f"/desks/{self.name}/clock/advance", how)
        return advanced

    @staticmethod
    def _ask(connection: HTTPConnection, method: str, path: str, body: object) -> Any:
        content = "" if body is None else json.dumps(body)
        headers = {"Content-Type": "application/json", "User-Agent": "moving-average"}
        connection.request(method, path, content or None, headers)
        answer = connection.getresponse()
        text = answer.read()
        if answer.status >= 400:
            raise SystemExit(f"{method} {path}: {answer.status} {text.decode()}")
        return json.loads(text)


@contextmanager
def running_desk() -> Iterator[Desk]:
    """Start a desk on free ports in a folder that is thrown away afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "paperdesk.cli", "serve", "--json", "--login", "demo"]
        command += ["--scenario", "history", "--date", FIRST.isoformat(), "--clock", "stepped"]
        # Two months in a few seconds are more requests a second than IBKR lets anybody make.
        command += ["--data-dir", folder, "--port", "0", "--control-port", "0"]
        command += ["--no-hosted", "--pacing", "off"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout is not None
            opened = json.loads(process.stdout.readline())["opened"]
            yield Desk(opened["url"], opened["control_url"])
        finally:
            process.terminate()
            process.communicate()


class Bot:
    """Holds a contract by two moving averages."""

    def __init__(self, desk: Desk) -> None:
        """Sign on, find the contract, and read the closes before the first day."""
        self.desk = desk
        desk.api("POST", "iserver/auth/ssodh/init", {"publish": True, "compete": True})
        self.account = desk.api("GET", "iserver/accounts")["selectedAccount"]
        desk.api("GET", "portfolio/accounts")
        self.conid = desk.api("GET", f"iserver/secdef/search?symbol={SYMBOL}")[0]["conid"]
        history = f"iserver/marketdata/history?conid={self.conid}&period=3m&bar=1d"
        bars = desk.api("GET", history)["data"]
        today = time.mktime(FIRST.timetuple()) * 1000 - 86_400_000
        self.closes = [bar["c"] for bar in bars if bar["t"] < today]
        self.position = 0
        self.trades: list[tuple[dt.date, str, int, float]] = []

    def decide(self, date: dt.date) -> Day:
        """Look at today's price, compare the averages, and trade to where we want to be."""
        price = self.price()
        self.closes.append(price)
        fast = sum(self.closes[-FAST:]) / FAST
        slow = sum(self.closes[-SLOW:]) / SLOW
        wanted = SIZE if fast > slow else -SIZE
        if wanted != self.position:
            side = "BUY" if wanted > self.position else "SELL"
            paid = self.trade(side, abs(wanted - self.position))
            self.trades.append((date, side, abs(wanted - self.position), paid))
            self.position = wanted
        self.desk.advance(to=f"{date} 16:00")
        worth = self.desk.api("GET", f"portfolio/{self.account}/ledger")["BASE"]
        return Day(date, price, fast, slow, self.position, worth["netliquidationvalue"])

    def price(self) -> float:
        """Return the last price; the first snapshot of a session only opens the line."""
        path = f"iserver/marketdata/snapshot?conids={self.conid}&fields=31"
        for _ in range(10):
            row = self.desk.api("GET", path)[0]
            if "31" in row:
                return float(row["31"].lstrip("CH"))
            self.desk.advance(by="1s")
        raise SystemExit("no price")

    def trade(self, side: str, size: int) -> float:
        """Place an order at the market, confirm what is asked, and return the average price."""
        ticket = {
            "conid": int(self.conid),
            "orderType": "MKT",
            "side": side,
            "quantity": size,
            "tif": "DAY",
        }
        path = f"iserver/account/{self.account}/orders"
        answer = self.desk.api("POST", path, {"orders": [ticket]})[0]
        while "message" in answer:
            answer = self.desk.api("POST", f"iserver/reply/{answer['id']}", {"confirmed": True})[0]
        status = f"iserver/account/order/status/{answer['order_id']}"
        for _ in range(120):
            order = self.desk.api("GET", status)
            if order["order_status"] == "Filled":
                return float(order["average_price"])
            self.desk.advance(by="1s")
        raise SystemExit(f"{side} {size}: {order['order_status']} {order.get('size_and_fills')}")


def weekdays(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """Yield the days from Monday to Friday; the desk knows which of them are sessions."""
    date = first
    while date <= last:
        if date.weekday() < 5:
            yield date
        date += dt.timedelta(days=1)


def report(bot: Bot, days: list[Day], seconds: float) -> None:
    """Print what was traded and what came of it."""
    for date, side, size, price in bot.trades:
        print(f"{date}  {side:<4} {size:>5,} at {price:8.2f}")
    gain = days[-1].worth - 1_000_000
    held = SIZE * (days[-1].price - days[0].price)
    print(f"\n{len(days)} sessions, {len(bot.trades)} trades in {seconds:.1f} s")
    print(f"{SYMBOL} went from {days[0].price:.2f} to {days[-1].price:.2f}")
    print(f"the bot made      {gain:>12,.2f} USD, commissions paid")
    print(f"holding had made  {held:>12,.2f} USD")


WIDTH, HEIGHT, EDGE = 900, 260, 48


def plot(days: list[Day], trades: list[tuple[dt.date, str, int, float]]) -> str:
    """Draw price and averages above, what the account is worth below, as SVG."""
    upper = {"price": ("#333", 2), "fast": ("#1f77b4", 1), "slow": ("#d62728", 1)}
    values = [getattr(day, name) for day in days for name in upper]
    parts = [panel(0, min(values), max(values), f"{SYMBOL}, averages of {FAST} and {SLOW} closes")]
    for name, (colour, width) in upper.items():
        series = [getattr(day, name) for day in days]
        parts.append(line(0, series, min(values), max(values), colour, width))
    at = {day.date: index for index, day in enumerate(days)}
    for date, side, _, price in trades:
        x, y = place(0, at[date], len(days), price, min(values), max(values))
        colour, tip = ("#2ca02c", -9) if side == "BUY" else ("#d62728", 9)
        corners = f"{x:.1f},{y + tip:.1f} {x - 5:.1f},{y:.1f} {x + 5:.1f},{y:.1f}"
        parts.append(f'<polygon points="{corners}" fill="{colour}"/>')
    worth = [day.worth for day in days]
    parts.append(panel(1, min(worth), max(worth), "Net liquidation, USD"))
    parts.append(line(1, worth, min(worth), max(worth), "#2ca02c", 2))
    first, last = days[0].date, days[-1].date
    bottom = 2 * HEIGHT - 8
    parts.append(f'<text x="{EDGE}" y="{bottom}">{first}</text>')
    parts.append(f'<text x="{WIDTH - EDGE}" y="{bottom}" text-anchor="end">{last}</text>')
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {2 * HEIGHT}" '
        f'font-family="sans-serif" font-size="12"><rect width="100%" height="100%" fill="white"/>\n'
        f"{body}\n</svg>\n"
    )


def place(
    row: int, index: int, count: int, value: float, low: float, high: float
) -> tuple[float, float]:
    """Return where a value of a day is drawn."""
    x = EDGE + (WIDTH - 2 * EDGE) * index / max(1, count - 1)
    y = row * HEIGHT + HEIGHT - 30 - (HEIGHT - 70) * (value - low) / ((high - low) or 1)
    return x, y


def line(row: int, series: list[float], low: float, high: float, colour: str, width: int) -> str:
    """Draw a series."""
    points = (place(row, i, len(series), value, low, high) for i, value in enumerate(series))
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width}"/>'


def panel(row: int, low: float, high: float, title: str) -> str:
    """Draw a title and the lines of the highest and the lowest value."""
    parts = [f'<text x="{EDGE}" y="{row * HEIGHT + 22}" font-weight="bold">{title}</text>']
    for value in (low, high):
        _, y = place(row, 0, 2, value, low, high)
        parts.append(
            f'<line x1="{EDGE}" x2="{WIDTH - EDGE}" y1="{y}" y2="{y}" stroke="#ddd"/>'
            f'<text x="{EDGE + 4}" y="{y + (13 if value == low else -3)}" fill="#888">'
            f"{value:,.2f}</text>"
        )
    return "\n".join(parts)


def main() -> None:
    """Trade two months and show the result."""
    file = Path(sys.argv[1] if len(sys.argv) > 1 else "moving_average.svg")
    began = time.perf_counter()
    with running_desk() as desk:
        bot = Bot(desk)
        days = [
            bot.decide(date)
            for date in weekdays(FIRST, LAST)
            if desk.advance(to=f"{date} {DECIDES_AT}")["is_open"]
        ]
    report(bot, days, time.perf_counter() - began)
    file.write_text(plot(days, bot.trades), encoding="utf-8")
    print(f"plotted in {file}")


if __name__ == "__main__":
    main()
