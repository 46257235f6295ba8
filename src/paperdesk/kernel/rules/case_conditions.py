"""Conditions of a case: what has to be there before a step is taken."""

from typing import Final

from paperdesk.base.regions import Region
from paperdesk.kernel.messages.cases import (
    Action,
    Agreement,
    ClientMaterial,
    Feature,
    MoveCase,
    Proof,
    Role,
    Stage,
    Technical,
    Track,
)
from paperdesk.kernel.rules.case_refusals import (
    ApproverNotIndependent,
    ConditionMissing,
    EvidenceMissing,
    MoveNotPossible,
    RegionUndecided,
    RoleNotAllowed,
)
from paperdesk.kernel.rules.case_steps import Step
from paperdesk.kernel.state.cases import TIERS, Case

NEXT_AGREEMENT: Final = {
    Action.GENERATE_AGREEMENT: (Agreement.NONE, Agreement.GENERATED),
    Action.SEND_AGREEMENT: (Agreement.GENERATED, Agreement.SENT),
    Action.SIGN_AGREEMENT: (Agreement.SENT, Agreement.SIGNED),
    Action.DECLINE_AGREEMENT: (Agreement.SENT, Agreement.DECLINED),
}
NEXT_TECHNICAL: Final = {
    Action.REQUEST_KEYS: (Technical.NONE, Technical.KEYS_REQUESTED),
    Action.VERIFY_KEYS: (Technical.KEYS_RECEIVED, Technical.KEYS_VERIFIED),
}


def check_role(step: Step, command: MoveCase) -> None:
    """Make sure that a step is this role's to take; an admin may take any.

    Raises:
        RoleNotAllowed: it is somebody else's.
    """
    if command.role not in {*step.roles, Role.ADMIN}:
        names = " or ".join(role.value for role in step.roles)
        raise RoleNotAllowed(f"{command.action.value} is for {names}, not {command.role.value}.")


def check(case: Case, command: MoveCase) -> None:
    """Make sure that everything is there that a step needs.

    Raises:
        ApproverNotIndependent, EvidenceMissing, RegionUndecided, ConditionMissing,
        MoveNotPossible: something is missing; the message says what.
    """
    action = command.action
    if action is Action.PASS:
        _check_review(case, command.actor)
    elif action is Action.VERIFY_KEYS:
        _check_step_of_keys(case, action)
        if case.track is Track.THIRD_PARTY and not case.is_tested:
            raise ConditionMissing(
                "The applicant has not yet signed and decrypted with the keys (self-test)."
            )
    elif action in NEXT_TECHNICAL:
        _check_step_of_keys(case, action)
    elif action in NEXT_AGREEMENT:
        _check_step_of_agreement(case, action)
    elif action is Action.CONFIGURE:
        check_configurable(case)
    elif action is Action.GO_LIVE and case.live is None:
        raise ConditionMissing("The production key is not there; it is another than the test key.")


def check_configurable(case: Case) -> None:
    """Make sure that a program can be configured.

    Raises:
        ConditionMissing: the agreement is not signed, or keys or networks are not there.
    """
    if case.stage is Stage.PROD_SETUP:
        if case.live is None:
            raise ConditionMissing("The production key is not there.")
        return
    if case.agreement is not Agreement.SIGNED:
        raise ConditionMissing(f"The agreement is {case.agreement.value}, not signed.")
    if case.track is Track.CLIENT:
        if case.test is None or not case.test.networks:
            raise ConditionMissing("The test key, or the networks it is used from, are not there.")
    elif case.technical is not Technical.KEYS_VERIFIED:
        raise ConditionMissing(f"The technical part is {case.technical.value}, not keys-verified.")


def has_material(case: Case) -> bool:
    """Say whether there is anything that a program could be configured with."""
    if case.track is Track.THIRD_PARTY:
        return case.consumer is not None
    found: ClientMaterial | None = case.live if case.stage is Stage.PROD_SETUP else case.test
    return found is not None


def unproved(case: Case) -> list[Region]:
    """Return the regions for which automated trading lacks a registration or an opinion."""
    features = case.details.features if case.proposed is None else case.proposed.features
    if Feature.AUTOMATED_TRADING not in features:
        return []
    proved = {
        document.region
        for document in case.documents
        if document.proof in {Proof.REGISTRATION, Proof.OPINION}
    }
    return [region for region in case.wanted if region not in proved]


def _check_review(case: Case, actor: str) -> None:
    if case.stage in TIERS:
        check_independent(case, actor)
    if case.stage in {Stage.TIER_1, Stage.RE_REVIEW}:
        missing = unproved(case)
        if missing:
            names = ", ".join(region.value for region in missing)
            raise EvidenceMissing(
                f"Automated trading needs a registration or a legal opinion for: {names}."
            )
    if case.stage in {Stage.TIER_3, Stage.RE_REVIEW}:
        _check_regions(case)


def check_independent(case: Case, actor: str) -> None:
    """Make sure that somebody may approve a tier.

    Raises:
        ApproverNotIndependent: it is the applicant, or has approved another tier.
    """
    if case.is_alone:
        return
    if actor == case.applicant:
        raise ApproverNotIndependent(f"{actor} applies and cannot approve.")
    for tier, approver in case.approvers.items():
        if approver == actor:
            raise ApproverNotIndependent(f"{actor} has approved {tier}; another person is needed.")


def _check_regions(case: Case) -> None:
    regions = case.wanted
    undecided = [region.value for region in regions if region.value not in case.decided]
    if undecided:
        raise RegionUndecided(f"Nobody has decided about: {', '.join(undecided)}.")
    if not any(case.decided[region.value] for region in regions):
        raise RegionUndecided("No region is approved: refuse the case instead.")


def _check_step_of_agreement(case: Case, action: Action) -> None:
    needed, _ = NEXT_AGREEMENT[action]
    if case.agreement is not needed:
        raise MoveNotPossible(f"The agreement is {case.agreement.value}, not {needed.value}.")


def _check_step_of_keys(case: Case, action: Action) -> None:
    needed, _ = NEXT_TECHNICAL[action]
    if case.technical is not needed:
        raise MoveNotPossible(f"The technical part is {case.technical.value}, not {needed.value}.")
