"""Where prices, bars and contracts come from."""
