import pytest
from tests.control.panels import WALL, Panel, begun
from tests.programs import KEY, Program, access_token, consumer, register

from paperdesk.auth.oauth1.explanations import explain
from paperdesk.auth.oauth1.outcomes import Rejected
from paperdesk.auth.oauth1.request_tokens import RequestTokens
from paperdesk.auth.oauth1.requests import RequestLine, SignedRequest
from paperdesk.auth.oauth1.verification import Verifier
from paperdesk.auth.refused import RefusedRequest, RefusedRequests
from paperdesk.auth.registrations import Registrations

PATH = "/v1/api/tickle"


def refused(number: int, verifier: Verifier, program: Program) -> RefusedRequest:
    """Refuse a request that was signed for another path."""
    request = SignedRequest(
        line=RequestLine(method="GET", raw_path=PATH, host="localhost:5001", port=5001),
        authorization=program.by_rsa("/logout", {}),
    )
    rejected = verifier.verify(request, WALL, 0)
    assert isinstance(rejected, Rejected)
    return RefusedRequest(number=number, at=WALL, request=request, rejected=rejected)


@pytest.fixture
def panel() -> Panel:
    """A desk that refused three requests, of which the last is explained."""
    panel = Panel(begun())
    registrations = Registrations()
    register(registrations, consumer(), access_token())
    verifier = Verifier(registrations, RequestTokens(lambda digits: "0" * digits))
    program = Program(lambda: WALL // 1_000_000)
    kept = RefusedRequests()
    for number in (10_001, 10_002, 10_003):
        kept.add(refused(number, verifier, program))
    last = kept.last(1)[0]
    last.explanation = explain(verifier, last.request, last.rejected)
    panel.control.refused = kept
    panel.control.verifier = verifier
    return panel


def where(panel: Panel, rest: str = "") -> str:
    return f"/desks/{panel.desk.name}/auth/refusals{rest}"


def test_the_last_refusals_are_told(panel: Panel) -> None:
    status, told = panel.get(where(panel))

    assert status == 200
    assert told["is_explained"] is True
    assert [row["number"] for row in told["refusals"]] == [10_003, 10_002, 10_001]
    row = told["refusals"][0]
    assert (row["method"], row["path"], row["consumer_key"]) == ("GET", PATH, KEY)
    assert (row["step"], row["cause"]) == ("method", "wrong_method")
    assert row["explanation"]["cause"] == "wrong_method"
    assert row["explanation"]["hint"]
    assert told["refusals"][1]["explanation"] is None


def test_as_many_are_told_as_asked_for(panel: Panel) -> None:
    _, told = panel.get(where(panel, "?count=1"))

    assert [row["number"] for row in told["refusals"]] == [10_003]
    assert panel.get(where(panel, "?count=201"))[0] == 400


def test_a_desk_that_does_not_explain_says_so() -> None:
    panel = Panel(begun())

    assert panel.get(where(panel)) == (200, {"is_explained": False, "refusals": []})
    status, told = panel.post(where(panel, "/10001/comparison"), {"base_string": "GET&a&b"})
    assert status == 404
    assert "--explain-auth" in told["error"]["message"]


def test_a_clients_own_base_string_is_compared(panel: Panel) -> None:
    theirs = "GET&https%3A%2F%2Flocalhost%3A5001%2Fv1%2Fapi%2Ftickel&a%3Db"

    status, told = panel.post(where(panel, "/10001/comparison"), {"base_string": theirs})

    assert status == 200
    assert told["base_string"].startswith("GET&https%3A%2F%2Flocalhost%3A5001%2Fv1%2Fapi%2Ftickle&")
    at = told["difference"]["at"]
    assert theirs[:at] == told["base_string"][:at]
    assert theirs[at] != told["base_string"][at]


@pytest.mark.parametrize("number", ["10004", "-1", "x", "1" * 50, "%31"])
def test_a_refusal_that_is_not_kept_is_refused(panel: Panel, number: str) -> None:
    status, told = panel.post(where(panel, f"/{number}/comparison"), {"base_string": "GET&a&b"})

    assert status == 404
    assert "not kept" in told["error"]["message"]


def test_another_desk_is_not_served(panel: Panel) -> None:
    assert panel.get("/desks/other/auth/refusals")[0] == 404
