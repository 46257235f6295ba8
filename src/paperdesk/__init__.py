"""Paperdesk: a self-hosted brokerage that speaks the Trading Web API."""

__version__ = "0.1.0"
