"""Every vector of OAuth 1.0a over HTTP, at the time it was signed for."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest
from tests.outside import Outside
from tests.programs import TOKEN, VECTORS, consumer, header, register
from tests.serving import SECOND, Reply

from paperdesk.auth.oauth1.request_tokens import RequestToken
from paperdesk.auth.oauth1.verification import Settings
from paperdesk.base.ids import AccountId, UserName
from paperdesk.server.premises import Signing

T = TypeVar("T")

STEPS = ("request_token", "request_token_with_callback_url", "access_token", "live_session_token")
FORMS = (
    "authorization_realm_first",
    "authorization_realm_sorted",
    "authorization_tight_realm_last",
)
HANDSHAKE = VECTORS["live_session_token"]
CASES = HANDSHAKE["server_cases"]
RESOURCES = VECTORS["protected_resources"]
CALLBACKS = ("https://vendor.example/cb?x=1",)
CONFIGURED = ("https://localhost:8443",)


def at_the_time(
    tmp_path: Path, seconds: str, story: Callable[[Outside], Awaitable[T]], case: int = 0
) -> T:
    """Tell a story of a desk that draws what the vectors' server drew."""

    async def run() -> T:
        draw = int(CASES[case]["server_dh_random_hex"], 16)
        signing = Signing(settings=Settings(public=CONFIGURED), draw_bits=lambda _: draw)
        rig = Outside(tmp_path, signing)
        register(rig.registrations, consumer(callbacks=CALLBACKS))
        rig.wall.now = int(seconds) * SECOND
        return await story(rig)

    return asyncio.run(run())


async def asked(rig: Outside, vector: dict[str, Any], authorization: str, query: str = "") -> Reply:
    """Send a vector's request as the client of its URL does."""
    origin, slash, path = vector["url"].partition("/v1/api")
    assert slash
    target = f"{path}?{query}" if query else path
    headers: dict[str, str | None] = {
        "authorization": authorization,
        "host": "api.ibkr.com",
    }
    assert origin in {"https://api.ibkr.com", "https://localhost:8443"}
    return await rig.ask(vector["method"], target, headers=headers)


async def handshake(rig: Outside) -> Reply:
    """Get the live session token of the vectors."""
    rig.wall.now = int(HANDSHAKE["oauth_params"]["oauth_timestamp"]) * SECOND
    reply = await asked(rig, HANDSHAKE, HANDSHAKE[FORMS[0]])
    assert reply.status == 200
    return reply


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("step", STEPS)
def test_every_step_is_accepted_in_every_form(tmp_path: Path, step: str, form: str) -> None:
    vector = VECTORS[step]

    async def story(rig: Outside) -> None:
        exchanged = VECTORS["access_token"]["oauth_params"]
        tokens = rig.callers.verifier.request_tokens
        tokens._by_token[exchanged["oauth_token"]] = RequestToken(
            token=exchanged["oauth_token"],
            consumer_key=exchanged["oauth_consumer_key"],
            callback="oob",
            issued_at=rig.wall(),
            user_name=UserName("demo"),
            account_ids=(AccountId("DU1234567"),),
            verifier=exchanged["oauth_verifier"],
        )

        reply = await asked(rig, vector, vector[form])

        assert reply.status == 200, reply.body

    at_the_time(tmp_path, vector["oauth_params"]["oauth_timestamp"], story)


def test_the_signature_of_the_standard_is_accepted_too(tmp_path: Path) -> None:
    vector = VECTORS["request_token_with_callback_url"]

    async def story(rig: Outside) -> int:
        authorization = header(vector["oauth_params"], vector["rfc5849_signature_base64"])
        return (await asked(rig, vector, authorization)).status

    assert at_the_time(tmp_path, vector["oauth_params"]["oauth_timestamp"], story) == 200


@pytest.mark.parametrize("case", range(len(CASES)), ids=[case["why"] for case in CASES])
def test_both_sides_come_to_the_same_live_session_token(tmp_path: Path, case: int) -> None:
    expected = CASES[case]

    async def story(rig: Outside) -> None:
        reply = await handshake(rig)

        assert reply.json == {
            "diffie_hellman_response": expected["diffie_hellman_response"],
            "live_session_token_signature": expected["live_session_token_signature"],
            "live_session_token_expiration": HANDSHAKE["live_session_token_expiration_example"],
        }

    at_the_time(tmp_path, HANDSHAKE["oauth_params"]["oauth_timestamp"], story, case)


def _variants() -> list[Any]:
    rows = []
    for vector in RESOURCES:
        for name, variant in vector["variants"].items():
            # Whoever signs the whole URL signs the query as it is sent: in these with a plus sign.
            forms = ("plus",) if name.startswith("B_") else ("plus", "percent20")
            for form in forms:
                query = vector[f"request_target_query_{form}"]
                authorization = header(vector["oauth_params"], variant["signature_base64"])
                rows.append(
                    pytest.param(vector, authorization, query, id=f"{vector['name']} {name} {form}")
                )
        rows.append(
            pytest.param(
                vector,
                vector["authorization_variant_A_realm_first"],
                vector["request_target_query_plus"],
                id=f"{vector['name']} as sent",
            )
        )
    return rows


@pytest.mark.parametrize(("vector", "authorization", "query"), _variants())
def test_a_protected_resource_is_open_under_every_convention(
    tmp_path: Path, vector: dict[str, Any], authorization: str, query: str
) -> None:
    async def story(rig: Outside) -> None:
        await handshake(rig)
        rig.wall.now = int(vector["oauth_params"]["oauth_timestamp"]) * SECOND

        reply = await asked(rig, vector, authorization, query)

        assert reply.status not in {401, 403, 410}, reply.body
        assert [session.credential.rpartition(" ")[2] for session in rig.sessions] == [TOKEN]

    at_the_time(tmp_path, vector["oauth_params"]["oauth_timestamp"], story)


NEGATIVE = [case for case in VECTORS["negative_cases"] if "authorization" in case]


@pytest.mark.parametrize("case", NEGATIVE, ids=[case["why"] for case in NEGATIVE])
def test_what_is_to_be_refused_is_refused(tmp_path: Path, case: dict[str, Any]) -> None:
    async def story(rig: Outside) -> None:
        await handshake(rig)
        rig.wall.now = 1_700_000_181 * SECOND
        vector = {"method": "GET", "url": RESOURCES[1]["url"], **case}

        reply = await asked(rig, vector, case["authorization"])

        assert reply.status == case["expect"] == 401
        assert rig.sessions == []

    at_the_time(tmp_path, "1700000181", story)
