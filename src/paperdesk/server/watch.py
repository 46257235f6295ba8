"""The watch: what time does to the sessions of a desk, and that it is told.

Nights and maintenance come by desk time, and the desk itself tells when that has moved, whoever
moved it. Idleness and age come by the wall.
"""

import logging
from typing import Final

import msgspec

from paperdesk.auth.attendance import Attendance
from paperdesk.auth.endings import Ending
from paperdesk.auth.gateway import Gateway
from paperdesk.auth.nights import Nights
from paperdesk.auth.resets import Profile
from paperdesk.auth.roster import Roster
from paperdesk.auth.sessions import Session, SessionSettings
from paperdesk.base.units import Instant
from paperdesk.desk.clock import ClockMode
from paperdesk.desk.desk import Desk
from paperdesk.kernel.messages import Event
from paperdesk.kernel.state.world import World
from paperdesk.server.clock import Timekeeper
from paperdesk.stream.subscriber import Audience

GOING_AWAY: Final = 1001

_log = logging.getLogger("paperdesk.sessions")


def settled(settings: SessionSettings, desk: Desk) -> SessionSettings:
    """Return the settings of a desk's sessions, with what hangs on the desk decided."""
    is_stepped = desk.clock.mode is ClockMode.STEPPED
    resets, has_maintenance = settings.resets, settings.has_maintenance
    if resets is Profile.BY_CLOCK:
        resets = Profile.OFF if is_stepped else Profile.ON
    return msgspec.structs.replace(
        settings,
        seed=desk.manifest.seed,
        resets=resets,
        has_maintenance=not is_stepped if has_maintenance is None else has_maintenance,
    )


class Watch:
    """Looks after the sessions of the desk that a timekeeper keeps."""

    def __init__(
        self, keeper: Timekeeper, roster: Roster, gateway: Gateway, audience: Audience
    ) -> None:
        """Begin at the desk's time, with nobody signed in by the program itself."""
        self._keeper = keeper
        self._roster = roster
        self._audience = audience
        desk = keeper.desk
        self.attendance = Attendance(gateway, roster, desk.world.accounts.users)
        self.nights = Nights(roster, self.attendance, desk.now)
        self.nights.closed.append(self._close_sockets)
        roster.ended.append(_tell_log)
        roster.changed.append(self._changed)
        desk.listen(self._moved)

    def tick(self, now: Instant) -> None:
        """Let what was due happen, at an instant of wall time.

        Nobody grows idle while desk time stands, or is moved by steps.
        """
        clock = self._keeper.desk.clock
        if clock.is_paused or clock.mode is ClockMode.STEPPED:
            self._roster.hold(now)
        else:
            self._roster.release(now)
        self._roster.sweep(now)

    def _moved(self, _world: World, event: Event) -> None:
        if event.at >= self.nights.next_at:
            self.nights.reached(event.at, self._keeper.now())

    def _changed(self, session: Session) -> None:
        """Tell a session's sockets at once what has become of it."""
        self._audience.now = self._keeper.now()
        self._audience.watch_session(session)

    def _close_sockets(self) -> None:
        for subscriber in list(self._audience.subscribers.values()):
            subscriber.close(GOING_AWAY, "the service is maintained")


def _tell_log(ending: Ending) -> None:
    _log.info(
        "Session %d of %s (%s, %s): the %s session has ended: %s.",
        ending.number,
        ending.user_name,
        ending.face,
        ending.credential,
        ending.tier.value,
        ending.cause.value,
    )
