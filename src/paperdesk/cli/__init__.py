"""What a person types: `paperdesk serve`, `get`, `watch` and the rest.

Each command lives in a module of its own that is imported when it is called, so that the server
does not load what only a table printer needs.
"""

import sys


def main() -> None:
    """Run the command line; asserts must be on, since the core relies on them."""
    if not __debug__:
        sys.exit("paperdesk: assertions are off (python -O). A desk does not run without them.")
    from paperdesk.cli.commands import paperdesk

    paperdesk.main(prog_name="paperdesk")
