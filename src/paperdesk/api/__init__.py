"""HTTP: one module per area of IBKR's API, in IBKR's words."""
