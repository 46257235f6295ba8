"""The network: the only room that waits, and the only one that knows the wall clock."""
