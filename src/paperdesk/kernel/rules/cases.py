"""Cases: opened, changed and moved on by people, and by time where it is let.

A case that waits for longer than it should is reminded of and never moved for that. Whoever moves
one says which version was seen; what comes twice with one key is done once.
"""

from collections.abc import Iterator
from typing import Final

from paperdesk.kernel.messages import Event
from paperdesk.kernel.messages.cases import (
    Action,
    AssignClerk,
    AttachDocument,
    CaseEdited,
    CaseOpened,
    ChangeProposed,
    ClerkAssigned,
    ClientMaterial,
    ConsumerMaterial,
    DecideRegion,
    DocumentAttached,
    EditCase,
    ForceOutcome,
    HandInKeys,
    KeysHandedIn,
    KeyTestPassed,
    MoveCase,
    OpenCase,
    OutcomeForced,
    PassKeyTest,
    ProposeChange,
    RegionDecided,
    Role,
    Stage,
    Technical,
    Track,
)
from paperdesk.kernel.rules import case_dues, case_moves, case_steps, case_texts
from paperdesk.kernel.rules.case_access import found, seen, still_open
from paperdesk.kernel.rules.case_refusals import (
    CaseUnderReview,
    CommandReused,
    ConditionMissing,
    KeysNotNew,
    MoveNotPossible,
    RoleNotAllowed,
    TooManyCases,
)
from paperdesk.kernel.state.cases import TIERS, Case
from paperdesk.kernel.state.world import World

CASES_MAX: Final = 1_000
DOCUMENTS_MAX: Final = 200
EDITABLE: Final = (Stage.DRAFT, Stage.REQUESTED, Stage.INFO_REQUESTED)
OUTCOMES: Final = (Action.PASS, Action.REFUSE, Action.ASK)


def open_case(world: World, command: OpenCase) -> Iterator[Event]:
    """Begin a case, or begin again with what a rejected one said.

    Raises:
        InvalidCase: what is said has no sense.
        UnknownCase, MoveNotPossible: what is to be copied is no case that was rejected.
        TooManyCases: the desk has as many as it holds.
    """
    case_texts.check_actor(command.applicant)
    case_texts.check_details(command.details)
    if command.copied_from and found(world, command.copied_from).stage is not Stage.REJECTED:
        raise MoveNotPossible(f"{command.copied_from} was not rejected; it cannot be copied.")
    if len(world.cases.by_id) >= CASES_MAX:
        raise TooManyCases(f"A desk holds at most {CASES_MAX} cases.")
    case_id = f"case-{len(world.cases.by_id) + 1}"

    yield CaseOpened(
        at=world.now,
        case_id=case_id,
        track=command.track,
        applicant=command.applicant,
        details=command.details,
        home=command.home,
        has_clerk=command.has_clerk,
        is_alone=command.is_alone,
        copied_from=command.copied_from,
    )
    yield from case_dues.scheduled(world, world.cases.by_id[case_id])


def edit_case(world: World, command: EditCase) -> Iterator[Event]:
    """Say other things in an application.

    Raises:
        UnknownCase, CaseChanged, InvalidCase: see `move_case`.
        CaseUnderReview: it is being reviewed, or decided about.
    """
    case = seen(world, command.case_id, command.version)
    case_texts.check_actor(command.actor)
    case_texts.check_details(command.details)
    if case.stage not in EDITABLE or case.review is Stage.RE_REVIEW:
        raise CaseUnderReview(f"{case.case_id} is {case.stage.value}: what it says stays.")

    yield CaseEdited(
        at=world.now, case_id=case.case_id, actor=command.actor, details=command.details
    )
    yield from case_dues.scheduled(world, case)


def attach_document(world: World, command: AttachDocument) -> Iterator[Event]:
    """Add a paper to a case.

    Raises:
        UnknownCase, CaseChanged, InvalidCase: see `move_case`.
        MoveNotPossible: the case is over.
        TooManyCases: it has as many papers as a case holds.
    """
    case = still_open(world, command.case_id, command.version)
    case_texts.check_actor(command.actor)
    case_texts.check_document(command.document)
    if len(case.documents) >= DOCUMENTS_MAX:
        raise TooManyCases(f"A case holds at most {DOCUMENTS_MAX} papers.")

    yield DocumentAttached(
        at=world.now, case_id=case.case_id, actor=command.actor, document=command.document
    )
    yield from case_dues.scheduled(world, case)


def hand_in_keys(world: World, command: HandInKeys) -> Iterator[Event]:
    """Hand in public keys; whether they are good ones is for whoever reads them to say.

    Raises:
        UnknownCase, CaseChanged, InvalidCase: see `move_case`.
        MoveNotPossible: nobody has asked for them, or they are of another kind of program.
        KeysNotNew: test and production would have one key.
    """
    case = still_open(world, command.case_id, command.version)
    case_texts.check_actor(command.actor)
    if not _is_wanted(case, command.material):
        raise MoveNotPossible(f"{case.case_id} is {case.stage.value}: nobody waits for these keys.")
    if isinstance(command.material, ClientMaterial):
        other = case.test if command.material.is_live else case.live
        if other is not None and other.thumbprint == command.material.thumbprint:
            raise KeysNotNew("Test and production need a key each; this one is the other's.")

    yield KeysHandedIn(
        at=world.now, case_id=case.case_id, actor=command.actor, material=command.material
    )
    yield from case_dues.scheduled(world, case)


def pass_key_test(world: World, command: PassKeyTest) -> Iterator[Event]:
    """Remember that the applicant has the private halves.

    Raises:
        UnknownCase: there is none.
        ConditionMissing: it has no keys.
    """
    case = still_open(world, command.case_id, None)
    if case.consumer is None:
        raise ConditionMissing(f"{case.case_id} has no keys that could be tested.")

    yield KeyTestPassed(at=world.now, case_id=case.case_id, actor=command.actor)
    yield from case_dues.scheduled(world, case)


def decide_region(world: World, command: DecideRegion) -> Iterator[Event]:
    """Decide about one region.

    Raises:
        UnknownCase, CaseChanged, InvalidCase, RoleNotAllowed: see `move_case`.
        MoveNotPossible: no tier reviews the case, or nobody applies for the region.
    """
    case = still_open(world, command.case_id, command.version)
    case_texts.check_actor(command.actor)
    if command.role not in {*case_steps.COMPLIANCE, Role.ADMIN}:
        raise RoleNotAllowed(f"Regions are for compliance, not {command.role.value}.")
    wanted = case.wanted
    if case.stage not in {*TIERS, Stage.RE_REVIEW} or command.region not in wanted:
        raise MoveNotPossible(
            f"{case.case_id} is {case.stage.value} and asks for "
            f"{', '.join(region.value for region in wanted)}."
        )

    yield RegionDecided(
        at=world.now,
        case_id=case.case_id,
        actor=command.actor,
        role=command.role,
        region=command.region,
        is_approved=command.is_approved,
    )
    yield from case_dues.scheduled(world, case)


def propose_change(world: World, command: ProposeChange) -> Iterator[Event]:
    """Ask for other features or regions of a program that is active.

    Raises:
        UnknownCase, CaseChanged, InvalidCase: see `move_case`.
        CaseUnderReview: a change is being reviewed already.
        MoveNotPossible: it is not active, or of a firm.
    """
    case = still_open(world, command.case_id, command.version)
    case_texts.check_actor(command.actor)
    case_texts.check_scope(command.features, command.regions)
    if case.proposed is not None:
        raise CaseUnderReview(f"A change of {case.case_id} is being reviewed already.")
    if case.stage is not Stage.ACTIVE or case.track is not Track.THIRD_PARTY:
        raise MoveNotPossible(f"{case.case_id} is {case.stage.value}: nothing of it can change.")

    yield ChangeProposed(
        at=world.now,
        case_id=case.case_id,
        actor=command.actor,
        features=command.features,
        regions=command.regions,
    )
    yield from case_dues.scheduled(world, case)


def move_case(world: World, command: MoveCase) -> Iterator[Event]:
    """Move a case on.

    Raises:
        UnknownCase: there is none.
        InvalidCase: the actor's name or the comment has no sense.
        CommandReused: its key was used for another action.
        CaseChanged: somebody was quicker.
        MoveNotPossible: the action leads nowhere from here.
        RoleNotAllowed: it is somebody else's to do.
        ApproverNotIndependent, EvidenceMissing, RegionUndecided, ConditionMissing: see
            `case_conditions.check`.
    """
    case = found(world, command.case_id)
    case_texts.check_actor(command.actor)
    case_texts.check_comment(command.comment)
    if command.key and command.key in case.done:
        if case.done[command.key] is not command.action:
            raise CommandReused(f"The key was used for {case.done[command.key].value} before.")
        return
    step = case_moves.allowed(seen(world, command.case_id, command.version), command)

    yield case_moves.moved(world, case, command, step)
    yield from case_dues.scheduled(world, case)


def force_outcome(world: World, command: ForceOutcome) -> Iterator[Event]:
    """Say how a review will end when its time has come.

    Raises:
        UnknownCase, InvalidCase: see `move_case`.
        MoveNotPossible: the stage is none that ends so.
    """
    case = still_open(world, command.case_id, None)
    case_texts.check_comment(command.comment)
    steps = case_steps.STEPS[case.track].get(command.outcome, ())
    if command.outcome not in OUTCOMES or all(one.source is not command.stage for one in steps):
        raise MoveNotPossible(
            f"{command.stage.value} does not end by {command.outcome.value} in {case.track.value}."
        )

    yield OutcomeForced(
        at=world.now,
        case_id=case.case_id,
        stage=command.stage,
        outcome=command.outcome,
        comment=command.comment,
    )
    yield from case_dues.scheduled(world, case)


def assign_clerk(world: World, command: AssignClerk) -> Iterator[Event]:
    """Let reviews of a case pass by themselves, or no more.

    Raises:
        UnknownCase: there is none.
        MoveNotPossible: the case is over.
    """
    case = still_open(world, command.case_id, None)

    yield ClerkAssigned(at=world.now, case_id=case.case_id, is_on=command.is_on)
    yield from case_dues.scheduled(world, case)


def _is_wanted(case: Case, material: ConsumerMaterial | ClientMaterial) -> bool:
    if isinstance(material, ConsumerMaterial):
        is_asked = case.technical is not Technical.NONE
        return case.track is Track.THIRD_PARTY and case.stage is Stage.APPROVED and is_asked
    if case.track is not Track.CLIENT:
        return False
    if material.is_live:
        return case.stage in {Stage.TEST_ACTIVE, Stage.GO_LIVE_REQUESTED, Stage.PROD_SETUP}
    return case.stage is Stage.TEST_SETUP
