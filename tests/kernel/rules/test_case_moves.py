import pytest
from tests.kernel.applications import Office

from paperdesk.kernel.messages.cases import Action, Role, Stage, Track
from paperdesk.kernel.rules import case_moves
from paperdesk.kernel.rules.case_refusals import MoveNotPossible


def test_what_leads_nowhere_says_what_would_not() -> None:
    office = Office()

    with pytest.raises(MoveNotPossible, match="possible: submit, revoke, withdraw"):
        office.move(Action.PASS, "olga", Role.ONBOARDING)


def test_nobody_but_time_activates() -> None:
    office = Office()
    office.pass_to(Stage.CONFIGURED)

    with pytest.raises(MoveNotPossible):
        office.move(Action.ACTIVATE, "root", Role.ADMIN)


def test_a_program_has_its_name_from_the_desks_seed() -> None:
    vendor, firm = Office(), Office(Track.CLIENT)

    names = [case_moves.public_name(office.world, office.case) for office in (vendor, firm)]

    assert [len(name) for name in names] == [25, len("client-") + 16]
    assert names[0] == case_moves.public_name(Office().world, Office().case)
