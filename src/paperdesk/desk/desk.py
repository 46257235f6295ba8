"""The desk: the one writer of a world. It runs one command after another and keeps what happens."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeAlias

from paperdesk.base.ids import Conid
from paperdesk.base.units import Instant
from paperdesk.kernel.messages import Command, Event
from paperdesk.kernel.messages.clock import AdvanceClock
from paperdesk.kernel.messages.quotes import Quote, RecordQuote
from paperdesk.market.source import Source
from paperdesk.store.journal import Journal

if TYPE_CHECKING:
    from paperdesk.kernel.kernel import Kernel
    from paperdesk.kernel.state.world import World
    from paperdesk.market.catalogue import Catalogue

Listener: TypeAlias = "Callable[[World, Event], None]"


class Desk:
    """One simulated brokerage: its world, its prices and the journal of what happened."""

    def __init__(
        self, kernel: "Kernel", source: Source, catalogue: "Catalogue", journal: Journal
    ) -> None:
        """Stand on a kernel whose world is as the journal tells it."""
        self._kernel = kernel
        self.source = source
        self.catalogue = catalogue
        self.journal = journal
        self._listeners: list[Listener] = []
        self._quotes: dict[Conid, Quote | None] = {}
        self._quoted_at: Instant = -1

    @property
    def world(self) -> "World":
        """Everything that is true now."""
        return self._kernel.world

    @property
    def now(self) -> Instant:
        """Desk time."""
        return self._kernel.world.now

    @property
    def seq(self) -> int:
        """The number of the last event that went to the journal."""
        return self.journal.seq

    def execute(self, command: Command) -> list[Event]:
        """Run one command and return what happened; its events wait for the journal's disk.

        Raises:
            Refusal: the kernel refuses; nothing has changed.
            JournalFailed: the desk has stopped.
        """
        events = self._kernel.handle(command)
        self.journal.append([event for event in events if event.kept])
        for event in events:
            for listener in tuple(self._listeners):
                listener(self._kernel.world, event)
        return events

    def advance(self, to: Instant) -> None:
        """Let desk time reach an instant: what is due and what resting orders meet comes first.

        An instant that is not after now changes nothing.
        """
        if to > self.now:
            self.execute(AdvanceClock(to=to))

    def quote(self, conid: Conid) -> Quote | None:
        """Return what the market shows of a contract now; None without data."""
        if self._quoted_at != self.now:
            self._quotes.clear()
            self._quoted_at = self.now
        if conid not in self._quotes:
            quote = self._quotes[conid] = self.source.quote(conid, self.now)
            if quote is not None:
                self.execute(RecordQuote(quote=quote))
        return self._quotes[conid]

    def observe(self, conids: Iterable[Conid]) -> None:
        """Look at the quotes of contracts, so that the world knows them."""
        for conid in conids:
            self.quote(conid)

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Tell every event from now on, in order, and return what ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)
