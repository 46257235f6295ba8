"""Users who do anything: nothing fails, and every way of asking tells the same story."""

from random import Random
from typing import Any

import pytest
from tests.desks import Client, open_desk, synthetic
from tests.simulation.users import User

from paperdesk.api import refusals
from paperdesk.kernel.messages.accounts import AccountKind

SEEDS = range(6)
DEEDS = 120


def user_of(seed: int) -> User:
    """Return a user who has done a lot; every answer was one that a client can act on."""
    draw = Random(seed)
    desk = open_desk(
        synthetic(),
        asks=draw.random() < 0.5,
        cash=draw.choice(("1000000", "1000000", "20000")),
        kind=draw.choice((AccountKind.MARGIN, AccountKind.MARGIN, AccountKind.CASH)),
    )
    user = User(Client(desk), draw)
    for _ in range(DEEDS):
        for reply in user.act():
            assert reply.body != refusals.FAILED.body, f"seed {seed}, deed {user.done}"
        assert desk.failure == "", f"seed {seed}, deed {user.done}"
    return user


@pytest.fixture(params=SEEDS, scope="module")
def user(request: pytest.FixtureRequest) -> User:
    return user_of(request.param)


def test_stream_tells_every_order_as_the_list_does(user: User) -> None:
    user.client.session.orders_filtered = False
    told: dict[int, dict[str, Any]] = {}
    for frame in user.socket.receive("sor"):
        for row in frame["args"]:
            told.setdefault(row["orderId"], {}).update(row)
    world = user.client.desk.world

    assert told.keys() == world.orders.by_id.keys()
    for order_id, row in told.items():
        status = user.client.get(f"iserver/account/order/status/{order_id}").json
        assert row["status"] == status["order_status"]
        assert row["sizeAndFills"] == status["size_and_fills"] or row["status"] == "Cancelled"
        assert f"{row['filledQuantity']:g}" == f"{float(status['cum_fill']):g}"
        assert row.get("avgPrice") == status.get("average_price")


def test_stream_tells_every_execution_as_the_list_does(user: User) -> None:
    socket = user.client.socket()
    told: dict[str, dict[str, Any]] = {}
    for frame in socket.ask('str+{"days":7}'):
        for row in frame.get("args", []):
            told[row["execution_id"]] = row
    user.client.session.trades_queried = True

    assert list(told.values()) == user.client.get("iserver/account/trades?days=7").json


def test_stream_ends_where_the_snapshot_is(user: User) -> None:
    user.client.wait(0.5)
    socket = user.client.socket()
    (row,) = [
        frame
        for frame in socket.ask('smd+265598+{"fields":["31","84","86"]}')
        if frame.get("topic") == "smd+265598"
    ]
    for _ in range(20):
        user.client.wait(0.5)
        for frame in socket.receive("smd+265598"):
            row |= frame
    (shown,) = user.client.get("iserver/marketdata/snapshot", conids=265598, fields="31,84,86").json

    assert {name: cell for name, cell in row.items() if name != "topic"} == shown


def test_previews_and_questions_leave_no_trace(user: User) -> None:
    seq = user.client.desk.seq
    user.draw = Random(1)
    for _ in range(10):
        user.client.post("iserver/account/DU1234567/orders/whatif", {"orders": [user.ticket()]})

    assert user.client.desk.seq == seq


def test_money_and_contracts_are_moved_and_never_made(user: User) -> None:
    assert not any(user.client.desk.world.ledger.totals().values())
