"""Stories of cases, each by the people who would play them."""

from typing import Any

import msgspec
import pytest
from tests.kernel.applications import DETAILS, KEYS, LIVE_KEY, TEST_KEY, Office

from paperdesk.base.regions import Region
from paperdesk.kernel.messages.cases import (
    Action,
    AssignClerk,
    CaseMoved,
    DecideRegion,
    EditCase,
    Feature,
    ForceOutcome,
    HandInKeys,
    OpenCase,
    PassKeyTest,
    Proof,
    ProposeChange,
    Role,
    Stage,
    Technical,
    Track,
)
from paperdesk.kernel.rules.case_refusals import (
    CaseChanged,
    CaseUnderReview,
    CommandReused,
    ConditionMissing,
    KeysNotNew,
    MoveNotPossible,
    RoleNotAllowed,
)

VENDOR_REVIEWS = [
    Stage.SCREENING,
    Stage.DUE_DILIGENCE,
    Stage.TIER_1,
    Stage.TIER_2,
    Stage.TIER_3,
    Stage.RE_REVIEW,
]
AUTOMATED = (Feature.PORTFOLIO, Feature.TRADING, Feature.AUTOMATED_TRADING)


@pytest.fixture
def office() -> Office:
    return Office()


def proposed(**more: Any) -> ProposeChange:  # noqa: ANN401
    given: dict[str, Any] = {"features": AUTOMATED, "regions": (Region.US,)} | more
    return ProposeChange(case_id="case-1", actor="ann", **given)


def reviewed_at(stage: Stage) -> Office:
    """Return an office whose case is in a stage of review."""
    if stage is Stage.RE_REVIEW:
        office = Office()
        office.pass_to(Stage.ACTIVE)
        office.do(proposed(features=(Feature.PORTFOLIO,)))
        return office
    is_client = stage in {Stage.REQUESTED, Stage.GO_LIVE_REQUESTED}
    office = Office(Track.CLIENT if is_client else Track.THIRD_PARTY)
    office.pass_to(stage)
    return office


def test_a_vendor_goes_all_the_way(office: Office) -> None:
    office.pass_to(Stage.ACTIVE)

    case = office.case
    assert case.is_live
    assert case.regions == (Region.US, Region.EUROPE)
    assert case.approvers == {"tier-1": "carl", "tier-2": "cleo", "tier-3": "cora"}
    assert len(case.public_name) == 25
    assert [entry.what for entry in case.history][:4] == ["open", "submit", "start", "pass"]
    assert case.version == len(case.history)


def test_a_firm_goes_all_the_way_with_two_keys() -> None:
    office = Office(Track.CLIENT)

    office.pass_to(Stage.ACTIVE)

    assert (office.case.test, office.case.live) == (TEST_KEY, LIVE_KEY)
    assert office.case.public_name.startswith("client-")


@pytest.mark.parametrize("stage", [*VENDOR_REVIEWS, Stage.REQUESTED, Stage.GO_LIVE_REQUESTED])
def test_every_review_asks_and_goes_on_where_it_was(stage: Stage) -> None:
    office = reviewed_at(stage)

    office.review(Action.ASK, comment="Which users?")
    assert (office.stage, office.case.review) == (Stage.INFO_REQUESTED, stage)
    assert office.case.is_live is (stage is Stage.RE_REVIEW)
    office.move(Action.ANSWER, "ann", Role.APPLICANT, comment="Ours.")

    assert (office.stage, office.case.asked_from) == (stage, None)
    assert [entry.comment for entry in office.case.history[-2:]] == ["Which users?", "Ours."]


@pytest.mark.parametrize("stage", [*VENDOR_REVIEWS, Stage.REQUESTED, Stage.GO_LIVE_REQUESTED])
def test_every_review_refuses(stage: Stage) -> None:
    office = reviewed_at(stage)

    office.review(Action.REFUSE)

    if stage is Stage.RE_REVIEW:
        assert (office.stage, office.case.is_live, office.case.proposed) == (
            Stage.ACTIVE,
            True,
            None,
        )
    else:
        assert (office.stage, office.case.is_final) == (Stage.REJECTED, True)


def test_a_declined_agreement_ends_the_case(office: Office) -> None:
    office.pass_to(Stage.APPROVED)
    office.move(Action.GENERATE_AGREEMENT, "lena", Role.LEGAL)
    office.move(Action.SEND_AGREEMENT, "lena", Role.LEGAL)

    office.move(Action.DECLINE_AGREEMENT, "ann", Role.APPLICANT)

    assert office.stage is Stage.REJECTED


def test_a_rejected_case_is_copied_and_no_other(office: Office) -> None:
    copy = OpenCase(track=Track.THIRD_PARTY, applicant="ann", details=DETAILS, copied_from="case-1")
    with pytest.raises(MoveNotPossible):
        office.do(copy)
    office.pass_to(Stage.SCREENING)
    office.review(Action.REFUSE)

    office.do(copy)

    second = office.world.cases.by_id["case-2"]
    assert (second.stage, second.copied_from) == (Stage.DRAFT, "case-1")


@pytest.mark.parametrize(
    "stage",
    [Stage.DRAFT, Stage.SUBMITTED, Stage.TIER_2, Stage.APPROVED, Stage.CONFIGURED, Stage.ACTIVE],
)
@pytest.mark.parametrize(
    ("action", "actor", "role", "end"),
    [
        (Action.WITHDRAW, "ann", Role.APPLICANT, Stage.WITHDRAWN),
        (Action.REVOKE, "root", Role.ADMIN, Stage.REVOKED),
    ],
)
def test_a_case_ends_from_wherever_it_is(
    office: Office, stage: Stage, action: Action, actor: str, role: Role, end: Stage
) -> None:
    office.pass_to(stage)

    office.move(action, actor, role)

    assert (office.stage, office.case.is_live, office.case.due_at) == (end, False, 0)
    assert office.world.cases.due == {}
    with pytest.raises(MoveNotPossible):
        office.move(action, actor, role)


def test_a_program_is_suspended_and_goes_on(office: Office) -> None:
    office.pass_to(Stage.ACTIVE)

    office.move(Action.SUSPEND, "carl", Role.COMPLIANCE_1)
    assert not office.case.is_live
    office.move(Action.RESUME, "carl", Role.COMPLIANCE_1)

    assert office.case.is_live


def test_a_change_is_effective_when_it_has_passed(office: Office) -> None:
    office.pass_to(Stage.ACTIVE)
    before = office.case.details

    office.do(proposed())
    assert (office.stage, office.case.details) == (Stage.RE_REVIEW, before)
    office.attach(Proof.REGISTRATION, "CRD 1", Region.US)
    office.review()

    assert office.stage is Stage.ACTIVE
    assert office.case.details == msgspec.structs.replace(
        before, features=AUTOMATED, regions=(Region.US,)
    )


def test_a_change_is_not_changed_while_it_is_reviewed(office: Office) -> None:
    office.pass_to(Stage.ACTIVE)
    office.do(proposed())

    with pytest.raises(CaseUnderReview):
        office.do(proposed(features=(Feature.PORTFOLIO,)))
    office.review(Action.ASK)
    with pytest.raises(CaseUnderReview):
        office.do(proposed(features=(Feature.PORTFOLIO,)))
    with pytest.raises(CaseUnderReview):
        office.do(EditCase(case_id="case-1", actor="ann", details=DETAILS))


def test_only_what_is_active_changes(office: Office) -> None:
    with pytest.raises(MoveNotPossible):
        office.do(proposed())


def test_an_application_is_edited_as_long_as_nobody_reviews_it(office: Office) -> None:
    edited = msgspec.structs.replace(DETAILS, firm="Other Ltd")
    office.do(EditCase(case_id="case-1", actor="ann", details=edited))
    assert office.case.details == edited
    office.pass_to(Stage.SCREENING)

    with pytest.raises(CaseUnderReview):
        office.do(EditCase(case_id="case-1", actor="ann", details=DETAILS))
    office.review(Action.ASK)
    office.do(EditCase(case_id="case-1", actor="ann", details=DETAILS))

    assert office.case.details == DETAILS


def test_the_quicker_of_two_reviewers_wins(office: Office) -> None:
    office.pass_to(Stage.SCREENING)
    seen = office.case.version

    office.review(Action.ASK, version=seen)

    with pytest.raises(CaseChanged, match="somebody was quicker"):
        office.move(Action.PASS, "oleg", Role.ONBOARDING, version=seen)
    assert office.stage is Stage.INFO_REQUESTED


def test_what_comes_twice_with_one_key_is_done_once(office: Office) -> None:
    seen = office.case.version
    first = office.move(Action.SUBMIT, "ann", Role.APPLICANT, version=seen, key="k1")

    again = office.move(Action.SUBMIT, "ann", Role.APPLICANT, version=seen, key="k1")

    assert any(isinstance(event, CaseMoved) for event in first)
    assert again == []
    with pytest.raises(CommandReused):
        office.move(Action.WITHDRAW, "ann", Role.APPLICANT, key="k1")


@pytest.mark.parametrize(
    ("action", "role"),
    [
        (Action.SUBMIT, Role.ONBOARDING),
        (Action.WITHDRAW, Role.LEGAL),
        (Action.REVOKE, Role.APPLICANT),
    ],
)
def test_roles_keep_to_what_is_theirs(office: Office, action: Action, role: Role) -> None:
    with pytest.raises(RoleNotAllowed):
        office.move(action, "eve", role)


def test_regions_are_for_compliance_and_while_tiers_review(office: Office) -> None:
    decide = DecideRegion(
        case_id="case-1",
        actor="cora",
        role=Role.COMPLIANCE_3,
        region=Region.US,
        is_approved=True,
    )
    with pytest.raises(MoveNotPossible):
        office.do(decide)
    office.pass_to(Stage.TIER_1)
    with pytest.raises(RoleNotAllowed):
        office.do(msgspec.structs.replace(decide, role=Role.LEGAL))
    with pytest.raises(MoveNotPossible):
        office.do(msgspec.structs.replace(decide, region=Region.ASIA))

    office.do(decide)

    assert office.case.decided == {"us": True}


def test_a_region_that_is_refused_is_not_served(office: Office) -> None:
    office.pass_to(Stage.TIER_3)
    office.decide(Region.US)
    office.decide(Region.EUROPE, is_approved=False)
    office.review()

    assert office.case.regions == (Region.US,)


def test_keys_come_when_they_are_asked_for_and_are_tested_anew(office: Office) -> None:
    hand_in = HandInKeys(case_id="case-1", actor="ann", material=KEYS)
    with pytest.raises(MoveNotPossible):
        office.do(hand_in)
    with pytest.raises(ConditionMissing):
        office.do(PassKeyTest(case_id="case-1", actor="ann"))
    office.pass_to(Stage.APPROVED)
    office.papers()
    office.do(hand_in)
    office.do(PassKeyTest(case_id="case-1", actor="ann"))
    office.move(Action.VERIFY_KEYS, "ed", Role.ENGINEERING)

    office.do(hand_in)

    assert (office.case.technical, office.case.is_tested) == (Technical.KEYS_RECEIVED, False)
    with pytest.raises(MoveNotPossible):
        office.hand_in(TEST_KEY)


def test_production_and_test_have_a_key_each() -> None:
    office = Office(Track.CLIENT)
    office.pass_to(Stage.TEST_ACTIVE)

    with pytest.raises(KeysNotNew):
        office.hand_in(msgspec.structs.replace(LIVE_KEY, thumbprint=TEST_KEY.thumbprint))
    with pytest.raises(ConditionMissing):
        office.move(Action.GO_LIVE, "ann", Role.APPLICANT)
    with pytest.raises(MoveNotPossible):
        office.hand_in(TEST_KEY)
    with pytest.raises(MoveNotPossible):
        office.hand_in(KEYS)


def test_an_operator_skips_what_takes_weeks(office: Office) -> None:
    office.move(Action.SUBMIT, "ann", Role.APPLICANT)
    for _ in range(6):
        office.move(Action.SKIP, "root", Role.ADMIN)
    assert office.stage is Stage.APPROVED
    assert office.case.regions == (Region.US, Region.EUROPE)
    with pytest.raises(ConditionMissing):
        office.move(Action.SKIP, "root", Role.ADMIN)
    office.move(Action.REQUEST_KEYS, "root", Role.ADMIN)
    office.hand_in()

    office.move(Action.SKIP, "root", Role.ADMIN)
    office.move(Action.SKIP, "root", Role.ADMIN)

    assert (office.stage, office.case.due_at) == (Stage.ACTIVE, 0)
    with pytest.raises(MoveNotPossible):
        office.move(Action.SKIP, "root", Role.ADMIN)


def test_an_outcome_is_forced_for_a_review_that_can_end_so(office: Office) -> None:
    office.do(ForceOutcome(case_id="case-1", stage=Stage.TIER_2, outcome=Action.REFUSE))
    assert office.case.forced["tier-2"].outcome is Action.REFUSE

    for stage, outcome in (
        (Stage.APPROVED, Action.PASS),
        (Stage.TIER_1, Action.SUBMIT),
        (Stage.REQUESTED, Action.PASS),
    ):
        with pytest.raises(MoveNotPossible):
            office.do(ForceOutcome(case_id="case-1", stage=stage, outcome=outcome))


def test_a_clerk_comes_and_goes(office: Office) -> None:
    office.pass_to(Stage.SCREENING)

    office.do(AssignClerk(case_id="case-1", is_on=True))
    assert office.case.clerk_at > office.world.now
    office.do(AssignClerk(case_id="case-1", is_on=False))

    assert office.case.clerk_at == 0
