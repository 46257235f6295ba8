import re
from decimal import Decimal

import pytest
from tests.kernel.books import ACCOUNT
from tests.tape import USER, open_kernel

from paperdesk.base.errors import (
    AccountExists,
    InvalidAmount,
    InvalidName,
    UnknownAccount,
    UnknownUser,
)
from paperdesk.base.ids import AccountId, UserName
from paperdesk.kernel.messages.accounts import (
    AccountKind,
    AddUser,
    DepositCash,
    OpenAccount,
    UserAdded,
)
from paperdesk.kernel.messages.presets import Presets, SetPresets


def test_account_is_opened_once() -> None:
    with pytest.raises(AccountExists, match="DU1234567"):
        open_kernel().handle(
            OpenAccount(
                account_id=ACCOUNT, kind=AccountKind.CASH, base_currency="USD", title="Again"
            )
        )


def test_user_keeps_its_number_when_its_accounts_change() -> None:
    kernel = open_kernel()
    first = kernel.world.accounts.users[USER].user_id
    kernel.handle(AddUser(user_name=UserName("other"), account_ids=(ACCOUNT,)))

    (event,) = kernel.handle(AddUser(user_name=USER, account_ids=()))

    assert isinstance(event, UserAdded)
    assert event.user_id == first
    assert kernel.world.accounts.users[USER].account_ids == ()


def test_user_of_an_account_that_is_not_open_is_refused() -> None:
    with pytest.raises(UnknownAccount):
        open_kernel().handle(AddUser(user_name=USER, account_ids=(AccountId("DU7"),)))


@pytest.mark.parametrize("account_id", ["", "../DU1", "DU 1", "DU1\n", "é", "D" * 21, "DU1/2"])
def test_account_id_that_fits_no_path_is_refused(account_id: str) -> None:
    with pytest.raises(InvalidName, match="no account id"):
        open_kernel().handle(
            OpenAccount(
                account_id=AccountId(account_id),
                kind=AccountKind.CASH,
                base_currency="USD",
                title="Odd",
            )
        )


@pytest.mark.parametrize(
    ("currency", "reason"),
    [
        ("", "no currency"),
        ("usd", "no currency"),
        ("EURO", "no currency"),
        ("é$1", "no currency"),
        ("ZZZ", "No pair leads from USD to ZZZ"),
    ],
)
def test_account_in_no_currency_is_refused(currency: str, reason: str) -> None:
    with pytest.raises(InvalidName, match=re.escape(reason)):
        open_kernel().handle(
            OpenAccount(
                account_id=AccountId("DU9"),
                kind=AccountKind.CASH,
                base_currency=currency,
                title="Odd",
            )
        )


@pytest.mark.parametrize("user_name", ["", "../x", "a\n", "<script>", "-x", "x" * 41, "é"])
def test_user_name_that_cannot_be_printed_is_refused(user_name: str) -> None:
    with pytest.raises(InvalidName, match="no user name"):
        open_kernel().handle(AddUser(user_name=UserName(user_name), account_ids=(ACCOUNT,)))


@pytest.mark.parametrize("amount", ["0", "-1", "NaN", "Infinity", "1e13", "0.001"])
def test_nonsense_is_not_deposited(amount: str) -> None:
    kernel = open_kernel()

    with pytest.raises(InvalidAmount):
        kernel.handle(DepositCash(account_id=ACCOUNT, currency="USD", amount=Decimal(amount)))
    assert kernel.world.ledger.cash(ACCOUNT, "USD") == Decimal(1_000_000)


def test_deposit_needs_an_account_and_a_currency() -> None:
    kernel = open_kernel()

    with pytest.raises(UnknownAccount):
        kernel.handle(DepositCash(account_id=AccountId("X"), currency="USD", amount=Decimal(1)))
    with pytest.raises(InvalidAmount):
        kernel.handle(DepositCash(account_id=ACCOUNT, currency="DOLLARS", amount=Decimal(1)))
    with pytest.raises(InvalidAmount, match="No pair leads from ZZZ to USD"):
        kernel.handle(DepositCash(account_id=ACCOUNT, currency="ZZZ", amount=Decimal(1)))


def test_thresholds_are_numbers_of_known_users() -> None:
    kernel = open_kernel()

    with pytest.raises(UnknownUser):
        kernel.handle(SetPresets(user_name=UserName("nobody"), presets=Presets()))
    with pytest.raises(InvalidAmount):
        kernel.handle(SetPresets(user_name=USER, presets=Presets(size=Decimal(-1))))


def test_a_user_may_be_without_permissions_and_subscriptions() -> None:
    kernel = open_kernel()
    kernel.handle(
        AddUser(
            user_name=UserName("looker"),
            account_ids=(ACCOUNT,),
            may_trade=False,
            subscriptions=("STK", "IND"),
        )
    )

    user = kernel.world.accounts.users[UserName("looker")]
    assert not user.may_trade
    assert user.subscriptions == ("STK", "IND")


@pytest.mark.parametrize("name", ["", "stk", "ALL!", "STOCKSANDBONDS", "S\nTK"])
def test_a_subscription_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(InvalidName, match="no market data subscription"):
        open_kernel().handle(
            AddUser(user_name=UserName("looker"), account_ids=(ACCOUNT,), subscriptions=(name,))
        )
