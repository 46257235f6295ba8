import pytest
from tests.kernel.applications import Office

from paperdesk.kernel.messages.cases import Action, Role, Stage, Track
from paperdesk.kernel.rules import case_steps
from paperdesk.kernel.rules.case_steps import STAGE_DAYS, STEPS
from paperdesk.kernel.state.cases import BEGINNINGS, FINAL


@pytest.mark.parametrize("track", list(Track))
def test_every_stage_can_be_reached_and_left(track: Track) -> None:
    steps = [one for several in STEPS[track].values() for one in several]
    sources = {step.source for step in steps}
    reached = {BEGINNINGS[track], *(step.target for step in steps)}

    assert reached - sources == {Stage.REJECTED}
    assert sources <= {*reached, Stage.RE_REVIEW}


def test_no_action_leads_to_two_places_from_one() -> None:
    for by_action in STEPS.values():
        for steps in by_action.values():
            assert len({step.source for step in steps}) == len(steps)


def test_what_is_over_leads_nowhere() -> None:
    office = Office()
    office.move(Action.WITHDRAW, "ann", Role.APPLICANT)

    assert office.stage in FINAL
    assert case_steps.possible(office.case) == []


def test_what_can_be_done_is_said_with_who_may() -> None:
    office = Office()

    assert case_steps.possible(office.case) == [
        (Action.SUBMIT, (Role.APPLICANT,)),
        (Action.REVOKE, (Role.ADMIN,)),
        (Action.WITHDRAW, (Role.APPLICANT,)),
    ]


def test_diligence_and_tiers_take_three_to_six_weeks_together() -> None:
    stages = (Stage.DUE_DILIGENCE, Stage.TIER_1, Stage.TIER_2, Stage.TIER_3)

    assert sum(STAGE_DAYS[stage].least for stage in stages) == 3 * 5
    assert sum(STAGE_DAYS[stage].most for stage in stages) == 6 * 5
