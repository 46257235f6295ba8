"""Programs of the workshop: makers of shipped data, generated pages, the smoke run."""
