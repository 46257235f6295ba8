"""Dues of cases: what time alone does with them."""

from collections.abc import Iterator

from paperdesk.base.units import Instant
from paperdesk.kernel.messages import Event
from paperdesk.kernel.messages.cases import (
    Action,
    CaseMoved,
    CaseReminded,
    CaseScheduled,
    MoveCase,
    RegionDecided,
    Role,
    Stage,
)
from paperdesk.kernel.rules import case_moves, case_steps, case_times
from paperdesk.kernel.state.cases import Case
from paperdesk.kernel.state.world import World


def next_due(world: World) -> Instant | None:
    """Return when time alone does something with a case; None for never."""
    return min(world.cases.due.values()) if world.cases.due else None


def due(world: World) -> Iterator[Event]:
    """Do what is due now: activate, remind, let the clerk act; one case after the other."""
    for case_id in [one for one, at in world.cases.due.items() if at <= world.now]:
        case = world.cases.by_id[case_id]
        if 0 < case.activates_at <= world.now:
            yield _by_time(world, case, Action.ACTIVATE)
            yield from scheduled(world, case)
            continue
        if 0 < case.late_at <= world.now:
            yield CaseReminded(at=world.now, case_id=case_id, stage=case.stage)
        if 0 < case.clerk_at <= world.now:
            yield from _clerk_acts(world, case)
            yield from scheduled(world, case)


def _clerk_acts(world: World, case: Case) -> Iterator[Event]:
    """Do what the clerk was to do; who approves the last tier decides about regions first."""
    action = case_times.clerks_action(case)
    assert action is not None, "the clerk is asked again at every change"
    if action is Action.PASS and case.stage in {Stage.TIER_3, Stage.RE_REVIEW}:
        for region in case.wanted:
            if region.value not in case.decided:
                yield RegionDecided(
                    at=world.now,
                    case_id=case.case_id,
                    actor=_clerk(case),
                    role=Role.CLERK,
                    region=region,
                    is_approved=True,
                )
    yield _by_time(world, case, action)


def _by_time(world: World, case: Case, action: Action) -> CaseMoved:
    step = case_steps.step(case, action)
    assert step is not None, "time takes only steps that there are"
    forced = case.forced.get(case.stage.value)
    command = MoveCase(
        case_id=case.case_id,
        actor=_clerk(case),
        role=Role.CLERK,
        action=action,
        version=case.version,
        comment=forced.comment if forced else "",
    )
    return case_moves.moved(world, case, command, step)


def _clerk(case: Case) -> str:
    """Return the clerk's name: another one for each tier."""
    return f"clerk of {case.stage.value}"


def scheduled(world: World, case: Case) -> Iterator[Event]:
    """Say anew what time will do to a case, where that has changed.

    What the clerk has begun goes on while papers come; a move begins something else.
    """
    clerk_at, late_at = case_times.schedule(world, case)
    if clerk_at and case.clerk_at:
        clerk_at = case.clerk_at
    if (clerk_at, late_at) != (case.clerk_at, case.late_at):
        yield CaseScheduled(at=world.now, case_id=case.case_id, clerk_at=clerk_at, late_at=late_at)
