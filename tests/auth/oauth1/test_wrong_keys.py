from base64 import b64decode, b64encode
from itertools import pairwise

from tests.auth.oauth1.signer import (
    KEY,
    OTHER_KEY,
    SECRET,
    consumer,
    live_of,
    registrations,
    token,
)

from paperdesk.auth.oauth1.causes import Cause
from paperdesk.auth.oauth1.challenges import Encoding
from paperdesk.auth.oauth1.tokens import LiveSessionTokens
from paperdesk.auth.oauth1.wrong_keys import (
    OTHERS_MAX,
    WrongKey,
    right_keys,
    wrong_keys,
    wrong_prepends,
)

TEXT = b64encode(b"k" * 20).decode()


def test_right_keys_are_those_that_may_sign() -> None:
    keys = {Encoding.JAVA: b"j", Encoding.UNSIGNED: b"u"}
    tokens = [
        live_of(TEXT, keys=keys),
        live_of(TEXT, keys=keys, accepted=(Encoding.JAVA, Encoding.UNSIGNED)),
        live_of(TEXT, is_superseded=True),
    ]

    assert [row.key for row in right_keys(tokens)] == [b"j", b"j", b"u"]
    assert {row.cause for row in right_keys(tokens)} == {None}


def test_no_wrong_key_is_a_right_one() -> None:
    live = LiveSessionTokens()
    own = live_of(TEXT, keys={Encoding.JAVA: b"j" * 20, Encoding.UNSIGNED: b"u" * 20})
    live.add(own)
    for number in range(OTHERS_MAX + 5):
        live.add(live_of(TEXT, consumer_key=OTHER_KEY, access_token=str(number)))

    found = list(wrong_keys([own], token(), live))

    assert own.key not in [row.key for row in found]
    assert None not in {row.cause for row in found}
    foreign = [row for row in found if row.cause is Cause.LIVE_SESSION_TOKEN_OF_ANOTHER]
    assert len(foreign) == OTHERS_MAX


def test_no_wrong_prepend_is_the_right_one() -> None:
    known = registrations(token(token="2", secret=b64encode(b"other").decode()))
    known.tokens["3"] = token(token="3", consumer_key=OTHER_KEY)
    own = next(row for row in known.tokens.values() if b64decode(row.secret) == SECRET)

    found = list(wrong_prepends(own, known, consumer()))
    without = list(wrong_prepends(None, known, known.consumers[KEY]))

    assert SECRET.hex().encode() not in [row.key for row in found]
    assert found[-1] == WrongKey(Cause.PREPEND_OF_ANOTHER_TOKEN, b"other".hex().encode())
    assert {row.cause for row in without} == {Cause.PREPEND_UNWANTED}
    assert len(without) == 2
    assert all(one != other for one, other in pairwise(found))


def test_a_wrong_key_shows_its_mistake_alone() -> None:
    assert "secret" not in repr(WrongKey(Cause.WRONG_KEY, b"secret"))
