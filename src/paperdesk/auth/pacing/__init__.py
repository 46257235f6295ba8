"""Pacing: how many requests in how many seconds, and what follows for whoever asks faster.

Nothing here reads a clock: whoever asks brings the instant, by the wall, since an unchanged client
counts its own requests by the wall however fast desk time runs.
"""
