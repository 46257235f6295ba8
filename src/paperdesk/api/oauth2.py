"""OAuth 2.0 on the wire: tokens for assertions, revocation, keys, and what there is to find.

A handler decides; what it decides to issue or to revoke is signed and written down by the server,
and the answer leaves after that.
"""

from typing import Any, Final

import msgspec

from paperdesk.api.route import Answer, Call, Empty, Evidence, Routes, Tier, Wire
from paperdesk.auth import keys
from paperdesk.auth.endings import Cause
from paperdesk.auth.oauth2 import access_tokens, scopes, signatures
from paperdesk.auth.oauth2.access_tokens import ID_BYTES, Revoked, TokenClaims
from paperdesk.auth.oauth2.authorization import Authorization
from paperdesk.auth.oauth2.grants import Request
from paperdesk.auth.oauth2.keys import members_of
from paperdesk.auth.oauth2.problems import Problem
from paperdesk.auth.oauth2.replays import Used
from paperdesk.auth.oauth2.rules import ENDPOINT

routes = Routes(Tier.NOTHING)

JSON: Final = "application/json"
REVOKE: Final = "/oauth2/api/v1/token/revoke"
JWKS: Final = "/oauth2/api/v1/jwks"
METADATA: Final = "/.well-known/oauth-authorization-server"
EMPTY_ANSWER: Final = Answer(content_type=None)

_encode = msgspec.json.Encoder().encode


class Issue(msgspec.Struct, frozen=True):
    """A token to be signed, once what was used for it is on disk."""

    said: TokenClaims
    used: Used | None


class Revocation(msgspec.Struct, frozen=True):
    """What is to be on disk before a request to revoke is answered."""

    used: Used | None
    revoked: Revoked | None


class TokenIssued(Wire, rename=None):
    """An access token; there is no refresh token with client credentials."""

    access_token: str
    token_type: str
    scope: str
    expires_in: int


@routes.add(("POST",), ENDPOINT, body=Request, evidence=Evidence.DOCUMENTED)
def token(call: Call[Request]) -> Issue | Problem:
    """Give a client an access token for a signed assertion."""
    office = call.office
    verdict = office.authority.granted(call.body)
    if isinstance(verdict, Problem):
        return verdict
    token_id = office.draw_hex(ID_BYTES)
    said = access_tokens.claims(verdict.known.client, verdict.scopes, call.now, token_id)
    return Issue(said, verdict.known.used)


def issued(access_token: str, said: TokenClaims) -> Answer:
    """Return the answer that hands out a token."""
    record = TokenIssued(access_token, "Bearer", said.scope, scopes.expires_in(said.scopes))
    return Answer(body=_encode(record), content_type=JSON)


@routes.add(("POST",), REVOKE, body=Request, evidence=Evidence.JUDGED)
def revoke(call: Call[Request]) -> Revocation | Problem:
    """Let a token of the client open nothing any more; unknown ones are answered alike."""
    office = call.office
    known = office.authority.known(call.body, needs_grant=False)
    if isinstance(known, Problem):
        return known
    revoked = _revoked(call, office, known.client.client_id, known.form.token)
    return Revocation(known.used, revoked)


def _revoked(
    call: Call[Request], office: Authorization, client_id: str, shown: str
) -> Revoked | None:
    said = office.access.verified(shown, call.now)
    if isinstance(said, TokenClaims):
        return office.access.revoke(said, call.now) if said.sub == client_id else None
    bearer = office.bearers.find(shown)
    if bearer is not None and bearer.client_id == client_id:
        call.roster.end(bearer.session, call.now, Cause.REVOKED)
    return None


@routes.get(JWKS, evidence=Evidence.DOCUMENTED)
def jwks(call: Call[Empty]) -> Answer:
    """Show the keys that the service signs with."""
    key = call.office.key
    members = members_of(keys.from_pem(key.pem))
    jwk = {**members, "use": "sig", "kid": key.kid, "alg": key.algorithm}
    return Answer(body=_encode({"keys": [jwk]}), content_type=JSON)


@routes.get(METADATA, evidence=Evidence.JUDGED)
def metadata(call: Call[Empty]) -> Answer:
    """Say where everything is, and what is taken (RFC 8414)."""
    rules = call.office.rules
    issuer = rules.issuers[0]
    algorithms = signatures.STRICT_ALGORITHMS if rules.is_strict else signatures.ALGORITHMS
    document: dict[str, Any] = {
        "issuer": issuer,
        "token_endpoint": issuer + ENDPOINT,
        "jwks_uri": issuer + JWKS,
        "revocation_endpoint": issuer + REVOKE,
        "grant_types_supported": ["client_credentials"],
        "response_types_supported": [],
        "scopes_supported": scopes.SCOPES,
    }
    for endpoint in ("token_endpoint", "revocation_endpoint"):
        document[f"{endpoint}_auth_methods_supported"] = ["private_key_jwt"]
        document[f"{endpoint}_auth_signing_alg_values_supported"] = algorithms
    return Answer(body=_encode(document), content_type=JSON)
