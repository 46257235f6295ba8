"""Operations: what the control API is made of. Plain handlers; who serves them waits for them.

Not part of IBKR's API and on a port of its own. Bodies and answers are JSON, spelt as the house
spells: `desk_now`, not `deskNow`. Instants are microseconds since 1970 UTC, beside them the same
as text in New York's time.
"""

import secrets
from collections.abc import Callable, Generator, Mapping
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import msgspec

from paperdesk.auth.consumers import Draw
from paperdesk.auth.exercises import Exercises
from paperdesk.auth.oauth1.verification import Verifier
from paperdesk.auth.pacing.pacer import Pacer
from paperdesk.auth.refused import RefusedRequests
from paperdesk.auth.registrations import Registrations, Revocation
from paperdesk.auth.roster import Roster
from paperdesk.auth.second_factors import SecondFactors
from paperdesk.auth.self_tests import Trial
from paperdesk.auth.sign_ins import SignIns
from paperdesk.base.units import Instant
from paperdesk.control.refusals import BadControl, NotServed
from paperdesk.desk.clock import ClockMode
from paperdesk.desk.desk import Desk
from paperdesk.desk.times import NEW_YORK, written


class Body(msgspec.Struct, forbid_unknown_fields=True):
    """What is sent with a request; a field that is not known is refused."""


class Nothing(Body):
    """No body."""


class Factors(Protocol):
    """Where the second factors of users are kept."""

    def of(self, user_name: str) -> SecondFactors:
        """Return a user's second factors."""

    def keep(self, user_name: str, factors: SecondFactors) -> None:
        """Give a user other second factors."""

    def renew(self, user_name: str) -> str:
        """Give a user a new secret for an authenticator app, and return the address it reads."""


class Passwords(Protocol):
    """What users sign in with."""

    def has(self, user_name: str) -> bool:
        """Say whether a user name has a password."""

    def printable(self, user_name: str) -> str | None:
        """Return a user's password where the program itself made it up."""

    def ensure(self, user_name: str) -> None:
        """Make up a password for a user name that has none."""

    def set(self, user_name: str, password: str) -> None:
        """Give a user name a password."""


class Register(Protocol):
    """Where the programs that may ask for users are kept."""

    registrations: Registrations

    def save(self) -> None:
        """Write the registrations down."""

    def revoke(self, revocation: Revocation) -> None:
        """End what was opened with something that opens nothing any more."""


class Whereabouts(msgspec.Struct, frozen=True):
    """Where programs find the hosted face, and the certificate to trust ("" without TLS)."""

    hosted_url: str = "https://localhost:5001"
    authority: str = ""


class Control(msgspec.Struct, kw_only=True, eq=False):
    """What the control API works on.

    Args:
        desk: the one that is served.
        data_dir: where desks are kept; None where this one is in memory.
        wall: gives wall time.
        stirred: told when the desk's clock goes otherwise, so that its driver looks.
        roster: who is in, over all faces.
        pacer: counts the requests of the desk's faces.
        sign_ins: people on the way in.
        factors: what users show beside their passwords; None where that is not kept.
        refused: requests whose signature was refused; None where none are kept.
        verifier: what refused them.
        register: the programs that may ask for users; None where none are kept.
        passwords: what users sign in with; None where that is not kept.
        exercises: what firms' clients have shown that they can do.
        draw: gives what nobody can foresee.
        where: what programs are told to find the hosted face.
    """

    desk: Desk
    data_dir: Path | None
    wall: Callable[[], Instant]
    stirred: Callable[[], None]
    roster: Roster
    pacer: Pacer
    sign_ins: SignIns = msgspec.field(default_factory=SignIns)
    factors: Factors | None = None
    refused: RefusedRequests | None = None
    verifier: Verifier | None = None
    register: Register | None = None
    passwords: Passwords | None = None
    exercises: Exercises = msgspec.field(default_factory=Exercises)
    draw: Draw = Draw(secrets.token_hex)
    where: Whereabouts = Whereabouts()
    trials: dict[str, Trial] = {}
    """Of the keys of cases, until they are answered."""

    @property
    def registered(self) -> Register:
        """The programs that may ask for users.

        Raises:
            BadControl: this desk keeps none.
        """
        if self.register is None:
            raise BadControl("This desk keeps no registrations.")
        return self.register

    def served(self, name: str) -> Desk:
        """Return the desk of a name.

        Raises:
            NotServed: another one is served.
        """
        if name != self.desk.name:
            raise NotServed(f"This program serves the desk {self.desk.name}, not {name[:80]}.")
        return self.desk

    def catch_up(self) -> None:
        """Bring desk time to where its clock says; nobody else may have asked for a while."""
        desk = self.desk
        if desk.clock.mode is ClockMode.FACTOR and not desk.is_stopped:
            desk.advance(desk.clock.reading(self.wall(), desk.now))

    def text(self, at: Instant) -> str:
        """Return an instant as text in New York's time: `2008-09-29T09:30:00-04:00`."""
        return written(self.desk.catalogue.calendar(NEW_YORK), at)


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """One request: the path's and the query's parameters and the body, decoded.

    `made` is what the operation's `make` has made of the body.
    """

    control: Control
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: Any
    made: Any = None

    @property
    def desk(self) -> Desk:
        """The desk that the path names; see `Control.served`."""
        return self.control.served(self.path["desk"])

    def number(self, name: str, default: int, most: int) -> int:
        """Return a whole number of the query.

        Raises:
            BadControl: it is none, or out of bounds.
        """
        text = self.query.get(name, "")
        if not text:
            return default
        if not (text.isascii() and text.isdigit() and len(text) <= DIGITS_MAX):
            raise BadControl(f"{name} is a whole number, not {text[:40]!r}.")
        if int(text) > most:
            raise BadControl(f"{name} is at most {most}.")
        return int(text)


DIGITS_MAX = 18

Slices: TypeAlias = Generator[None, None, Any]
"""A long piece of work that stops now and then for others; what it returns is the answer."""

Lines: TypeAlias = Generator[bytes, None, None]
"""An answer too long for one piece, as lines of JSON."""

Handler: TypeAlias = Callable[[Asked], Any]


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """One operation. `path` has parameters in braces; `is_long` says that its answer is `Lines`.

    What takes a while and needs nothing but the body, as making and judging keys, is done by `make`
    before the handler, off the loop.
    """

    method: str
    path: str
    handler: Handler
    body: type[Body] = Nothing
    is_long: bool = False
    make: Callable[[Any], Any] | None = None

    @property
    def summary(self) -> str:
        """The first line of the handler's docstring."""
        return (self.handler.__doc__ or "").strip().split("\n", 1)[0]


class Operations:
    """The table of one area."""

    def __init__(self) -> None:
        """Begin an empty table."""
        self.rows: list[Operation] = []

    def put(
        self,
        method: str,
        path: str,
        body: type[Body] = Nothing,
        *,
        is_long: bool = False,
        make: Callable[[Any], Any] | None = None,
    ) -> Callable[[Handler], Handler]:
        """Put the decorated handler under a method and a path."""

        def keep(handler: Handler) -> Handler:
            self.rows.append(
                Operation(
                    method=method,
                    path=path,
                    handler=handler,
                    body=body,
                    is_long=is_long,
                    make=make,
                )
            )
            return handler

        return keep
