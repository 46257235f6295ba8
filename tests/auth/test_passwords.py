import pytest

from paperdesk.auth import passwords

SALT = bytes(range(16))


def test_a_password_is_right_when_it_is_the_one_that_was_kept() -> None:
    kept = passwords.hashed("let-me-in", SALT)

    assert passwords.matches("let-me-in", kept)
    assert not passwords.matches("let-me-in ", kept)
    assert not passwords.matches("", kept)


def test_what_is_kept_does_not_hold_the_password() -> None:
    kept = passwords.hashed("let-me-in", SALT)

    assert kept.salt == "AAECAwQFBgcICQoLDA0ODw=="
    assert "let-me-in" not in str(kept)
    assert kept.cost == 16_384


@pytest.mark.parametrize("password", ["x" * 1_001, "\udcff", "пароль", "\0"])
def test_odd_passwords_are_no_failures(password: str) -> None:
    assert not passwords.matches(password, passwords.hashed("let-me-in", SALT))


def test_a_generated_password_is_easy_to_read_out() -> None:
    drawn = iter(range(1_000))

    assert passwords.generated(lambda end: next(drawn) % end) == "abcd-efgh-jkmn-pqrs"
