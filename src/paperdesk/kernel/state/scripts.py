"""Scripts: what somebody has decided that markets will do, in the order in which it was added."""

import msgspec

from paperdesk.kernel.messages.scripts import Script, ScriptAdded


class Scripts(msgspec.Struct):
    """Every script of the desk; the source of prices is built with them."""

    added: list[Script] = []


def script_added(scripts: Scripts, event: ScriptAdded) -> None:
    """Remember a script."""
    scripts.added.append(event.script)
