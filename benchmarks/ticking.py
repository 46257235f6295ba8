"""A desk that tells what has changed more often than a served one, to be measured."""

import argparse
from pathlib import Path

from paperdesk.auth.pacing.settings import Mode, PacingSettings
from paperdesk.base.units import SECOND
from paperdesk.desk.scenario import DeskOptions
from paperdesk.server import clock
from paperdesk.server.clock import wall
from paperdesk.server.serve import Opened, ServeOptions, run

CLOCK = "x60"
"""So fast that nearly every contract has news at every tick."""


def main() -> None:
    """Serve it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--tick", type=float, required=True, help="seconds between ticks")
    given = parser.parse_args()
    clock.TICK = int(given.tick * SECOND)  # type: ignore[misc]
    options = ServeOptions(
        desk=DeskOptions(wall=wall(), clock=CLOCK),
        data_dir=given.data_dir,
        port=given.port,
        control_port=None,
        login="demo",
        pacing=PacingSettings(mode=Mode.OFF),
    )
    run(options, _say)


def _say(opened: Opened) -> None:
    print(opened.url, flush=True)


if __name__ == "__main__":
    main()
