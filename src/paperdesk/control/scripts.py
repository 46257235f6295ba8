"""Scripts: decide what the market of a contract will do."""

from typing import Any

import msgspec

from paperdesk.control.operations import Asked, Body, Operations
from paperdesk.desk.directions import Direction, script_of
from paperdesk.kernel.messages.scripts import AddScript

operations = Operations()


class Directed(Body):
    """A direction, as a scenario has it; see `desk/directions.py`."""

    script: Direction


@operations.put("GET", "/desks/{desk}/market/scripts")
def list_scripts(asked: Asked) -> list[Any]:
    """List what has been decided of the market, in order."""
    return [_shown(script) for script in asked.desk.world.scripts.added]


@operations.put("POST", "/desks/{desk}/market/scripts", Directed)
def add_script(asked: Asked) -> dict[str, Any]:
    """Let a market go through prices, jump or halt, from now or later on."""
    desk = asked.desk
    script = script_of(asked.body.script, desk.catalogue, desk.now)
    desk.execute(AddScript(script=script))
    return {"added": _shown(script), "scripts": len(desk.world.scripts.added)}


def _shown(script: object) -> object:
    return msgspec.to_builtins(script)
