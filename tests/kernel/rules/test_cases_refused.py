"""What is refused, and leaves a case as it was."""

import msgspec
import pytest
from tests.kernel.applications import DETAILS, Office

from paperdesk.base.errors import Refusal
from paperdesk.base.regions import Region
from paperdesk.kernel.messages.cases import (
    Action,
    AssignClerk,
    Details,
    EditCase,
    Feature,
    OpenCase,
    Proof,
    Role,
    Track,
)
from paperdesk.kernel.rules.case_refusals import InvalidCase, TooManyCases, UnknownCase


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.mark.parametrize(
    "details",
    [
        Details(firm=""),
        Details(firm="x" * 101),
        Details(firm="a\nb"),
        Details(firm="V", product_url="vendor.example"),
        Details(firm="V", features=()),
        Details(firm="V", regions=(Region.US, Region.US)),
        Details(firm="V", features=(Feature.AUTOMATED_TRADING,)),
        Details(firm="V", contacts=("Ann",) * 21),
    ],
)
def test_an_application_without_sense_is_none(office: Office, details: Details) -> None:
    with pytest.raises(InvalidCase):
        office.do(OpenCase(track=Track.CLIENT, applicant="ann", details=details))
    with pytest.raises(InvalidCase):
        office.do(EditCase(case_id="case-1", actor="ann", details=details))
    assert list(office.world.cases.by_id) == ["case-1"]


def test_what_there_is_not_is_not_changed(office: Office) -> None:
    with pytest.raises(UnknownCase):
        office.do(AssignClerk(case_id="case-9", is_on=True))


def test_a_desk_holds_so_many_cases(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("paperdesk.kernel.rules.cases.CASES_MAX", 1)
    monkeypatch.setattr("paperdesk.kernel.rules.cases.DOCUMENTS_MAX", 1)
    office.attach(Proof.ENTITY, "register.pdf")

    with pytest.raises(TooManyCases):
        office.attach(Proof.ENTITY, "more.pdf")
    with pytest.raises(TooManyCases):
        office.do(OpenCase(track=Track.CLIENT, applicant="ann", details=DETAILS))


def test_nothing_is_changed_by_what_is_refused(office: Office) -> None:
    before = msgspec.msgpack.encode(office.world)

    for role in Role:
        for action in Action:
            if action in {Action.SUBMIT, Action.WITHDRAW, Action.REVOKE}:
                continue
            with pytest.raises(Refusal):
                office.move(action, "eve", role)

    assert msgspec.msgpack.encode(office.world) == before
