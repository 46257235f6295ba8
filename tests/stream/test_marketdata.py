"""Market data on the stream: the first row whole, then what changes; history once."""

import pytest
from tests.desks import AAPL, Client, Market, Socket, open_desk, synthetic

from paperdesk.base.slices import whole

SMD = 'smd+265598+{"fields":["31","84","86"]}'
START = 1_772_463_600_000_000
SECOND = 1_000_000


@pytest.fixture
def socket(client: Client) -> Socket:
    return client.socket()


def test_first_row_comes_at_once_and_whole(socket: Socket) -> None:
    assert socket.ask(SMD) == [
        {
            "topic": "smd+265598",
            "conid": 265598,
            "conidEx": "265598",
            "_updated": 1772463600000,
            "server_id": "q14",
            "6119": "q14",
            "6509": "RpB",
            "31": "C190.22",
            "84": "190.20",
            "86": "190.25",
        }
    ]


def test_later_rows_hold_what_has_changed(client: Client, market: Market, socket: Socket) -> None:
    socket.ask(SMD)
    market.show(AAPL, "190.21", "190.25", last="190.22", at=START + SECOND)

    client.wait(1.2)

    assert socket.receive() == [
        {
            "topic": "smd+265598",
            "conid": 265598,
            "conidEx": "265598",
            "_updated": 1772463601000,
            "server_id": "q14",
            "6119": "q14",
            "84": "190.21",
        }
    ]


def test_nothing_comes_while_nothing_changes(client: Client, socket: Socket) -> None:
    socket.ask(SMD)

    client.wait(30)

    assert socket.receive("smd+265598") == []


def test_arguments_are_taken_with_blanks_as_python_writes_them(socket: Socket) -> None:
    (row,) = socket.ask('smd+265598+{"fields": ["84", "86"]}')

    assert (row["84"], row["86"]) == ("190.20", "190.25")


def test_another_wish_adds_fields(client: Client, market: Market, socket: Socket) -> None:
    socket.ask('smd+265598+{"fields":["84"]}')

    (row,) = socket.ask('smd+265598+{"fields":["86"]}')
    market.show(AAPL, "190.30", "190.35", last="190.22", at=START + SECOND)
    client.wait(1)
    (later,) = socket.receive()

    assert (row["84"], row["86"]) == ("190.20", "190.25")
    assert (later["84"], later["86"]) == ("190.30", "190.35")


def test_exchange_is_echoed_in_the_topic(socket: Socket) -> None:
    (row,) = socket.ask('smd+265598@ARCA+{"fields":["84"]}')

    assert row["topic"] == "smd+265598@ARCA"
    assert row["conidEx"] == "265598@ARCA"


@pytest.mark.parametrize("target", ["999999999", "0", "AAPL", "265598@", "", "99999999999"])
def test_nothing_comes_of_what_is_no_contract(client: Client, socket: Socket, target: str) -> None:
    assert socket.ask(f'smd+{target}+{{"fields":["31"]}}') == []
    assert client.session.subscriptions == {}


@pytest.mark.parametrize("arguments", ["{}", '{"fields":"31"}', '{"fields":[31,null,{}]}', ""])
def test_fields_that_are_none_give_the_bare_row(socket: Socket, arguments: str) -> None:
    (row,) = socket.ask(f"smd+265598+{arguments}")

    assert row["6509"] == "RpB"
    assert "84" not in row


def test_contract_without_data_shows_that_it_has_none(socket: Socket) -> None:
    (row,) = socket.ask('smd+272093+{"fields":["84"]}')

    assert (row["31"], row["55"]) == ("N/A", "-")


def test_two_sockets_are_sent_the_same_bytes(client: Client, market: Market) -> None:
    one, other = client.socket(), client.socket()
    one.ask(SMD)
    other.ask(SMD)
    market.show(AAPL, "190.21", "190.25", last="190.22", at=START + SECOND)
    client.wait(1)

    assert one.subscriber.take() == other.subscriber.take() != b""


def test_unsubscribing_ends_it_without_a_word(
    client: Client, market: Market, socket: Socket
) -> None:
    socket.ask(SMD)

    assert socket.ask("umd+265598+{}") == []
    market.show(AAPL, "190.21", "190.25", at=START + SECOND)
    client.wait(1)

    assert socket.receive() == []
    assert client.session.subscriptions == {}


def test_unsubscribing_on_one_socket_leaves_the_other(client: Client, market: Market) -> None:
    one, other = client.socket(), client.socket()
    one.ask(SMD)
    other.ask(SMD)

    one.ask("umd+265598")
    market.show(AAPL, "190.21", "190.25", at=START + SECOND)
    client.wait(1)

    assert one.receive() == []
    assert len(other.receive()) == 1


def test_unsubscribing_what_is_not_open_does_nothing(socket: Socket) -> None:
    assert socket.ask("umd+265598+{}") == []


@pytest.mark.parametrize("is_all", [True, False])
def test_unsubscribing_over_http_ends_the_stream(
    client: Client, market: Market, socket: Socket, *, is_all: bool
) -> None:
    socket.ask(SMD)
    if is_all:
        client.get("iserver/marketdata/unsubscribeall")
    else:
        client.post("iserver/marketdata/unsubscribe", {"conid": AAPL})
    market.show(AAPL, "190.21", "190.25", at=START + SECOND)

    client.wait(1)

    assert socket.receive() == []
    assert socket.subscriber.lines == {}


def test_stream_ends_in_silence_after_ten_minutes(
    client: Client, market: Market, socket: Socket
) -> None:
    socket.ask(SMD)
    client.wait(599)
    assert socket.subscriber.lines

    client.wait(1)

    assert socket.receive() == []
    assert not socket.subscriber.lines
    assert client.session.subscriptions == {}


def test_stream_that_is_asked_for_again_goes_on(client: Client, socket: Socket) -> None:
    socket.ask(SMD)
    client.wait(599)
    socket.ask(SMD)

    client.wait(300)

    assert socket.subscriber.lines


def test_lines_are_shared_with_snapshots(client: Client, socket: Socket) -> None:
    client.get(
        "iserver/marketdata/snapshot", conids=",".join(str(conid) for conid in range(1, 101))
    )

    assert socket.ask(SMD) == []


def test_snapshot_of_a_streamed_contract_needs_no_preflight(client: Client, socket: Socket) -> None:
    socket.ask(SMD)

    (row,) = client.get("iserver/marketdata/snapshot", conids=AAPL, fields="84").json

    assert row["84"] == "190.20"


# History


@pytest.fixture
def charts() -> Client:
    """Return the user at a desk with the drawn market, which has a past."""
    return Client(open_desk(synthetic()))


def test_history_is_one_answer_with_its_topic(charts: Client) -> None:
    (answer,) = charts.socket().ask(
        'smh+265598+{"exchange":"SMART","period":"2h","bar":"5min","outsideRth":false,'
        '"source":"trades","format":"%o/%c/%h/%l"}'
    )

    assert answer["topic"] == "smh+265598"
    assert answer["symbol"] == "AAPL"
    assert answer["barLength"] == 300
    assert answer["timePeriod"] == "2h"
    assert answer["points"] == len(answer["data"]) - 1 == 23
    assert answer["data"][0].keys() == {"o", "c", "h", "l", "v", "t"}
    assert answer["serverId"].isdigit()


def test_history_is_late_for_who_has_no_subscription(charts: Client) -> None:
    charts.session.market_data = ()

    (answer,) = charts.socket().ask('smh+265598+{"period":"1d","bar":"5min"}')

    assert answer["mktDataDelay"] == 900
    assert answer["data"][-1]["t"] == 1_772_463_600_000 - 20 * 60_000


def test_format_chooses_among_the_prices(charts: Client) -> None:
    (answer,) = charts.socket().ask('smh+265598+{"period":"1d","bar":"1h","format":"%c/%v"}')

    assert answer["data"][0].keys() == {"c", "v", "t"}


def test_wrong_parameters_of_history_are_ignored(charts: Client) -> None:
    (answer,) = charts.socket().ask(
        'smh+265598+{"period":"9parsec","bar":7,"source":[],"format":"","outsideRth":"maybe"}'
    )

    assert answer["timePeriod"] == "1w"
    assert answer["barLength"] == 900
    assert answer["data"][0].keys() == {"o", "c", "h", "l", "v", "t"}


def test_history_is_worked_out_in_slices_the_first_time(charts: Client) -> None:
    subscriber = charts.socket().subscriber
    charts.audience.now = charts.now
    wish = 'smh+8314+{"period":"1d","bar":"3min"}'

    work = subscriber.receive(wish)
    early = subscriber.take()
    assert work is not None
    whole(work)

    assert early == b""
    assert b'"points":' in subscriber.take()
    assert subscriber.receive(wish) is None
    assert b'"points":' in subscriber.take()


@pytest.mark.parametrize("target", ["999999999", "AAPL", ""])
def test_history_of_no_contract_is_an_error(charts: Client, target: str) -> None:
    (answer,) = charts.socket().ask(f"smh+{target}+{{}}")

    assert answer.keys() == {"error", "code"}


def test_history_slot_is_given_back_and_confirmed(charts: Client) -> None:
    socket = charts.socket()
    (answer,) = socket.ask('smh+265598+{"period":"1d","bar":"1h"}')

    confirmed = socket.ask(f"umh+{answer['serverId']}")

    assert confirmed == [{"message": f"Unsubscribed {answer['serverId']}"}]
    assert socket.subscriber.lines == {}


def test_five_histories_are_held_at_once(charts: Client) -> None:
    socket = charts.socket()
    for conid in (265598, 272093, 8314, 76792991, 208813719):
        (answer,) = socket.ask(f'smh+{conid}+{{"period":"1d","bar":"1h"}}')
        assert "data" in answer, conid

    (refused,) = socket.ask('smh+12087792+{"period":"1d","bar":"1h"}')
    socket.ask(f"umh+{answer['serverId']}")
    (again,) = socket.ask('smh+4815747+{"period":"1d","bar":"1h"}')

    assert refused["error"] == "Too Many Requests"
    assert "data" in again


def test_market_data_needs_a_brokerage_session(client: Client, socket: Socket) -> None:
    client.roster.log_out(client.session, client.now)

    (refused,) = socket.ask(SMD)

    assert refused == {"error": "no bridge", "code": 2}


def test_snapshot_and_stream_are_late_for_who_has_no_subscription(
    client: Client, market: Market, socket: Socket
) -> None:
    client.session.market_data = ()
    market.show(AAPL, "200.00", "200.05", at=client.desk.now + 1)
    client.wait(60)

    (frame,) = [row for row in socket.ask(SMD) if row["topic"] == "smd+265598"]
    client.get("iserver/marketdata/snapshot", conids=265598, fields="84")
    client.wait(1)
    (row,) = client.get("iserver/marketdata/snapshot", conids=265598, fields="84").json

    assert (frame["84"], frame["6509"]) == ("190.20", "DpB")
    assert (row["84"], row["6509"]) == ("190.20", "DpB")
