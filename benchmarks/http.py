"""Requests over HTTPS keep-alive: snapshots, durable orders, their latency at a steady rate."""

import json
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.desks import AAPL, ACCOUNT, BASE, Desk, desk
from benchmarks.figures import ROUNDS, Figure, distribution
from benchmarks.load import Outcome, Plan, request, send
from benchmarks.processes import Running, free_port, python, running

CONNECTIONS = 32
SNAPSHOTS = 10_000
ORDERS = 6_000
STEADY_ORDERS = 2_500
STEADY_RATE = 500.0
ORDER_CODES = 200

SNAPSHOT_SHARE_MIN = 0.5
ORDERS_A_SECOND_MIN = 3_000
LATENCY_P99_MAX = 0.020


def figures() -> Iterator[Figure]:
    """Measure a bare application first, then the desk on the same kind of server."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        certificate, key = self_signed(folder)
        port = free_port()
        hello = ["-m", "benchmarks.hello", "--port", str(port)]
        hello += ["--certificate", str(certificate), "--key", str(key)]
        with running(python(*hello), port, folder / "hello.log") as server:
            bare = _rate(server, [request("GET", "/hello", port=port)], SNAPSHOTS)
        with desk(folder) as under_test:
            under_test.open_session()
            yield from _snapshots(under_test, bare)
            yield from _orders(under_test)
            yield Figure(
                name="serve: resident memory after the load",
                value=under_test.server.resident_bytes() / 1e6,
                unit="MB",
            )


def _snapshots(under_test: Desk, bare: tuple[float, float]) -> Iterator[Figure]:
    server = under_test.server
    path = f"{BASE}/iserver/marketdata/snapshot?conids={AAPL}&fields=31,84,86,88,85"
    for _ in range(2):
        under_test.ask("GET", path.removeprefix(BASE))
    wall, cpu = _rate(server, [request("GET", path, port=server.port)], SNAPSHOTS)
    yield Figure(
        name="http: snapshots of one contract, a second",
        value=wall,
        unit="requests/s",
        aim="half of hello",
        is_met=wall >= SNAPSHOT_SHARE_MIN * bare[0],
        baseline=bare[0],
        baseline_name="hello",
    )
    yield Figure(
        name="http: snapshots of one contract, a CPU second",
        value=cpu,
        unit="requests/s",
        baseline=bare[1],
        baseline_name="hello",
    )


def _orders(under_test: Desk) -> Iterator[Figure]:
    server = under_test.server
    requests = immediate_orders(under_test)
    wall, cpu = _rate(server, requests, ORDERS)
    yield Figure(
        name="http: durable orders, 32 connections, a second",
        value=wall,
        unit="orders/s",
        aim="3,000",
        is_met=wall >= ORDERS_A_SECOND_MIN,
    )
    yield Figure(name="http: durable orders, a CPU second", value=cpu, unit="orders/s")
    runs = [
        distribution(_sent(server, requests, STEADY_ORDERS, STEADY_RATE).latencies)
        for _ in range(ROUNDS)
    ]
    p99 = statistics.median(run.p99 for run in runs)
    yield Figure(
        name="http: durable order at 500 a second, 99th percentile",
        value=1000 * p99,
        unit="ms",
        aim="20 ms",
        is_met=p99 <= LATENCY_P99_MAX,
    )
    yield Figure(
        name="http: durable order at 500 a second, median",
        value=1000 * statistics.median(run.p50 for run in runs),
        unit="ms",
    )


def immediate_orders(under_test: Desk) -> list[bytes]:
    """Return requests that each place a limit order a little under the market, asked nothing.

    It is accepted, finds nobody and is cancelled: two events in the journal. Orders that rest
    would soon be too many of a side, and a refusal is no order.
    """
    path = f"/iserver/marketdata/snapshot?conids={AAPL}&fields=31,84"
    row = next(row for row in (under_test.ask("GET", path)[0] for _ in range(20)) if row.get("84"))
    under_test.ask(
        "POST",
        "/iserver/questions/suppress",
        {"messageIds": ["o163", "o354", "o383", "o451", "o10331", "o10151", "o10152", "o10153"]},
    )
    bid = float(row["84"])
    orders = []
    for index in range(ORDER_CODES):
        ticket = {
            "conid": AAPL,
            "orderType": "LMT",
            "side": "BUY",
            "quantity": 1,
            "price": round(bid * (0.985 - index / 100_000), 2),
            "tif": "IOC",
        }
        body = json.dumps({"orders": [ticket]}).encode()
        path = f"{BASE}/iserver/account/{ACCOUNT}/orders"
        orders.append(request("POST", path, port=under_test.server.port, body=body))
    return orders


def _rate(server: Running, requests: list[bytes], count: int) -> tuple[float, float]:
    """Return the medians of requests a second, by the wall and by the server's processor time."""
    walls, cpus = [], []
    for _ in range(ROUNDS + 1):
        before = server.cpu_seconds()
        outcome = _sent(server, requests, count, None)
        walls.append(count / outcome.seconds)
        cpus.append(count / (server.cpu_seconds() - before))
    return statistics.median(walls[1:]), statistics.median(cpus[1:])


def _sent(server: Running, requests: list[bytes], count: int, rate: float | None) -> Outcome:
    plan = Plan(
        port=server.port, requests=requests, connections=CONNECTIONS, count=count, rate=rate
    )
    outcome = send(plan)
    assert set(outcome.statuses) == {200}, f"{outcome.statuses}: {outcome.sample}"
    assert not outcome.soft_errors, f"{outcome.soft_errors} refused: {outcome.sample}"
    return outcome


def self_signed(folder: Path) -> tuple[Path, Path]:
    """Make a throw-away certificate of the kind the desk makes: ECDSA on P-256."""
    from datetime import UTC, datetime, timedelta  # noqa: PLC0415

    from cryptography import x509  # noqa: PLC0415
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    certificate_file, key_file = folder / "hello.pem", folder / "hello.key"
    certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return certificate_file, key_file
