"""Answers computed from a world, a module for each noun."""
