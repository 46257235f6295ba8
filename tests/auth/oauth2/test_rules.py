from tests.oauth2 import COMPATIBLE, STRICT


def test_the_compatible_profile_is_known_by_its_addresses_and_by_a_word() -> None:
    assert COMPATIBLE.audiences() == {
        "/token",
        "https://api.ibkr.com",
        "https://api.ibkr.com/oauth2/api/v1/token",
        "https://localhost:5001",
        "https://localhost:5001/oauth2/api/v1/token",
    }


def test_the_strict_profile_is_known_as_issuer_alone() -> None:
    assert STRICT.is_strict
    assert STRICT.audiences() == {"https://api.ibkr.com", "https://localhost:5001"}
