import msgspec
import pytest
from tests.oauth2 import NOW, SECOND, client, other

from paperdesk.auth.oauth2 import clients
from paperdesk.auth.registrations import ClientKey, Standing

KEY = client().keys[0]


def changed(**fields: object) -> ClientKey:
    return msgspec.structs.replace(KEY, **fields)


@pytest.mark.parametrize(
    ("key", "is_usable"),
    [
        (KEY, True),
        (changed(not_before=NOW), True),
        (changed(not_before=NOW + 1), False),
        (changed(retire_at=NOW + 1), True),
        (changed(retire_at=NOW), False),
        (changed(standing=Standing.DISABLED), False),
        (changed(standing=Standing.REVOKED), False),
    ],
)
def test_a_key_is_good_for_a_time(key: ClientKey, is_usable: bool) -> None:
    assert clients.is_usable(key, NOW) is is_usable


def test_two_keys_overlap_while_one_takes_the_place_of_the_other() -> None:
    firm = other()
    new = msgspec.structs.replace(firm.keys[0], kid="new", not_before=NOW)
    old = msgspec.structs.replace(firm.keys[0], retire_at=NOW + 60 * SECOND)
    firm.keys = (old, new)

    def named(kid: str | None, seconds: int) -> ClientKey | str:
        header = {} if kid is None else {"kid": kid}
        return clients.named_key(firm, header, NOW + seconds * SECOND)

    assert named("theirs", -1) is old
    assert named(None, -1) is old
    assert named("new", -1) == "the key 'new' is not usable at this time"
    assert (named("theirs", 59), named("new", 59)) == (old, new)
    assert named(None, 59) == "the token names no kid, and Other-Client has 2 usable keys"
    assert named(None, 60) is new
    assert named("theirs", 60) == "the key 'theirs' is not usable at this time"


@pytest.mark.parametrize(
    ("networks", "remote", "may"),
    [
        ((), "203.0.113.7", True),
        (("203.0.113.0/24",), "203.0.113.7", True),
        (("203.0.113.7",), "203.0.113.7", True),
        (("203.0.113.0/24",), "203.0.114.7", False),
        (("203.0.113.0/24",), "::ffff:203.0.113.7", True),
        (("10.0.0.0/8", "2001:db8::/32"), "2001:db8::7", True),
        (("2001:db8::/32",), "203.0.113.7", False),
        (("203.0.113.0/24",), "", False),
        (("203.0.113.0/24",), "nowhere", False),
    ],
)
def test_a_client_comes_from_its_networks(
    networks: tuple[str, ...], remote: str, may: bool
) -> None:
    firm = client()
    firm.networks = networks

    assert clients.may_come_from(firm, remote) is may
