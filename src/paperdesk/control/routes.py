"""Routes: what can be asked, here and of the served faces."""

from typing import Any

from paperdesk.api import catalogue
from paperdesk.control.operations import Asked, Operations

operations = Operations()


@operations.put("GET", "/routes")
def list_routes(asked: Asked) -> list[dict[str, Any]]:  # noqa: ARG001 - all the same for everybody
    """List the operations of the faces, with their tier and how we know what they answer."""
    return [
        {
            "method": operation.method,
            "path": operation.path,
            "tier": operation.tier.value,
            "evidence": operation.evidence.value,
            "summary": operation.summary,
        }
        for operation in catalogue.operations()
    ]
