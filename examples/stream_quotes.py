"""Stream quotes of a few shares for some seconds: ibind's websocket client against a desk.

    python examples/stream_quotes.py AAPL MSFT IBM

IBIND_REST_URL and IBIND_WS_URL name another address than localhost:5000.
"""

import logging
import os
import sys
import time

from ibind import CallbackSink, IbkrClient, IbkrWsClient, events, ibind_logs_initialize
from ibind.subscriptions import MarketDataSubscription

REST_URL = os.environ.get("IBIND_REST_URL", "https://localhost:5000/v1/api/")
WS_URL = os.environ.get("IBIND_WS_URL", "wss://localhost:5000/v1/api/ws")
ACCOUNT = os.environ.get("IBIND_ACCOUNT_ID", "DU1234567")
SECONDS = float(os.environ.get("SECONDS", "10"))


def main() -> None:
    """Print each change of a quote."""
    ibind_logs_initialize(log_to_console=False, log_to_file=False)
    client = IbkrClient(url=REST_URL, account_id=ACCOUNT)
    client.initialize_brokerage_session(compete=True)
    client.receive_brokerage_accounts()
    symbols = {
        str(client.search_contract_by_symbol(symbol).data[0]["conid"]): symbol
        for symbol in sys.argv[1:] or ["AAPL", "MSFT"]
    }

    quotes: dict[str, dict[str, str]] = {conid: {} for conid in symbols}
    printed: set[str] = set()

    def show(event: events.MarketData) -> None:
        conid = str(event.conid)
        quotes[conid].update(event.data)
        now = quotes[conid]
        printed.add(conid)
        print(
            f"{symbols[conid]:<6} last {now.get('last_price', ''):>9}"
            f"   {now.get('bid_size', ''):>6} x {now.get('bid_price', ''):>9}"
            f" / {now.get('ask_price', ''):<9} x {now.get('ask_size', ''):<6}"
        )

    sink = CallbackSink()
    sink.on(events.MarketData, show)
    stream = IbkrWsClient(
        account_id=ACCOUNT, url=WS_URL, ibkr_client=client, cacert=False, sink=sink
    )
    stream.start()
    try:
        for conid in symbols:
            fields = ["31", "84", "85", "86", "88"]
            stream.subscribe(MarketDataSubscription(conid=conid, fields=fields)).wait(10)
        time.sleep(SECONDS)
    finally:
        logging.disable(logging.CRITICAL)  # ibind grumbles when its thread takes its time to end
        stream.shutdown()
    if printed != set(symbols):
        raise SystemExit("some quotes never came; is the market of this desk open?")


if __name__ == "__main__":
    main()
