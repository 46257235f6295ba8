import pytest

from paperdesk.base import errors

KINDS = [
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, errors.Refusal)
]


def test_refusal_keeps_its_sentence() -> None:
    refusal = errors.UnknownContract("No contract has conid 1.")

    assert refusal.message == str(refusal) == "No contract has conid 1."


@pytest.mark.parametrize("kind", KINDS)
def test_refusal_has_a_code_of_small_letters(kind: type[errors.Refusal]) -> None:
    assert kind.code.replace("_", "").isalpha()
    assert kind.code == kind.code.lower()
