"""Cases: applications of vendors and firms, in which a team can play every role.

The person at the controls says as whom they act; nobody checks that. Who opens a case for practice
gives it a clerk, and weeks later by desk time it is through.
"""

import binascii
from base64 import b64decode
from enum import Enum
from hashlib import sha256
from typing import Any, Final, TypeVar

import msgspec

from paperdesk.auth import case_programs
from paperdesk.auth.exercises import TITLES
from paperdesk.base.regions import Region
from paperdesk.control.case_bodies import (
    Change,
    Clerk,
    Copying,
    Decision,
    Editing,
    Move,
    Opening,
    Outcome,
    Paper,
)
from paperdesk.control.operations import Asked, Operations
from paperdesk.control.refusals import BadControl
from paperdesk.kernel.messages import Command
from paperdesk.kernel.messages.cases import (
    Action,
    AssignClerk,
    AttachDocument,
    DecideRegion,
    Document,
    EditCase,
    ForceOutcome,
    MoveCase,
    OpenCase,
    ProposeChange,
    Role,
    Stage,
    Track,
)
from paperdesk.kernel.rules import case_access, case_conditions, case_steps
from paperdesk.kernel.rules.case_refusals import ConditionMissing
from paperdesk.kernel.state.cases import Case
from paperdesk.views import cases as views

operations = Operations()

OPERATOR: Final = "operator"

E = TypeVar("E", bound=Enum)


@operations.put("GET", "/desks/{desk}/cases")
def list_cases(asked: Asked) -> list[dict[str, Any]]:
    """List cases: all, those in a `state`, or those that wait for a `role`."""
    stage, role = asked.query.get("state"), asked.query.get("role")
    selected = views.selected(
        asked.desk.world,
        stage=one_of(Stage, stage) if stage else None,
        role=one_of(Role, role) if role else None,
    )
    return [row(asked, case) for case in selected]


@operations.put("POST", "/desks/{desk}/cases", Opening)
def open_case(asked: Asked) -> dict[str, Any]:
    """Open a case."""
    body = asked.body
    return _opened(
        asked,
        OpenCase(
            track=body.track,
            applicant=body.applicant,
            details=body.details,
            home=body.home or asked.control.roster.settings.region,
            has_clerk=body.has_clerk,
            is_alone=body.is_alone,
        ),
    )


@operations.put("GET", "/desks/{desk}/cases/{case}")
def read_case(asked: Asked) -> dict[str, Any]:
    """Say everything about a case: papers, keys, history, and what can be done."""
    return _shown(asked, case_of(asked))


@operations.put("POST", "/desks/{desk}/cases/{case}/copy", Copying)
def copy_case(asked: Asked) -> dict[str, Any]:
    """Open a case anew with what a rejected one said."""
    case = case_of(asked)
    return _opened(
        asked,
        OpenCase(
            track=case.track,
            applicant=asked.body.applicant or case.applicant,
            details=case.details,
            home=case.home,
            has_clerk=case.has_clerk,
            is_alone=case.is_alone,
            copied_from=case.case_id,
        ),
    )


@operations.put("POST", "/desks/{desk}/cases/{case}/details", Editing)
def edit_case(asked: Asked) -> dict[str, Any]:
    """Say other things in an application that is not under review."""
    body = asked.body
    return done(
        asked,
        EditCase(
            case_id=asked.path["case"],
            actor=body.actor,
            details=body.details,
            version=body.version,
        ),
    )


@operations.put("POST", "/desks/{desk}/cases/{case}/documents", Paper)
def attach_document(asked: Asked) -> dict[str, Any]:
    """Attach a paper, or say the number of a registration."""
    body = asked.body
    try:
        content = b64decode(body.content, validate=True)
    except binascii.Error:
        raise BadControl("content is base64.") from None
    document = Document(
        proof=body.proof,
        name=body.name,
        digest=sha256(content).hexdigest() if content else "",
        region=body.region,
    )
    return done(
        asked,
        AttachDocument(
            case_id=asked.path["case"],
            actor=body.actor,
            document=document,
            version=body.version,
        ),
    )


@operations.put("POST", "/desks/{desk}/cases/{case}/regions/{region}", Decision)
def decide_region(asked: Asked) -> dict[str, Any]:
    """Approve a region of a case, or refuse it."""
    body = asked.body
    return done(
        asked,
        DecideRegion(
            case_id=asked.path["case"],
            actor=body.actor,
            role=body.role,
            region=one_of(Region, asked.path["region"]),
            is_approved=body.is_approved,
            version=body.version,
        ),
    )


@operations.put("POST", "/desks/{desk}/cases/{case}/transitions", Move)
def move_case(asked: Asked) -> dict[str, Any]:
    """Move a case on, as somebody."""
    body = asked.body
    if body.action is Action.GO_LIVE and body.role is not Role.ADMIN:
        _check_exercises(asked)
    return done(
        asked,
        MoveCase(
            case_id=asked.path["case"],
            actor=body.actor,
            role=body.role,
            action=body.action,
            version=body.version,
            comment=body.comment,
            key=body.key,
        ),
    )


@operations.put("POST", "/desks/{desk}/cases/{case}/skip")
def skip_on(asked: Asked) -> dict[str, Any]:
    """Take a case as far as it comes without its applicant, at once."""
    case = case_of(asked)
    while case_steps.forward(case) is not None and _is_skippable(case):
        asked.desk.execute(
            MoveCase(
                case_id=case.case_id,
                actor=OPERATOR,
                role=Role.ADMIN,
                action=Action.SKIP,
                version=case.version,
            )
        )
    return _shown(asked, case)


@operations.put("POST", "/desks/{desk}/cases/{case}/change", Change)
def propose_change(asked: Asked) -> dict[str, Any]:
    """Ask for other features or regions of a program that is active."""
    body = asked.body
    return done(
        asked,
        ProposeChange(
            case_id=asked.path["case"],
            actor=body.actor,
            features=body.features,
            regions=body.regions,
            version=body.version,
        ),
    )


@operations.put("POST", "/desks/{desk}/cases/{case}/outcomes", Outcome)
def force_outcome(asked: Asked) -> dict[str, Any]:
    """Say in advance how a review will end, when its time has come."""
    body = asked.body
    return done(
        asked,
        ForceOutcome(
            case_id=asked.path["case"],
            stage=body.stage,
            outcome=body.outcome,
            comment=body.comment,
        ),
    )


@operations.put("POST", "/desks/{desk}/cases/{case}/clerk", Clerk)
def assign_clerk(asked: Asked) -> dict[str, Any]:
    """Let the reviews of a case pass by themselves, or no more."""
    return done(asked, AssignClerk(case_id=asked.path["case"], is_on=asked.body.is_on))


def case_of(asked: Asked) -> Case:
    """Return the case that a path names.

    Raises:
        UnknownCase: there is none.
    """
    return case_access.found(asked.desk.world, asked.path["case"])


def done(asked: Asked, command: Command) -> dict[str, Any]:
    """Run a command on the case that a path names, and show it."""
    asked.desk.execute(command)
    return _shown(asked, case_of(asked))


def row(asked: Asked, case: Case) -> dict[str, Any]:
    """Return where a case is."""
    text = asked.control.text
    return {
        "case_id": case.case_id,
        "track": case.track.value,
        "firm": case.details.firm,
        "applicant": case.applicant,
        "state": case.stage.value,
        "since": case.since,
        "since_text": text(case.since),
        "version": case.version,
        "waiting_for": [role.value for role in views.waiting_for(case)],
        "is_late": case.is_late,
        "has_clerk": case.has_clerk,
        "clerk_at": case.clerk_at or None,
        "clerk_at_text": text(case.clerk_at) if case.clerk_at else None,
        "client_status": views.client_status(case),
        "public_name": case.public_name or None,
    }


def _check_exercises(asked: Asked) -> None:
    """Make sure that a client for tests has shown what production asks for.

    Raises:
        ConditionMissing: something is missing; an admin goes on all the same.
    """
    missing = asked.control.exercises.missing(case_programs.test_id(case_of(asked)))
    if missing:
        raise ConditionMissing(
            f"The client for tests has not shown yet: {', '.join(missing)}. It does by calling "
            "them with success; an admin may go on without."
        )


def _exercises(asked: Asked, case: Case) -> list[dict[str, Any]]:
    """Return the list of what a firm's client has to show, and when it has."""
    if case.track is not Track.CLIENT or not case.public_name:
        return []
    shown = asked.control.exercises.of(case_programs.test_id(case))
    return [
        {"name": name, "title": title, "shown_at": shown.get(name)}
        for name, title in TITLES.items()
    ]


def _opened(asked: Asked, command: OpenCase) -> dict[str, Any]:
    asked.desk.execute(command)
    return _shown(asked, next(reversed(asked.desk.world.cases.by_id.values())))


def _is_skippable(case: Case) -> bool:
    """Say whether an operator's skip leads further: keys are the applicant's, and so is an end."""
    is_configured = case.stage in {Stage.APPROVED, Stage.TEST_SETUP, Stage.PROD_SETUP}
    if is_configured:
        return case_conditions.has_material(case)
    return case.stage is not Stage.SUSPENDED


def _shown(asked: Asked, case: Case) -> dict[str, Any]:
    text = asked.control.text
    return row(asked, case) | {
        "home": case.home.value,
        "is_alone": case.is_alone,
        "copied_from": case.copied_from or None,
        "details": msgspec.to_builtins(case.details),
        "proposed": msgspec.to_builtins(case.proposed),
        "asked_from": case.asked_from.value if case.asked_from else None,
        "agreement": case.agreement.value,
        "technical": case.technical.value,
        "is_tested": case.is_tested,
        "keys": msgspec.to_builtins(
            {"consumer": case.consumer, "test": case.test, "live": case.live}
        ),
        "regions": case.decided,
        "served_regions": [region.value for region in case.regions],
        "approvers": case.approvers,
        "documents": msgspec.to_builtins(case.documents),
        "forced": msgspec.to_builtins(case.forced),
        "activates_at": case.activates_at or None,
        "activates_at_text": text(case.activates_at) if case.activates_at else None,
        "possible": views.possible(case),
        "exercises": _exercises(asked, case),
        "history": [
            {
                "at": entry.at,
                "at_text": text(entry.at),
                "actor": entry.actor,
                "role": entry.role,
                "what": entry.what,
                "state": entry.stage.value,
                "comment": entry.comment,
            }
            for entry in case.history
        ],
    }


def one_of(kind: type[E], text: str) -> E:
    """Return the value of an enumeration that a path or query names.

    Raises:
        BadControl: there is none.
    """
    try:
        return kind(text)
    except ValueError:
        names = ", ".join(str(member.value) for member in kind)
        raise BadControl(f"{text[:40]!r} is none of: {names}.") from None
