"""Cases by id: as somebody has seen them, and not over yet."""

from typing import Final

from paperdesk.kernel.rules.case_refusals import (
    CaseChanged,
    MoveNotPossible,
    TooManyCases,
    UnknownCase,
)
from paperdesk.kernel.state.cases import Case
from paperdesk.kernel.state.world import World

HISTORY_MAX: Final = 5_000


def found(world: World, case_id: str) -> Case:
    """Return a case.

    Raises:
        UnknownCase: there is none.
    """
    case = world.cases.by_id.get(case_id)
    if case is None:
        raise UnknownCase(f"There is no case {case_id[:40]!r}.")
    return case


def seen(world: World, case_id: str, version: int | None) -> Case:
    """Return a case that nobody has changed since somebody saw a version of it.

    Raises:
        UnknownCase: there is none.
        CaseChanged: somebody was quicker.
        TooManyCases: its history is as long as a case's may be.
    """
    case = found(world, case_id)
    if version is not None and version != case.version:
        raise CaseChanged(
            f"{case_id} has version {case.version}, not {version}: somebody was quicker. Look at "
            "it again."
        )
    if len(case.history) >= HISTORY_MAX:
        raise TooManyCases(f"{case_id} has a history of {HISTORY_MAX} lines; open another case.")
    return case


def still_open(world: World, case_id: str, version: int | None) -> Case:
    """Return a case that is not over; see `seen`.

    Raises:
        MoveNotPossible: it is over.
    """
    case = seen(world, case_id, version)
    if case.is_final:
        raise MoveNotPossible(f"{case_id} is {case.stage.value}, and over.")
    return case
