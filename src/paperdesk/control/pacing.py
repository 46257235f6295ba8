"""Pacing: how strictly requests are counted, who is in the penalty box, and who asked how much."""

import ipaddress
from collections.abc import Iterator
from itertools import islice
from typing import Annotated, Any

import msgspec

from paperdesk.api.paces import DOCUMENTED
from paperdesk.auth.pacing.boxes import Penalty
from paperdesk.auth.pacing.settings import PENALTY_MAX, PENALTY_MIN, Mode
from paperdesk.auth.pacing.turnstiles import Caller, Turnstile
from paperdesk.base.units import SECOND, Duration, Instant
from paperdesk.control.operations import Asked, Body, Control, Operations
from paperdesk.control.refusals import BadControl

operations = Operations()

CALLERS_SHOWN: int = 100
CALLERS_SHOWN_MAX: int = 10_000

Seconds = Annotated[float, msgspec.Meta(ge=PENALTY_MIN / SECOND, le=PENALTY_MAX / SECOND)]


class PacingChange(Body, kw_only=True):
    """How requests are to be counted: what is left out stays.

    `mode` is `strict`, `lenient` or `off`. An address that comes into the penalty box for the
    `strikes`-th time within a day is blocked; with 0 none is. `under_way` is how many requests
    beyond those of a second are held back instead of refused; with 0 none is.
    """

    mode: Mode | None = None
    penalty_seconds: Seconds | None = None
    strikes: Annotated[int, msgspec.Meta(ge=0, le=1_000)] | None = None
    under_way: Annotated[int, msgspec.Meta(ge=0, le=100)] | None = None


class Release(Body, kw_only=True):
    """Which address is let out; all of them where none is named."""

    address: str = ""


class Boxing(Body, kw_only=True):
    """Which address goes into the box of which face, and for how long; of all faces for "".

    With `seconds` null it stays until it is let out.
    """

    address: str
    seconds: Seconds | None = None
    face: str = ""


@operations.put("GET", "/desks/{desk}/pacing")
def read_pacing(asked: Asked) -> dict[str, Any]:
    """Say how requests are counted, who is in the penalty box and who asked how much."""
    shown = asked.number("callers", CALLERS_SHOWN, CALLERS_SHOWN_MAX)
    turnstiles = _turnstiles(asked)
    now = asked.control.wall()
    callers = sorted(
        ((caller, turnstile.face) for turnstile in turnstiles for caller in turnstile.callers()),
        key=lambda row: -row[0].last_at,
    )
    return _rules(asked.control) | {
        "box": [
            _penalty(penalty, turnstile.face, now)
            for turnstile in turnstiles
            for penalty in turnstile.box.inside(now)
        ],
        "callers": [_caller(caller, face) for caller, face in islice(callers, shown)],
        "callers_remembered": len(callers),
    }


@operations.put("POST", "/desks/{desk}/pacing", PacingChange)
def set_pacing(asked: Asked) -> dict[str, Any]:
    """Count otherwise from now on; penalties that run keep their length."""
    _turnstiles(asked)
    change, pacer = asked.body, asked.control.pacer
    given: dict[str, Any] = {}
    if change.mode is not None:
        given["mode"] = change.mode
    if change.penalty_seconds is not None:
        given["penalty"] = round(change.penalty_seconds * SECOND)
    if change.strikes is not None:
        given["strikes"] = change.strikes
    if change.under_way is not None:
        given["under_way"] = change.under_way
    pacer.change(msgspec.structs.replace(pacer.settings, **given))
    return _rules(asked.control)


@operations.put("POST", "/desks/{desk}/pacing/release", Release)
def release(asked: Asked) -> dict[str, int]:
    """Let an address out of the penalty box, or all of them, and forget its strikes."""
    _turnstiles(asked)
    pacer, now = asked.control.pacer, asked.control.wall()
    if not asked.body.address:
        return {"released": pacer.let_all_out(now)}
    return {"released": pacer.let_out(_address(asked.body.address), now)}


@operations.put("POST", "/desks/{desk}/pacing/box", Boxing)
def box(asked: Asked) -> dict[str, list[dict[str, Any]]]:
    """Put an address into the penalty box, to see what a client makes of it."""
    wish, now = asked.body, asked.control.wall()
    turnstiles = [row for row in _turnstiles(asked) if wish.face in {"", row.face}]
    if not turnstiles:
        raise BadControl(f"No face is called {wish.face[:40]!r}; there are gateway and hosted.")
    lasts = None if wish.seconds is None else round(wish.seconds * SECOND)
    address = _address(wish.address)
    return {
        "box": [
            _penalty(row.box.put_by_hand(address, lasts, now), row.face, now) for row in turnstiles
        ]
    }


@operations.put("POST", "/desks/{desk}/pacing/reset")
def reset(asked: Asked) -> dict[str, Any]:
    """Forget every count, penalty and strike, as if the desk had just been opened."""
    for turnstile in _turnstiles(asked):
        turnstile.forget()
    return _rules(asked.control)


def _turnstiles(asked: Asked) -> list[Turnstile]:
    """Return what counts for the desk that the path names.

    Raises:
        NotServed: another one is served.
    """
    assert asked.desk is asked.control.desk
    return list(asked.control.pacer.turnstiles.values())


def _rules(control: Control) -> dict[str, Any]:
    settings = control.pacer.settings
    return {
        "mode": settings.mode.value,
        "penalty_seconds": settings.penalty / SECOND,
        "strikes": settings.strikes,
        "under_way": settings.under_way,
        "strikes_within_seconds": settings.strikes_within / SECOND,
        "limits": list(_limits(control)),
    }


def _limits(control: Control) -> Iterator[dict[str, str]]:
    for turnstile in control.pacer.turnstiles.values():
        yield {"of": f"all requests, {turnstile.face} face", "pace": f"{turnstile.rate} a second"}
    for key, pace in DOCUMENTED.items():
        yield {"of": key, "pace": pace.text}


def _penalty(penalty: Penalty, face: str, now: Instant) -> dict[str, Any]:
    remaining: Duration | None = penalty.remaining(now)
    return {
        "face": face,
        "address": penalty.address,
        "exceeded": penalty.limit,
        "since": penalty.since,
        "remaining_seconds": None if remaining is None else remaining / SECOND,
        "refused": penalty.refused,
    }


def _caller(caller: Caller, face: str) -> dict[str, Any]:
    return {
        "face": face,
        "user_name": caller.name if caller.is_user else "",
        "address": "" if caller.is_user else caller.name,
        "requests": caller.requests,
        "refused": caller.refused or {},
        "last_at": caller.last_at,
    }


def _address(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        raise BadControl(f"{text[:40]!r} is no address such as 127.0.0.1.") from None
