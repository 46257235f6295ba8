from paperdesk.auth.idleness import IdleClock


def test_it_goes_with_the_wall() -> None:
    clock = IdleClock()

    assert clock.reading(100) == 100
    assert clock.wall_at(150) == 150


def test_while_it_is_held_nothing_passes_and_nothing_comes_due() -> None:
    clock = IdleClock()

    clock.hold(100)
    clock.hold(120)

    assert clock.is_held
    assert clock.reading(500) == 100
    assert clock.wall_at(150) is None


def test_it_goes_on_where_it_was_held() -> None:
    clock = IdleClock()
    clock.hold(100)
    clock.release(500)
    clock.release(900)

    assert clock.reading(510) == 110
    assert clock.wall_at(110) == 510


def test_a_wall_that_is_set_back_takes_nothing_away() -> None:
    clock = IdleClock()
    clock.hold(100)

    clock.release(40)

    assert clock.reading(100) == 100
