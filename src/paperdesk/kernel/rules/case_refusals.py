"""Refusals of cases: what cannot be done with an application, or not by this person, or not yet."""

from paperdesk.base.errors import Refusal


class UnknownCase(Refusal):
    """There is no case of the id."""

    code = "unknown_case"


class TooManyCases(Refusal):
    """The desk has as many cases, or the case as many papers, as it holds."""

    code = "too_many_cases"


class InvalidCase(Refusal):
    """What is said in an application has no sense."""

    code = "invalid_case"


class CaseChanged(Refusal):
    """Somebody was quicker: the case is not as its reader has seen it."""

    code = "case_changed"


class CommandReused(Refusal):
    """The key of a command was used for another one."""

    code = "command_reused"


class MoveNotPossible(Refusal):
    """Nothing leads there from where the case is."""

    code = "move_not_possible"


class RoleNotAllowed(Refusal):
    """That is for somebody else to do."""

    code = "role_not_allowed"


class ApproverNotIndependent(Refusal):
    """Three tiers are approved by three people, and none of them applies."""

    code = "approver_not_independent"


class EvidenceMissing(Refusal):
    """Automated trading needs a registration, or an opinion, for each region."""

    code = "evidence_missing"


class RegionUndecided(Refusal):
    """Each region is decided about by itself, and one at least approved."""

    code = "region_undecided"


class ConditionMissing(Refusal):
    """Keys, their test, a signed agreement or a network is not there yet."""

    code = "condition_missing"


class CaseUnderReview(Refusal):
    """What is reviewed stays as it is until that is decided."""

    code = "case_under_review"


class KeysNotNew(Refusal):
    """Production and test need keys of their own."""

    code = "keys_not_new"
