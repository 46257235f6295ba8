"""Moves of cases: whether a step may be taken, and what it comes to."""

from hashlib import blake2b

from paperdesk.kernel.messages.cases import Action, CaseMoved, MoveCase, Stage, Technical, Track
from paperdesk.kernel.rules import case_conditions, case_steps, case_times
from paperdesk.kernel.rules.case_refusals import ConditionMissing, MoveNotPossible
from paperdesk.kernel.rules.case_steps import Step
from paperdesk.kernel.state.cases import Case
from paperdesk.kernel.state.world import World


def allowed(case: Case, command: MoveCase) -> Step:
    """Return what a command does, if it may; see `move_case` for refusals."""
    is_skipped = command.action is Action.SKIP
    step = case_steps.forward(case) if is_skipped else case_steps.step(case, command.action)
    if step is None or (command.action is Action.ACTIVATE):
        ways = ", ".join(action.value for action, _ in case_steps.possible(case)) or "nothing"
        raise MoveNotPossible(
            f"{case.case_id} is {case.stage.value}: {command.action.value} leads nowhere; "
            f"possible: {ways}."
        )
    case_conditions.check_role(step, command)
    if not is_skipped:
        case_conditions.check(case, command)
    elif step.source in {Stage.APPROVED, Stage.TEST_SETUP, Stage.PROD_SETUP}:
        _check_material(case)
    return step


def _check_material(case: Case) -> None:
    if not case_conditions.has_material(case):
        raise ConditionMissing(
            f"{case.case_id} has no keys to be configured with, not even by skip."
        )


def moved(world: World, case: Case, command: MoveCase, step: Step) -> CaseMoved:
    """Return what a step of a case comes to."""
    agreement, technical = case.agreement, case.technical
    if command.action in case_conditions.NEXT_AGREEMENT:
        agreement = case_conditions.NEXT_AGREEMENT[command.action][1]
    if command.action in case_conditions.NEXT_TECHNICAL:
        technical = case_conditions.NEXT_TECHNICAL[command.action][1]
    if command.action is Action.REQUEST_KEYS and case.test is not None:
        technical = Technical.KEYS_RECEIVED
    is_configured = step.target in {Stage.CONFIGURED, Stage.TEST_ACTIVE}
    waits = step.target is Stage.CONFIGURED
    return CaseMoved(
        at=world.now,
        case_id=case.case_id,
        actor=command.actor,
        role=command.role,
        action=command.action,
        stage=step.target,
        agreement=agreement,
        technical=technical,
        comment=command.comment,
        key=command.key,
        public_name=public_name(world, case) if is_configured else "",
        activates_at=case_times.next_midnight(case.home, world.now) if waits else 0,
    )


def public_name(world: World, case: Case) -> str:
    """Return the consumer key, of 25 hex digits, or the client id of a case's program."""
    digest = blake2b(f"case/{world.seed}/{case.case_id}/name".encode(), digest_size=16).hexdigest()
    return digest[:25] if case.track is Track.THIRD_PARTY else f"client-{digest[:16]}"
