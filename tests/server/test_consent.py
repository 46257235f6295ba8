import asyncio
import re
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from tests.outside import Outside, told
from tests.programs import CALLBACK, KEY, consumer, register
from tests.serving import PASSWORD, Reply, Rig

from paperdesk.auth.registrations import Standing
from paperdesk.base.ids import AccountId, UserName
from paperdesk.server.consent import SITTINGS_MAX, Sitting, Sittings

HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
OWN = "https://localhost:5001"
ACCOUNT = AccountId("DU1234567")


@pytest.fixture(autouse=True)
def _delays_are_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    async def at_once(_: float) -> None:
        return None

    monkeypatch.setattr(asyncio, "sleep", at_once)


class Browser:
    """Somebody's browser on the page: it keeps cookies and sends forms."""

    def __init__(self, rig: Outside) -> None:
        self.rig = rig
        self.cookies: dict[str, str] = {}
        self.page = Reply(0, [], b"")

    async def request_token(self, callback: str = CALLBACK) -> str:
        header = self.rig.program().for_request_token(callback)
        reply = await self.rig.signed("POST", "/oauth/request_token", header)
        token: str = reply.json["oauth_token"]
        return token

    async def open(self, token: str) -> Reply:
        return await self._ask("GET", f"/authorize?oauth_token={token}", b"", None)

    async def send(self, origin: str | None = OWN, **fields: str | list[str]) -> Reply:
        """Send the page's form with more fields."""
        given = dict(HIDDEN.findall(self.page.body.decode())) | fields
        body = urlencode(given, doseq=True).encode()
        return await self._ask("POST", "/authorize", body, origin)

    async def sign_in(self, user_name: str = "demo", password: str = PASSWORD) -> Reply:
        return await self.send(username=user_name, password=password)

    async def _ask(self, method: str, path: str, body: bytes, origin: str | None) -> Reply:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers: dict[str, str | None] = {"cookie": cookie, "origin": origin}
        self.page = await self.rig.ask(method, path, body, headers=headers, base="")
        for name, value in self.page.headers:
            if name == "set-cookie":
                pair, *attributes = value.split("; ")
                key, _, content = pair.partition("=")
                self.cookies[key] = content
                if "Max-Age=0" in attributes:
                    del self.cookies[key]
        return self.page


def test_a_user_lets_a_program_in(tmp_path: Path) -> None:
    async def story(rig: Outside) -> None:
        browser = Browser(rig)
        token = await browser.request_token()

        first = await browser.open(token)
        second = await browser.sign_in()
        done = await browser.send(account=ACCOUNT, decision="consent")

        assert first.status == second.status == 200
        assert f'value="{ACCOUNT}" checked' in second.body.decode()
        assert done.status == 302
        location = urlsplit(done.header("location") or "")
        assert (location.netloc, location.path) == ("vendor.example", "/cb")
        query = parse_qs(location.query)
        assert (query["x"], query["oauth_token"]) == (["1"], [token])
        program = rig.program()
        header = program.for_access_token(token, query["oauth_verifier"][0])
        answer = await rig.signed("POST", "/oauth/access_token", header)
        assert answer.status == 200
        assert rig.registrations.tokens[answer.json["oauth_token"]].account_ids == (ACCOUNT,)
        assert not any(name.startswith("paperdesk") for name in browser.cookies)

    told(tmp_path, story)


def test_a_user_keeps_a_program_out(tmp_path: Path) -> None:
    async def story(rig: Outside) -> None:
        browser = Browser(rig)
        token = await browser.request_token()
        await browser.open(token)
        await browser.sign_in()

        denied = await browser.send(decision="deny")
        again = await browser.open(token)

        assert denied.header("location") == (
            f"{CALLBACK}&oauth_token={token}&oauth_problem=user_refused"
        )
        assert again.status == 400
        found = rig.callers.verifier.request_tokens.find(token)
        assert found is not None
        assert found.is_denied

    told(tmp_path, story)


@pytest.mark.parametrize(
    ("decision", "text"), [("consent", 'id="verifier"'), ("deny", "has not been let in")]
)
def test_out_of_band_a_page_says_it(tmp_path: Path, decision: str, text: str) -> None:
    async def story(rig: Outside) -> None:
        browser = Browser(rig)
        token = await browser.request_token("oob")
        await browser.open(token)
        await browser.sign_in()

        done = await browser.send(account=ACCOUNT, decision=decision)

        found = rig.callers.verifier.request_tokens.find(token)
        assert found is not None
        assert done.status == 200
        assert text in done.body.decode()
        assert bool(found.verifier) is (decision == "consent")
        assert found.verifier in done.body.decode()

    told(tmp_path, story)


def test_no_account_is_no_consent(tmp_path: Path) -> None:
    async def story(rig: Outside) -> None:
        browser = Browser(rig)
        token = await browser.request_token()
        await browser.open(token)
        await browser.sign_in()

        none = await browser.send(decision="consent")
        foreign = await browser.send(account=["U1234567", "DU9"], decision="consent")
        done = await browser.send(account=[ACCOUNT, "U1234567"], decision="consent")

        for reply in (none, foreign):
            assert reply.status == 200
            assert "Choose at least one account" in reply.body.decode()
        assert done.status == 302
        found = rig.callers.verifier.request_tokens.find(token)
        assert found is not None
        assert found.account_ids == (ACCOUNT,)

    told(tmp_path, story)


def test_a_wrong_password_is_counted_with_those_of_the_gateway(tmp_path: Path) -> None:
    async def story(rig: Outside) -> None:
        browser = Browser(rig)
        await browser.open(await browser.request_token())

        for _ in range(5):
            wrong = await browser.sign_in(password="not-this-one")
        locked = await browser.sign_in()

        assert "Invalid username password combination" in wrong.body.decode()
        assert "too many attempts" in locked.body.decode()
        assert rig.porter.lockouts.is_locked("demo", rig.wall())

    told(tmp_path, story)


@pytest.mark.parametrize("token", ["", "0" * 20, "../../etc", "<script>alert(1)</script>"])
def test_nobody_decides_about_what_nobody_asked(tmp_path: Path, token: str) -> None:
    async def story(rig: Outside) -> None:
        page = await Browser(rig).open(token)

        assert page.status == 400
        assert "is not known" in page.body.decode()
        assert "<script>" not in page.body.decode()

    told(tmp_path, story)


def test_after_ten_minutes_it_is_too_late(tmp_path: Path) -> None:
    async def story(rig: Outside) -> None:
        browser = Browser(rig)
        token = await browser.request_token()
        await browser.open(token)
        await browser.sign_in()
        rig.wall.pass_(600)

        page = await browser.send(account=ACCOUNT, decision="consent")

        assert page.status == 400
        assert "has expired" in page.body.decode()

    told(tmp_path, story)


def test_a_consumer_that_was_revoked_asks_nobody(tmp_path: Path) -> None:
    async def story(rig: Outside) -> None:
        browser = Browser(rig)
        token = await browser.request_token()
        register(rig.registrations, consumer(standing=Standing.REVOKED))

        assert (await browser.open(token)).status == 400

    told(tmp_path, story)


@pytest.mark.parametrize(
    "trick", ["no cookie", "another cookie", "no form token", "another request", "not signed in"]
)
def test_nothing_is_decided_but_by_whom_the_page_was_shown_to(tmp_path: Path, trick: str) -> None:
    async def story(rig: Outside) -> None:
        browser = Browser(rig)
        token = await browser.request_token()
        await browser.open(token)
        if trick != "not signed in":
            await browser.sign_in()
        fields = {"account": str(ACCOUNT), "decision": "consent"}
        match trick:
            case "no cookie":
                browser.cookies.clear()
            case "another cookie":
                browser.cookies["paperdesk-consent"] = "0" * 32
            case "no form token":
                fields["form_token"] = ""
            case "another request":
                fields["oauth_token"] = await browser.request_token()

        reply = await browser.send(**fields)

        assert reply.status == 403
        found = rig.callers.verifier.request_tokens.find(token)
        assert found is not None
        assert not found.verifier

    told(tmp_path, story)


def test_a_decision_is_made_once(tmp_path: Path) -> None:
    async def story(rig: Outside) -> None:
        browser = Browser(rig)
        token = await browser.request_token()
        await browser.open(token)
        page = await browser.sign_in()
        await browser.send(account=ACCOUNT, decision="consent")
        found = rig.callers.verifier.request_tokens.find(token)
        assert found is not None
        verifier = found.verifier

        browser.page = page
        again = await browser.send(decision="deny")

        assert again.status == 400
        assert found.verifier == verifier

    told(tmp_path, story)


def test_pages_of_other_sites_cannot_post_here(tmp_path: Path) -> None:
    async def story(rig: Outside) -> None:
        browser = Browser(rig)
        await browser.open(await browser.request_token())

        reply = await browser.send("https://evil.example", username="demo", password=PASSWORD)

        assert reply.status == 403

    told(tmp_path, story)


def test_another_site_may_lead_here_and_nowhere_else(tmp_path: Path) -> None:
    async def story(rig: Outside) -> None:
        token = await Browser(rig).request_token()
        headers: dict[str, str | None] = {
            "sec-fetch-site": "cross-site",
            "sec-fetch-mode": "navigate",
        }
        page = await rig.ask("GET", f"/authorize?oauth_token={token}", headers=headers, base="")
        api = await rig.ask("GET", "/iserver/accounts", headers=headers)

        assert (page.status, api.status) == (200, 403)

    told(tmp_path, story)


def test_the_page_is_in_no_frame_and_names_its_callback(tmp_path: Path) -> None:
    async def story(rig: Outside) -> None:
        browser = Browser(rig)
        await browser.open(await browser.request_token())
        page = await browser.sign_in()

        policy = page.header("content-security-policy") or ""
        assert "frame-ancestors 'none'" in policy
        assert "form-action 'self' https://vendor.example;" in policy
        assert page.header("x-frame-options") == "DENY"
        cookies = [value for name, value in page.headers if name == "set-cookie"]
        kept = next(value for value in cookies if value.startswith("paperdesk-consent="))
        assert "HttpOnly" in kept
        assert "SameSite=Strict" in kept
        assert "Secure" in kept
        assert "Path=/authorize" in kept

    told(tmp_path, story)


def test_a_title_is_text(tmp_path: Path) -> None:
    async def story(rig: Outside) -> None:
        register(rig.registrations, consumer(title="<b>Vendor & Sons</b>"))
        browser = Browser(rig)
        await browser.open(await browser.request_token())
        page = (await browser.sign_in()).body.decode()

        assert "&lt;b&gt;Vendor &amp; Sons&lt;/b&gt;" in page
        assert "<b>" not in page
        assert KEY not in page

    told(tmp_path, story)


@pytest.mark.parametrize(("regions", "status"), [((), 200), (("us",), 200), (("asia",), 403)])
def test_a_program_serves_the_regions_that_it_was_approved_for(
    tmp_path: Path, regions: tuple[str, ...], status: int
) -> None:
    async def story(rig: Outside) -> int:
        browser = Browser(rig)
        token = await browser.request_token()
        rig.registrations.consumers[KEY].regions = regions
        return (await browser.open(token)).status

    assert told(tmp_path, story) == status


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_the_page_takes_two_methods(tmp_path: Path, method: str) -> None:
    async def story(rig: Outside) -> int:
        token = await Browser(rig).request_token()
        return (await rig.ask(method, f"/authorize?oauth_token={token}", base="")).status

    assert told(tmp_path, story) in {400, 405}


def test_the_gateway_has_no_such_page(tmp_path: Path) -> None:
    async def story() -> int:
        rig = Rig(tmp_path)
        rig.sign_in()
        return (await rig.ask("GET", "/authorize?oauth_token=x", base="")).status

    assert asyncio.run(story()) == 404


def test_sittings_are_few(tmp_path: Path) -> None:
    del tmp_path
    sittings = Sittings()
    for number in range(SITTINGS_MAX + 10):
        sittings.begin(str(number), Sitting("r", UserName("demo"), 100))

    assert sittings.find("0", "r", 0) is None
    assert sittings.find("9", "r", 0) is None
    assert sittings.find("10", "r", 99) is not None
    assert sittings.find("10", "r", 100) is None
    assert sittings.find("10", "other", 0) is None
    sittings.end("10")
    assert sittings.find("10", "r", 0) is None
