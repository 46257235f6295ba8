import asyncio
import socket
import ssl
import sys
from pathlib import Path

import pytest
from tests.serving import Rig, served, wall_now

from paperdesk.server import listeners, tls
from paperdesk.server.listeners import PortTaken, bound


def test_a_taken_port_is_refused_with_the_option_that_chooses_another() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(PortTaken) as refused:
            bound("127.0.0.1", port, "--control-port")

    assert refused.value.message == (
        f"Port {port} of 127.0.0.1 is taken: another program listens there. Choose another with "
        f"--control-port, for example --control-port {port + 10}."
    )


def test_on_a_mac_the_usual_suspect_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")

    assert "AirPlay Receiver" in listeners._taken("127.0.0.1", 5_000, "--port")


def test_localhost_is_listened_to_by_all_its_addresses_at_one_port() -> None:
    made = bound("localhost", 0, "--port")

    try:
        assert made[0].getsockname()[0] == "127.0.0.1"
        assert len({one.getsockname()[1] for one in made}) == 1
    finally:
        for one in made:
            one.close()


def test_a_port_that_is_taken_on_one_address_alone_is_taken() -> None:
    with socket.socket(socket.AF_INET6) as other:
        try:
            other.bind(("::1", 0))
        except OSError:
            pytest.skip("this machine has no IPv6")
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(PortTaken, match="::1"):
            bound("localhost", port, "--port")


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1"])
def test_whoever_trusts_the_authority_is_spoken_to_under_each_name(
    tmp_path: Path, name: str
) -> None:
    async def story() -> tuple[bytes, str | None]:
        issued = tls.certificates(tmp_path, wall_now())
        rig = Rig(tmp_path)
        rig.sign_in()
        async with served(rig, tls.context(issued)) as server:
            trusting = ssl.create_default_context(cafile=str(issued.authority))
            reader, writer = await asyncio.open_connection(
                "127.0.0.1", server.port, ssl=trusting, server_hostname=name
            )
            version = writer.get_extra_info("ssl_object").version()
            writer.write(b"GET /v1/api/tickle HTTP/1.1\r\nHost: localhost\r\n\r\n")
            line = await reader.readline()
            writer.close()
            return line, version

    assert asyncio.run(story()) == (b"HTTP/1.1 200 OK\r\n", "TLSv1.3")


@pytest.mark.parametrize(
    ("trusted", "name"), [(True, "evil.example"), (False, "localhost")], ids=["name", "authority"]
)
def test_a_certificate_proves_nothing_more(tmp_path: Path, trusted: bool, name: str) -> None:
    async def story() -> None:
        issued = tls.certificates(tmp_path, wall_now())
        async with served(Rig(tmp_path), tls.context(issued)) as server:
            cafile = str(issued.authority) if trusted else None
            with pytest.raises(ssl.SSLCertVerificationError):
                await asyncio.open_connection(
                    "127.0.0.1",
                    server.port,
                    ssl=ssl.create_default_context(cafile=cafile),
                    server_hostname=name,
                )

    asyncio.run(story())


def test_plain_http_on_the_tls_port_ends(tmp_path: Path) -> None:
    async def story() -> bytes:
        issued = tls.certificates(tmp_path, wall_now())
        async with served(Rig(tmp_path), tls.context(issued)) as server:
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            told = await reader.read()
            writer.close()
            return told

    assert b"HTTP" not in asyncio.run(story())
