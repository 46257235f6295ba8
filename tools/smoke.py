"""Start a desk from nothing and let the real client program ibind trade on it.

    python -m tools.smoke .venv-clients/bin/python
    python -m tools.smoke --harness run.py -- --only orders

The first form runs the examples that use ibind; the second one a harness that takes
`--base-url` and `--account`. The exit code is 0 when everything did what it should.
"""

import json
import os
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path

from benchmarks.processes import Running, free_port, running

ROOT = Path(__file__).parents[1]
EXCEPTIONS = ROOT / "scripts" / "conformance-exceptions.txt"
EXAMPLES = ("place_and_fill.py", "stream_quotes.py")
ACCOUNT = "DU1234567"
SECONDS_MAX = 120


def main() -> None:
    """Start, drive, end."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("python", nargs="?", help="a Python that has ibind")
    parser.add_argument("--harness", type=Path, help="drive the desk with this program instead")
    parser.add_argument("--pacing", default="strict", help="strict, lenient or off")
    parser.add_argument("options", nargs="*", help="for the harness, after --")
    given = parser.parse_args()
    port, control_port = free_port(), free_port()
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "paperdesk.cli", "serve", "--login", "demo"]
        command += ["--data-dir", folder, "--port", str(port), "--control-port", str(control_port)]
        command += ["--no-hosted", "--pacing", given.pacing]
        log = Path(folder) / "serve.log"
        with running(command, port, log) as desk:
            print(f"a desk listens after {desk.seconds_to_listen:.2f} s")
            if given.harness:
                extra = [given.python] if given.python else []
                sys.exit(_harness(desk, given.harness, [*extra, *given.options], Path(folder)))
            failed = [name for name in EXAMPLES if not _example(desk, given.python, name)]
            print(f"resident memory: {desk.resident_bytes() / 1e6:.0f} MB")
        if failed:
            print(log.read_text()[-4000:], file=sys.stderr)
            sys.exit(f"failed: {', '.join(failed)}")


def _example(desk: Running, python: str, name: str) -> bool:
    environment = _environment() | {
        "IBIND_REST_URL": f"https://localhost:{desk.port}/v1/api/",
        "IBIND_WS_URL": f"wss://localhost:{desk.port}/v1/api/ws",
        "SECONDS": "5",
    }
    print(f"-- {name}", flush=True)
    done = subprocess.run(
        [python, "-W", "ignore", str(ROOT / "examples" / name)],
        env=environment,
        timeout=SECONDS_MAX,
        check=False,
    )
    return done.returncode == 0


def _harness(desk: Running, harness: Path, options: list[str], folder: Path) -> int:
    """Run a harness and judge its steps: only those on the list of exceptions may fail."""
    url = f"https://localhost:{desk.port}/v1/api"
    outcome = folder / "outcome.json"
    command = [sys.executable, str(harness), "--base-url", url, "--account", ACCOUNT]
    subprocess.run([*command, "--json", str(outcome), *options], env=_environment(), check=False)
    if not outcome.exists():
        return 1
    steps = {row["step"]: row["ok"] for row in json.loads(outcome.read_text())["steps"]}
    known = exceptions(EXCEPTIONS.read_text(encoding="utf-8"))
    failed = [step for step, is_ok in steps.items() if not is_ok and step not in known]
    mended = [step for step, is_ok in steps.items() if is_ok and step in known]
    for step in failed:
        print(f"failed: {step}")
    for step in mended:
        print(f"passes now, take it off {EXCEPTIONS.name}: {step}")
    excused = [step for step, is_ok in steps.items() if not is_ok and step in known]
    print(f"{len(excused)} steps fail for a known reason, see {EXCEPTIONS.name}")
    wrong = len(failed) + len(mended)
    print(f"{sum(steps.values()) - len(mended)} passed, {wrong} failed")
    return bool(wrong)


def exceptions(text: str) -> dict[str, str]:
    """Return the reasons of a list of exceptions, by step."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return dict(line.split(" | ", 1) for line in lines)


def _environment() -> dict[str, str]:
    """Return the environment without what would point a client elsewhere."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("IBIND_") and not name.upper().endswith("_PROXY")
    }


if __name__ == "__main__":
    main()
