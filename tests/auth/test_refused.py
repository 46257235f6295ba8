from paperdesk.auth.oauth1.causes import Cause
from paperdesk.auth.oauth1.outcomes import Rejected
from paperdesk.auth.oauth1.requests import RequestLine, SignedRequest
from paperdesk.auth.refused import RefusedRequest, RefusedRequests


def refused(number: int) -> RefusedRequest:
    return RefusedRequest(
        number=number,
        at=number,
        request=SignedRequest(
            line=RequestLine(method="GET", raw_path="/v1/api/tickle"),
            authorization='OAuth oauth_signature="not-to-be-shown"',
        ),
        rejected=Rejected(cause=Cause.WRONG_SIGNATURE, message="No base string fits."),
    )


def test_the_newest_come_first() -> None:
    kept = RefusedRequests()
    for number in range(5):
        kept.add(refused(number))

    assert [one.number for one in kept.last(3)] == [4, 3, 2]
    assert [one.number for one in kept.last(10)] == [4, 3, 2, 1, 0]
    assert kept.last(0) == []


def test_the_oldest_go() -> None:
    kept = RefusedRequests(kept_max=3)
    for number in range(5):
        kept.add(refused(number))

    assert [one.number for one in kept.last(10)] == [4, 3, 2]
    assert kept.find(1) is None
    found = kept.find(3)
    assert found is not None
    assert found.number == 3


def test_what_was_sent_is_not_printed() -> None:
    assert repr(refused(7)) == "RefusedRequest(7, wrong_signature)"
