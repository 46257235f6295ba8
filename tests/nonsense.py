"""Nonsense: requests that clients, scanners and mistakes send, built from a seed."""

import json
from random import Random
from typing import Final
from urllib.parse import quote

import msgspec

from paperdesk.api.catalogue import TABLES

ACCOUNT: Final = "DU1234567"
AAPL: Final = 265598

# A user may log himself out, and that is no bad input.
LEFT_ALONE: Final = ("/logout",)
ROUTES: Final = [
    route for table in TABLES for route in table.routes if route.path not in LEFT_ALONE
]
METHODS: Final = ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "BREW")

TEXTS: Final = (
    "",
    " ",
    "0",
    "-1",
    "1",
    "265598",
    "999999999",
    "9" * 5_000,
    "1e309",
    "1_000",
    "NaN",
    "Infinity",
    "1.5",
    "0x10",
    "DU1234567",
    "DU7654321",
    "U1",
    "All",
    "null",
    "true",
    "AAPL",
    "aapl",
    "../../etc/passwd",
    "%00",
    "\0",
    "'; DROP TABLE record;--",
    "<script>alert(1)</script>",
    "{{7*7}}",
    "${jndi:ldap://x}",
    "\u202e\u0000\ud7ff\uffff",
    "💥" * 100,
    "a" * 9_000,
    "1d",
    "1y",
    "999999y",
    "0d",
    "1min",
    "20260908-13:58:11",
    "99999999-99:99:99",
    "BUY",
    "LMT",
    "MKT",
    "31,84,86",
    "31," * 2_000,
    "1," * 2_000,
    "-",
    ",",
    "@",
    "265598@",
    "265598@ARCA",
)
NUMBERS: Final = (
    "0",
    "-0",
    "1",
    "-1",
    "0.5",
    "1e309",
    "-1e309",
    "1e-400",
    "1E5",
    "9" * 5_000,
    "0." + "1" * 5_000,
    "99999999999999999999",
    "2147483648",
    "9223372036854775808",
    "NaN",
    "Infinity",
    "1_000",
    "01",
    ".5",
    "5.",
)
FIELDS: Final = (
    "conid",
    "conids",
    "conidex",
    "acctId",
    "acctIds",
    "orderType",
    "side",
    "price",
    "auxPrice",
    "quantity",
    "cashQty",
    "tif",
    "outsideRTH",
    "cOID",
    "parentId",
    "trailingAmt",
    "trailingType",
    "orders",
    "confirmed",
    "messageIds",
    "symbol",
    "secType",
    "isBuy",
    "exchange",
    "fields",
    "period",
    "bar",
    "startTime",
    "publish",
    "compete",
    "orderId",
    "goodTillDate",
    "isSingleGroup",
    "filters",
    "force",
    "accountId",
    "days",
    "since",
    "page",
    "sort",
    "surprise",
)


class Sent(msgspec.Struct):
    """One request."""

    method: str
    path: str
    query: str
    body: bytes
    content_type: str


def path_of(draw: Random, path: str) -> str:
    parts = []
    for part in path.split("/"):
        if part.startswith("{"):
            good = {"{account_id}": ACCOUNT, "{conid}": str(AAPL)}.get(part, "1")
            text = good if draw.random() < 0.5 else draw.choice(TEXTS)
            parts.append(text.replace("/", "%2f") if draw.random() < 0.5 else text)
        else:
            parts.append(part)
    return "/".join(parts)


def query_of(draw: Random) -> str:
    if draw.random() < 0.3:
        return ""
    pairs = [
        f"{draw.choice(FIELDS)}={quote(draw.choice(TEXTS), errors='replace')}"
        for _ in range(draw.randrange(1, 5))
    ]
    return draw.choice(("&", "&", "&&", ";")).join(pairs)


def json_of(draw: Random, depth: int = 0) -> str:
    kind = draw.randrange(10 if depth < 3 else 6)
    if kind < 2:
        return draw.choice(NUMBERS)
    if kind < 4:
        return json.dumps(draw.choice(TEXTS))
    if kind == 4:
        return draw.choice(("true", "false", "null", '"True"', "1", '""'))
    if kind == 5:
        return draw.choice((str(AAPL), f'"{ACCOUNT}"', '"BUY"', '"LMT"', '"DAY"', "10"))
    if kind < 8:
        fields = draw.sample(FIELDS, draw.randrange(1, 8))
        inside = ",".join(f'"{name}":{json_of(draw, depth + 1)}' for name in fields)
        return f"{{{inside}}}"
    inside = ",".join(json_of(draw, depth + 1) for _ in range(draw.randrange(4)))
    return f"[{inside}]"


def ticket_of(draw: Random) -> str:
    ticket = {
        "conid": str(AAPL),
        "orderType": '"LMT"',
        "side": '"BUY"',
        "price": "100",
        "quantity": "1",
        "tif": '"DAY"',
    }
    for name in draw.sample(FIELDS, draw.randrange(1, 4)):
        ticket[name] = json_of(draw, 2)
    inside = ",".join(f'"{name}":{value}' for name, value in ticket.items())
    return f'{{"orders":[{{{inside}}}]}}' if draw.random() < 0.7 else f"{{{inside}}}"


def body_of(draw: Random) -> bytes:
    kind = draw.randrange(12)
    if kind == 0:
        return b""
    if kind < 5:
        return ticket_of(draw).encode("utf-8", "replace")
    if kind < 9:
        return json_of(draw).encode("utf-8", "replace")
    if kind == 9:
        return draw.randbytes(draw.randrange(200))
    if kind == 10:
        return draw.choice((b"[", b'{"a":', b'{"orders":[')) * draw.randrange(1, 20_000)
    whole = json_of(draw).encode("utf-8", "replace")
    return whole[: draw.randrange(len(whole) + 1)]


def request_of(draw: Random) -> Sent:
    route = draw.choice(ROUTES)
    path = path_of(draw, route.path)
    if draw.random() < 0.1:
        path = draw.choice((path + "/", path + "/x", path.upper(), "/" + path, path[:-1]))
    return Sent(
        method=route.method if draw.random() < 0.9 else draw.choice(METHODS),
        path=path if not path.startswith(LEFT_ALONE) else "/tickle",
        query=query_of(draw),
        body=body_of(draw),
        content_type=draw.choice(
            ("application/json", "", "text/plain", "application/x-www-form-urlencoded", "💥")
        ),
    )
