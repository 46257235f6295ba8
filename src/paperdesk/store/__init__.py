"""What is remembered: journals of kept events and checkpoints of worlds."""
