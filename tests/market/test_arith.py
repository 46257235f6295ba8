from decimal import Decimal, localcontext
from hashlib import blake2b
from math import inf, pi

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperdesk.market.arith import DATA, exp, log, normal_cdf, read_data, read_table

TOLERANCE = Decimal("1e-14")


def relative_error(found: float, wanted: Decimal) -> Decimal:
    return abs(Decimal(found) / wanted - 1)


@given(st.floats(-700, 700))
def test_exp_is_within_its_error(value: float) -> None:
    with localcontext(prec=40):
        assert relative_error(exp(value), Decimal(value).exp()) < TOLERANCE


@given(st.floats(1e-300, 1e300) | st.floats(0.999, 1.001))
def test_log_is_within_its_error(value: float) -> None:
    with localcontext(prec=60):
        wanted = Decimal(value).ln()

        assert log(value) == 0.0 if wanted == 0 else relative_error(log(value), wanted) < TOLERANCE


def tail(deviations: float) -> Decimal:
    """Return what lies below so many negative deviations, by the series of odd powers."""
    with localcontext(prec=120):
        x = Decimal(deviations)
        term = total = x
        n = 1
        while abs(term) > Decimal("1e-100"):
            n += 2
            term *= x * x / n
            total += term
        density = (-x * x / 2).exp() / (2 * Decimal(PI)).sqrt()
        return Decimal("0.5") - density * total


PI = "3.14159265358979323846264338327950288419716939937510582097494459230781640628620899862803"


@given(st.floats(0, 12))
def test_normal_distribution_is_within_its_error_deep_into_the_tail(deviations: float) -> None:
    assert relative_error(normal_cdf(-deviations), tail(deviations)) < TOLERANCE
    assert abs(normal_cdf(deviations) + normal_cdf(-deviations) - 1.0) < 1e-15


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        (exp(1e9), exp(700.0)),
        (exp(-inf), exp(-700.0)),
        (log(0.0), -708.3964185322641),
        (log(-3.0), -708.3964185322641),
        (log(inf), 709.782712893384),
        (normal_cdf(-40.0), 0.0),
        (normal_cdf(inf), 1.0),
    ],
)
def test_outside_its_domain_a_function_gives_the_value_at_the_end(
    found: float, wanted: float
) -> None:
    assert found == pytest.approx(wanted, rel=1e-14)


@given(st.floats(-690, 690), st.floats(0, 2))
def test_functions_never_fall(value: float, more: float) -> None:
    assert exp(value) <= exp(value + more) * (1 + 1e-14)
    assert log(abs(value)) <= log(abs(value) + more) + 1e-13
    assert normal_cdf(value) <= normal_cdf(value + more) * (1 + 1e-14)


def test_log_undoes_exp() -> None:
    assert log(exp(1.0)) == pytest.approx(1.0, rel=1e-15)
    assert exp(log(pi)) == pytest.approx(pi, rel=1e-15)


def test_quantiles_have_the_moments_of_their_laws() -> None:
    normal, exponential = read_table("normal"), read_table("exponential")

    assert sum(normal) == 0
    assert sum(z * z for z in normal) / 4096 / 10**12 == pytest.approx(1, abs=5e-4)
    assert sum(exponential) / 4096 / 10**6 == pytest.approx(1, abs=2e-4)


def test_shipped_tables_are_the_frozen_ones() -> None:
    digests = {
        name: blake2b((DATA / name).read_bytes(), digest_size=8).hexdigest()
        for name in ("shapes.bin", "tables.bin")
    }

    assert digests == {"shapes.bin": "8808feb6080109c4", "tables.bin": "ec2eca4743f58ed3"}


def test_damaged_file_is_refused() -> None:
    with pytest.raises(ValueError, match=r"tables.bin is damaged"):
        read_data("tables.bin", b"PDS1")
