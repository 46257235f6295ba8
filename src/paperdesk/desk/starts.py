"""Starts: where desk time begins, and where it goes on after a rest."""

from paperdesk.base.calendar import Calendar, civil
from paperdesk.base.errors import OutsideCalendar
from paperdesk.base.units import Day, Instant
from paperdesk.desk.terms import InvalidScenario, Start, StartRule, day_from


def beginning(start: Start, wall: Instant, calendar: Calendar) -> Instant:
    """Return where desk time begins.

    Raises:
        InvalidScenario: the calendar knows no session there.
    """
    try:
        if start.rule is StartRule.NOW_OR_LAST_SESSION:
            return awake(start, wall, calendar)
        day = day_from(start.day)
        session = calendar.session_after(day - 1)
        return calendar.instant(session.day, start.second_of_day)
    except OutsideCalendar as error:
        first, last = (
            "-".join(f"{part:02}" for part in civil(day))
            for day in (calendar.first_day, calendar.last_day)
        )
        raise InvalidScenario(
            f"A desk can begin from {first} to {last}, not on {start.day or 'this day'}."
        ) from error


def awake(start: Start, wall: Instant, calendar: Calendar) -> Instant:
    """Return the wall's time while New York is open, else the start's time of the last session."""
    if calendar.is_regular(wall):
        return wall
    day, _ = calendar.local(wall)
    for session in (calendar.session(day), calendar.session_before(day)):
        if session is not None and (at := _time_of(start, session.day, calendar)) <= wall:
            return at
    raise OutsideCalendar("No session has begun yet.")


def resumed(start: Start, own: Instant, wall: Instant, calendar: Calendar) -> Instant:
    """Return where the time of a desk goes on after a rest, never before its own.

    A desk of the present goes on where a new one would begin, or later; if that is outside regular
    hours, at the start's time of the next session. Any other desk goes on where it stood.
    """
    if start.rule is not StartRule.NOW_OR_LAST_SESSION:
        return own
    at = max(own, awake(start, wall, calendar))
    if calendar.is_regular(at):
        return at
    day = calendar.local(at)[0] - 1
    while True:
        session = calendar.session_after(day)
        if (found := _time_of(start, session.day, calendar)) > at:
            return found
        day = session.day


def _time_of(start: Start, day: Day, calendar: Calendar) -> Instant:
    return calendar.instant(day, start.second_of_day)
