"""At what price and size an order trades: fill models, as pure functions of order and quote."""
