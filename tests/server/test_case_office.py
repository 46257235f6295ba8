from pathlib import Path

from tests.kernel.applications import KEYS

from paperdesk.auth.registrations import Revocation, Standing
from paperdesk.base.units import DAY
from paperdesk.desk.desk import Desk
from paperdesk.desk.scenario import DeskOptions, open_desk
from paperdesk.kernel.messages.cases import (
    Action,
    Details,
    HandInKeys,
    MoveCase,
    OpenCase,
    Role,
    Track,
)
from paperdesk.server.case_office import CaseOffice
from paperdesk.server.registry import Registry

WALL = 1_780_000_000_000_000


def opened(data_dir: Path) -> Desk:
    return open_desk(
        DeskOptions(wall=WALL, data_dir=data_dir, name="default", seed=7, clock="stepped")
    )


def move(desk: Desk, action: Action) -> None:
    version = desk.world.cases.by_id["case-1"].version
    desk.execute(
        MoveCase(case_id="case-1", actor="root", role=Role.ADMIN, action=action, version=version)
    )


def configured(desk: Desk) -> None:
    """Bring a vendor's case as far as its midnight."""
    details = Details(firm="Vendor Ltd")
    desk.execute(OpenCase(track=Track.THIRD_PARTY, applicant="ann", details=details))
    move(desk, Action.SUBMIT)
    for _ in range(6):
        move(desk, Action.SKIP)
    move(desk, Action.REQUEST_KEYS)
    desk.execute(HandInKeys(case_id="case-1", actor="ann", material=KEYS))
    move(desk, Action.SKIP)


def test_registrations_follow_what_happens_and_what_has_happened(tmp_path: Path) -> None:
    desk, registry = opened(tmp_path), Registry(tmp_path)
    told: list[Revocation] = []
    registry.revoked.append(told.append)
    CaseOffice(desk, registry, lambda: WALL)
    configured(desk)
    case = desk.world.cases.by_id["case-1"]
    consumer = registry.registrations.consumers[case.public_name]
    assert consumer.active_from == case.activates_at > desk.now

    desk.advance(desk.now + DAY)
    assert case.is_live
    move(desk, Action.SUSPEND)

    assert (consumer.standing, told) == (
        Standing.DISABLED,
        [Revocation(consumer_key=case.public_name)],
    )
    assert Registry(tmp_path).registrations == registry.registrations
    desk.close()


def test_an_office_that_opens_later_catches_up(tmp_path: Path) -> None:
    desk = opened(tmp_path)
    configured(desk)
    registry = Registry(tmp_path)

    CaseOffice(desk, registry, lambda: WALL)

    (consumer,) = registry.registrations.consumers.values()
    assert consumer.active_from == desk.world.cases.by_id["case-1"].activates_at
    desk.close()


def test_a_desk_without_cases_writes_nothing(tmp_path: Path) -> None:
    desk = opened(tmp_path)

    CaseOffice(desk, Registry(tmp_path), lambda: WALL)

    assert not (tmp_path / "registrations.json").exists()
    desk.close()
