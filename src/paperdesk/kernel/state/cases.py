"""Cases: where each is, what it has, and everything that has happened to it."""

from typing import Final

import msgspec

from paperdesk.base.regions import Region
from paperdesk.base.units import Instant
from paperdesk.kernel.messages.cases import (
    Action,
    Agreement,
    CaseEdited,
    CaseMoved,
    CaseOpened,
    CaseReminded,
    CaseScheduled,
    ChangeProposed,
    ClerkAssigned,
    ClientMaterial,
    ConsumerMaterial,
    Details,
    Document,
    DocumentAttached,
    Feature,
    KeysHandedIn,
    KeyTestPassed,
    OutcomeForced,
    RegionDecided,
    Role,
    Stage,
    Technical,
    Track,
)

KEYS_REMEMBERED: Final = 100
BEGINNINGS: Final = {Track.THIRD_PARTY: Stage.DRAFT, Track.CLIENT: Stage.REQUESTED}
TIERS: Final = (Stage.TIER_1, Stage.TIER_2, Stage.TIER_3)
FINAL: Final = (Stage.REJECTED, Stage.WITHDRAWN, Stage.REVOKED)
YES: Final = (Action.PASS, Action.SKIP)


class Entry(msgspec.Struct, frozen=True):
    """One line of a case's history."""

    at: Instant
    actor: str
    role: str
    what: str
    stage: Stage
    comment: str = ""


class Proposal(msgspec.Struct, frozen=True):
    """What a program that is active wants to be."""

    features: tuple[Feature, ...]
    regions: tuple[Region, ...]


class Forced(msgspec.Struct, frozen=True):
    """How a review will end."""

    outcome: Action
    comment: str


class Case(msgspec.Struct, kw_only=True):
    """One application, from its first draft to its program's end.

    `details` say what is effective, or applied for while nothing is; `proposed` what is asked for
    beside it. `asked_from` is where a case came from that waits for information, and goes back to.
    `decided` has the regions about which compliance has decided, `approvers` who approved which
    tier. `done` has the keys of commands that were done, and `clerk_at`, `late_at` and
    `activates_at` what time alone will do, 0 for nothing.
    """

    case_id: str
    track: Track
    applicant: str
    details: Details
    home: Region
    has_clerk: bool
    is_alone: bool
    copied_from: str
    stage: Stage
    since: Instant
    version: int = 1
    asked_from: Stage | None = None
    agreement: Agreement = Agreement.NONE
    technical: Technical = Technical.NONE
    consumer: ConsumerMaterial | None = None
    test: ClientMaterial | None = None
    live: ClientMaterial | None = None
    is_tested: bool = False
    proposed: Proposal | None = None
    decided: dict[str, bool] = {}
    approvers: dict[str, str] = {}
    documents: list[Document] = []
    history: list[Entry] = []
    forced: dict[str, Forced] = {}
    done: dict[str, Action] = {}
    public_name: str = ""
    clerk_at: Instant = 0
    late_at: Instant = 0
    activates_at: Instant = 0
    is_late: bool = False

    @property
    def is_final(self) -> bool:
        """Whether nothing moves it any more."""
        return self.stage in FINAL

    @property
    def review(self) -> Stage:
        """The stage that it is in, or comes back to when its questions are answered."""
        return self.asked_from or self.stage

    @property
    def is_live(self) -> bool:
        """Whether its program may sign in; a new review changes nothing about that."""
        return self.review in {Stage.ACTIVE, Stage.RE_REVIEW}

    @property
    def regions(self) -> tuple[Region, ...]:
        """The regions that its program may serve."""
        return tuple(one for one in self.details.regions if self.decided.get(one.value))

    @property
    def wanted(self) -> tuple[Region, ...]:
        """The regions that are applied for, be it by a change."""
        return self.details.regions if self.proposed is None else self.proposed.regions

    @property
    def due_at(self) -> Instant:
        """When time alone does something next; 0 for never."""
        return min((at for at in (self.clerk_at, self.late_at, self.activates_at) if at), default=0)


class Cases(msgspec.Struct):
    """Every case of the desk, and when time alone does something to which of them."""

    by_id: dict[str, Case] = {}
    due: dict[str, Instant] = {}


def opened(cases: Cases, event: CaseOpened) -> None:
    """Remember a case."""
    case = cases.by_id[event.case_id] = Case(
        case_id=event.case_id,
        track=event.track,
        applicant=event.applicant,
        details=event.details,
        home=event.home,
        has_clerk=event.has_clerk,
        is_alone=event.is_alone,
        copied_from=event.copied_from,
        stage=BEGINNINGS[event.track],
        since=event.at,
    )
    case.history.append(Entry(event.at, event.applicant, Role.APPLICANT.value, "open", case.stage))


def edited(cases: Cases, event: CaseEdited) -> None:
    """Let an application say other things."""
    case = cases.by_id[event.case_id]
    case.details = event.details
    _note(case, event.at, event.actor, "edit")


def document_attached(cases: Cases, event: DocumentAttached) -> None:
    """Keep a paper."""
    case = cases.by_id[event.case_id]
    case.documents.append(event.document)
    what = f"attach {event.document.proof.value} {event.document.name}"
    _note(case, event.at, event.actor, what)


def keys_handed_in(cases: Cases, event: KeysHandedIn) -> None:
    """Keep keys; those of before, and what was shown about them, are worth nothing."""
    case, material = cases.by_id[event.case_id], event.material
    if isinstance(material, ConsumerMaterial):
        case.consumer = material
        case.is_tested = False
    elif material.is_live:
        case.live = material
    else:
        case.test = material
    if case.technical is not Technical.NONE:
        case.technical = Technical.KEYS_RECEIVED
    _note(case, event.at, event.actor, "hand in keys")


def key_test_passed(cases: Cases, event: KeyTestPassed) -> None:
    """Remember that keys were shown to be in their places."""
    case = cases.by_id[event.case_id]
    case.is_tested = True
    _note(case, event.at, event.actor, "pass key test")


def region_decided(cases: Cases, event: RegionDecided) -> None:
    """Remember what was decided about a region."""
    case = cases.by_id[event.case_id]
    case.decided[event.region.value] = event.is_approved
    verb = "approve" if event.is_approved else "refuse"
    _note(case, event.at, event.actor, f"{verb} {event.region.value}", event.role)


def change_proposed(cases: Cases, event: ChangeProposed) -> None:
    """Begin a new review beside what is effective."""
    case = cases.by_id[event.case_id]
    case.proposed = Proposal(event.features, event.regions)
    case.stage = Stage.RE_REVIEW
    case.since = event.at
    case.is_late = False
    _note(case, event.at, event.actor, "propose a change")


def moved(cases: Cases, event: CaseMoved) -> None:
    """Let a case be where it has been moved to."""
    case = cases.by_id[event.case_id]
    before = case.stage
    _decide(case, event)
    if event.stage is not before:
        case.asked_from = before if event.stage is Stage.INFO_REQUESTED else None
        case.since = event.at
        case.late_at, case.is_late = 0, False
    case.clerk_at = 0
    case.stage = event.stage
    case.agreement = event.agreement
    case.technical = event.technical
    case.activates_at = event.activates_at
    case.public_name = event.public_name or case.public_name
    case.forced.pop(before.value, None)
    if event.key:
        case.done[event.key] = event.action
        while len(case.done) > KEYS_REMEMBERED:
            del case.done[next(iter(case.done))]
    _note(case, event.at, event.actor, event.action.value, event.role, event.comment)
    _keep_due(cases, case)


def _decide(case: Case, event: CaseMoved) -> None:
    """Remember what a reviewer's word means where a case is."""
    if case.stage in TIERS and event.action is Action.PASS:
        case.approvers[case.stage.value] = event.actor
    if event.action is Action.SKIP and case.stage in {Stage.TIER_3, Stage.RE_REVIEW}:
        for region in case.wanted:
            case.decided.setdefault(region.value, True)
    if case.stage is Stage.RE_REVIEW and event.stage is Stage.ACTIVE:
        _conclude(case, is_accepted=event.action in YES)


def outcome_forced(cases: Cases, event: OutcomeForced) -> None:
    """Remember how a review will end."""
    case = cases.by_id[event.case_id]
    case.forced[event.stage.value] = Forced(event.outcome, event.comment)
    what = f"force {event.outcome.value} of {event.stage.value}"
    _note(case, event.at, "operator", what, Role.ADMIN)


def clerk_assigned(cases: Cases, event: ClerkAssigned) -> None:
    """Let reviews pass by themselves, or not."""
    case = cases.by_id[event.case_id]
    case.has_clerk = event.is_on
    _note(case, event.at, "operator", "clerk on" if event.is_on else "clerk off", Role.ADMIN)


def scheduled(cases: Cases, event: CaseScheduled) -> None:
    """Remember what time alone will do."""
    case = cases.by_id[event.case_id]
    case.clerk_at, case.late_at = event.clerk_at, event.late_at
    _keep_due(cases, case)


def reminded(cases: Cases, event: CaseReminded) -> None:
    """Remember that a case is late."""
    case = cases.by_id[event.case_id]
    case.late_at = 0
    case.is_late = True
    case.history.append(Entry(event.at, Role.CLERK.value, Role.CLERK.value, "remind", event.stage))
    _keep_due(cases, case)


def _conclude(case: Case, *, is_accepted: bool) -> None:
    """End a new review: what was proposed is effective, or forgotten."""
    proposed = case.proposed
    case.proposed = None
    if proposed is not None and is_accepted:
        case.details = msgspec.structs.replace(
            case.details, features=proposed.features, regions=proposed.regions
        )


def _note(
    case: Case,
    at: Instant,
    actor: str,
    what: str,
    role: Role = Role.APPLICANT,
    comment: str = "",
) -> None:
    case.version += 1
    case.history.append(Entry(at, actor, role.value, what, case.stage, comment))


def _keep_due(cases: Cases, case: Case) -> None:
    if case.due_at:
        cases.due[case.case_id] = case.due_at
    else:
        cases.due.pop(case.case_id, None)
