import pytest
from tests.oauth2 import HEADER, assertion, said

from paperdesk.auth.oauth2 import compact
from paperdesk.auth.oauth2.compact import Malformed


def test_a_token_is_read_in_its_parts() -> None:
    text = assertion()

    jws = compact.read(text, 10_000)

    assert jws.header == HEADER
    assert jws.claims == said()
    assert jws.signed == text.rpartition(".")[0].encode()
    assert len(jws.signature) == 384


@pytest.mark.parametrize("text", ["a.b.c", "a.b.", "eyJ9.e30.AA-_"])
def test_the_shape_of_a_token(text: str) -> None:
    assert compact.looks_compact(text)


@pytest.mark.parametrize("text", ["", "a.b", "a.b.c.d", "{}", "a.b.c\n", "a.b=.c", "..", "a..c"])
def test_what_has_not_the_shape_of_a_token(text: str) -> None:
    assert not compact.looks_compact(text)


def test_a_token_has_a_length() -> None:
    text = assertion()

    with pytest.raises(Malformed, match="more than"):
        compact.read(text, len(text) - 1)


@pytest.mark.parametrize("last", "RSTUVWXYZabcdef")
def test_one_token_has_one_spelling(last: str) -> None:
    assert compact.spelt(b"\1") == "AQ"

    with pytest.raises(Malformed, match="as an encoder spells it"):
        compact.read(f"e30.e30.A{last}", 100)
