import msgspec
from tests.programs import consumer

from paperdesk.auth.registrations import ConsumerKeys, Registrations, adopt_due_keys

NEXT = ConsumerKeys(signature_key="s", encryption_key="e", dh_prime="17", active_from=100)


def test_keys_that_replace_others_wait_for_their_instant() -> None:
    replaced = consumer(next_keys=NEXT)
    before = replaced.signature_key

    adopt_due_keys(replaced, 99)
    assert (replaced.signature_key, replaced.next_keys) == (before, NEXT)

    adopt_due_keys(replaced, 100)
    assert (replaced.signature_key, replaced.encryption_key) == ("s", "e")
    assert (replaced.dh_prime, replaced.next_keys) == ("17", None)


def test_registrations_of_an_earlier_release_are_read() -> None:
    kept = b'{"consumers": {}, "tokens": {}, "clients": {}}'

    assert msgspec.json.decode(kept, type=Registrations).agreements == {}
