import json
import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from paperdesk.auth.oauth1.verification import Settings
from paperdesk.auth.pacing.settings import Mode, PacingSettings
from paperdesk.auth.resets import Profile
from paperdesk.base.regions import Region
from paperdesk.base.units import SECOND
from paperdesk.cli.commands import paperdesk
from paperdesk.cli.serving import clock_text, new_york_text, say_json, say_text
from paperdesk.server import serve
from paperdesk.server.serve import Opened, ServeOptions

OPENED = Opened(
    desk="history-2008-09-29",
    url="https://localhost:5000/v1/api",
    hosted_url="https://localhost:5001",
    control_url="http://localhost:5002",
    signed_in="demo",
    passwords={"demo": "fc3s-2c8q", "ann": ""},
    authority=None,
    clock="x60",
    desk_now=1_222_695_000_000_000,
    accounts=("DU1234567",),
)


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[ServeOptions]:
    given: list[ServeOptions] = []

    def run(options: ServeOptions, say: Callable[[Opened], None]) -> None:
        given.append(options)
        say(OPENED)

    monkeypatch.setattr(serve, "run", run)
    return given


def start(tmp_path: Path, *options: str, **environment: str) -> Result:
    return CliRunner(env=environment).invoke(
        paperdesk, ["serve", "--data-dir", str(tmp_path), *options], catch_exceptions=False
    )


def test_banner_names_address_user_password_and_a_line_of_client_code(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    say_text(OPENED, tmp_path)

    text = capsys.readouterr().out
    assert "https://localhost:5000/v1/api" in text
    assert "Signed in    demo, password fc3s-2c8q" in text
    assert "Sign in as   ann, your password" in text
    assert "Desk         history-2008-09-29\n" in text
    assert "2008-09-29 09:30:00 in New York, 60 times as fast" in text
    assert 'IbkrClient(url="https://localhost:5000/v1/api/", account_id="DU1234567")' in text


def test_banner_for_programs_is_one_line_of_json(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    say_json(OPENED, tmp_path)

    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line)["opened"]["url"] == "https://localhost:5000/v1/api"


def test_options_reach_the_server(served: list[ServeOptions], tmp_path: Path) -> None:
    start(
        tmp_path,
        "--login",
        "demo",
        "--scenario",
        "history",
        "--date",
        "2008-09-29",
        "--clock",
        "asap",
        "--seed",
        "42",
        "--port",
        "5050",
        "--no-control",
        "--desk",
        "mine",
    )

    (options,) = served
    assert options.login == "demo"
    assert options.port == 5050
    assert options.control_port is None
    assert options.desk.scenario == "history"
    assert options.desk.date == "2008-09-29"
    assert options.desk.clock == "fast"
    assert options.desk.seed == 42
    assert options.desk.name == "mine"
    assert options.desk.data_dir == options.data_dir == tmp_path


def test_password_may_come_from_the_environment(served: list[ServeOptions], tmp_path: Path) -> None:
    start(tmp_path, PAPERDESK_PASSWORD="correct horse")

    assert served[0].password == "correct horse"


def test_name_that_no_certificate_can_have_is_refused(
    served: list[ServeOptions], tmp_path: Path
) -> None:
    result = start(tmp_path, "--name", "*.example.com")

    assert result.exit_code == 2
    assert "is no name of one host" in result.output
    assert not served


def test_requests_are_counted_as_strictly_as_with_ibkr_unless_asked_otherwise(
    served: list[ServeOptions], tmp_path: Path
) -> None:
    start(tmp_path)
    start(tmp_path, "--pacing", "lenient", "--penalty", "0.25")
    start(tmp_path, "--pacing", "off", "--penalty", "900")

    assert [options.pacing for options in served] == [
        PacingSettings(mode=Mode.STRICT, penalty=600 * SECOND),
        PacingSettings(mode=Mode.LENIENT, penalty=SECOND // 4),
        PacingSettings(mode=Mode.OFF, penalty=900 * SECOND),
    ]


@pytest.mark.parametrize("penalty", ["0", "-1", "nan", "inf", "1e9", "long"])
def test_penalty_is_a_length_of_time(
    penalty: str, served: list[ServeOptions], tmp_path: Path
) -> None:
    assert start(tmp_path, "--penalty", penalty).exit_code == 2
    assert not served


@pytest.mark.parametrize(
    ("clock", "words"),
    [
        ("real", "real time"),
        ("x60", "60 times as fast"),
        ("stepped", "standing still until you step it"),
        ("fast", "as fast as possible"),
    ],
)
def test_clock_is_told_in_words(clock: str, words: str) -> None:
    assert clock_text(clock) == words


def test_desk_time_is_told_as_new_york_has_it() -> None:
    assert new_york_text(1_222_695_000_000_000) == "Mon 2008-09-29 09:30:00"


def test_signatures_are_judged_as_by_the_real_service_unless_asked_otherwise(
    served: list[ServeOptions], tmp_path: Path
) -> None:
    start(tmp_path)
    start(tmp_path, "--oauth1", "strict", "--both-encodings", "--single-lst", "--explain-auth")

    kind, other = served
    assert kind.signing == Settings()
    assert not kind.explain_auth
    assert other.signing == Settings(
        strict=True, both_encodings=True, single_live_session_token=True
    )
    assert other.explain_auth


def test_sessions_behave_as_the_options_say(tmp_path: Path, served: list[ServeOptions]) -> None:
    start(tmp_path)
    start(tmp_path, "--resets", "legacy", "--region", "asia", "--session", "idle=30s")

    assert served[0].sessions.resets is Profile.BY_CLOCK
    assert served[1].sessions.resets is Profile.LEGACY
    assert served[1].sessions.region is Region.ASIA
    assert served[1].sessions.brokerage_idle == 30 * SECOND


@pytest.mark.parametrize(("options", "level"), [((), False), (("--verbose",), True)])
def test_endings_are_logged_for_who_wants_them(
    tmp_path: Path, served: list[ServeOptions], options: tuple[str, ...], level: bool
) -> None:
    logger = logging.getLogger("paperdesk")
    try:
        start(tmp_path, *options)
        assert len(served) == 1
        assert (logger.level == logging.INFO) is level
    finally:
        logger.setLevel(logging.NOTSET)
