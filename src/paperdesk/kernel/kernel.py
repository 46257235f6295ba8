"""The kernel: a command in, its events out, each of them true before the rule goes on."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from paperdesk.base.errors import Refusal
from paperdesk.kernel.messages import Command, Event
from paperdesk.kernel.messages.accounts import AddUser, DepositCash, OpenAccount
from paperdesk.kernel.messages.actions import ApplyActions
from paperdesk.kernel.messages.cases import (
    AssignClerk,
    AttachDocument,
    DecideRegion,
    EditCase,
    ForceOutcome,
    HandInKeys,
    MoveCase,
    OpenCase,
    PassKeyTest,
    ProposeChange,
)
from paperdesk.kernel.messages.clock import AdvanceClock
from paperdesk.kernel.messages.orders import (
    AnswerQuestion,
    CancelAllOrders,
    CancelOrder,
    DropQuestions,
    ModifyOrder,
    MoveTrail,
    PlaceOrders,
)
from paperdesk.kernel.messages.presets import SetPresets
from paperdesk.kernel.messages.quotes import RecordQuote
from paperdesk.kernel.messages.scripts import AddScript
from paperdesk.kernel.rules import (
    accounts,
    actions,
    cases,
    clock,
    orders,
    questions,
    quotes,
    scripts,
    trading,
)
from paperdesk.kernel.state.world import Contracts, Models, World

__all__ = ["RULES", "Kernel", "Models"]

RULES: Final[dict[type[Command], Callable[[World, Any], Iterator[Event]]]] = {
    AddScript: scripts.add_script,
    AddUser: accounts.add_user,
    AdvanceClock: clock.advance_clock,
    ApplyActions: actions.apply_actions,
    AnswerQuestion: questions.answer_question,
    AssignClerk: cases.assign_clerk,
    AttachDocument: cases.attach_document,
    CancelAllOrders: orders.cancel_all_orders,
    CancelOrder: orders.cancel_order,
    DecideRegion: cases.decide_region,
    DepositCash: accounts.deposit_cash,
    DropQuestions: orders.drop_refused,
    EditCase: cases.edit_case,
    ForceOutcome: cases.force_outcome,
    HandInKeys: cases.hand_in_keys,
    ModifyOrder: orders.modify_order,
    MoveCase: cases.move_case,
    MoveTrail: orders.move_trail,
    OpenAccount: accounts.open_account,
    OpenCase: cases.open_case,
    PassKeyTest: cases.pass_key_test,
    PlaceOrders: orders.place_orders,
    ProposeChange: cases.propose_change,
    RecordQuote: quotes.record_quote,
    SetPresets: accounts.set_presets,
}


class Kernel:
    """One world and the only way to change it."""

    def __init__(self, world: World, contracts: Contracts, models: Models) -> None:
        """Stand on a world, and let it know its contracts and models."""
        assert models.fill in trading.FILL_MODELS, f"no fill model is called {models.fill}"
        world.attach(contracts, models)
        self.world = world

    def handle(self, command: Command) -> list[Event]:
        """Run one command and return what happened, in order.

        Raises:
            Refusal: the command is refused; nothing has changed.
        """
        world = self.world
        events: list[Event] = []
        try:
            for event in RULES[type(command)](world, command):
                world.apply(event)
                events.append(event)
        except Refusal:
            assert not events, "a rule refuses before its first event or not at all"
            raise
        return events

    def replay(self, events: Iterable[Event]) -> None:
        """Let events that happened before be true again."""
        for event in events:
            self.world.apply(event)
