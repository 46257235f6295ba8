from tests.kernel.books import ACCOUNT
from tests.tape import USER, open_kernel

from paperdesk.kernel.messages.accounts import AccountKind


def test_account_and_user_are_remembered() -> None:
    accounts = open_kernel().world.accounts

    assert accounts.by_id[ACCOUNT].kind is AccountKind.MARGIN
    assert accounts.by_id[ACCOUNT].base_currency == "USD"
    assert accounts.users[USER].account_ids == (ACCOUNT,)
    assert accounts.users[USER].is_paper
