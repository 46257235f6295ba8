"""What is true in a desk, and how each event changes it."""
