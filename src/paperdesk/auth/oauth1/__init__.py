"""OAuth 1.0a as IBKR speaks it: headers, base strings, signatures, live session tokens.

Nothing here waits, asks a clock or draws by itself: instants and draws are handed in.
"""
