"""Decisions: which events follow from a command, and why not."""
