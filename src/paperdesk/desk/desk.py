"""The desk: the one writer of a world. It runs one command after another and keeps what happens."""

from collections.abc import Callable, Iterable
from typing import Final, Protocol, TypeAlias, runtime_checkable

from paperdesk.base.errors import Refusal
from paperdesk.base.ids import AccountId, Conid
from paperdesk.base.units import SECOND, Duration, Instant
from paperdesk.desk import needs
from paperdesk.desk.actions import due_actions
from paperdesk.desk.clock import Clock
from paperdesk.desk.levels import owners_reached
from paperdesk.desk.manifests import Manifest
from paperdesk.desk.touches import Touches
from paperdesk.desk.trails import Trails
from paperdesk.kernel.kernel import Kernel
from paperdesk.kernel.messages import Command, Event
from paperdesk.kernel.messages.actions import ApplyActions
from paperdesk.kernel.messages.clock import AdvanceClock
from paperdesk.kernel.messages.quotes import Quote, QuoteRecorded, RecordQuote
from paperdesk.kernel.messages.scripts import AddScript, Script
from paperdesk.kernel.rules import closings, scripts
from paperdesk.kernel.rules.clock import next_due
from paperdesk.kernel.state.quotes import recorded
from paperdesk.kernel.state.world import World
from paperdesk.market.catalogue import Catalogue
from paperdesk.market.source import Source
from paperdesk.store.checkpoint import Checkpoints
from paperdesk.store.journal import Journal, JournalFailed

Listener: TypeAlias = Callable[[World, Event], None]

EVENTS_A_CHECKPOINT: Final = 10_000
"""Kept events after which the next quiet moment is used for a checkpoint."""

EVENTS_A_CHECKPOINT_MAX: Final = 100_000
"""Kept events after which a checkpoint does not wait for a quiet moment: nothing else is done
while a world becomes bytes, 4 microseconds for each order there has ever been."""

QUIET_ADVANCES: Final = 3
"""So many advances without a kept event between them are a quiet moment."""


class NotScriptable(Refusal):
    """The desk's prices cannot be decided by anybody."""

    code = "not_scriptable"


@runtime_checkable
class Scriptable(Protocol):
    """A source whose future somebody may decide."""

    def add_script(self, script: Script) -> None:
        """Have a contract's market follow a script; nothing before its start changes.

        Raises:
            Refusal: the market cannot follow it.
        """


class DeskStopped(Refusal):
    """A failure of our own has left the world half changed: the desk takes no more commands."""

    code = "desk_stopped"


class Desk:
    """One simulated brokerage: its world, its prices and the journal of what happened."""

    def __init__(
        self,
        kernel: Kernel,
        source: Source,
        catalogue: Catalogue,
        journal: Journal,
        manifest: Manifest | None = None,
        checkpoints: Checkpoints | None = None,
    ) -> None:
        """Stand on a kernel whose world is as the journal tells it.

        Args:
            kernel: with the world as it is after the journal's last event.
            source: gives prices for every instant from the world's on.
            catalogue: the contracts that the world knows.
            journal: keeps what happens.
            manifest: how the desk began; None for a desk of a test, that knows nothing of it.
            checkpoints: where the world is stored from time to time; None for nowhere.
        """
        self._kernel = kernel
        self.world = kernel.world
        self.source = source
        self.catalogue = catalogue
        self.journal = journal
        self.clock = Clock()
        self._manifest = manifest
        self.failure = ""
        self._checkpoints = checkpoints
        self._checkpoint_seq = 0 if checkpoints is None else checkpoints.newest_seq
        self._quiet = 0
        self._listeners: list[Listener] = []
        self._quotes: dict[Conid, Quote | None] = {}
        self._quoted_at: Instant = self.world.now
        self._touches = Touches(source)
        self._trails = Trails(source, self.world)
        self._due: Instant | None = None
        self._due_is_known = False
        for conid in self.world.orders.books:
            self._touches.stir(conid)

    @property
    def manifest(self) -> Manifest:
        """How the desk began."""
        assert self._manifest is not None, "this desk has no manifest"
        return self._manifest

    @property
    def name(self) -> str:
        """The desk's name; "" where it has no manifest."""
        return "" if self._manifest is None else self._manifest.name

    @property
    def now(self) -> Instant:
        """Desk time."""
        return self.world.now

    @property
    def seq(self) -> int:
        """The number of the last event that went to the journal."""
        return self.journal.seq

    @property
    def is_stopped(self) -> bool:
        """Whether the desk takes no more commands."""
        return bool(self.failure or self.journal.failure)

    def execute(self, command: Command) -> list[Event]:
        """Run one command and return what happened; its events wait for the journal's disk.

        Raises:
            Refusal: the kernel refuses; nothing has changed.
            JournalFailed: the journal has stopped, and the desk with it.
            DeskStopped: an earlier failure of our own has stopped the desk.
        """
        self._refuse_if_stopped()
        self._prepare(command)
        return self._run(command)

    def execute_together(self, commands: Iterable[Command]) -> list[Event]:
        """Run commands whose events become durable all at once or not at all.

        Raises:
            Refusal: the kernel refuses one. The desk has stopped if others went before.
        """
        self._refuse_if_stopped()
        events: list[Event] = []
        for command in commands:
            try:
                self._prepare(command)
                events += self._handled(command)
            except Refusal:
                if events:
                    self.failure = f"{type(command).__name__} was refused among others"
                raise
        self._keep(events)
        return events

    def advance(self, to: Instant) -> None:
        """Let desk time reach an instant: what is due and what resting orders meet comes first.

        An instant that is not after now changes nothing.

        Raises:
            JournalFailed: the journal has stopped, and the desk with it.
            DeskStopped: an earlier failure of our own has stopped the desk.
        """
        if to <= self.world.now:
            return
        self._refuse_if_stopped()
        while True:
            due_at = self._next_due()
            reach = to if due_at is None else min(to, due_at)
            touch = self._touches.first(self.world, self.quote, max(reach, self.world.now))
            if touch is not None and (touch[0] < reach or touch[0] == self.world.now):
                self._meet(*touch)
            elif due_at is not None and due_at <= to:
                self._pass_due(due_at)
            elif touch is not None:
                self._meet(*touch)
            else:
                break
        if self.world.now < to:
            self._run(AdvanceClock(to=to))
        self._move_trails(SECOND)
        self._quiet += 1
        if self._quiet >= QUIET_ADVANCES:
            self._quiet = 0
            self._checkpoint_after(EVENTS_A_CHECKPOINT)

    def quote(self, conid: Conid) -> Quote | None:
        """Return what the market shows of a contract now; None without data.

        The world knows the quote from then on. No order trades by being looked at: those that
        rest meet the market when it comes to them.
        """
        now = self.world.now
        if self._quoted_at != now:
            self._quotes.clear()
            self._quoted_at = now
        if conid in self._quotes:
            return self._quotes[conid]
        quote = self._quotes[conid] = self.source.quote(conid, now)
        if quote is not None:
            # Noted, and no more: what orders have taken from the quote before is for commands to
            # forget, or a look would change what the next order finds.
            recorded(self.world.quotes, QuoteRecorded(at=now, quote=quote))
        return quote

    def observe(self, conids: Iterable[Conid]) -> None:
        """Look at the quotes of contracts, so that the world knows them."""
        for conid in conids:
            self.quote(conid)

    def observe_account(self, account_id: AccountId) -> None:
        """Look at everything that an account is valued by."""
        self.observe(needs.of_account(self.world, account_id))

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Tell what happens from now on, event by event, and return what ends it.

        A listener hears of a command's events when all of them are true.
        """
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def change_source(self, source: Source) -> None:
        """Look at another market from now on; everything up to now must be as it was."""
        self.source = source
        self._quotes.clear()
        self._touches.forget(source)
        self._trails = Trails(source, self.world)

    def checkpoint(self) -> None:
        """Store the world as it is, so that a restart has less to replay."""
        if self._checkpoints is not None and not self.is_stopped:
            self._checkpoints.keep(self.world, self.journal)
            self._checkpoint_seq = self.journal.seq

    def close(self) -> None:
        """Store the world, make everything durable and let the files go."""
        if self._checkpoints is not None:
            self._checkpoints.finish(self.journal)
            self.checkpoint()
            self._checkpoints.finish(self.journal)
        self.journal.close()

    def _refuse_if_stopped(self) -> None:
        if self.journal.failure:
            raise JournalFailed(
                f"The journal has stopped: {self.journal.failure}. Restart the desk."
            )
        if self.failure:
            raise DeskStopped(f"The desk has stopped: {self.failure}. Restart it.")

    def _prepare(self, command: Command) -> None:
        """Bring the quotes that a command is decided by, and have the market follow a script."""
        if not isinstance(command, AddScript):
            self._show(needs.of_command(self.world, command))
            return
        scripts.check(self.world, command.script)
        if not isinstance(self.source, Scriptable):
            raise NotScriptable("The prices of this desk follow no scripts.")
        self.source.add_script(command.script)
        self.change_source(self.source)

    def _run(self, command: Command) -> list[Event]:
        events = self._handled(command)
        self._keep(events)
        return events

    def _handled(self, command: Command) -> list[Event]:
        """Let the kernel decide; if it falls over instead, the world may be half changed."""
        is_whole = False
        try:
            events = self._kernel.handle(command)
            is_whole = True
        except Refusal:
            is_whole = True
            raise
        finally:
            if not is_whole:
                self.failure = f"{type(command).__name__} has failed"
        return events

    def _keep(self, events: list[Event]) -> None:
        """Journal what is to be kept and tell everything to those who listen."""
        kept = [event for event in events if event.kept]
        if kept:
            self.journal.append(kept)
            self._due_is_known = False
            self._stir(kept)
            self._quiet = 0
            self._checkpoint_after(EVENTS_A_CHECKPOINT_MAX)
        if self._listeners:
            listeners = tuple(self._listeners)
            for event in events:
                for listener in listeners:
                    listener(self.world, event)

    def _checkpoint_after(self, events: int) -> None:
        if self.journal.seq - self._checkpoint_seq >= events:
            self.checkpoint()

    def _stir(self, events: list[Event]) -> None:
        """Look anew at the contracts of orders to which something has happened."""
        for event in events:
            order_id = getattr(event, "order_id", None)
            if order_id is not None:
                order = self.world.orders.by_id[order_id]
                self._touches.stir(order.conid)
                self._trails.noted(order)

    def _next_due(self) -> Instant | None:
        if not self._due_is_known:
            self._due = next_due(self.world)
            self._due_is_known = True
        return self._due

    def _pass_due(self, at: Instant) -> None:
        """Let what is due at an instant happen; the books see the quotes of that instant."""
        if at > self.world.now and self._trails.conids():
            # Before their market closes for them: afterwards nothing that has traded moves them.
            self._run(AdvanceClock(to=at - 1))
            self._move_trails(0)
        now = self.world.now
        if at > now and closings.next_due(self.world, now) == at:
            actions = due_actions(self.world, self.source, at)
            if actions:
                if at - 1 > now:
                    self._run(AdvanceClock(to=at - 1))
                # Before anything else of this instant: a desk that dies here begins with them.
                self._run(ApplyActions(at=at, actions=actions))
            self._look_ahead(at, closings.needed(self.world))
        self._due_is_known = False
        self._run(AdvanceClock(to=max(at, now)))

    def _show(self, conids: Iterable[Conid]) -> None:
        """Let orders be decided by the quotes of now."""
        now = self.world.now
        for conid in dict.fromkeys(conids):
            quote = self.quote(conid)
            if quote is not None:
                self.world.apply(QuoteRecorded(at=now, quote=quote))

    def _look_ahead(self, at: Instant, conids: Iterable[Conid]) -> None:
        """Let the world know the quotes of an instant that it is about to reach."""
        for conid in dict.fromkeys(conids):
            quote = self.source.quote(conid, at)
            if quote is not None:
                self.world.apply(QuoteRecorded(at=self.world.now, quote=quote))

    def _meet(self, at: Instant, conid: Conid) -> None:
        """Let the orders of a contract meet the market at an instant."""
        if at > self.world.now:
            self._run(AdvanceClock(to=at))
        self._move_trails_of(conid, 0)
        quote = self.quote(conid)
        self._touches.met(conid, at)
        book = self.world.orders.books.get(conid)
        if quote is None or book is None:
            return
        # An order that has waited is paid for by what its account is worth now.
        for account_id in owners_reached(book, self.world.contract(conid), quote):
            self._show(needs.of_account(self.world, account_id))
        self._run(RecordQuote(quote=quote))

    def _move_trails(self, older_than: Duration) -> None:
        for conid in self._trails.conids():
            self._move_trails_of(conid, older_than)

    def _move_trails_of(self, conid: Conid, older_than: Duration) -> None:
        """Tell trailing stops how far the market has been since they were told last."""
        for command in self._trails.moves(self.world, conid, older_than):
            self._run(command)
