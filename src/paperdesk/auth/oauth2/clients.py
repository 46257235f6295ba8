"""Clients: which of them a token names, which key it was made with, and where it may come from."""

import ipaddress
from collections.abc import Mapping
from typing import Any

from paperdesk.auth.registrations import ClientKey, OAuthClient, Standing
from paperdesk.base.units import Instant


def is_usable(key: ClientKey, now: Instant) -> bool:
    """Say whether new signatures of a key are taken at an instant of wall time."""
    is_retired = 0 < key.retire_at <= now
    return key.standing is Standing.ACTIVE and key.not_before <= now and not is_retired


def named_key(client: OAuthClient, header: Mapping[str, Any], now: Instant) -> ClientKey | str:
    """Return the key that a token's header names, or a sentence that says why there is none.

    A token without `kid` is of the only key that its client may use. Whatever else the header
    says about keys (`jwk`, `jku`, `x5c`, `x5u`) is not looked at: keys come from the registration.
    """
    usable = [key for key in client.keys if is_usable(key, now)]
    kid = header.get("kid")
    if kid is None:
        if len(usable) == 1:
            return usable[0]
        return f"the token names no kid, and {client.client_id} has {len(usable)} usable keys"
    if type(kid) is not str:
        return "kid is not a text"
    for key in client.keys:
        if key.kid == kid:
            return key if key in usable else f"the key {kid[:60]!r} is not usable at this time"
    return f"{client.client_id} has no key {kid[:60]!r}; it has {[k.kid for k in client.keys]}"


def may_come_from(client: OAuthClient, remote: str) -> bool:
    """Say whether a peer's address is in one of the networks that a client registered."""
    if not client.networks:
        return True
    try:
        address = ipaddress.ip_address(remote)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None) or address
    return any(mapped in ipaddress.ip_network(block, strict=False) for block in client.networks)
