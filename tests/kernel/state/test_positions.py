from decimal import Decimal

import pytest

from paperdesk.base.ids import AccountId, Conid
from paperdesk.kernel.state.positions import Position, closed_part


@pytest.mark.parametrize(
    ("held", "traded", "closed"),
    [
        ("0", "5", "0"),
        ("10", "5", "0"),
        ("10", "-4", "-4"),
        ("10", "-10", "-10"),
        ("10", "-15", "-10"),
        ("-10", "4", "4"),
        ("-10", "15", "10"),
    ],
)
def test_trade_closes_what_is_held_before_it_opens(held: str, traded: str, closed: str) -> None:
    assert closed_part(Decimal(held), Decimal(traded)) == Decimal(closed)


def test_contract_with_a_multiplier_costs_and_earns_by_the_contract() -> None:
    position = Position(
        account_id=AccountId("DU1"),
        conid=Conid(1),
        currency="USD",
        multiplier=Decimal(100),
        size=Decimal(2),
        cost=Decimal(1002),
        marked_size=Decimal(1),
        marked_price=Decimal(4),
        traded=Decimal(-501),
    )

    assert position.average_cost == 501
    assert position.average_price == Decimal("5.01")
    assert position.value(Decimal(6)) == 1_200
    assert position.unrealised(Decimal(6)) == 198
    assert position.daily(Decimal(6)) == 299


def test_flat_position_with_nothing_to_tell_is_idle() -> None:
    position = Position(
        account_id=AccountId("DU1"), conid=Conid(1), currency="USD", multiplier=Decimal(1)
    )

    assert position.is_idle
    assert position.average_cost == 0
    assert position.average_price == 0
