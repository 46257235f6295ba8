from paperdesk.auth.pacing.pacer import Pacer
from paperdesk.auth.pacing.settings import Mode, PacingSettings
from paperdesk.base.units import MINUTE, SECOND

NOW = 1_788_875_891 * SECOND
HERE = "127.0.0.1"


def test_a_face_has_one_turnstile() -> None:
    pacer = Pacer()

    gateway, hosted = pacer.turnstile("gateway", 10), pacer.turnstile("hosted", 50)

    assert pacer.turnstile("gateway", 10) is gateway
    assert (gateway.rate, hosted.rate) == (10, 50)
    assert pacer.settings.mode is Mode.STRICT


def test_faces_are_counted_and_boxed_apart() -> None:
    pacer = Pacer()
    gateway, hosted = pacer.turnstile("gateway", 10), pacer.turnstile("hosted", 50)

    for _ in range(11):
        gateway.counted("demo", HERE, NOW, asked=7)

    assert gateway.boxed(HERE, NOW) is not None
    assert hosted.boxed(HERE, NOW) is None
    assert sum(hosted.counted("demo", HERE, NOW, asked=7) is None for _ in range(51)) == 50


def test_settings_change_on_every_face_and_penalties_that_run_stay() -> None:
    pacer = Pacer()
    turnstile = pacer.turnstile("gateway", 10)
    for _ in range(11):
        turnstile.counted("demo", HERE, NOW, asked=7)

    pacer.change(PacingSettings(penalty=SECOND))

    assert turnstile.boxed(HERE, NOW + 9 * MINUTE) is not None
    pacer.change(PacingSettings(mode=Mode.OFF))
    assert turnstile.boxed(HERE, NOW) is None
    assert pacer.turnstile("hosted", 50).counted("demo", HERE, NOW) is None
    assert not list(pacer.turnstile("hosted", 50).callers())


def test_an_address_is_let_out_of_every_box() -> None:
    pacer = Pacer()
    for face in ("gateway", "hosted"):
        box = pacer.turnstile(face, 10).box
        box.put_by_hand(HERE, None, NOW)
        box.put_by_hand("127.0.0.2", MINUTE, NOW)

    assert pacer.let_out(HERE, NOW) == 2
    assert pacer.let_out(HERE, NOW) == 0
    assert pacer.let_all_out(NOW) == 2
    assert pacer.turnstile("hosted", 10).box.is_empty
