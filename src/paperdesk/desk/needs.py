"""Needs: whose quotes a command looks at. The desk brings them before the kernel decides."""

from collections.abc import Iterable, Iterator

from paperdesk.base.ids import AccountId, Conid
from paperdesk.base.units import Currency
from paperdesk.kernel.messages import Command
from paperdesk.kernel.messages.orders import AnswerQuestion, ModifyOrder, PlaceOrders, Ticket
from paperdesk.kernel.rules import exchange_rates, stands
from paperdesk.kernel.state.world import World


def of_command(world: World, command: Command) -> Iterator[Conid]:
    """Yield the contracts whose quotes a command is decided by, some more than once."""
    if isinstance(command, PlaceOrders):
        yield from of_tickets(world, command.account_id, command.tickets)
    elif isinstance(command, ModifyOrder):
        yield from of_tickets(world, command.account_id, (command.ticket,))
    elif isinstance(command, AnswerQuestion):
        asked = world.orders.waiting.get(command.question_id)
        if asked is not None and command.confirmed:
            yield from of_tickets(world, asked.account_id, asked.tickets)


def of_tickets(world: World, account_id: AccountId, tickets: Iterable[Ticket]) -> Iterator[Conid]:
    """Yield what orders of an account are about, and what says whether it can afford them."""
    currencies: list[Currency] = []
    for ticket in tickets:
        contract = world.contracts.by_conid.get(ticket.conid)
        if contract is not None:
            yield ticket.conid
            currencies += (contract.currency, contract.base or contract.currency)
    yield from of_account(world, account_id, currencies)


def of_account(
    world: World, account_id: AccountId, currencies: Iterable[Currency] = ()
) -> Iterator[Conid]:
    """Yield what an account is valued by: its contracts, and the pairs to its base currency."""
    account = world.accounts.by_id.get(account_id)
    book = world.ledger.books.get(account_id)
    if account is None or book is None:
        return
    yield from book.positions
    held = dict.fromkeys((*stands.currencies_of(book), *currencies))
    yield from exchange_rates.needed(world, held, account.base_currency)
