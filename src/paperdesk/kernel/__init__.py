"""The deterministic core: commands in, events out."""
