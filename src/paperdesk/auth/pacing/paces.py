"""Paces: how many requests in how many seconds one thing may be asked."""

import msgspec


class Pace(msgspec.Struct, frozen=True):
    """At most `requests` in `seconds`; with `concurrent` at most that many at once.

    `key` names what is counted, as IBKR's documentation does (`GET /portfolio/accounts`): routes
    whose paces have the same key are twins and share one count. `burst` is how many may come at
    once after a rest, 0 for as many as `requests`; in the long run it changes nothing.
    """

    requests: int
    seconds: int = 1
    concurrent: int = 0
    key: str = ""
    burst: int = 0

    @property
    def text(self) -> str:
        """The pace in words: `1 in 5 s`."""
        if self.concurrent:
            return f"{self.concurrent} at once"
        every = "a second" if self.seconds == 1 else f"in {self.seconds} s"
        return f"{self.requests} {every}"

    @property
    def limit(self) -> str:
        """What is said of a request too many: `1 in 5 s of GET /portfolio/accounts`."""
        return f"{self.text} of {self.key}" if self.key else self.text
