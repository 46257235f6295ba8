"""What the documents tell a reader to type works, and what they say it prints it prints."""

import json
import re
import shlex
import subprocess
import sys
import urllib.request
from pathlib import Path

import click
import msgspec
import pytest
from tests.docs.conftest import Served

from paperdesk.cli.commands import paperdesk

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SECONDS_MAX = 60
PROGRAM = ".venv/bin/paperdesk "


class Block(msgspec.Struct, frozen=True):
    """A code block, and the block of text right after it."""

    name: str
    language: str
    code: str
    prints: str = ""


def blocks() -> list[Block]:
    found: list[Block] = []
    for path in DOCUMENTS:
        fences = FENCE.findall(path.read_text(encoding="utf-8"))
        for index, (language, code) in enumerate(fences):
            after = fences[index + 1] if index + 1 < len(fences) else ("", "")
            name = f"{path.relative_to(ROOT)}#{index}"
            found.append(Block(name, language, code, after[1] if after[0] == "text" else ""))
    return found


BLOCKS = blocks()
PYTHON = [block for block in BLOCKS if block.language == "python"]
LINES = [
    (f"{block.name}: {line}", line)
    for block in BLOCKS
    if block.language == "sh"
    for line in block.code.splitlines()
    if line.strip()
]


def shape(text: str) -> str:
    """Return a text with its numbers forgotten."""
    return re.sub(r"\d[\d.,]*", "#", text).strip()


def test_every_block_says_what_it_is() -> None:
    assert {block.language for block in BLOCKS} <= {"python", "sh", "text", "toml", "json"}


@pytest.mark.parametrize("block", PYTHON, ids=lambda block: block.name)
def test_program_prints_what_the_document_says(
    block: Block, served: Served, clients_python: Path
) -> None:
    code = block.code.replace("https://localhost:5000/v1/api", served.url)
    code = code.replace("https://localhost:5001", served.hosted_url)

    done = subprocess.run(
        [str(clients_python), "-W", "ignore", "-c", code],
        env=served.environment,
        capture_output=True,
        text=True,
        timeout=SECONDS_MAX,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert shape(done.stdout) == shape(block.prints)


@pytest.mark.parametrize("line", [line for _, line in LINES], ids=[name for name, _ in LINES])
def test_command_of_a_document_works(line: str, served: Served) -> None:
    if line.startswith(PROGRAM):
        run_program(line.removeprefix(PROGRAM), served)
    elif line.startswith("make "):
        check_make(shlex.split(line)[1:])
    elif line.startswith("curl "):
        send(shlex.split(line)[1:], served)
    else:
        pytest.fail(f"nobody knows how to try {line!r}")


def run_program(arguments: str, served: Served) -> None:
    """Run a command of ours; what would go on for ever is told to stop."""
    words = shlex.split(arguments)
    if words[0] == "watch":
        words += ["--seconds", "1"]
    done = subprocess.run(
        [sys.executable, "-m", "paperdesk.cli", *words],
        env=served.environment,
        capture_output=True,
        text=True,
        timeout=SECONDS_MAX,
        check=False,
    )
    assert done.returncode == 0, done.stderr or done.stdout
    assert done.stdout.strip()


def check_make(words: list[str]) -> None:
    """Check that the target is there, and that `serve` takes the options it is given."""
    targets = re.findall(r"^(\w+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert words[0] in targets
    given = dict(word.split("=", 1) for word in words[1:])
    options = shlex.split(given.pop("ARGS", "")) if words[0] == "run" else []
    for name, value in given.items():
        options += [f"--{name.lower()}", value]
    serve = paperdesk.get_command(click.Context(paperdesk), "serve")
    assert serve is not None
    serve.make_context("serve", options)


def send(words: list[str], served: Served) -> None:
    """Send what a line of curl would send to this desk."""
    method = words[words.index("-X") + 1] if "-X" in words else "GET"
    body = words[words.index("-d") + 1].encode() if "-d" in words else None
    (url,) = [word for word in words if word.startswith("http")]
    url = url.replace("http://localhost:5002", served.control_url)
    request = urllib.request.Request(url, body, method=method)  # noqa: S310 - loopback
    with urllib.request.urlopen(request, timeout=SECONDS_MAX) as answer:  # noqa: S310
        assert answer.status == 200
        json.loads(answer.read())
