"""Whatever people and time do with cases, some things always hold."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.kernel.applications import KEYS, LIVE_KEY, TEST_KEY, Office

from paperdesk.base.errors import Refusal
from paperdesk.base.regions import Region
from paperdesk.base.units import DAY, HOUR
from paperdesk.kernel.messages import Command
from paperdesk.kernel.messages.cases import (
    Action,
    AssignClerk,
    DecideRegion,
    Feature,
    ForceOutcome,
    HandInKeys,
    MoveCase,
    PassKeyTest,
    ProposeChange,
    Role,
    Stage,
    Track,
)
from paperdesk.kernel.messages.clock import AdvanceClock
from paperdesk.kernel.rules import case_conditions
from paperdesk.kernel.state.cases import Case

PEOPLE = st.sampled_from(["ann", "carl", "cleo", "cora"])
ROLES = st.sampled_from([role for role in Role if role is not Role.CLERK])
ID = st.just("case-1")


def moves(office: Office) -> st.SearchStrategy[Command]:
    """Return what somebody may try next, sensible or not."""
    version = office.case.version
    return st.one_of(
        st.builds(
            MoveCase,
            case_id=ID,
            actor=PEOPLE,
            role=ROLES,
            action=st.sampled_from(Action),
            version=st.sampled_from([version, version, version, version - 1]),
        ),
        st.builds(
            DecideRegion,
            case_id=ID,
            actor=PEOPLE,
            role=ROLES,
            region=st.sampled_from(Region),
            is_approved=st.booleans(),
        ),
        st.builds(
            HandInKeys,
            case_id=ID,
            actor=PEOPLE,
            material=st.sampled_from([KEYS, TEST_KEY, LIVE_KEY]),
        ),
        st.builds(PassKeyTest, case_id=ID, actor=PEOPLE),
        st.builds(
            ProposeChange,
            case_id=ID,
            actor=PEOPLE,
            features=st.just((Feature.TRADING, Feature.AUTOMATED_TRADING)),
            regions=st.just((Region.US, Region.ASIA)),
        ),
        st.builds(
            ForceOutcome,
            case_id=ID,
            stage=st.sampled_from(Stage),
            outcome=st.sampled_from([Action.PASS, Action.REFUSE, Action.ASK]),
        ),
        st.builds(AssignClerk, case_id=ID, is_on=st.booleans()),
        st.integers(1, 20).map(lambda days: AdvanceClock(to=office.world.now + days * DAY + HOUR)),
    )


def check(case: Case, before: Stage) -> None:
    """Make sure of what always holds of a case."""
    if before in {Stage.REJECTED, Stage.WITHDRAWN, Stage.REVOKED}:
        assert case.stage is before
    assert (case.asked_from is not None) == (case.stage is Stage.INFO_REQUESTED)
    assert (case.proposed is not None) == (case.review is Stage.RE_REVIEW) or case.is_final
    assert bool(case.activates_at) == (case.stage is Stage.CONFIGURED)
    assert case.since <= case.history[-1].at
    people = [name for name in case.approvers.values() if not name.startswith("clerk")]
    assert len(set(people)) == len(people)
    assert case.applicant not in people
    if case.stage in {Stage.CONFIGURED, Stage.ACTIVE, Stage.TEST_ACTIVE}:
        assert case.public_name
        assert case_conditions.has_material(case) or case.track is Track.CLIENT


@settings(max_examples=60, deadline=None)
@given(data=st.data(), track=st.sampled_from(Track))
def test_a_case_is_never_where_it_cannot_be(data: st.DataObject, track: Track) -> None:
    """Each command is replayed too, and leads to the same world: see `Office.do`."""
    office = Office(track, has_clerk=data.draw(st.booleans()))
    start: Any = data.draw(
        st.sampled_from([None, Stage.TIER_1, Stage.APPROVED, Stage.ACTIVE])
        if track is Track.THIRD_PARTY
        else st.sampled_from([None, Stage.TEST_SETUP, Stage.TEST_ACTIVE, Stage.ACTIVE])
    )
    if start is not None:
        office.pass_to(start)
    for _ in range(data.draw(st.integers(1, 25))):
        before = office.case.stage
        try:
            office.do(data.draw(moves(office)))
        except Refusal:
            assert office.case.stage is before
        check(office.case, before)
        due_at = office.case.due_at
        assert office.world.cases.due == ({"case-1": due_at} if due_at else {})
        assert not due_at or due_at > office.world.now or office.case.since == office.world.now
