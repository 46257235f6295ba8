from decimal import Decimal

from tests.kernel.books import ACCOUNT, AUDUSD, EURUSD, STOCK
from tests.tape import USER, Player, limit, market, open_kernel, place, quote, stop

from paperdesk.base.ids import AccountId, OrderId
from paperdesk.kernel.kernel import Kernel
from paperdesk.kernel.messages.accounts import AccountKind, AddUser, DepositCash, OpenAccount
from paperdesk.kernel.messages.orders import OrderFilled
from paperdesk.kernel.rules.trading import is_touched


def touches(kernel: Kernel, bid: str, ask: str, last: str = "") -> bool:
    shown = quote(kernel, bid, ask, last=last).quote
    return is_touched(kernel.world.orders.books[STOCK.conid], STOCK, shown)


def test_quote_touches_what_it_may_trade_or_trigger() -> None:
    kernel = open_kernel()
    kernel.handle(place(limit("buy", "1", "100"), limit("sell", "1", "110")))
    kernel.handle(place(stop("buy", "1", "112"), stop("sell", "1", "98")))

    assert not touches(kernel, "100.01", "100.02")
    assert touches(kernel, "99", "100", last="99.5")
    assert touches(kernel, "110", "110.01")
    assert touches(kernel, "105", "105.01", last="112")
    assert touches(kernel, "105", "105.01", last="98")


def test_order_without_a_price_is_touched_by_any_quote() -> None:
    kernel = open_kernel()
    kernel.handle(place(market("buy", "1")))

    assert touches(kernel, "1", "2")
    assert not touches(kernel, "1", "-")


def test_indexed_matching_trades_as_a_scan_of_all_orders_does() -> None:
    """Compare with a slow oracle: of all orders that cross, the best, then the oldest, trades."""
    kernel = open_kernel("100000000")
    player = Player(kernel)
    expected: list[tuple[OrderId, Decimal, Decimal]] = []
    for step in range(300):
        cents = 10_000 + step * 7919 % 60
        player.tell(f"{('buy', 'sell')[step % 2]} {step % 9 + 1} {cents / 100:.2f}".split())
        if step % 5 == 0:
            bid = 10_000 + step * 104_729 % 60
            command = quote(
                kernel, f"{bid / 100:.2f}", f"{(bid + 3) / 100:.2f}", bid_size=7, ask_size=11
            )
            before = {
                row.order_id: (row.is_buy, row.limit_price, row.priority, row.remaining)
                for row in kernel.world.orders.by_id.values()
                if row.is_open
            }
            told = kernel.handle(command)
            fills = [
                (row.order_id, row.price, row.size) for row in told if isinstance(row, OrderFilled)
            ]
            for is_buy, price, shown in (
                (True, command.quote.ask, Decimal(11)),
                (False, command.quote.bid, Decimal(7)),
            ):
                assert price is not None
                left = shown
                crossing = sorted(
                    (-limit_price if is_buy else limit_price, priority, order_id, remaining)
                    for order_id, (buys, limit_price, priority, remaining) in before.items()
                    if buys is is_buy
                    and limit_price is not None
                    and (limit_price >= price if is_buy else limit_price <= price)
                )
                for _, _, order_id, remaining in crossing:
                    part = min(remaining, left)
                    if part:
                        expected.append((order_id, price, part))
                        left -= part
            assert fills == expected
            expected.clear()

    assert len(kernel.world.orders.executions) > 50


def test_order_that_cannot_be_booked_waits_and_lets_others_trade() -> None:
    kernel = open_kernel()
    aussie = AccountId("DU7654321")
    kernel.handle(
        OpenAccount(
            account_id=aussie, kind=AccountKind.MARGIN, base_currency="AUD", title="Sam Example"
        )
    )
    kernel.handle(AddUser(user_name=USER, account_ids=(ACCOUNT, aussie)))
    kernel.handle(quote(kernel, "1.10000", "1.10010", conid=EURUSD.conid))
    kernel.handle(quote(kernel, "0.65000", "0.65010", conid=AUDUSD.conid))
    kernel.handle(DepositCash(account_id=aussie, currency="AUD", amount=Decimal(100_000)))
    kernel.handle(place(limit("buy", "30000", "1.09500", conid=EURUSD.conid), account_id=aussie))
    kernel.handle(place(limit("buy", "30000", "1.09000", conid=EURUSD.conid)))
    del kernel.world.quotes.by_conid[AUDUSD.conid]
    reached = quote(kernel, "1.08000", "1.08010", ask_size=50_000, conid=EURUSD.conid)

    (filled,) = (row for row in kernel.handle(reached) if isinstance(row, OrderFilled))

    assert filled.account_id == ACCOUNT
    kernel.handle(quote(kernel, "0.65000", "0.65010", conid=AUDUSD.conid))
    later = kernel.handle(quote(kernel, "1.08000", "1.08010", ask_size=60_000, conid=EURUSD.conid))
    assert [row.account_id for row in later if isinstance(row, OrderFilled)] == [aussie]
