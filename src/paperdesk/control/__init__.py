"""Paperdesk's own API, on its own port: desks, clock, journal, market."""
