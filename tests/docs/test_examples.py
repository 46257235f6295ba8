"""The examples run as they are, and come to the same result each time."""

import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from tests.docs.conftest import Served

EXAMPLES = Path(__file__).parents[2] / "examples"
SECONDS_MAX = 90


def run(
    python: str, name: str, *arguments: str, environment: dict[str, str] | None = None
) -> list[str]:
    done = subprocess.run(
        [python, "-W", "ignore", str(EXAMPLES / name), *arguments],
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        timeout=SECONDS_MAX,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def clients_environment(served: Served) -> dict[str, str]:
    return served.environment | {
        "IBIND_REST_URL": f"{served.url}/",
        "IBIND_WS_URL": f"wss{served.url.removeprefix('https')}/ws",
        "SECONDS": "1",
    }


def test_place_and_fill_trades_once_around(served: Served, clients_python: Path) -> None:
    lines = run(str(clients_python), "place_and_fill.py", environment=clients_environment(served))

    assert lines[0].startswith("APPLE INC (265598): last ")
    assert lines[1].startswith("bought 10.0 at ")
    assert any(line.startswith("position: ") for line in lines)
    assert lines[-2].startswith("sold 10.0 at ")
    assert lines[-1].endswith(" USD")


def test_stream_quotes_prints_each_contract(served: Served, clients_python: Path) -> None:
    lines = run(
        str(clients_python),
        "stream_quotes.py",
        "AAPL",
        "IBM",
        environment=clients_environment(served),
    )

    assert {"AAPL", "IBM"} <= {line.split()[0] for line in lines if " last " in line}


@pytest.fixture(scope="module")
def plotted(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[str], str]:
    file = tmp_path_factory.mktemp("bot") / "plot.svg"
    lines = run(sys.executable, "moving_average.py", str(file))
    return lines, file.read_text(encoding="utf-8")


def test_moving_average_trades_the_sessions_of_two_months(plotted: tuple[list[str], str]) -> None:
    lines, plot = plotted

    assert any(line.startswith("44 sessions, 4 trades") for line in lines)
    assert ET.fromstring(plot).tag.endswith("svg")  # noqa: S314 - our own


def test_picture_in_the_documents_is_what_the_example_draws(
    plotted: tuple[list[str], str],
) -> None:
    kept = EXAMPLES.parent / "docs" / "images" / "moving_average.svg"

    assert kept.read_text(encoding="utf-8") == plotted[1], (
        "python examples/moving_average.py docs/images/moving_average.svg"
    )
