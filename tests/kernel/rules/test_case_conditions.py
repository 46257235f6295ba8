import msgspec
import pytest
from tests.kernel.applications import KEYS, TEST_KEY, Office

from paperdesk.base.regions import Region
from paperdesk.kernel.messages.cases import (
    Action,
    EditCase,
    Feature,
    HandInKeys,
    Proof,
    Role,
    Stage,
    Track,
)
from paperdesk.kernel.rules import case_conditions
from paperdesk.kernel.rules.case_refusals import (
    ApproverNotIndependent,
    ConditionMissing,
    EvidenceMissing,
    MoveNotPossible,
    RegionUndecided,
)


def automated() -> Office:
    office = Office()
    features = (Feature.TRADING, Feature.AUTOMATED_TRADING)
    details = msgspec.structs.replace(office.case.details, features=features)
    office.do(EditCase(case_id="case-1", actor="ann", details=details))
    office.pass_to(Stage.TIER_1)
    return office


def test_automated_trading_needs_a_registration_or_an_opinion_for_each_region() -> None:
    office = automated()

    with pytest.raises(EvidenceMissing, match="us, europe"):
        office.review()
    office.attach(Proof.REGISTRATION, "CRD 1", Region.US)
    office.attach(Proof.OPINION, "opinion.pdf", Region.ASIA)
    with pytest.raises(EvidenceMissing, match="for: europe"):
        office.review()
    office.attach(Proof.OPINION, "opinion.pdf", Region.EUROPE)
    office.review()

    assert office.stage is Stage.TIER_2
    assert case_conditions.unproved(office.case) == []


def test_three_people_approve_and_none_of_them_applies() -> None:
    office = Office()
    office.pass_to(Stage.TIER_1)

    with pytest.raises(ApproverNotIndependent, match="applies"):
        office.move(Action.PASS, "ann", Role.COMPLIANCE_1)
    office.review()
    with pytest.raises(ApproverNotIndependent, match="has approved tier-1"):
        office.move(Action.PASS, "carl", Role.COMPLIANCE_2)
    office.review()
    with pytest.raises(ApproverNotIndependent):
        office.move(Action.PASS, "cleo", Role.COMPLIANCE_3)


def test_who_is_alone_approves_everything() -> None:
    office = Office(is_alone=True)
    office.pass_to(Stage.TIER_1)

    office.move(Action.PASS, "ann", Role.ADMIN)
    office.move(Action.PASS, "ann", Role.ADMIN)

    assert office.stage is Stage.TIER_3


def test_each_region_is_decided_about_and_one_is_approved() -> None:
    office = Office()
    office.pass_to(Stage.TIER_3)

    with pytest.raises(RegionUndecided, match="us, europe"):
        office.review()
    for region in (Region.US, Region.EUROPE):
        office.decide(region, is_approved=False)
    with pytest.raises(RegionUndecided, match="No region"):
        office.review()


def test_a_vendor_is_configured_when_papers_and_keys_are_done() -> None:
    office = Office()
    office.pass_to(Stage.APPROVED)

    def configured() -> None:
        office.move(Action.CONFIGURE, "ed", Role.ENGINEERING)

    with pytest.raises(ConditionMissing, match="agreement is none"):
        configured()
    with pytest.raises(MoveNotPossible):
        office.move(Action.SIGN_AGREEMENT, "ann", Role.APPLICANT)
    with pytest.raises(MoveNotPossible):
        office.move(Action.VERIFY_KEYS, "ed", Role.ENGINEERING)
    office.papers()
    with pytest.raises(ConditionMissing, match="keys-requested"):
        configured()
    office.do(HandInKeys(case_id="case-1", actor="ann", material=KEYS))
    assert case_conditions.has_material(office.case)
    with pytest.raises(ConditionMissing, match="self-test"):
        office.move(Action.VERIFY_KEYS, "ed", Role.ENGINEERING)


def test_a_firm_is_configured_when_it_says_where_it_comes_from() -> None:
    office = Office(Track.CLIENT)
    office.pass_to(Stage.TEST_SETUP)
    office.papers()
    assert not case_conditions.has_material(office.case)

    for material in (None, msgspec.structs.replace(TEST_KEY, networks=())):
        if material is not None:
            office.hand_in(material)
        with pytest.raises(ConditionMissing, match="networks"):
            office.move(Action.CONFIGURE, "ed", Role.ENGINEERING)
