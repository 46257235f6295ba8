import pytest
from tests.registrants import KEY, registered

from paperdesk.auth.consumer_checks import (
    ConsumerExists,
    InvalidConsumer,
    check_callbacks,
    check_key,
)
from paperdesk.auth.registrations import ConsumerKind, Registrations

OWN, VENDOR = ConsumerKind.FIRST_PARTY, ConsumerKind.THIRD_PARTY


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("", OWN),
        ("TESTER", OWN),
        ("TESTERABCD", OWN),
        ("testerabc", OWN),
        ("TESTERÄBC", OWN),
        ("0123456789abcdef012345678", OWN),
        ("TESTCONS", OWN),
        ("0123456789abcdef01234567", VENDOR),
        ("0123456789ABCDEF012345678", VENDOR),
        ("TESTERABC\n", VENDOR),
    ],
)
def test_other_keys_are_refused(key: str, kind: ConsumerKind) -> None:
    with pytest.raises(InvalidConsumer):
        check_key(Registrations(), key, kind)


@pytest.mark.parametrize("key", ["0123456789abcdef012345678", "VENDORKEY", "TESTCONS"])
def test_a_third_party_has_either_form(key: str) -> None:
    check_key(Registrations(), key, VENDOR)


def test_a_key_is_taken_once() -> None:
    kept = Registrations()
    registered(kept)

    with pytest.raises(ConsumerExists):
        check_key(kept, KEY, OWN)


@pytest.mark.parametrize(
    "callback",
    [
        "http://vendor.example/cb",
        "https://vendor.example/cb#top",
        "https:///cb",
        "vendor.example/cb",
        "https://user@vendor.example/cb",
        "https://vendor.example:port/cb",
        "https://vendor.example/a b",
        "javascript:alert(1)",
        "https://vendor.example/" + "x" * 2_000,
    ],
)
def test_other_callbacks_are_refused(callback: str) -> None:
    with pytest.raises(InvalidConsumer):
        check_callbacks((callback,), VENDOR)


def test_callbacks_are_https_or_lead_to_this_machine() -> None:
    check_callbacks(("https://vendor.example/cb?x=1", "http://localhost:8080/cb"), VENDOR)

    with pytest.raises(InvalidConsumer):
        check_callbacks(("https://vendor.example/cb",), OWN)
    with pytest.raises(InvalidConsumer):
        check_callbacks((f"https://vendor.example/{n}" for n in range(11)), VENDOR)
