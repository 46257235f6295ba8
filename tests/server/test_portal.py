import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.firm import SAMPLE, Firm, told
from tests.oauth2 import COMPATIBLE, STRICT
from tests.serving import PASSWORD, Reply, kept_password

from paperdesk.auth.oauth2.authorization import OAuth2Settings
from paperdesk.auth.oauth2.rules import Profile
from paperdesk.auth.registrations import Standing

ENFORCED = OAuth2Settings(rules=COMPATIBLE, enforces_addresses=True)
FIELDS: dict[str, object] = {"credential": "sample01", "ip": "127.0.0.1"}
WITHDRAW = "ACTION=TransferFunds&type=WITHDRAWAL"
TOKEN = re.compile(rb'name="token" value="([0-9a-f]+)"')


async def address(firm: Firm, **more: object) -> str:
    """Return the path of a new browser session's address."""
    reply = await firm.call("/sso-browser-sessions", await firm.granted(), FIELDS | more)
    return "/sso/" + str(reply.json["url"]).partition("/sso/")[2]


def cookie_of(reply: Reply) -> str:
    given = [value for name, value in reply.headers if name == "set-cookie"]
    return next(one for one in given if one.startswith("paperdesk-portal=")).partition(";")[0]


async def visited(firm: Firm, query: str = "ACTION=Home") -> tuple[str, str]:
    """Begin a visit and return its cookie and where it leads."""
    reply = await firm.ask("GET", f"{await address(firm)}&{query}")
    assert reply.status == 302, reply.body
    return cookie_of(reply), str(reply.header("location"))


def test_a_user_lands_on_the_page_that_the_firm_has_chosen(tmp_path: Path) -> None:
    async def story(firm: Firm) -> tuple[Reply, str, list[Any]]:
        query = "ACTION=AccountSettings&config=Profile&evil=%3Cscript%3E"
        cookie, location = await visited(firm, query)
        sessions = list(firm.rig.premises.roster.by_id.values())
        page = await firm.ask("GET", location, cookie=cookie)
        return page, location, [(one.face, one.credential, one.user_name) for one in sessions]

    page, location, sessions = told(tmp_path, story)

    assert location == "/sso/portal?ACTION=AccountSettings&config=Profile"
    assert page.status == 200
    assert b"<h2>Account settings</h2>" in page.body
    assert b"sample01" in page.body
    assert b"DU7654321" in page.body
    assert b"<nav>" in page.body
    assert sessions == [("hosted", "sso PaperdeskTest-Client", "sample01")]
    assert "frame-ancestors 'none'" in str(page.header("content-security-policy"))


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("", "Home"),
        ("ACTION=accountsettings", "Home"),
        ("ACTION=Nowhere", "Home"),
        ("ACTION=https%3A%2F%2Fevil.example", "Home"),
        ("forwardTo=https%3A%2F%2Fevil.example", "Home"),
        ("forwardTo=//evil.example", "Home"),
        ("forwardTo=AA_LINKAGE&masterAccountId=F1", "Advisor linkage"),
        ("ACTION=TransferFunds&type=DEPOSIT&method=WIRE&currency=USD", "Transfer funds"),
        ("ACTION=TransferPositions&type=INTERNAL", "Transfer positions"),
        ("ACTION=Statement", "Statements"),
        ("ACTION=TransactionHistory", "Transaction history"),
    ],
)
def test_a_page_is_chosen_by_its_name_alone(tmp_path: Path, query: str, title: str) -> None:
    async def story(firm: Firm) -> tuple[str, Reply]:
        cookie, location = await visited(firm, query)
        return location, await firm.ask("GET", location, cookie=cookie)

    location, page = told(tmp_path, story)

    assert location.startswith("/sso/portal?ACTION=")
    assert "evil" not in location
    assert f"<h2>{title}</h2>".encode() in page.body


def test_an_address_is_good_once_and_again_for_the_browser_that_used_it(tmp_path: Path) -> None:
    async def story(firm: Firm) -> list[Reply]:
        path = await address(firm)
        first = await firm.ask("GET", path)
        return [
            first,
            await firm.ask("GET", path, cookie=cookie_of(first)),
            await firm.ask("GET", path),
            await firm.ask("GET", path, cookie="paperdesk-portal=" + "0" * 48),
        ]

    first, again, other, forged = told(tmp_path, story)

    assert [first.status, again.status, other.status, forged.status] == [302, 302, 403, 403]
    assert b"was used before" in other.body
    assert not [name for name, value in again.headers if "paperdesk-portal" in value]


@pytest.mark.parametrize(("seconds", "status"), [(0, 302), (59.9, 302), (60, 403), (4_000, 403)])
def test_an_address_is_good_for_a_minute(tmp_path: Path, seconds: float, status: int) -> None:
    async def story(firm: Firm) -> int:
        path = await address(firm)
        firm.rig.wall.pass_(seconds)
        return (await firm.ask("GET", path)).status

    assert told(tmp_path, story) == status


@pytest.mark.parametrize("method", ["HEAD", "POST", "DELETE"])
def test_only_a_browser_that_follows_it_uses_an_address_up(tmp_path: Path, method: str) -> None:
    async def story(firm: Firm) -> list[int]:
        path = await address(firm)
        tried = await firm.ask(method, path, content_length="0")
        return [tried.status, (await firm.ask("GET", path)).status]

    assert told(tmp_path, story) == [405, 302]


def test_another_address_is_refused_without_using_it_up_where_that_was_asked_for(
    tmp_path: Path,
) -> None:
    async def story(firm: Firm) -> list[int]:
        path = await address(firm, ip="203.0.113.7")
        wrong = await firm.ask("GET", path)
        visit = next(iter(firm.tokens.authorization.visits._by_id.values()))
        visit.address = "127.0.0.1"
        return [wrong.status, (await firm.ask("GET", path)).status]

    assert told(tmp_path, story, ENFORCED) == [403, 302]


@pytest.mark.parametrize("profile", Profile)
def test_a_strict_desk_does_not_say_whether_an_address_ever_was(
    tmp_path: Path, profile: Profile
) -> None:
    rules = msgspec.structs.replace(COMPATIBLE, profile=profile)

    async def story(firm: Firm) -> set[bytes]:
        path = await address(firm)
        firm.tokens.authorization.settings = OAuth2Settings(rules=rules)
        late = await address_of_old(firm)
        await firm.ask("GET", path)
        shown = [path, late, "/sso/resolver?SID=0", "/sso/resolver", f"{path}&SID=0"]
        return {(await firm.ask("GET", one)).body for one in shown}

    async def address_of_old(firm: Firm) -> str:
        visits = firm.tokens.authorization.visits
        old = next(iter(visits._by_id.values()))
        visits.expect("old", msgspec.structs.replace(old, expires_at=1), firm.rig.wall.now)
        return "/sso/resolver?SID=old"

    bodies = told(tmp_path, story)

    assert len(bodies) == (1 if profile is Profile.STRICT else 3)
    assert STRICT.is_strict


def test_a_page_in_a_frame_is_for_the_firms_own_sites_and_begins_to_trade(tmp_path: Path) -> None:
    async def story(firm: Firm) -> tuple[Reply, Reply, bool]:
        firm.client.origins = ("https://firm.example",)
        reply = await firm.ask("GET", f"{await address(firm)}&showNavBar=false&ACTION=Statement")
        cookie, location = cookie_of(reply), str(reply.header("location"))
        page = await firm.ask("GET", location, cookie=cookie)
        firm.rig.wall.pass_(10)
        await firm.ask("GET", location, cookie=cookie)
        (session,) = firm.rig.premises.roster.by_id.values()
        return reply, page, session.has_brokerage

    reply, page, has_brokerage = told(tmp_path, story)
    given = [value for name, value in reply.headers if "paperdesk-portal" in value]

    assert given[0].endswith("; Path=/sso; HttpOnly; SameSite=None; Secure")
    assert "frame-ancestors https://firm.example" in str(page.header("content-security-policy"))
    assert page.header("x-frame-options") is None
    assert b"<nav>" not in page.body
    assert has_brokerage


def test_a_page_that_is_not_in_a_frame_waits_to_be_asked_for_a_brokerage_session(
    tmp_path: Path,
) -> None:
    async def story(firm: Firm) -> tuple[bool, str]:
        firm.client.origins = ("https://firm.example",)
        cookie, location = await visited(firm)
        firm.rig.wall.pass_(10)
        page = await firm.ask("GET", location, cookie=cookie)
        (session,) = firm.rig.premises.roster.by_id.values()
        return session.has_brokerage, str(page.header("content-security-policy"))

    has_brokerage, policy = told(tmp_path, story)

    assert not has_brokerage
    assert "frame-ancestors 'none'" in policy


def test_no_referrer_leaves_with_an_address_in_it(tmp_path: Path) -> None:
    async def story(firm: Firm) -> list[Reply]:
        path = await address(firm)
        return [await firm.ask("GET", path), await firm.ask("GET", path)]

    for reply in told(tmp_path, story):
        policies = [value for name, value in reply.headers if name == "referrer-policy"]
        assert policies[-1] == "no-referrer"


@pytest.mark.parametrize("shown", [None, "paperdesk-portal=", "paperdesk-portal=" + "0" * 48])
def test_a_page_is_shown_to_nobody_without_its_cookie(tmp_path: Path, shown: str | None) -> None:
    async def story(firm: Firm) -> int:
        await visited(firm)
        return (await firm.ask("GET", "/sso/portal?ACTION=Home", cookie=shown)).status

    assert told(tmp_path, story) == 403


def test_a_visit_ends_with_its_session_or_its_firm(tmp_path: Path) -> None:
    async def story(firm: Firm) -> list[int]:
        cookie, location = await visited(firm)
        firm.client.standing = Standing.REVOKED
        revoked = await firm.ask("GET", location, cookie=cookie)
        firm.client.standing = Standing.ACTIVE
        good = await firm.ask("GET", location, cookie=cookie)
        firm.rig.wall.pass_(400)
        idle = await firm.ask("GET", location, cookie=cookie)
        return [revoked.status, good.status, idle.status]

    assert told(tmp_path, story) == [403, 200, 403]


def test_an_address_of_a_firm_that_is_no_more_leads_nowhere(tmp_path: Path) -> None:
    async def story(firm: Firm) -> int:
        path = await address(firm)
        firm.client.standing = Standing.REVOKED
        return (await firm.ask("GET", path)).status

    assert told(tmp_path, story) == 403


async def confirmed(firm: Firm, cookie: str, location: str, token: str, password: str) -> Reply:
    body = f"token={token}&password={password}".encode()
    return await firm.ask("POST", location, body, cookie=cookie)


def test_money_is_taken_out_with_the_password_alone(tmp_path: Path) -> None:
    async def story(firm: Firm) -> list[Any]:
        firm.rig.credentials._hashes["sample01"] = kept_password()
        cookie, location = await visited(firm, WITHDRAW)
        asked = await firm.ask("GET", location, cookie=cookie)
        found = TOKEN.search(asked.body)
        assert found is not None
        token = found[1].decode()
        wrong = await confirmed(firm, cookie, location, token, "wrong")
        forged = await confirmed(firm, cookie, location, "0" * 48, PASSWORD)
        empty = await confirmed(firm, cookie, location, "", PASSWORD)
        right = await confirmed(firm, cookie, location, token, PASSWORD)
        shown = await firm.ask("GET", location, cookie=cookie)
        twice = await confirmed(firm, cookie, location, token, PASSWORD)
        firm.rig.wall.pass_(300)
        later = await firm.ask("GET", location, cookie=cookie)
        replies = (asked, wrong, forged, empty, right, shown, twice, later)
        return [(reply.status, b'type="password"' in reply.body) for reply in replies]

    assert told(tmp_path, story) == [
        (200, True),
        (200, True),
        (403, False),
        (403, False),
        (302, False),
        (200, False),
        (405, False),
        (200, True),
    ]


def test_what_a_page_is_told_is_escaped(tmp_path: Path) -> None:
    async def story(firm: Firm) -> bytes:
        cookie, location = await visited(
            firm, "ACTION=UserSettings&config=%3Cscript%3Ex%3C/script%3E"
        )
        return (await firm.ask("GET", location, cookie=cookie)).body

    body = told(tmp_path, story)

    assert b"<script>x" not in body
    assert b"&lt;script&gt;x" in body


def test_links_from_the_firms_site_are_followed_and_nothing_else_of_it(tmp_path: Path) -> None:
    link = {"sec_fetch_site": "cross-site", "sec_fetch_mode": "navigate"}

    async def linked(firm: Firm, method: str, path: str, cookie: str | None = None) -> Reply:
        body = b"x" if method == "POST" else b""
        return await firm.ask(method, path, body, cookie=cookie, **link)

    async def story(firm: Firm) -> list[int]:
        firm.rig.credentials._hashes["sample01"] = kept_password()
        path = await address(firm)
        fetched = await firm.ask("GET", path, sec_fetch_site="cross-site", sec_fetch_mode="cors")
        followed = await linked(firm, "GET", path)
        location = str(followed.header("location"))
        shown = await linked(firm, "GET", location, cookie_of(followed))
        posted = await linked(firm, "POST", location, cookie_of(followed))
        return [fetched.status, followed.status, shown.status, posted.status]

    assert told(tmp_path, story) == [403, 302, 200, 403]
    assert SAMPLE.user_name == "sample01"
