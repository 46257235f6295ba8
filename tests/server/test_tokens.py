import asyncio
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from tests.firm import Firm, form, told
from tests.oauth2 import NOW, assertion, client, clients, rsa_key, said

from paperdesk.auth.oauth2 import access_tokens
from paperdesk.auth.oauth2.access_tokens import TokenClaims
from paperdesk.auth.oauth2.replays import Used
from paperdesk.server.registry import Registry
from paperdesk.server.tokens import Tokens, issuers

T = TypeVar("T")
SAID = access_tokens.claims(client(), ("echo.read",), NOW, "f" * 40)


def opened(folder: Path | None) -> Tokens:
    registry = Registry(None)
    registry.registrations.clients.update(clients())
    tokens = Tokens(folder, registry, lambda size: "0" * 2 * size, lambda: NOW)
    tokens.server_key = rsa_key("server")
    return tokens


def run(tokens: Tokens, story: Callable[[], Awaitable[T]]) -> T:
    async def begun() -> T:
        try:
            return await story()
        finally:
            tokens.close()

    return asyncio.run(begun())


def test_a_token_is_good_at_once_and_what_was_used_for_it_is_on_disk(tmp_path: Path) -> None:
    tokens = opened(tmp_path)
    used = Used(until=NOW + 1, mark="m", client_id="c")

    token = run(tokens, lambda: tokens.issued(SAID, used))

    assert tokens.authorization.access.verified(token, NOW) == SAID
    again = opened(tmp_path)
    assert list(again.store.remembered().used) == [used]
    again.close()


def test_what_was_revoked_stays_so_after_a_restart(tmp_path: Path) -> None:
    tokens = opened(tmp_path)

    async def story() -> str:
        await tokens.open()
        token = await tokens.issued(SAID, None)
        await tokens.kept(None, tokens.authorization.access.revoke(SAID, NOW))
        return token

    token = run(tokens, story)

    again = opened(tmp_path)
    assert not isinstance(again.authorization.access.verified(token, NOW), TokenClaims)
    again.close()


def test_the_server_is_known_by_the_addresses_that_lead_to_it() -> None:
    assert issuers("https", "127.0.0.1", 5001, ["desk.example"]) == (
        "https://127.0.0.1:5001",
        "https://localhost:5001",
        "https://[::1]:5001",
        "https://desk.example:5001",
        "https://desk.example",
        "https://api.ibkr.com",
        "https://qa.interactivebrokers.com",
    )


def test_slow_work_is_done_elsewhere_one_after_the_other() -> None:
    tokens = opened(None)
    here, seen = threading.get_ident(), []

    async def story() -> None:
        work = [tokens.in_thread(lambda: seen.append(threading.get_ident())) for _ in range(4)]
        tasks = [asyncio.ensure_future(one) for one in work]
        await asyncio.sleep(0)
        assert not tokens.is_busy
        assert tokens._waiting >= 1
        await asyncio.gather(*tasks)

    run(tokens, story)

    assert len(seen) == 4
    assert len({*seen}) == 1
    assert here not in seen
    assert tokens._waiting == 0


def test_an_assertion_that_was_used_stays_so_across_a_restart(tmp_path: Path) -> None:
    body = form(assertion(said(jti="once")))

    async def story(firm: Firm) -> int:
        firm.tokens._folder = tmp_path
        return (await firm.post(body)).status

    assert [told(tmp_path, story), told(tmp_path, story)] == [200, 400]


def test_what_is_never_asked_for_opens_nothing(tmp_path: Path) -> None:
    opened(tmp_path).close()

    assert list(tmp_path.iterdir()) == []
