"""The one writer of a world: runs a command, journals what happened, tells who listens."""
