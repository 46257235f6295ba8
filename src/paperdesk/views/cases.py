"""Cases as people look at them: who has to do something, and what the service calls it."""

from typing import Final

from paperdesk.kernel.messages.cases import Action, Role, Stage
from paperdesk.kernel.rules import case_steps
from paperdesk.kernel.state.cases import Case
from paperdesk.kernel.state.world import World

CLIENT_STATUS: Final = {
    Stage.TEST_ACTIVE: "ACTIVE",
    Stage.GO_LIVE_REQUESTED: "ACTIVE",
    Stage.PROD_SETUP: "ACTIVE",
    Stage.ACTIVE: "ACTIVE",
    Stage.RE_REVIEW: "ACTIVE",
    Stage.SUSPENDED: "REVOKED",
    Stage.REJECTED: "REVOKED",
    Stage.WITHDRAWN: "REVOKED",
    Stage.REVOKED: "REVOKED",
}
ALWAYS: Final = frozenset({Action.WITHDRAW, Action.REVOKE, Action.SKIP, Action.SUSPEND})
"""What can be done and waits for nobody."""


def client_status(case: Case) -> str:
    """Return the word of the service's own records for where a case is."""
    return CLIENT_STATUS.get(case.review, "REQUESTED")


def possible(case: Case) -> list[dict[str, object]]:
    """Return what can be done with a case where it is, and as whom."""
    return [
        {"action": action.value, "roles": [role.value for role in roles]}
        for action, roles in case_steps.possible(case)
    ]


def waiting_for(case: Case) -> list[Role]:
    """Return the roles that have to do something before a case goes on."""
    roles = [
        role
        for action, allowed in case_steps.possible(case)
        if action not in ALWAYS
        for role in allowed
        if role is not Role.CLERK
    ]
    return list(dict.fromkeys(roles))


def selected(world: World, *, stage: Stage | None = None, role: Role | None = None) -> list[Case]:
    """Return the cases in a stage, and that wait for a role, in the order of their opening."""
    return [
        case
        for case in world.cases.by_id.values()
        if (stage is None or case.stage is stage) and (role is None or role in waiting_for(case))
    ]
