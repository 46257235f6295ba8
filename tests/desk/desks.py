"""A desk on a scripted market: what a test shows is what there is."""

from decimal import Decimal

from tests.fakes import ScriptedSource
from tests.kernel.books import EURUSD, STOCK, new_york
from tests.tape import open_kernel

from paperdesk.base.units import SECOND, Instant
from paperdesk.desk.desk import Desk
from paperdesk.kernel.messages import Event
from paperdesk.kernel.messages.orders import OrderCancelled, OrderFilled, OrderTriggered, TrailMoved
from paperdesk.kernel.state.world import World
from paperdesk.market.catalogue import load_catalogue
from paperdesk.store.checkpoint import Checkpoints
from paperdesk.store.memory import MemoryJournal

OPEN: Instant = new_york("2026-06-10 10:00")
AAA = STOCK.conid
PAIR = EURUSD.conid


class Trading:
    """A desk, its market, and what has been heard of it."""

    def __init__(
        self,
        fill: str = "touch",
        kind: str = "MARGIN",
        journal: MemoryJournal | None = None,
        checkpoints: Checkpoints | None = None,
        *,
        others: bool = False,
    ) -> None:
        self.source = ScriptedSource()
        self.journal = MemoryJournal() if journal is None else journal
        self.desk = Desk(
            open_kernel(fill=fill, kind=kind, others=others),
            self.source,
            load_catalogue(),
            self.journal,
            None,
            checkpoints,
        )
        self.events: list[Event] = []
        self.desk.listen(self._hear)

    def _hear(self, _world: World, event: Event) -> None:
        if event.kept:
            self.events.append(event)

    def heard(self) -> list[str]:
        """Return what was heard since the last time, each with seconds since the start."""
        told = [said for event in self.events if (said := tell(event))]
        self.events.clear()
        return told


def at(seconds: float) -> Instant:
    """Return so many seconds after the start."""
    return OPEN + round(seconds * SECOND)


def tell(event: Event) -> str:
    """Return an event in words, or "" for those that these tests do not ask about."""
    when = f"{Decimal(event.at - OPEN) / SECOND:f}s"
    if isinstance(event, OrderFilled):
        return f"{when} filled {event.size} at {event.price}"
    if isinstance(event, OrderTriggered):
        return f"{when} triggered"
    if isinstance(event, OrderCancelled):
        return f"{when} cancelled"
    if isinstance(event, TrailMoved):
        return f"{when} moved to {event.stop_price}"
    return ""
