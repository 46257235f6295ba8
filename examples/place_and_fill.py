"""Buy ten Apple shares, look at the account, sell them again: ibind against a desk.

Start a desk with `make run`, install ibind (`pip install "ibind[oauth]"`), and run this file.
IBIND_REST_URL names another address than https://localhost:5000/v1/api.
"""

import os
import time

from ibind import IbkrClient, OrderRequest, QuestionType, ibind_logs_initialize

URL = os.environ.get("IBIND_REST_URL", "https://localhost:5000/v1/api/")
ACCOUNT = os.environ.get("IBIND_ACCOUNT_ID", "DU1234567")
LAST, BID, ASK = "31", "84", "86"
ROOM = 0.002  # how far a limit is through the quote, which moves on while we look at it

# What the desk may ask before it takes an order, as IBKR does, and what we say to it.
ANSWERS = dict.fromkeys(QuestionType, True)


def quote(client: IbkrClient, conid: str) -> dict[str, str]:
    """Ask for a snapshot until it has prices: the first one only opens the line."""
    for _ in range(20):
        row: dict[str, str] = client.live_marketdata_snapshot(conid, [LAST, BID, ASK]).data[0]
        if {LAST, BID, ASK} <= row.keys():
            return row
        time.sleep(0.2)
    raise SystemExit("no quote; is the market of this desk open?")


def trade(client: IbkrClient, conid: str, side: str, size: int, price: float) -> dict[str, str]:
    """Place a limit order, answer what is asked, and wait until it is filled."""
    order = OrderRequest(
        conid=int(conid),
        side=side,
        quantity=size,
        order_type="LMT",
        price=price,
        acct_id=ACCOUNT,
        tif="DAY",
    )
    order_id = client.place_order(order, ANSWERS, ACCOUNT).data["order_id"]
    for _ in range(50):
        status: dict[str, str] = client.order_status(str(order_id)).data
        if status["order_status"] == "Filled":
            return status
        time.sleep(0.2)
    raise SystemExit(f"order {order_id} is {status['order_status']}")


def main() -> None:
    """Trade once around."""
    ibind_logs_initialize(log_to_console=False, log_to_file=False)
    client = IbkrClient(url=URL, account_id=ACCOUNT)
    client.initialize_brokerage_session(compete=True)
    client.receive_brokerage_accounts()

    apple = client.search_contract_by_symbol("AAPL").data[0]
    conid = apple["conid"]
    now = quote(client, conid)
    print(f"{apple['companyName']} ({conid}): last {now[LAST]}, {now[BID]} / {now[ASK]}")

    bought = trade(client, conid, "BUY", 10, round(float(now[ASK]) * (1 + ROOM), 2))
    print(f"bought {bought['cum_fill']} at {bought['average_price']}")

    client.portfolio_accounts()
    for position in client.positions(ACCOUNT).data:
        print(f"position: {position['position']} {position['contractDesc']}")

    now = quote(client, conid)
    sold = trade(client, conid, "SELL", 10, round(float(now[BID]) * (1 - ROOM), 2))
    print(f"sold {sold['cum_fill']} at {sold['average_price']}")

    cash = client.get_ledger(ACCOUNT).data["USD"]["cashbalance"]
    print(f"cash: {cash:,.2f} USD")


if __name__ == "__main__":
    main()
