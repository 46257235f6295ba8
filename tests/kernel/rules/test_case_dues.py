"""What time does with cases, in weeks that pass at once."""

import msgspec
import pytest
from tests.kernel.applications import BEGINS, KEYS, LIVE_KEY, TEST_KEY, Office

from paperdesk.base.calendar import day_of, weekday
from paperdesk.base.regions import Region, zone
from paperdesk.base.units import DAY, HOUR, Instant
from paperdesk.kernel.messages.cases import (
    Action,
    CaseMoved,
    CaseReminded,
    EditCase,
    Feature,
    ForceOutcome,
    HandInKeys,
    PassKeyTest,
    Proof,
    ProposeChange,
    Role,
    Stage,
    Track,
)
from paperdesk.kernel.messages.clock import AdvanceClock
from paperdesk.kernel.rules import case_dues

WEEK = 7 * DAY


def moves(office: Office) -> list[tuple[Instant, Stage]]:
    return [(entry.at, entry.stage) for entry in office.case.history if entry.role == "clerk"]


def test_a_case_goes_through_its_weeks_by_itself() -> None:
    office = Office(has_clerk=True)
    office.move(Action.SUBMIT, "ann", Role.APPLICANT)

    office.wait(16 * WEEK)

    assert office.stage is Stage.APPROVED
    assert office.case.regions == (Region.US, Region.EUROPE)
    assert len(set(office.case.approvers.values())) == 3
    for at, _ in moves(office):
        day, into_day = zone(Region.US).local(at)
        assert weekday(day) < 5
        assert 10 * HOUR <= into_day <= 16 * HOUR


def test_screening_takes_two_to_three_weeks_and_the_seed_says_how_long() -> None:
    taken = []
    for _ in range(2):
        office = Office(has_clerk=True)
        office.move(Action.SUBMIT, "ann", Role.APPLICANT)
        office.wait(16 * WEEK)
        at = {stage: at for at, stage in moves(office)}
        taken.append(at[Stage.DUE_DILIGENCE] - at[Stage.SCREENING])

    assert taken[0] == taken[1]
    assert 13 * DAY < taken[0] < 22 * DAY


def test_papers_and_keys_go_on_beside_the_applicant() -> None:
    office = Office(has_clerk=True)
    office.pass_to(Stage.APPROVED)
    office.wait(4 * WEEK)
    assert office.case.agreement.value == "sent"

    office.move(Action.SIGN_AGREEMENT, "ann", Role.APPLICANT)
    office.do(HandInKeys(case_id="case-1", actor="ann", material=KEYS))
    office.wait(2 * WEEK)
    assert office.case.technical.value == "keys-received"
    office.do(PassKeyTest(case_id="case-1", actor="ann"))
    office.wait(2 * WEEK)

    assert office.stage is Stage.ACTIVE


def test_a_firm_goes_through_its_weeks_by_itself() -> None:
    office = Office(Track.CLIENT, has_clerk=True)
    office.wait(3 * WEEK)
    assert office.stage is Stage.TEST_SETUP
    office.wait(3 * WEEK)
    office.move(Action.SIGN_AGREEMENT, "ann", Role.APPLICANT)
    office.hand_in(msgspec.structs.replace(TEST_KEY, networks=()))
    office.wait(3 * WEEK)
    assert office.stage is Stage.TEST_SETUP, "it has not said where it comes from"
    office.hand_in(TEST_KEY)
    office.wait(3 * WEEK)
    assert office.case.stage.value == "test-active"
    office.hand_in(LIVE_KEY)
    office.move(Action.GO_LIVE, "ann", Role.APPLICANT)

    office.wait(4 * WEEK)

    assert office.case.stage.value == "active"


def test_the_clerk_asks_for_what_is_missing() -> None:
    office = Office(has_clerk=True)
    features = (Feature.TRADING, Feature.AUTOMATED_TRADING)
    details = msgspec.structs.replace(office.case.details, features=features)
    office.do(EditCase(case_id="case-1", actor="ann", details=details))
    office.move(Action.SUBMIT, "ann", Role.APPLICANT)
    office.wait(16 * WEEK)
    assert (office.stage, office.case.asked_from) == (Stage.INFO_REQUESTED, Stage.TIER_1)

    for region in details.regions:
        office.attach(Proof.OPINION, "opinion.pdf", region)
    office.move(Action.ANSWER, "ann", Role.APPLICANT)
    office.wait(8 * WEEK)

    assert office.stage is Stage.APPROVED


def test_a_paper_that_comes_meanwhile_does_not_put_the_clerk_off() -> None:
    office = Office(has_clerk=True)
    office.pass_to(Stage.SCREENING)
    before = office.case.clerk_at
    office.wait(DAY)

    office.attach(Proof.ENTITY, "register.pdf")

    assert office.case.clerk_at == before


@pytest.mark.parametrize(
    ("outcome", "stage"),
    [
        (Action.REFUSE, Stage.REJECTED),
        (Action.ASK, Stage.INFO_REQUESTED),
        (Action.PASS, Stage.DUE_DILIGENCE),
    ],
)
def test_a_review_ends_as_it_was_forced_to_when_its_time_has_come(
    outcome: Action, stage: Stage
) -> None:
    office = Office()
    office.do(
        ForceOutcome(
            case_id="case-1", stage=Stage.SCREENING, outcome=outcome, comment="as was said"
        )
    )
    office.pass_to(Stage.SCREENING)
    assert office.case.clerk_at > BEGINS + WEEK

    office.wait(3 * WEEK)

    assert office.stage is stage
    comments = [entry.comment for entry in office.case.history if entry.role == "clerk"]
    assert comments[0] == "as was said"
    assert office.case.forced == {}


def test_a_case_that_is_late_is_reminded_of_once_and_not_moved() -> None:
    office = Office()
    office.pass_to(Stage.SCREENING)

    events = office.wait(10 * WEEK)

    assert [type(event) for event in events if not event.kept] != []
    assert sum(isinstance(event, CaseReminded) for event in events) == 1
    assert (office.stage, office.case.is_late) == (Stage.SCREENING, True)
    (reminded,) = [entry for entry in office.case.history if entry.what == "remind"]
    assert 20 * DAY < reminded.at - BEGINS < 23 * DAY
    office.review()
    assert not office.case.is_late


def test_an_applicant_who_does_not_answer_is_reminded_of() -> None:
    office = Office()
    office.pass_to(Stage.SCREENING)
    office.review(Action.ASK)

    assert any(isinstance(event, CaseReminded) for event in office.wait(3 * WEEK))
    assert office.stage is Stage.INFO_REQUESTED


NIGHTS = [
    (Region.US, (2026, 3, 7), 24),
    (Region.US, (2026, 3, 8), 23),
    (Region.US, (2026, 11, 1), 25),
    (Region.EUROPE, (2026, 3, 29), 23),
    (Region.EUROPE, (2026, 10, 25), 25),
    (Region.ASIA, (2026, 11, 1), 24),
]


@pytest.mark.parametrize(("home", "date", "hours"), NIGHTS)
def test_a_program_is_active_from_the_very_midnight_on(
    home: Region, date: tuple[int, int, int], hours: int
) -> None:
    midnight = zone(home).instant(day_of(*date), 0)
    office = Office(now=midnight, home=home)
    office.pass_to(Stage.CONFIGURED)
    assert office.case.activates_at == midnight + hours * HOUR

    office.do(AdvanceClock(to=midnight + hours * HOUR - 1))
    assert office.case.stage.value == "configured"
    events = office.do(AdvanceClock(to=midnight + hours * HOUR + HOUR))

    assert office.case.stage is Stage.ACTIVE
    (moved,) = [event for event in events if isinstance(event, CaseMoved)]
    assert (moved.at, moved.role) == (midnight + hours * HOUR, Role.CLERK)


def test_a_long_jump_and_many_steps_lead_to_the_same_world() -> None:
    jumped, stepped = Office(has_clerk=True), Office(has_clerk=True)
    for office in (jumped, stepped):
        office.move(Action.SUBMIT, "ann", Role.APPLICANT)

    jumped.wait(10 * WEEK)
    for _ in range(10 * 7 * 4):
        stepped.wait(6 * HOUR)

    assert jumped.world == stepped.world


def test_a_new_review_is_concluded_by_the_clerk() -> None:
    office = Office(has_clerk=True)
    office.pass_to(Stage.ACTIVE)
    office.do(
        ProposeChange(
            case_id="case-1",
            actor="ann",
            features=(Feature.MARKET_DATA,),
            regions=(Region.US, Region.ASIA),
        )
    )

    office.wait(4 * WEEK)

    assert office.case.details.features == (Feature.MARKET_DATA,)
    assert office.case.regions == (Region.US, Region.ASIA)


def test_nothing_is_due_without_cases_that_wait() -> None:
    office = Office()

    assert case_dues.next_due(office.world) is None
    office.pass_to(Stage.SUBMITTED)
    assert case_dues.next_due(office.world) == office.case.due_at > BEGINS
