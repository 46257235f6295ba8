import ssl
from pathlib import Path

import pytest
from click.testing import CliRunner

from paperdesk.cli.calls import Gateway, Reply, tls_context, unreachable
from paperdesk.cli.commands import paperdesk


def test_loopback_desk_is_believed_when_its_authority_is_not_at_hand(tmp_path: Path) -> None:
    context = tls_context("https://localhost:5000/v1/api", tmp_path / "missing.pem")

    assert context is not None
    assert context.verify_mode is ssl.CERT_NONE


def test_desk_on_another_machine_must_show_a_certificate(tmp_path: Path) -> None:
    context = tls_context("https://desk.example/v1/api", tmp_path / "missing.pem")

    assert context is not None
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname


def test_plain_http_has_no_tls() -> None:
    assert tls_context("http://localhost:5000/v1/api", None) is None


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://localhost:5000/v1/api", "wss://localhost:5000/v1/api/ws"),
        ("http://localhost:5000/v1/api/", "ws://localhost:5000/v1/api/ws"),
    ],
)
def test_stream_is_beside_the_api(url: str, expected: str) -> None:
    assert Gateway(url).websocket_url == expected


def test_silence_says_how_to_start_a_desk() -> None:
    error = unreachable("https://localhost:5000/v1/api", ConnectionRefusedError("refused"))

    assert "paperdesk serve --login demo" in error.message
    assert "--url" in error.message


def test_foreign_certificate_says_where_to_find_the_right_one() -> None:
    error = unreachable("https://localhost:5000", ssl.SSLCertVerificationError(1, "unknown ca"))

    assert "--data-dir" in error.message


def test_port_without_tls_says_so() -> None:
    error = unreachable("https://localhost:5002", ssl.SSLError(1, "wrong version number"))

    assert "http://" in error.message


@pytest.mark.parametrize(("status", "good"), [(200, True), (204, True), (302, False), (401, False)])
def test_reply_is_good_when_its_status_says_so(status: int, good: bool) -> None:
    assert Reply(status, "").is_good is good


@pytest.mark.parametrize("url", ["nonsense", "ftp://localhost/v1/api", "https://", "http://a:b"])
def test_what_is_no_address_is_refused_with_an_example(url: str) -> None:
    result = CliRunner().invoke(paperdesk, ["get", "tickle", "--url", url])

    assert result.exit_code == 2
    assert "is no address" in result.output
    assert "https://localhost:5000/v1/api" in result.output
