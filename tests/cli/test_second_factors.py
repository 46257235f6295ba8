from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from paperdesk.auth import second_factors
from paperdesk.auth.second_factors import NONE
from paperdesk.cli.commands import paperdesk
from paperdesk.server.credentials import Credentials
from paperdesk.server.second_factors import FactorFile


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    Credentials(tmp_path).ensure("demo")
    return tmp_path


def users(data_dir: Path, *arguments: str) -> Result:
    return CliRunner().invoke(
        paperdesk, ["users", *arguments, "--data-dir", str(data_dir)], catch_exceptions=False
    )


def test_the_address_for_an_app_is_printed_and_another_one_the_next_time(data_dir: Path) -> None:
    first = users(data_dir, "totp", "demo").output.strip()
    second = users(data_dir, "totp", "demo").output.strip()

    assert first.startswith("otpauth://totp/Paperdesk:demo?")
    assert first != second
    assert second == second_factors.uri(FactorFile(data_dir).of("demo").secret, "demo")


def test_what_is_left_out_stays(data_dir: Path) -> None:
    users(data_dir, "factor", "demo", "--code", "246810", "--promotion")

    shown = users(data_dir, "factor", "demo", "--push").output

    factors = FactorFile(data_dir).of("demo")
    assert shown == "demo shows push or code beside the password.\n"
    assert (factors.code, factors.has_push, factors.is_promoted) == ("246810", True, True)


def test_an_app_is_taken_away(data_dir: Path) -> None:
    users(data_dir, "totp", "demo")

    shown = users(data_dir, "factor", "demo", "--no-totp").output

    assert shown == "demo shows nothing beside the password.\n"


def test_the_password_can_be_enough_again(data_dir: Path) -> None:
    users(data_dir, "totp", "demo")
    users(data_dir, "factor", "demo", "--code", "246810", "--push", "--promotion")

    users(data_dir, "factor", "demo", "--none")

    assert FactorFile(data_dir).of("demo") == NONE


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("totp", "stranger"), "has a user stranger yet"),
        (("factor", "stranger", "--push"), "has a user stranger yet"),
        (("factor", "demo", "--code", "1"), "A code has 4 to 20"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    data_dir: Path, arguments: tuple[str, ...], told: str
) -> None:
    result = users(data_dir, *arguments)

    assert result.exit_code == 1
    assert told in result.output
    assert FactorFile(data_dir).of("demo") == NONE
