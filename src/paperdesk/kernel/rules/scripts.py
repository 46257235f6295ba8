"""Scripts: nobody changes what has happened."""

from collections.abc import Iterator
from typing import Final

from paperdesk.base.errors import TimeRunsBackwards, TooManyScripts
from paperdesk.kernel.messages import Event
from paperdesk.kernel.messages.scripts import AddScript, Script, ScriptAdded
from paperdesk.kernel.state.world import World

SCRIPTS_MAX: Final = 10_000


def add_script(world: World, command: AddScript) -> Iterator[Event]:
    """Have a contract's market follow a script.

    Whether it can be followed is for the source of prices to say, before this command.

    Raises:
        UnknownContract: no contract has the script's conid.
        TimeRunsBackwards: it starts before now.
        TooManyScripts: the desk has as many as it holds.
    """
    check(world, command.script)

    yield ScriptAdded(at=world.now, script=command.script)


def check(world: World, script: Script) -> None:
    """Refuse a script that would change the past; see `add_script`."""
    world.contract(script.conid)
    if script.start < world.now:
        raise TimeRunsBackwards(
            f"Desk time is {world.now}; a script cannot start before, at {script.start}."
        )
    if len(world.scripts.added) >= SCRIPTS_MAX:
        raise TooManyScripts(f"A desk holds at most {SCRIPTS_MAX} scripts.")
