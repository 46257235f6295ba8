"""Nonsense: whatever is asked of any route or topic, the answer has a shape of IBKR's."""

import re
from random import Random
from typing import Final

import msgspec
import pytest
from tests.desks import Client, open_desk, synthetic

from paperdesk.api import catalogue, refusals
from paperdesk.stream import topics

SEEDS = range(4)
ASKED = 700

VALUES: Final = (
    *("", "265598", "12087792", "416904", "0", "999999999", "AAPL", "1d", "2h", "1min", "5min"),
    *("15y", "1000d", "1W", "7x", "-1", "1", "true", "False", "Last", "Bid_Ask", "midpoint"),
    *("20260227-18:00:00", "18000101-00:00:00", "99991231-23:59:59", "٣", "%00", "%ff"),
    *("a" * 300, "31,84,86,7293,87", "DU1234567", "DU7654321", "STK", "USD", "XXX", "BUY"),
    *("0.5", "1e9", "202603", "MAR26", "SMART"),
)
NAMES: Final = (
    *("conid", "conids", "period", "bar", "startTime", "direction", "outsideRth", "source"),
    *("fields", "since", "exchange", "accountId", "days", "filters", "force", "symbol", "symbols"),
    *("name", "secType", "month", "strike", "right", "currency", "target", "page", "barType"),
)
BODIES: Final = (
    *(b"", b"{}", b"[]", b"{", b"null", b"1", b'"x"', b'{"conid":265598}', b'{"conids":"x"}'),
    *(b'{"acctIds":["DU1234567"]}', b'{"acctId":"DU1234567"}', b'{"orders":[{}]}'),
    b'{"conids":[265598,0]}',
)
SEGMENTS: Final = {
    "account_id": ("DU1234567", "DU7654321", "x"),
    "conid": ("265598", "12087792", "0", "x", "9" * 20),
    "page": ("0", "x", "-1", "9" * 30),
}
TARGETS: Final = (
    *("", "265598", "265598@ARCA", "12087792", "0", "999999999", "DU1234567", "DU7654321"),
    *("DU1234567+265598", "DU1234567+265598+NASDAQ", "20480", "AAPL", "٣", "+", "265598@", "-1"),
)
ARGUMENTS: Final = (
    *("fields", "period", "bar", "source", "format", "outsideRth", "filters", "days", "keys"),
    "realtimeUpdatesOnly",
)
THINGS: Final[tuple[object, ...]] = (
    *(None, True, 0, -1, 1e308, "", "31", 99, 10**25, "1d", "5min", "trades", "%o/%c"),
    *(["31", "84"], ["31", 31, None, {}], {"a": 1}, [[]], ["submitted"], ["currency"]),
)


def path_of(draw: Random, shape: str) -> str:
    """Fill the parameters of a path with something."""
    return re.sub(
        r"\{(\w+)\}",
        lambda found: draw.choice(SEGMENTS.get(found[1], ("1", "x", "-1", "265598"))),
        shape.removeprefix("/"),
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_every_route_has_an_answer_to_everything(seed: int) -> None:
    draw = Random(seed)
    client = Client(open_desk(synthetic()))
    tables = catalogue.TABLES
    routes = [route for table in tables for route in table.routes if route.path != "/logout"]
    for _ in range(ASKED):
        route = draw.choice(routes)
        pairs = [f"{draw.choice(NAMES)}={draw.choice(VALUES)}" for _ in range(draw.randrange(6))]
        path = f"{path_of(draw, route.path)}?{'&'.join(pairs)}"
        sent = draw.choice(BODIES) if route.method == "POST" else b""

        reply = client.ask(route.method, path, sent, query={})

        assert reply.body != refusals.FAILED.body, f"{route.method} {path} {sent!r}"
        assert reply.status in {200, 400, 401, 404, 500, 503}


@pytest.mark.parametrize("seed", SEEDS)
def test_every_topic_hears_everything(seed: int) -> None:
    draw = Random(seed)
    client = Client(open_desk(synthetic()))
    socket = client.socket()
    words = [*topics.TABLES.topics, "shs", "x", ""]
    for number in range(ASKED):
        arguments = {draw.choice(ARGUMENTS): draw.choice(THINGS) for _ in range(draw.randrange(4))}
        tail = msgspec.json.encode(arguments).decode() if draw.random() < 0.8 else "{"
        socket.send(f"{draw.choice(words)}+{draw.choice(TARGETS)}+{tail}")
        if number % 50 == 0:
            client.wait(draw.choice((0.5, 1, 3)))

        for frame in socket.receive():
            assert frame.keys() & {"topic", "error", "message", "result"}
        assert socket.subscriber.closing is None
