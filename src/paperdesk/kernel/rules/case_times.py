"""Times of cases: business days, when the clerk acts, and from when on a case is late.

Monday to Friday count, holidays too: they differ between the offices that a case goes through.
"""

from hashlib import blake2b
from typing import Final

from paperdesk.base.calendar import weekday
from paperdesk.base.regions import Region, zone
from paperdesk.base.units import HOUR, SECOND, Instant
from paperdesk.kernel.messages.cases import Action, Agreement, Stage, Technical, Track
from paperdesk.kernel.rules import case_conditions
from paperdesk.kernel.rules.case_refusals import ConditionMissing
from paperdesk.kernel.rules.case_steps import ACTION_DAYS, REVIEWS, STAGE_DAYS, Days
from paperdesk.kernel.state.cases import Case
from paperdesk.kernel.state.world import World

SATURDAY: Final = 5
DAY_BEGINS: Final = 10 * HOUR // SECOND
DAY_LASTS: Final = 6 * HOUR // SECOND
NEVER: Final[Instant] = 0


def business_days_after(
    home: Region, at: Instant, count: int, second: int | None = None
) -> Instant:
    """Return the instant so many business days after another, in a region's time.

    Args:
        home: whose time.
        at: from when on.
        count: how many.
        second: of the day; None for the same as `at`.
    """
    day, into_day = zone(home).local(at)
    left = count
    while left:
        day += 1
        if weekday(day) < SATURDAY:
            left -= 1
    return zone(home).instant(day, into_day // SECOND if second is None else second)


def next_midnight(home: Region, at: Instant) -> Instant:
    """Return the first midnight of a region after an instant."""
    day, _ = zone(home).local(at)
    return zone(home).instant(day + 1, 0)


def schedule(world: World, case: Case) -> tuple[Instant, Instant]:
    """Return when the clerk will act on a case, and from when on it is late; 0 for never."""
    late_at, days = NEVER, STAGE_DAYS.get(case.stage)
    if days is not None and not case.is_late:
        late_at = business_days_after(case.home, case.since, days.most)
    action = clerks_action(case)
    if action is None:
        return NEVER, late_at
    return clerk_at(world, case, ACTION_DAYS.get(action) or STAGE_DAYS[case.stage]), late_at


def clerk_at(world: World, case: Case, days: Days) -> Instant:
    """Return when the clerk acts: within office hours, on a day that the desk's seed draws."""
    key = f"case/{world.seed}/{case.case_id}/{case.version}".encode()
    drawn = int.from_bytes(blake2b(key, digest_size=8).digest(), "big")
    count = days.least + drawn % (days.most - days.least + 1)
    second = DAY_BEGINS + (drawn >> 16) % DAY_LASTS
    return business_days_after(case.home, world.now, count, second)


def clerks_action(case: Case) -> Action | None:
    """Return what the clerk, or a forced outcome, does with a case next; None for nothing."""
    forced = case.forced.get(case.stage.value)
    if forced is not None:
        return forced.outcome
    if not case.has_clerk or case.is_final:
        return None
    if case.stage in REVIEWS:
        return _clerks_verdict(case)
    if case.stage in {Stage.APPROVED, Stage.TEST_SETUP}:
        return _clerks_paper(case)
    is_ready = case.stage is Stage.PROD_SETUP and case.live is not None
    return {Stage.SUBMITTED: Action.START}.get(case.stage, Action.CONFIGURE if is_ready else None)


def _clerks_verdict(case: Case) -> Action:
    """Ask for what is missing, else pass."""
    is_missing = bool(case_conditions.unproved(case))
    decides = case.stage in {Stage.TIER_1, Stage.RE_REVIEW}
    return Action.ASK if is_missing and decides else Action.PASS


def _clerks_paper(case: Case) -> Action | None:
    """Go on with agreement and keys where they do not wait for the applicant."""
    by_agreement = {
        Agreement.NONE: Action.GENERATE_AGREEMENT,
        Agreement.GENERATED: Action.SEND_AGREEMENT,
    }
    if case.agreement in by_agreement:
        return by_agreement[case.agreement]
    if case.technical is Technical.NONE:
        return Action.REQUEST_KEYS
    is_shown = case.is_tested or case.track is Track.CLIENT
    if case.technical is Technical.KEYS_RECEIVED and is_shown:
        return Action.VERIFY_KEYS
    is_done = case.technical is Technical.KEYS_VERIFIED and _is_configurable(case)
    return Action.CONFIGURE if is_done else None


def _is_configurable(case: Case) -> bool:
    try:
        case_conditions.check_configurable(case)
    except ConditionMissing:
        return False
    return True
