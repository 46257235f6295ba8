from tests.kernel.applications import Office

from paperdesk.kernel.messages.cases import Action, Role, Stage, Track
from paperdesk.views import cases


def test_cases_are_found_by_stage_and_by_who_has_to_act() -> None:
    office = Office()
    office.pass_to(Stage.TIER_2)

    assert cases.waiting_for(office.case) == [Role.COMPLIANCE_2]
    assert cases.selected(office.world, role=Role.COMPLIANCE_2) == [office.case]
    assert cases.selected(office.world, role=Role.COMPLIANCE_1) == []
    assert cases.selected(office.world, stage=Stage.TIER_2) == [office.case]
    assert cases.selected(office.world, stage=Stage.TIER_1) == []


def test_the_service_has_four_words_of_its_own() -> None:
    firm = Office(Track.CLIENT)
    assert cases.client_status(firm.case) == "REQUESTED"
    firm.review(Action.ASK)
    assert cases.client_status(firm.case) == "REQUESTED"
    firm.move(Action.ANSWER, "ann", Role.APPLICANT)
    firm.pass_to(Stage.TEST_ACTIVE)
    assert cases.client_status(firm.case) == "ACTIVE"
    firm.move(Action.WITHDRAW, "ann", Role.APPLICANT)
    assert cases.client_status(firm.case) == "REVOKED"


def test_what_can_be_done_is_said_in_words() -> None:
    assert cases.possible(Office().case)[0] == {"action": "submit", "roles": ["applicant"]}
