import pytest
from tests.serving import START

from paperdesk.auth import sign_ins
from paperdesk.auth.second_factors import NONE, Method, SecondFactors
from paperdesk.auth.sign_ins import Reply, SignIn, SignIns, Stage, UnknownSignIn
from paperdesk.base.ids import UserName

MINUTE = 60_000_000
DEMO = UserName("demo")
PUSH = SecondFactors(has_push=True)
BOTH = SecondFactors(has_push=True, code="246810")


def begun(kept: SignIns, factors: SecondFactors, named: str = "t") -> SignIn:
    return kept.begin(DEMO, factors, START, token=named, purpose="gateway")


def test_without_a_second_factor_nothing_follows() -> None:
    assert begun(SignIns(), NONE).stage is Stage.DONE


def test_one_second_factor_is_asked_for_at_once() -> None:
    assert begun(SignIns(), PUSH).stage is Stage.NOTIFICATION
    assert begun(SignIns(), SecondFactors(code="246810")).stage is Stage.CODE


def test_of_several_one_is_chosen() -> None:
    sign_in = begun(SignIns(), BOTH)
    first = sign_in.stage

    sign_in.choose(Method.CODE, START)

    assert first is Stage.METHOD
    assert sign_in.stage is Stage.CODE


def test_promotion_and_replacement_follow_what_was_proven() -> None:
    sign_in = begun(SignIns(), PUSH)
    sign_in.is_promoted = True
    sign_in.holder = "rich"
    stages = [sign_in.stage]

    sign_in.is_proven = True
    stages.append(sign_in.stage)
    sign_in.is_promoted = False
    stages.append(sign_in.stage)
    sign_in.is_confirmed = True
    stages.append(sign_in.stage)

    assert stages == [Stage.NOTIFICATION, Stage.PROMOTION, Stage.REPLACEMENT, Stage.DONE]


def test_a_sign_in_is_found_by_its_token_and_for_its_purpose_alone() -> None:
    kept = SignIns()
    sign_in = begun(kept, PUSH)

    assert kept.find("t", "gateway", START) is sign_in
    assert kept.find("t", "consent", START) is None
    assert kept.find("", "gateway", START) is None


def test_a_sign_in_lasts_five_minutes() -> None:
    kept = SignIns()
    begun(kept, BOTH)

    assert kept.find("t", "gateway", START + 5 * MINUTE - 1) is not None
    assert kept.find("t", "gateway", START + 5 * MINUTE) is None


@pytest.mark.parametrize("reply", [Reply.APPROVED, Reply.DENIED])
def test_a_notification_is_answered_once(reply: Reply) -> None:
    kept = SignIns()
    sign_in = begun(kept, PUSH)

    kept.answer(sign_in.number, reply, START + MINUTE)

    assert sign_in.heard(START + MINUTE) is reply
    assert kept.notified(START + MINUTE) == []
    with pytest.raises(UnknownSignIn):
        kept.answer(sign_in.number, Reply.APPROVED, START + MINUTE)


def test_a_notification_times_out_and_is_answered_no_more() -> None:
    kept = SignIns()
    sign_in = begun(kept, PUSH)

    assert sign_in.heard(START + 2 * MINUTE) is Reply.TIMED_OUT
    with pytest.raises(UnknownSignIn):
        kept.answer(sign_in.number, Reply.APPROVED, START + 2 * MINUTE)
    sign_in.notify(START + 2 * MINUTE)
    assert sign_in.heard(START + 2 * MINUTE) is Reply.TIMED_OUT


def test_a_notification_that_is_sent_again_lasts_anew() -> None:
    kept = SignIns()
    sign_in = begun(kept, PUSH)

    sign_in.notify(START + MINUTE)

    assert sign_in.notifications == 2
    assert sign_in.heard(START + 3 * MINUTE - 1) is Reply.WAITING
    assert sign_in.heard(START + 3 * MINUTE) is Reply.TIMED_OUT


def test_notifications_are_sent_twenty_times_at_most() -> None:
    sign_in = begun(SignIns(), PUSH)

    for _ in range(100):
        sign_in.notify(START)

    assert sign_in.notifications == sign_ins.NOTIFICATIONS_MAX


def test_codes_are_no_notifications() -> None:
    kept = SignIns()
    begun(kept, SecondFactors(code="246810"))
    begun(kept, BOTH, named="u")

    assert kept.notified(START) == []


def test_a_hundred_are_on_the_way_at_most() -> None:
    kept = SignIns()

    for number in range(150):
        begun(kept, PUSH, named=str(number))

    assert len(kept.notified(START)) == sign_ins.SIGN_INS_MAX
    assert kept.find("49", "gateway", START) is None
    assert kept.find("50", "gateway", START) is not None


def test_all_of_a_user_end_together() -> None:
    kept = SignIns()
    begun(kept, PUSH, named="t")
    begun(kept, PUSH, named="u")
    kept.begin(UserName("rich"), PUSH, START, token="v", purpose="gateway")

    kept.end_all(DEMO)

    assert [sign_in.user_name for sign_in in kept.notified(START)] == ["rich"]


def test_a_token_is_not_shown_by_accident() -> None:
    assert "secret" not in repr(begun(SignIns(), PUSH, named="secret"))
