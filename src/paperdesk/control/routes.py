"""Routes: what can be asked, here and of the served faces."""

from typing import Any

from paperdesk.api.catalogue import TABLES
from paperdesk.control.operations import Asked, Operations

operations = Operations()


@operations.put("GET", "/routes")
def list_routes(asked: Asked) -> list[dict[str, Any]]:  # noqa: ARG001 - all the same for everybody
    """List the operations of the faces, with their tier and how we know what they answer."""
    return [
        {
            "method": route.method,
            "path": route.path,
            "tier": route.tier.value,
            "evidence": route.evidence.value,
            "summary": route.summary,
        }
        for table in TABLES
        for route in table.routes
    ]
