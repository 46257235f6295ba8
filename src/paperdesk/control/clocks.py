"""Clocks: read, set, hold and move the time of the served desk."""

from collections import Counter
from typing import Any, Final

from paperdesk.base.units import HOUR, Duration, Instant
from paperdesk.control.operations import Asked, Body, Control, Operations, Slices
from paperdesk.control.refusals import BadControl
from paperdesk.desk.times import NEW_YORK, duration, instant
from paperdesk.kernel.messages import Event
from paperdesk.kernel.state.world import World

operations = Operations()

SLICE: Final[Duration] = 6 * HOUR
"""How far an advance goes before it lets requests in."""


class ClockChange(Body, kw_only=True):
    """How the clock is to go: what is left out stays.

    `clock` is `real`, `x60`, `stepped` or `fast`; `until` a time to stop at, "" for none.
    """

    clock: str | None = None
    is_paused: bool | None = None
    until: int | str | None = None


class Advance(Body, kw_only=True):
    """How far to go: `to` a time or `by` a duration."""

    to: int | str | None = None
    by: int | str | None = None


@operations.put("GET", "/desks/{desk}/clock")
def read_clock(asked: Asked) -> dict[str, Any]:
    """Say what time it is on the desk and how its clock goes."""
    desk = asked.desk
    return _told(asked.control, desk.now)


@operations.put("POST", "/desks/{desk}/clock", ClockChange)
def set_clock(asked: Asked) -> dict[str, Any]:
    """Change how the clock goes: speed, pause, where it stops."""
    desk, change, wall = asked.desk, asked.body, asked.control.wall()
    clock = desk.clock.anchored(wall, desk.now)
    if change.clock is not None:
        clock = clock.changed(change.clock, wall, desk.now)
    if change.is_paused is not None:
        turn = clock.paused if change.is_paused else clock.resumed
        clock = turn(wall, desk.now)
    if change.until is not None:
        calendar = desk.catalogue.calendar(NEW_YORK)
        clock = clock.stopping(instant(calendar, change.until) if change.until != "" else None)
    desk.clock = clock
    asked.control.stirred()
    return _told(asked.control, desk.now)


@operations.put("POST", "/desks/{desk}/clock/advance", Advance)
def advance_clock(asked: Asked) -> Slices:
    """Let desk time reach a time at once; what happens on the way happens in order."""
    desk, control = asked.desk, asked.control
    to = _goal(asked)
    if to < desk.now:
        raise BadControl(f"It is {control.text(desk.now)}, and time does not go back.")
    happened: Counter[str] = Counter()

    def count(_world: World, event: Event) -> None:
        if event.kept:
            happened[type(event).__name__] += 1

    unlisten = desk.listen(count)
    try:
        while desk.now < to:
            desk.advance(min(to, desk.now + SLICE))
            desk.clock = desk.clock.anchored(control.wall(), desk.now)
            yield
    finally:
        unlisten()
    return _told(control, desk.now) | {"happened": dict(sorted(happened.items()))}


def _goal(asked: Asked) -> Instant:
    """Return how far an advance is to go."""
    desk, body = asked.desk, asked.body
    if (body.to is None) == (body.by is None):
        raise BadControl('Say how far: {"by": "5min"} or {"to": "2008-09-29 16:00"}.')
    if body.by is not None:
        return desk.now + duration(body.by)
    return instant(desk.catalogue.calendar(NEW_YORK), body.to)


def _told(control: Control, now: Instant) -> dict[str, Any]:
    clock = control.desk.clock
    return {
        "desk_now": now,
        "desk_time": control.text(now),
        "clock": clock.text,
        "is_paused": clock.is_paused,
        "until": None if clock.until is None else control.text(clock.until),
        "is_open": control.desk.catalogue.calendar(NEW_YORK).is_regular(now),
    }
