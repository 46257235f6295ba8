"""The pacer of a desk: the turnstiles of its faces under one group of settings."""

from paperdesk.auth.pacing.settings import PacingSettings
from paperdesk.auth.pacing.turnstiles import Turnstile
from paperdesk.base.units import Instant


class Pacer:
    """How strictly a desk counts, and who has been counted where."""

    def __init__(self, settings: PacingSettings | None = None) -> None:
        """Begin without faces."""
        self._settings = settings or PacingSettings()
        self.turnstiles: dict[str, Turnstile] = {}

    @property
    def settings(self) -> PacingSettings:
        """How strictly requests are counted."""
        return self._settings

    def turnstile(self, face: str, rate: int) -> Turnstile:
        """Return the turnstile of a face, which lets each caller make `rate` requests a second."""
        turnstile = self.turnstiles.get(face)
        if turnstile is None:
            turnstile = self.turnstiles[face] = Turnstile(face, rate, self._settings)
        return turnstile

    def change(self, settings: PacingSettings) -> None:
        """Count otherwise from now on; penalties that run keep their length."""
        self._settings = settings
        for turnstile in self.turnstiles.values():
            turnstile.set(settings)

    def let_out(self, address: str, now: Instant) -> int:
        """Let an address out of the boxes of all faces; return how many it was in."""
        boxes = [turnstile.box for turnstile in self.turnstiles.values()]
        return sum(box.let_out(address, now) for box in boxes)

    def let_all_out(self, now: Instant) -> int:
        """Empty the boxes of all faces; return how many penalties that ended."""
        count = 0
        for turnstile in self.turnstiles.values():
            inside = [penalty.address for penalty in turnstile.box.inside(now)]
            count += sum(turnstile.box.let_out(address, now) for address in inside)
        return count
