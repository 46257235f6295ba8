import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from paperdesk.base.regions import Region
from paperdesk.cli.commands import paperdesk
from paperdesk.server import serve
from paperdesk.server.serve import Opened, ServeOptions

CONF = "listenPort: 5055\nlistenSsl: false\nauthDelay: 250\nip2loc: CH\nproxyRemoteHost: x\n"


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[ServeOptions]:
    given: list[ServeOptions] = []

    def run(options: ServeOptions, say: Callable[[Opened], None]) -> None:
        given.append(options)

    monkeypatch.setattr(serve, "run", run)
    return given


def start(tmp_path: Path, text: str, *options: str) -> Result:
    path = tmp_path / "conf.yaml"
    path.write_text(text)
    return CliRunner().invoke(
        paperdesk,
        ["serve", "--data-dir", str(tmp_path), "--conf", str(path), *options],
        catch_exceptions=False,
    )


def test_the_file_says_what_the_command_line_does_not(
    served: list[ServeOptions], tmp_path: Path
) -> None:
    start(tmp_path, CONF)

    (options,) = served
    assert (options.port, options.is_tls) == (5055, False)
    assert options.sessions.login_delay == 250_000
    assert options.sessions.region is Region.EUROPE
    assert options.conf.location == "CH"


def test_the_command_line_wins(served: list[ServeOptions], tmp_path: Path) -> None:
    start(tmp_path, CONF, "--port", "5000", "--region", "asia")

    (options,) = served
    assert options.port == 5000
    assert options.sessions.region is Region.ASIA


def test_what_is_not_used_is_logged(
    served: list[ServeOptions], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)

    start(tmp_path, CONF)

    assert caplog.messages == [
        "conf.yaml: proxyRemoteHost is not used: no request ever leaves this machine."
    ]


def test_without_a_file_nothing_is_asked_of_addresses(
    served: list[ServeOptions], tmp_path: Path
) -> None:
    CliRunner().invoke(paperdesk, ["serve", "--data-dir", str(tmp_path)], catch_exceptions=False)

    assert served[0].conf.peers is None
    assert (served[0].port, served[0].is_tls) == (5000, True)


def test_a_file_that_is_none_is_refused_in_a_sentence(
    served: list[ServeOptions], tmp_path: Path
) -> None:
    result = start(tmp_path, "a: [")

    assert result.exit_code == 1
    assert "is no YAML, line 1" in result.output
    assert served == []
