import pytest
from tests.kernel.books import EURUSD, STOCK, new_york
from tests.tape import limit, market, open_kernel, stop, ticket

from paperdesk.base.calendar import day_of
from paperdesk.base.units import DAY
from paperdesk.kernel.messages.orders import Ticket
from paperdesk.kernel.rules.hours import hours, works_outside

ORDER = limit("buy", "1", "190")
FAR_END = 10**17


def told(at: str, wanted: Ticket) -> tuple[bool, int | None, int | None]:
    kernel = open_kernel(at=at)
    found = hours(kernel.world, kernel.world.contract(wanted.conid), wanted, new_york(at))
    return found.awaits_open, found.changes_at, found.expires_at


@pytest.mark.parametrize(
    ("at", "wanted", "awaits", "changes", "expires"),
    [
        ("2026-06-10 10:00", ORDER, False, "2026-06-10 16:00", "2026-06-10 16:00"),
        ("2026-06-10 08:00", ORDER, True, "2026-06-10 09:30", "2026-06-10 16:00"),
        ("2026-06-10 16:00", ORDER, True, "2026-06-11 09:30", "2026-06-11 16:00"),
        ("2026-06-12 21:00", ORDER, True, "2026-06-15 09:30", "2026-06-15 16:00"),
        ("2025-11-28 10:00", ORDER, False, "2025-11-28 13:00", "2025-11-28 13:00"),
        (
            "2026-06-10 08:00",
            limit("buy", "1", "190", outside_regular=True),
            False,
            "2026-06-10 20:00",
            "2026-06-10 20:00",
        ),
        (
            "2026-06-10 10:00",
            limit("buy", "1", "190", time_in_force="GTC"),
            False,
            "2026-06-10 16:00",
            "2026-09-30 16:00",
        ),
        (
            "2026-07-01 10:00",
            limit("buy", "1", "190", time_in_force="GTC"),
            False,
            "2026-07-01 16:00",
            "2026-12-31 16:00",
        ),
        (
            "2026-06-10 10:00",
            limit("buy", "1", "1.1", conid=EURUSD.conid),
            False,
            "2026-06-10 17:00",
            "2026-06-10 17:00",
        ),
    ],
)
def test_order_has_its_hours(
    at: str, wanted: Ticket, awaits: bool, changes: str, expires: str
) -> None:
    assert told(at, wanted) == (awaits, new_york(changes), new_york(expires))


def good_till(year: int, month: int, day: int, **more: object) -> Ticket:
    return limit(
        "buy", "1", "190", time_in_force="GTD", expires_on=day_of(year, month, day), **more
    )


@pytest.mark.parametrize(
    ("wanted", "expires"),
    [
        (good_till(2026, 6, 12), "2026-06-12 16:00"),
        (good_till(2026, 6, 12, outside_regular=True), "2026-06-12 20:00"),
        (good_till(2026, 6, 14), "2026-06-12 16:00"),
        (good_till(2026, 11, 27), "2026-11-27 13:00"),
        (good_till(2026, 6, 12, conid=EURUSD.conid), "2026-06-12 17:00"),
    ],
)
def test_date_alone_means_the_close_of_its_day(wanted: Ticket, expires: str) -> None:
    assert told("2026-06-10 10:00", wanted)[2] == new_york(expires)


def test_dates_outside_the_calendar_are_past_or_far() -> None:
    assert told("2026-06-10 10:00", good_till(1970, 1, 2))[2] is None
    assert told("2026-06-10 10:00", good_till(9999, 12, 31))[2] == (day_of(9999, 12, 31) + 1) * DAY


def test_order_that_ends_beyond_the_calendar_has_no_end() -> None:
    kernel = open_kernel()
    calendar = kernel.world.contracts.calendar(STOCK)
    last = calendar.session(calendar.last_day)
    assert last is not None

    found = hours(kernel.world, STOCK, limit("buy", "1", "190", time_in_force="GTC"), last.open)

    assert found.expires_at is None
    assert found.due_at == last.close


@pytest.mark.parametrize(
    ("wanted", "works"),
    [
        (limit("buy", "1", "190", outside_regular=True), True),
        (
            ticket(
                "buy",
                "1",
                order_type="STOP_LIMIT",
                stop_price="195",
                limit_price="196",
                outside_regular=True,
            ),
            True,
        ),
        (market("buy", "1", outside_regular=True), False),
        (stop("buy", "1", "195", outside_regular=True), False),
        (ticket("buy", "1", order_type="TRAIL", trail="5", outside_regular=True), False),
        (limit("buy", "1", "190"), False),
        (limit("buy", "1.5", "190", outside_regular=True), False),
        (ticket("buy", None, cash="500", limit_price="190", outside_regular=True), False),
        (market("buy", "1", conid=EURUSD.conid, outside_regular=True), True),
    ],
)
def test_orders_with_a_limit_alone_work_outside_regular_hours(wanted: Ticket, works: bool) -> None:
    contract = open_kernel().world.contract(wanted.conid)

    assert works_outside(contract, wanted) is works
