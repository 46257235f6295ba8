"""Generated pages say what the tables say, and the descriptions are well formed."""

import json
from pathlib import Path

import pytest
from tools.descriptions import openapi
from tools.pages import Operation, operations, pace_text, pages, parity
from tools.topics import Topic

from paperdesk.api import catalogue
from paperdesk.api.route import Call, Empty, Evidence, Route, Tier
from paperdesk.auth.pacing.paces import Pace


def answer(call: Call[Empty]) -> dict[str, bool]:
    """Answer nothing much."""
    return {}


def route(method: str, path: str) -> Route:
    return Route(
        method=method,
        path=path,
        tier=Tier.SESSION,
        handler=answer,
        body=Empty,
        evidence=Evidence.RECORDED,
    )


@pytest.mark.parametrize("path", sorted(pages()), ids=lambda path: path.name)
def test_page_is_as_the_tables_say(path: Path) -> None:
    assert path.exists(), "run make docs"
    assert path.read_text(encoding="utf-8") == pages()[path], "run make docs"


def test_page_tells_what_answers_and_what_does_not_yet() -> None:
    real = [
        Operation("orders", "GET", "/iserver/account/orders", "current"),
        Operation("orders", "DELETE", "/iserver/account/{account_id}/order/{order_id}", "current"),
    ]

    page = parity([route("DELETE", "/iserver/account/{a}/order/{b}")], real, [])

    assert "1 of 2 operations" in page
    assert "| DELETE `/iserver/account/{a}/order/{b}` |" in page
    assert "Not yet: GET `/iserver/account/orders`." in page


def test_page_lists_what_the_real_service_does_not_have() -> None:
    page = parity([route("GET", "/portal/sso/validate")], [], [])

    assert "## Beside them" in page
    assert "| GET `/portal/sso/validate` |" in page


def test_page_tells_which_topics_are_heard() -> None:
    page = parity(
        [], [], [Topic("smd", "umd", "quotes"), Topic("sbd", "ubd", "depth", is_heard=False)]
    )

    assert "| `smd` | `umd` | quotes | yes |" in page
    assert "| `sbd` | `ubd` | depth | not yet |" in page


@pytest.mark.parametrize(
    ("pace", "text"),
    [
        (None, ""),
        (Pace(1), "1 a second"),
        (Pace(1, seconds=900), "1 in 900 s"),
        (Pace(0, concurrent=5), "5 at once"),
    ],
)
def test_pace_is_said_in_words(pace: Pace | None, text: str) -> None:
    assert pace_text(pace) == text


def test_every_operation_of_the_real_service_is_counted_once() -> None:
    keys = [(row.method, row.path) for row in operations()]

    assert len(keys) == len(set(keys)) == 147


def test_description_has_every_route_and_refers_only_to_what_it_has() -> None:
    routes = list(catalogue.operations())

    description = openapi(routes)

    assert sum(len(methods) for methods in description["paths"].values()) == len(routes)
    text = json.dumps(description)
    named = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert named <= set(description["components"]["schemas"])
