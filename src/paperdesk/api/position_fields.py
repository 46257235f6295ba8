"""Position fields: the columns of market data that are about what an account holds."""

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from paperdesk.api.fields import Cell, Look
from paperdesk.api.formats import percent, price_text
from paperdesk.base.ids import AccountId
from paperdesk.base.units import Price
from paperdesk.kernel.state.positions import Position
from paperdesk.kernel.state.quotes import mark
from paperdesk.kernel.state.world import World

CENT: Final = Decimal("0.01")
AVERAGE_DECIMALS_MAX: Final = 4


def money(amount: Decimal) -> str:
    """Return an amount with cents and thousands separators: `31,755.00`."""
    return f"{amount.quantize(CENT, rounding=ROUND_HALF_UP):,f}"


def _size(position: Position, _: Price, __: Look) -> Cell:
    return f"{position.size:,f}"


def _average_price(position: Position, _: Price, look: Look) -> Cell:
    decimals = look.contract.decimals
    return price_text(position.average_price, decimals, max(decimals, AVERAGE_DECIMALS_MAX))


def _unrealised(position: Position, price: Price, _: Look) -> Cell:
    return money(position.unrealised(price))


def _unrealised_percent(position: Position, price: Price, _: Look) -> Cell | None:
    cost = abs(position.cost)
    return percent(position.unrealised(price) / cost, 2) if cost else None


Tell = Callable[[Position, Price, Look], Cell | None]

POSITION_FIELDS: Final[dict[str, Tell]] = {
    "73": lambda position, price, _: money(position.value(price)),
    "74": _average_price,
    "75": _unrealised,
    "76": _size,
    "77": _unrealised,
    "78": lambda position, price, _: money(position.daily(price)),
    "79": lambda position, _, __: money(position.realised),
    "80": _unrealised_percent,
    "7292": lambda position, _, __: money(position.cost),
    "7920": lambda position, price, _: str(position.daily(price)),
    "7921": lambda position, _, __: str(position.cost),
}
"""What each field shows of a position at a price."""

POSITION_RAW: Final[dict[str, Tell]] = {
    "78": lambda position, price, _: float(position.daily(price)),
    "7292": lambda position, _, __: float(position.cost),
}
"""The number that comes along as `<tag>_raw`."""


def position_values(
    look: Look, tags: tuple[str, ...], world: World, account_id: AccountId
) -> dict[str, Cell]:
    """Return the position fields among the tags; none where the account holds nothing."""
    position = world.ledger.position(account_id, look.contract.conid)
    price = mark(look.quote)
    row: dict[str, Cell] = {}
    if position is None or price is None:
        return row
    for tag in tags:
        tell = POSITION_FIELDS.get(tag)
        cell = None if tell is None else tell(position, price, look)
        if cell is None:
            continue
        row[tag] = cell
        if tag in POSITION_RAW:
            raw = POSITION_RAW[tag](position, price, look)
            assert raw is not None
            row[f"{tag}_raw"] = raw
    return row
