"""Steps of a case: what leads from where to where, and who may take it.

Source: documented as a course of people and papers; that it is a machine with these states, and
how long its steps take, is judged after the weeks that are named.
"""

from typing import Final

import msgspec

from paperdesk.kernel.messages.cases import Action, Role, Stage, Track
from paperdesk.kernel.state.cases import Case

COMPLIANCE: Final = (Role.COMPLIANCE_1, Role.COMPLIANCE_2, Role.COMPLIANCE_3)


class Step(msgspec.Struct, frozen=True):
    """From one stage to another; INFO_REQUESTED leads back to where a case came from."""

    source: Stage
    target: Stage
    roles: tuple[Role, ...]


class Days(msgspec.Struct, frozen=True):
    """How many business days something takes, at least and at most."""

    least: int
    most: int


_WITHIN: Final = {
    Action.GENERATE_AGREEMENT: (Role.LEGAL,),
    Action.SEND_AGREEMENT: (Role.LEGAL,),
    Action.SIGN_AGREEMENT: (Role.APPLICANT,),
    Action.DECLINE_AGREEMENT: (Role.APPLICANT,),
    Action.REQUEST_KEYS: (Role.ONBOARDING,),
    Action.VERIFY_KEYS: (Role.ENGINEERING,),
}
"""What happens inside a stage: agreement and keys, side by side."""

_LIFE: Final = {
    Action.SUSPEND: (Step(Stage.ACTIVE, Stage.SUSPENDED, COMPLIANCE),),
    Action.RESUME: (Step(Stage.SUSPENDED, Stage.ACTIVE, COMPLIANCE),),
}


def _inside(stage: Stage) -> dict[Action, tuple[Step, ...]]:
    """Return the steps of agreement and keys, which stay in a stage unless papers are declined."""
    return {
        action: (
            Step(stage, Stage.REJECTED if action is Action.DECLINE_AGREEMENT else stage, roles),
        )
        for action, roles in _WITHIN.items()
    }


_VENDOR_REVIEWS: Final = (
    Step(Stage.SCREENING, Stage.DUE_DILIGENCE, (Role.ONBOARDING,)),
    Step(Stage.DUE_DILIGENCE, Stage.TIER_1, COMPLIANCE),
    Step(Stage.TIER_1, Stage.TIER_2, (Role.COMPLIANCE_1,)),
    Step(Stage.TIER_2, Stage.TIER_3, (Role.COMPLIANCE_2,)),
    Step(Stage.TIER_3, Stage.APPROVED, (Role.COMPLIANCE_3,)),
    Step(Stage.RE_REVIEW, Stage.ACTIVE, COMPLIANCE),
)
_CLIENT_REVIEWS: Final = (
    Step(Stage.REQUESTED, Stage.TEST_SETUP, (Role.ONBOARDING,)),
    Step(Stage.GO_LIVE_REQUESTED, Stage.PROD_SETUP, (Role.ONBOARDING, Role.ENGINEERING)),
)


def _refusing(reviews: tuple[Step, ...]) -> tuple[Step, ...]:
    """Return how reviews end badly: a program that is active stays as it is."""
    return tuple(
        Step(
            step.source,
            Stage.ACTIVE if step.source is Stage.RE_REVIEW else Stage.REJECTED,
            step.roles,
        )
        for step in reviews
    )


def _asking(reviews: tuple[Step, ...]) -> tuple[Step, ...]:
    return tuple(Step(step.source, Stage.INFO_REQUESTED, step.roles) for step in reviews)


_ANSWERED: Final = (Step(Stage.INFO_REQUESTED, Stage.INFO_REQUESTED, (Role.APPLICANT,)),)

STEPS: Final[dict[Track, dict[Action, tuple[Step, ...]]]] = {
    Track.THIRD_PARTY: {
        Action.SUBMIT: (Step(Stage.DRAFT, Stage.SUBMITTED, (Role.APPLICANT,)),),
        Action.START: (Step(Stage.SUBMITTED, Stage.SCREENING, (Role.ONBOARDING,)),),
        Action.PASS: _VENDOR_REVIEWS,
        Action.ASK: _asking(_VENDOR_REVIEWS),
        Action.ANSWER: _ANSWERED,
        Action.REFUSE: _refusing(_VENDOR_REVIEWS),
        **_inside(Stage.APPROVED),
        Action.CONFIGURE: (Step(Stage.APPROVED, Stage.CONFIGURED, (Role.ENGINEERING,)),),
        Action.ACTIVATE: (Step(Stage.CONFIGURED, Stage.ACTIVE, (Role.CLERK,)),),
        **_LIFE,
    },
    Track.CLIENT: {
        Action.PASS: _CLIENT_REVIEWS,
        Action.ASK: _asking(_CLIENT_REVIEWS),
        Action.ANSWER: _ANSWERED,
        Action.REFUSE: _refusing(_CLIENT_REVIEWS),
        **_inside(Stage.TEST_SETUP),
        Action.CONFIGURE: (
            Step(Stage.TEST_SETUP, Stage.TEST_ACTIVE, (Role.ENGINEERING,)),
            Step(Stage.PROD_SETUP, Stage.ACTIVE, (Role.ENGINEERING,)),
        ),
        Action.GO_LIVE: (Step(Stage.TEST_ACTIVE, Stage.GO_LIVE_REQUESTED, (Role.APPLICANT,)),),
        **_LIFE,
    },
}

FORWARD: Final = (Action.START, Action.PASS, Action.CONFIGURE, Action.ACTIVATE, Action.RESUME)
"""What `skip` does: the first of these that leads on."""

REVIEWS: Final = frozenset(step.source for step in (*_VENDOR_REVIEWS, *_CLIENT_REVIEWS))

STAGE_DAYS: Final = {
    Stage.SUBMITTED: Days(1, 2),
    Stage.SCREENING: Days(10, 15),
    Stage.DUE_DILIGENCE: Days(6, 12),
    Stage.TIER_1: Days(3, 6),
    Stage.TIER_2: Days(3, 6),
    Stage.TIER_3: Days(3, 6),
    Stage.APPROVED: Days(15, 25),
    Stage.RE_REVIEW: Days(10, 15),
    Stage.INFO_REQUESTED: Days(1, 10),
    Stage.REQUESTED: Days(5, 10),
    Stage.TEST_SETUP: Days(5, 15),
    Stage.GO_LIVE_REQUESTED: Days(5, 10),
    Stage.PROD_SETUP: Days(2, 5),
}
"""Two to three weeks of screening, three to six of diligence and tiers, three to five of papers."""

ACTION_DAYS: Final = {
    Action.GENERATE_AGREEMENT: Days(5, 8),
    Action.SEND_AGREEMENT: Days(1, 2),
    Action.REQUEST_KEYS: Days(1, 2),
    Action.VERIFY_KEYS: Days(2, 3),
    Action.CONFIGURE: Days(1, 2),
}
"""What the clerk takes for a part of the papers and keys."""


def step(case: Case, action: Action) -> Step | None:
    """Return what an action does to a case where it is; None where it leads nowhere."""
    if action in {Action.WITHDRAW, Action.REVOKE}:
        if case.is_final:
            return None
        if action is Action.WITHDRAW:
            return Step(case.stage, Stage.WITHDRAWN, (Role.APPLICANT,))
        return Step(case.stage, Stage.REVOKED, (Role.ADMIN,))
    for found in STEPS[case.track].get(action, ()):
        if found.source is case.stage:
            if action is Action.ANSWER:
                assert case.asked_from is not None
                return Step(case.stage, case.asked_from, found.roles)
            return found
    return None


def forward(case: Case) -> Step | None:
    """Return what `skip` does to a case; None where nothing leads on by itself."""
    for action in FORWARD:
        found = step(case, action)
        if found is not None:
            return Step(case.stage, found.target, (Role.ADMIN,))
    return None


def possible(case: Case) -> list[tuple[Action, tuple[Role, ...]]]:
    """Return what could be done with a case where it is, and by whom, conditions apart."""
    found = []
    for action in Action:
        leads = forward(case) if action is Action.SKIP else step(case, action)
        if leads is not None:
            found.append((action, leads.roles))
    return found
