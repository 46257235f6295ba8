import msgspec
from tests.kernel.applications import KEYS, Office

from paperdesk.base.units import DAY
from paperdesk.kernel.messages.cases import Action, HandInKeys, Role, Stage
from paperdesk.kernel.state.cases import KEYS_REMEMBERED
from paperdesk.kernel.state.world import World


def test_a_case_is_the_same_after_a_checkpoint() -> None:
    office = Office(has_clerk=True)
    office.pass_to(Stage.ACTIVE)
    office.wait(DAY)

    again = msgspec.msgpack.decode(msgspec.msgpack.encode(office.world), type=World)

    assert again.cases == office.world.cases


def test_keys_of_commands_are_remembered_as_long_as_they_may_come_again() -> None:
    office = Office()
    office.pass_to(Stage.APPROVED)
    office.papers()
    office.do(HandInKeys(case_id="case-1", actor="ann", material=KEYS))
    office.move(Action.SKIP, "root", Role.ADMIN)
    office.move(Action.SKIP, "root", Role.ADMIN)
    for number in range(KEYS_REMEMBERED + 2):
        action = Action.RESUME if number % 2 else Action.SUSPEND
        office.move(action, "carl", Role.COMPLIANCE_1, key=f"k{number}")

    assert len(office.case.done) == KEYS_REMEMBERED
    assert "k1" not in office.case.done


def test_what_time_does_is_known_while_it_does_something() -> None:
    office = Office()
    office.pass_to(Stage.CONFIGURED)
    assert office.world.cases.due == {"case-1": office.case.activates_at}

    office.wait(DAY)

    assert office.world.cases.due == {}
    assert office.case.due_at == 0
