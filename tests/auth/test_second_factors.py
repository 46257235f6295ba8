import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperdesk.auth import second_factors
from paperdesk.auth.second_factors import Method, SecondFactors

SECOND = 1_000_000
SECRET = second_factors.secret_of(b"12345678901234567890")
APP = SecondFactors(secret=SECRET)

# RFC 6238, appendix B: the last six of its eight digits for SHA-1.
VECTORS = [
    (59, "287082"),
    (1_111_111_109, "081804"),
    (1_111_111_111, "050471"),
    (1_234_567_890, "005924"),
    (2_000_000_000, "279037"),
    (20_000_000_000, "353130"),
]


@pytest.mark.parametrize(("at", "code"), VECTORS)
def test_codes_are_those_of_the_rfc(at: int, code: str) -> None:
    assert second_factors.code_at(SECRET, at * SECOND) == code
    assert second_factors.step_of(APP, code, at * SECOND) == at // 30


@pytest.mark.parametrize(
    ("off", "is_taken"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)]
)
def test_the_step_before_and_the_one_after_count_too(off: int, is_taken: bool) -> None:
    now = 1_111_111_111
    code = second_factors.code_at(SECRET, (now + off) * SECOND)

    assert (second_factors.step_of(APP, code, now * SECOND) is not None) == is_taken


def test_a_code_that_was_taken_is_worth_nothing_nor_is_an_earlier_one() -> None:
    now = 1_111_111_111 * SECOND
    step = second_factors.step_of(APP, second_factors.code_at(SECRET, now), now)
    assert step is not None
    used = msgspec.structs.replace(APP, used_step=step)

    for earlier in (0, 30):
        code = second_factors.code_at(SECRET, now - earlier * SECOND)
        assert second_factors.step_of(used, code, now) is None
    later = second_factors.code_at(SECRET, now + 30 * SECOND)
    assert second_factors.step_of(used, later, now) == step + 1


@given(st.text(max_size=30))
def test_whatever_is_typed_is_judged(code: str) -> None:
    at = 1_111_111_111 * SECOND

    if code not in {second_factors.code_at(SECRET, at + off * SECOND) for off in (-30, 0, 30)}:
        assert second_factors.step_of(APP, code, at) is None
    assert not second_factors.is_fixed_code(SecondFactors(), code)


def test_without_a_secret_no_code_is_right() -> None:
    assert second_factors.step_of(SecondFactors(), "287082", 59 * SECOND) is None


def test_a_fixed_code_is_compared_whole() -> None:
    factors = SecondFactors(code="246810")

    assert second_factors.is_fixed_code(factors, "246810")
    assert not second_factors.is_fixed_code(factors, "24681")
    assert not second_factors.is_fixed_code(factors, "")


def test_methods_are_those_that_were_set() -> None:
    assert SecondFactors().methods == ()
    assert SecondFactors(is_promoted=True).methods == ()
    assert SecondFactors(code="246810", secret=SECRET, has_push=True).methods == (
        Method.PUSH,
        Method.TOTP,
        Method.CODE,
    )


def test_the_address_for_an_app_names_issuer_and_user() -> None:
    assert second_factors.uri(SECRET, "ann b") == (
        f"otpauth://totp/Paperdesk:ann%20b?digits=6&secret={SECRET}&algorithm=SHA1"
        "&issuer=Paperdesk&period=30"
    )


def test_secrets_are_not_shown_by_accident() -> None:
    shown = repr(SecondFactors(code="246810", secret=SECRET))

    assert "246810" not in shown
    assert SECRET not in shown
