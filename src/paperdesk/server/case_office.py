"""The case office: lets the registrations of a desk follow its cases, as they happen."""

from collections.abc import Callable, Iterable

from paperdesk.auth import case_programs
from paperdesk.base.units import Instant
from paperdesk.desk.desk import Desk
from paperdesk.kernel.messages import Event
from paperdesk.kernel.messages.cases import Action, CaseMoved, ChangeProposed, RegionDecided
from paperdesk.kernel.state.cases import Case
from paperdesk.kernel.state.world import World
from paperdesk.server.registry import Registry


class CaseOffice:
    """Follows the cases of one desk."""

    def __init__(self, desk: Desk, registry: Registry, wall: Callable[[], Instant]) -> None:
        """Catch up with what happened while nobody followed, and follow from now on."""
        self._registry = registry
        self._wall = wall
        self._settle(desk.world.cases.by_id.values())
        desk.listen(self._heard)

    def _heard(self, world: World, event: Event) -> None:
        if isinstance(event, CaseMoved | ChangeProposed | RegionDecided):
            goes_on = isinstance(event, CaseMoved) and event.action in {
                Action.RESUME,
                Action.SKIP,
            }
            self._settle([world.cases.by_id[event.case_id]], goes_on=goes_on)

    def _settle(self, cases: Iterable[Case], *, goes_on: bool = False) -> None:
        concerned = [case for case in cases if case.public_name]
        if not concerned:
            return
        now, ended = self._wall(), []
        for case in concerned:
            ended += case_programs.settle(self._registry.registrations, case, now, goes_on=goes_on)
        self._registry.save()
        for revocation in ended:
            self._registry.revoke(revocation)
