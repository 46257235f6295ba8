import sys
from pathlib import Path

import pytest

from paperdesk.auth import second_factors
from paperdesk.auth.second_factors import NONE, SecondFactors
from paperdesk.server.credentials import CredentialsDamaged
from paperdesk.server.second_factors import FILE, FactorFile, InvalidCode

SECOND = 1_000_000
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
AT = 1_111_111_111 * SECOND


def test_nobody_has_a_second_factor_at_first(tmp_path: Path) -> None:
    assert FactorFile(tmp_path / "new").of("demo") == NONE


def test_what_is_kept_is_seen_by_whoever_reads_next(tmp_path: Path) -> None:
    reader = FactorFile(tmp_path)

    FactorFile(tmp_path).keep("demo", SecondFactors(code="246810"))
    FactorFile(tmp_path).keep("rich", SecondFactors(has_push=True))

    assert reader.of("demo").code == "246810"
    assert reader.of("rich").has_push


def test_a_code_of_an_app_is_taken_once_over_restarts(tmp_path: Path) -> None:
    FactorFile(tmp_path).keep("demo", SecondFactors(secret=SECRET))
    code = second_factors.code_at(SECRET, AT)

    taken = [FactorFile(tmp_path).take("demo", code, AT, is_fixed=False) for _ in range(2)]

    assert taken == [True, False]


def test_a_fixed_code_is_not_used_up_nor_taken_for_an_apps(tmp_path: Path) -> None:
    factors = FactorFile(tmp_path)
    factors.keep("demo", SecondFactors(code="246810", secret=SECRET))

    assert factors.take("demo", "246810", AT, is_fixed=True)
    assert factors.take("demo", "246810", AT, is_fixed=True)
    assert not factors.take("demo", "246810", AT, is_fixed=False)


@pytest.mark.parametrize("code", ["1", "123", "1" * 21])
def test_a_code_that_nobody_should_have_is_refused(tmp_path: Path, code: str) -> None:
    with pytest.raises(InvalidCode, match="4 to 20"):
        FactorFile(tmp_path).keep("demo", SecondFactors(code=code))

    assert not (tmp_path / FILE).exists()


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"demo": 1}', b"\xff"])
def test_a_damaged_file_lets_nobody_in_without_a_second_factor(
    tmp_path: Path, content: bytes
) -> None:
    (tmp_path / FILE).write_bytes(content)

    with pytest.raises(CredentialsDamaged, match="Move it away"):
        FactorFile(tmp_path).of("demo")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps rights elsewhere")
def test_nobody_else_reads_the_file(tmp_path: Path) -> None:
    FactorFile(tmp_path / "data").keep("demo", SecondFactors(secret=SECRET))

    assert (tmp_path / "data" / FILE).stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
