"""Paces: every one that the documentation has, in one table from which routes take theirs.

A row is named as the documentation names what is counted. Several methods of one row share one
count; where rows differ in the method alone they are counted apart. What is in no row is held by
the limit of all requests alone.
"""

from typing import Final

from paperdesk.auth.pacing.paces import Pace

MINUTE: Final = 60
QUARTER: Final = 15 * MINUTE

_ROWS: Final = (
    ("GET /fyi/deliveryoptions", 1, 1),
    ("PUT /fyi/deliveryoptions/email", 1, 1),
    ("POST /fyi/deliveryoptions/device", 1, 1),
    ("DELETE /fyi/deliveryoptions/{device_id}", 1, 1),
    ("GET /fyi/disclaimer/{typecode}", 1, 1),
    ("PUT /fyi/disclaimer/{typecode}", 1, 1),
    ("GET /fyi/notifications", 1, 1),
    ("GET /fyi/notifications/more", 1, 1),
    ("PUT /fyi/notifications/{notification_id}", 1, 1),
    ("GET /fyi/settings", 1, 1),
    ("POST /fyi/settings/{typecode}", 1, 1),
    ("GET /fyi/unreadnumber", 1, 1),
    # The newer page prints these two without `/account`, where no real service answers.
    ("GET /iserver/account/orders", 1, 5),
    ("GET /iserver/account/trades", 1, 5),
    ("GET /iserver/account/pnl/partitioned", 1, 5),
    ("GET /iserver/marketdata/snapshot", 10, 1),
    ("GET /iserver/scanner/params", 1, QUARTER),
    ("POST /iserver/scanner/run", 1, 1),
    # In no table of the documentation; clients hold it to the pace of its siblings.
    ("POST /pa/allperiods", 1, QUARTER),
    ("POST /pa/performance", 1, QUARTER),
    ("POST /pa/summary", 1, QUARTER),
    ("POST /pa/transactions", 1, QUARTER),
    ("GET /portfolio/accounts", 1, 5),
    ("GET /portfolio/subaccounts", 1, 5),
    ("GET /portfolio/subaccounts2", 1, 5),
    ("GET /sso/validate", 1, MINUTE),
)

TICKLE: Final = "GET/POST /tickle"
TICKLES_AT_ONCE: Final = 3
"""One client that works with the real service sends two in opening a socket, a third before it."""

HISTORY: Final = "GET /iserver/marketdata/history"
HISTORIES_MAX: Final = 5
"""How many histories may be under way at once for one session."""

DOCUMENTED: Final[dict[str, Pace]] = {
    **{key: Pace(requests, seconds=seconds, key=key) for key, requests, seconds in _ROWS},
    TICKLE: Pace(1, key=TICKLE, burst=TICKLES_AT_ONCE),
    HISTORY: Pace(0, concurrent=HISTORIES_MAX, key=HISTORY),
}
"""By what is counted, such as `GET /portfolio/accounts`."""
