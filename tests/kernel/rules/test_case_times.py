import pytest
from tests.kernel.applications import BEGINS, Office

from paperdesk.base.calendar import day_of
from paperdesk.base.regions import Region, zone
from paperdesk.base.units import DAY, HOUR
from paperdesk.kernel.messages.cases import Action, Stage
from paperdesk.kernel.rules import case_times


@pytest.mark.parametrize(("count", "date"), [(0, 14), (1, 15), (4, 18), (5, 21), (10, 28)])
def test_weekends_are_no_business_days(count: int, date: int) -> None:
    at = zone(Region.US).instant(day_of(2026, 9, date), 9 * 3600)

    assert case_times.business_days_after(Region.US, BEGINS, count) == at


def test_business_days_are_the_regions_own_also_where_clocks_change() -> None:
    friday = zone(Region.EUROPE).instant(day_of(2026, 10, 23), 9 * 3600)

    monday = case_times.business_days_after(Region.EUROPE, friday, 1)

    assert monday - friday == 3 * DAY + HOUR
    assert case_times.business_days_after(Region.EUROPE, friday, 1, 0) == monday - 9 * HOUR


def test_who_has_no_clerk_is_only_reminded() -> None:
    office = Office()
    office.pass_to(Stage.SUBMITTED)

    assert case_times.clerks_action(office.case) is None
    late_at = case_times.business_days_after(Region.US, BEGINS, 2)
    assert case_times.schedule(office.world, office.case) == (0, late_at)


def test_the_clerk_does_what_the_stage_asks_for() -> None:
    office = Office(has_clerk=True)
    seen = []
    for stage in (Stage.DRAFT, Stage.SUBMITTED, Stage.SCREENING, Stage.APPROVED, Stage.CONFIGURED):
        office.pass_to(stage)
        seen.append(case_times.clerks_action(office.case))

    assert seen == [None, Action.START, Action.PASS, Action.GENERATE_AGREEMENT, None]
