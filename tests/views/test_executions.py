from tests.kernel.books import ACCOUNT
from tests.tape import clock, open_kernel, play

from paperdesk.base.ids import AccountId
from paperdesk.views.executions import of_days


def test_executions_are_told_by_days_oldest_first() -> None:
    kernel = open_kernel()
    play(
        kernel,
        """
        quote 190.20 100 190.25 60
        buy 1                        -> accepted 1, filled 1 1 190.25
        buy 2                        -> accepted 2, filled 2 2 190.25
        """,
    )
    kernel.handle(clock("2026-06-11 10:00"))
    play(kernel, "buy 3 -> accepted 3, filled 3 3 190.25")

    assert [row.size for row in of_days(kernel.world, ACCOUNT, 1)] == [3]
    assert [row.size for row in of_days(kernel.world, ACCOUNT, 2)] == [1, 2, 3]
    assert of_days(kernel.world, AccountId("DU7654321"), 7) == []
