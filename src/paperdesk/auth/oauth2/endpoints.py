"""Endpoints: what each operation of the gateway API asks of a token and of a body.

One row an operation, in the order of the documentation. A list of scopes means any one of them.
Paths are below `/gw/api/v1`.
"""

from enum import Enum
from typing import Final

import msgspec

PREFIX: Final = "/gw/api/v1"


class Policy(Enum):
    """What is asked of a request beyond its bearer token, as the wire spells it."""

    HTTPS = "HTTPS"
    SIGNED_JWT = "SIGNED_JWT"


class Provider(Enum):
    """The service behind an operation; it decides how errors look."""

    ACCOUNTS = "eca"
    FUNDS = "fb2"
    GATEWAY = "self"
    RESTRICTIONS = "ptc"
    SINGLE_SIGN_ON = "sso"
    STATEMENTS = "statements"


class Endpoint(msgspec.Struct, frozen=True):
    """What one operation asks for. `path` is below the prefix, with parameters in braces."""

    method: str
    path: str
    scopes: tuple[str, ...]
    policy: Policy
    provider: Provider


H, J = Policy.HTTPS, Policy.SIGNED_JWT
A, F, G = Provider.ACCOUNTS, Provider.FUNDS, Provider.GATEWAY
R, S, U = Provider.RESTRICTIONS, Provider.STATEMENTS, Provider.SINGLE_SIGN_ON

ENDPOINTS: Final = (
    Endpoint("GET", "/accounts", ("accounts.read",), H, A),
    Endpoint("POST", "/accounts", ("accounts.write",), J, A),
    Endpoint("PATCH", "/accounts", ("accounts.write",), J, A),
    Endpoint("POST", "/accounts/documents", ("accounts.write",), J, A),
    Endpoint("GET", "/accounts/login-messages", ("accounts.read",), H, A),
    Endpoint("GET", "/accounts/status", ("accounts.read",), H, A),
    Endpoint("GET", "/accounts/{account_id}/details", ("accounts.read",), H, A),
    Endpoint("GET", "/accounts/{account_id}/kyc", ("accounts.read",), H, A),
    Endpoint("GET", "/accounts/{account_id}/login-messages", ("accounts.read",), H, A),
    Endpoint("GET", "/accounts/{account_id}/status", ("accounts.read",), H, A),
    Endpoint("GET", "/accounts/{account_id}/tasks", ("accounts.read",), H, A),
    Endpoint("POST", "/balances/query", ("balances.read",), J, F),
    Endpoint("POST", "/bank-instructions", ("bank-instructions.write",), J, F),
    Endpoint("POST", "/bank-instructions/query", ("bank-instructions.read",), J, F),
    Endpoint("POST", "/bank-instructions:bulk", ("bank-instructions.write",), J, F),
    Endpoint("GET", "/client-instructions/{client_instruction_id}", ("instructions.read",), H, F),
    Endpoint("GET", "/echo/https", ("echo.read",), H, G),
    Endpoint("POST", "/echo/signed-jwt", ("echo.write",), J, G),
    Endpoint("GET", "/enumerations/complex-asset-transfer", ("enumerations.read",), H, F),
    Endpoint(
        "GET", "/enumerations/{enumeration_type}", ("accounts.read", "enumerations.read"), H, A
    ),
    Endpoint("POST", "/external-asset-transfers", ("transfers.write",), J, F),
    Endpoint("POST", "/external-asset-transfers:bulk", ("transfers.write",), J, F),
    Endpoint("POST", "/external-cash-transfers", ("transfers.write",), J, F),
    Endpoint("POST", "/external-cash-transfers/query", ("transfers.read",), J, F),
    Endpoint("POST", "/external-cash-transfers:bulk", ("transfers.write",), J, F),
    Endpoint("GET", "/forms", ("accounts.read", "forms.read"), H, A),
    Endpoint("GET", "/forms/required-forms", ("accounts.read",), H, A),
    Endpoint("GET", "/instruction-sets/{instruction_set_id}", ("instructions.read",), H, F),
    Endpoint("POST", "/instructions/cancel", ("instructions.write",), J, F),
    Endpoint("POST", "/instructions/cancel:bulk", ("instructions.write",), J, F),
    Endpoint("POST", "/instructions/query", ("instructions.read",), J, F),
    Endpoint("GET", "/instructions/{instruction_id}", ("instructions.read",), H, F),
    Endpoint("POST", "/internal-asset-transfers", ("transfers.write",), J, F),
    Endpoint("POST", "/internal-asset-transfers:bulk", ("transfers.write",), J, F),
    Endpoint("POST", "/internal-cash-transfers", ("transfers.write",), J, F),
    Endpoint("POST", "/internal-cash-transfers:bulk", ("transfers.write",), J, F),
    Endpoint("GET", "/participating-banks", ("enumerations.read",), H, F),
    Endpoint("GET", "/requests", ("accounts.read",), H, A),
    Endpoint("GET", "/requests/{request_id}/status", ("accounts.read",), H, A),
    Endpoint("POST", "/restrictions", ("restrictions.write",), J, R),
    Endpoint("POST", "/restrictions/verify", ("restrictions.write",), J, R),
    Endpoint("POST", "/sso-browser-sessions", ("sso-browser-sessions.write",), J, U),
    Endpoint("POST", "/sso-sessions", ("sso-sessions.write",), J, U),
    Endpoint("POST", "/statements", ("statements.read", "statements.write", "reports.write"), J, S),
    Endpoint("GET", "/statements/available", ("statements.read", "reports.read"), H, S),
    Endpoint("POST", "/tax-documents", ("statements.write", "reports.write"), J, S),
    Endpoint("GET", "/tax-documents/available", ("statements.read", "reports.read"), H, S),
    Endpoint("POST", "/trade-confirmations", ("statements.write", "reports.write"), J, S),
    Endpoint("GET", "/trade-confirmations/available", ("statements.read", "reports.read"), H, S),
    Endpoint(
        "GET", "/validations/usernames/{username}", ("accounts.read", "validations.read"), H, A
    ),
)

_by_operation: Final = {(row.method, row.path): row for row in ENDPOINTS}


def endpoint(method: str, path: str) -> Endpoint:
    """Return the row of an operation, whose path is below the prefix; KeyError for none."""
    return _by_operation[method, path]
