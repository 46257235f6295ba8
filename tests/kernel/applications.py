"""Applications: a world with nothing but cases, and the people who move them."""

from typing import TYPE_CHECKING, Any

import msgspec

from paperdesk.base.calendar import day_of
from paperdesk.base.regions import Region, zone
from paperdesk.base.units import DAY, Instant
from paperdesk.kernel.kernel import Kernel
from paperdesk.kernel.messages import Command, Event
from paperdesk.kernel.messages.cases import (
    Action,
    AttachDocument,
    ClientMaterial,
    ConsumerMaterial,
    DecideRegion,
    Details,
    Document,
    Feature,
    HandInKeys,
    MoveCase,
    OpenCase,
    PassKeyTest,
    Proof,
    Role,
    Stage,
    Track,
)
from paperdesk.kernel.messages.clock import AdvanceClock
from paperdesk.kernel.state.cases import Case
from paperdesk.kernel.state.world import Contracts, Models, World, world_at

if TYPE_CHECKING:
    from collections.abc import Callable

BEGINS: Instant = zone(Region.US).instant(day_of(2026, 9, 14), 9 * 3600)
"""A Monday."""

KEYS = ConsumerMaterial(
    signature_key="s", encryption_key="e", dh_prime="17", callbacks=("https://vendor.example/cb",)
)
TEST_KEY = ClientMaterial(pem="t", thumbprint="test", networks=("203.0.113.0/24",))
LIVE_KEY = ClientMaterial(pem="l", thumbprint="live", is_live=True)
DETAILS = Details(
    firm="Vendor Ltd",
    product_url="https://vendor.example",
    contacts=("Ann",),
    features=(Feature.PORTFOLIO, Feature.TRADING),
    regions=(Region.US, Region.EUROPE),
)
REVIEWERS = {
    Stage.SCREENING: ("olga", Role.ONBOARDING),
    Stage.DUE_DILIGENCE: ("carl", Role.COMPLIANCE_1),
    Stage.TIER_1: ("carl", Role.COMPLIANCE_1),
    Stage.TIER_2: ("cleo", Role.COMPLIANCE_2),
    Stage.TIER_3: ("cora", Role.COMPLIANCE_3),
    Stage.RE_REVIEW: ("carl", Role.COMPLIANCE_1),
    Stage.REQUESTED: ("olga", Role.ONBOARDING),
    Stage.GO_LIVE_REQUESTED: ("olga", Role.ONBOARDING),
}
PAPERS = (
    (Action.GENERATE_AGREEMENT, "lena", Role.LEGAL),
    (Action.SEND_AGREEMENT, "lena", Role.LEGAL),
    (Action.SIGN_AGREEMENT, "ann", Role.APPLICANT),
    (Action.REQUEST_KEYS, "olga", Role.ONBOARDING),
)


class Office:
    """People around one case."""

    def __init__(
        self,
        track: Track = Track.THIRD_PARTY,
        now: Instant = BEGINS,
        **more: Any,  # noqa: ANN401
    ) -> None:
        self.kernel = Kernel(world_at(now, 7), Contracts({}, {}), Models())
        self.do(OpenCase(**{"track": track, "applicant": "ann", "details": DETAILS, **more}))

    @property
    def world(self) -> World:
        return self.kernel.world

    @property
    def case(self) -> Case:
        return self.world.cases.by_id["case-1"]

    @property
    def stage(self) -> Stage:
        return self.case.stage

    def do(self, command: Command) -> list[Event]:
        """Run a command; replaying what happened leads to the same world."""
        before = msgspec.msgpack.encode(self.world)
        events = self.kernel.handle(command)
        again = msgspec.msgpack.decode(before, type=World)
        again.attach(self.world.contracts, self.world.models)
        for event in events:
            again.apply(event)
        assert again == self.world
        return events

    def move(
        self,
        action: Action,
        actor: str,
        role: Role,
        **more: Any,  # noqa: ANN401
    ) -> list[Event]:
        given: dict[str, Any] = {"version": self.case.version} | more
        return self.do(MoveCase(case_id="case-1", actor=actor, role=role, action=action, **given))

    def review(self, action: Action = Action.PASS, **more: Any) -> list[Event]:  # noqa: ANN401
        """Let who reviews the case now decide."""
        actor, role = REVIEWERS[self.stage]
        return self.move(action, actor, role, **more)

    def decide(self, region: Region, *, is_approved: bool = True) -> None:
        self.do(
            DecideRegion(
                case_id="case-1",
                actor="cora",
                role=Role.COMPLIANCE_3,
                region=region,
                is_approved=is_approved,
            )
        )

    def attach(self, proof: Proof, name: str, region: Region | None = None) -> None:
        document = Document(proof=proof, name=name, region=region)
        self.do(AttachDocument(case_id="case-1", actor="ann", document=document))

    def hand_in(self, material: ConsumerMaterial | ClientMaterial = KEYS) -> None:
        self.do(HandInKeys(case_id="case-1", actor="ann", material=material))

    def pass_to(self, stage: Stage) -> None:
        """Go the usual way as far as a stage."""
        ways: dict[Stage, Callable[[], object]] = {
            Stage.DRAFT: lambda: self.move(Action.SUBMIT, "ann", Role.APPLICANT),
            Stage.SUBMITTED: lambda: self.move(Action.START, "olga", Role.ONBOARDING),
            Stage.TIER_3: self._pass_last_tier,
            Stage.APPROVED: self._configure_vendor,
            Stage.CONFIGURED: lambda: self.wait(DAY),
            Stage.TEST_SETUP: self._configure_test,
            Stage.TEST_ACTIVE: self._go_live,
            Stage.PROD_SETUP: lambda: self.move(Action.CONFIGURE, "ed", Role.ENGINEERING),
        }
        while self.stage is not stage:
            ways.get(self.stage, self.review)()

    def _pass_last_tier(self) -> None:
        for region in self.case.details.regions:
            self.decide(region)
        self.review()

    def _configure_vendor(self) -> None:
        self.papers()
        self.hand_in()
        self.do(PassKeyTest(case_id="case-1", actor="ann"))
        self.move(Action.VERIFY_KEYS, "ed", Role.ENGINEERING)
        self.move(Action.CONFIGURE, "ed", Role.ENGINEERING)

    def _configure_test(self) -> None:
        self.papers()
        self.hand_in(TEST_KEY)
        self.move(Action.CONFIGURE, "ed", Role.ENGINEERING)

    def _go_live(self) -> None:
        self.hand_in(LIVE_KEY)
        self.move(Action.GO_LIVE, "ann", Role.APPLICANT)

    def papers(self) -> None:
        """Sign the agreement, and ask for keys."""
        for action, actor, role in PAPERS:
            self.move(action, actor, role)

    def wait(self, duration: int) -> list[Event]:
        return self.do(AdvanceClock(to=self.world.now + duration))
