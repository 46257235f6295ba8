"""Requests of the gateway API: what is asked for, once token, scope and signature were good."""

from typing import Any
from urllib.parse import parse_qsl

import msgspec

PARAMETERS_MAX = 200


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What a firm asks for.

    `query` is as it came, with the names as they are spelt. `fields` are those of the signed body,
    without the claims of the token itself; numbers with a point are Decimal. `is_unsigned` says
    that plain JSON was let through.
    """

    query: str = ""
    fields: dict[str, Any] = {}
    is_unsigned: bool = False

    def parameters(self) -> dict[str, str]:
        """Return the query's parameters; the last of repeated ones."""
        return dict(parse_qsl(self.query, keep_blank_values=True, max_num_fields=PARAMETERS_MAX))
