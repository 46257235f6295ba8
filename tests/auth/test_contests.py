from paperdesk.auth.contests import FIGHT_SPAN, RECENT_MAX, Contests, Takeover
from paperdesk.base.ids import UserName

DEMO = UserName("demo")


def test_nobody_fights_at_first() -> None:
    contests = Contests()

    assert contests.count(DEMO) == 0
    assert contests.fighters(DEMO, 0) == ()


def test_two_who_take_from_each_other_are_named() -> None:
    contests = Contests()
    contests.taken(DEMO, Takeover(1, "bot A", "bot B"))
    contests.taken(DEMO, Takeover(2, "bot B", "bot A"))
    two = contests.fighters(DEMO, 3)
    contests.taken(DEMO, Takeover(3, "bot A", "bot B"))

    assert two == ()
    assert contests.fighters(DEMO, 3) == ("bot B", "bot A")
    assert contests.fighters(UserName("ann"), 3) == ()
    assert contests.count(DEMO) == 3


def test_a_fight_is_over_when_nobody_takes_for_a_while() -> None:
    contests = Contests()
    for at in (1, 2, 3):
        contests.taken(DEMO, Takeover(at, "A", "B"))

    assert contests.fighters(DEMO, FIGHT_SPAN) == ("B", "A")
    assert contests.fighters(DEMO, FIGHT_SPAN + 2) == ()


def test_only_the_last_takeovers_are_kept_and_all_are_counted() -> None:
    contests = Contests()
    for at in range(100):
        contests.taken(DEMO, Takeover(at, "A", "B"))

    assert len(contests.of_user[DEMO].recent) == RECENT_MAX
    assert contests.count(DEMO) == 100
