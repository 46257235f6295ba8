import pytest
from tests.kernel.applications import Office

from paperdesk.kernel.messages.cases import Action, Role
from paperdesk.kernel.rules import case_access
from paperdesk.kernel.rules.case_refusals import (
    CaseChanged,
    MoveNotPossible,
    TooManyCases,
    UnknownCase,
)


def test_a_case_is_found_as_it_was_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    office = Office()
    world, case = office.world, office.case

    assert case_access.seen(world, "case-1", case.version) is case
    assert case_access.still_open(world, "case-1", None) is case
    with pytest.raises(UnknownCase):
        case_access.found(world, "case-2")
    with pytest.raises(CaseChanged):
        case_access.seen(world, "case-1", case.version - 1)
    monkeypatch.setattr(case_access, "HISTORY_MAX", 1)
    with pytest.raises(TooManyCases):
        case_access.seen(world, "case-1", None)


def test_what_is_over_is_not_open() -> None:
    office = Office()
    office.move(Action.WITHDRAW, "ann", Role.APPLICANT)

    with pytest.raises(MoveNotPossible, match="withdrawn, and over"):
        case_access.still_open(office.world, "case-1", None)
