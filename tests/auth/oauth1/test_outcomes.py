from tests.auth.oauth1.signer import NOW, Signer, verifier

from paperdesk.auth.oauth1.outcomes import Accepted


def test_an_answer_is_kept_under_32_bytes_that_are_its_requests_alone() -> None:
    judge, signer = verifier(), Signer()
    signer.shake_hands(judge)
    requests = [signer.get(), signer.get(), signer.get(method="POST")]

    outcomes = [judge.verify(request, NOW, 0) for request in (*requests, requests[0])]

    kept = [outcome.replay_key for outcome in outcomes if isinstance(outcome, Accepted)]
    assert [len(key) for key in kept] == [32] * 4
    assert len(set(kept)) == 3
    assert kept[0] == kept[3]
