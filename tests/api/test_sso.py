from pathlib import Path
from typing import Any

import pytest
from tests.firm import SAMPLE, Firm, told
from tests.serving import Reply

GOOD: dict[str, object] = {"credential": "sample01", "ip": "203.0.113.7"}
MISSING = "Missing required parameter"


def asked(tmp_path: Path, path: str, fields: dict[str, object]) -> Reply:
    async def story(firm: Firm) -> Reply:
        return await firm.call(path, await firm.granted(), fields)

    return told(tmp_path, story)


@pytest.mark.parametrize(
    "more",
    [{}, {"service": "SVC1"}, {"alternativeIps": ["203.0.113.8", "2001:db8::7"]}, {"extra": 1}],
)
def test_a_session_is_opened(tmp_path: Path, more: dict[str, object]) -> None:
    reply = asked(tmp_path, "/sso-sessions", GOOD | more)

    assert reply.status == 200
    assert set(reply.json) == {"active", "access_token", "token_type"}
    assert (reply.json["active"], reply.json["token_type"]) == (True, "Bearer")


def test_a_browser_session_has_an_address_with_an_id_that_nobody_guesses(tmp_path: Path) -> None:
    async def story(firm: Firm) -> list[Any]:
        access = await firm.granted()
        replies = [await firm.call("/sso-browser-sessions", access, GOOD) for _ in range(2)]
        return [reply.json for reply in replies]

    first, second = told(tmp_path, story)

    base, _, visit_id = first["url"].partition("?SID=")
    assert first["active"] is True
    assert base == "https://localhost:5001/sso/resolver"
    assert len(visit_id) == 48
    assert first["url"] != second["url"]


@pytest.mark.parametrize("path", ["/sso-sessions", "/sso-browser-sessions"])
@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, {"credential": MISSING, "ip": MISSING}),
        ({"ip": "1.2.3.4"}, {"credential": MISSING}),
        ({"credential": "sample01"}, {"ip": MISSING}),
        ({"credential": "", "ip": None}, {"credential": MISSING, "ip": MISSING}),
        (GOOD | {"credential": 7}, {"credential": "Invalid value: a text is needed"}),
        (GOOD | {"credential": ["x"]}, {"credential": "Invalid value: a text is needed"}),
        (GOOD | {"credential": "x" * 300}, {"credential": "Invalid value: a text is needed"}),
        (GOOD | {"ip": "here"}, {"ip": "Invalid value: an IP address is needed"}),
        (GOOD | {"ip": "1.2.3.4/8"}, {"ip": "Invalid value: an IP address is needed"}),
    ],
)
def test_fields_are_named_that_are_wrong(
    tmp_path: Path, path: str, fields: dict[str, object], wrong: dict[str, str]
) -> None:
    reply = asked(tmp_path, path, fields)

    assert reply.status == 400
    assert reply.json["type"] == "/invalid-argument"
    told_of = {one["field"]: one["description"] for one in reply.json["invalidArguments"]}
    assert told_of == wrong


@pytest.mark.parametrize("addresses", ["1.2.3.4", ["here"], [1], ["1.2.3.4"] * 21, {"a": 1}])
def test_alternative_addresses_are_a_short_list_of_addresses(
    tmp_path: Path, addresses: object
) -> None:
    reply = asked(tmp_path, "/sso-sessions", GOOD | {"alternativeIps": addresses})

    assert (reply.status, reply.json["invalidArguments"][0]["field"]) == (400, "alternativeIps")


@pytest.mark.parametrize("path", ["/sso-sessions", "/sso-browser-sessions"])
def test_whether_a_user_is_anothers_or_nobodys_is_not_told(tmp_path: Path, path: str) -> None:
    async def story(firm: Firm) -> list[Reply]:
        access = await firm.granted()
        firm.client.user_names = (SAMPLE.user_name,)
        return [
            await firm.call(path, access, GOOD | {"credential": name})
            for name in ("sample01", "demo", "nobody", "SAMPLE01")
        ]

    good, *refused = told(tmp_path, story)

    assert good.status == 200
    assert {reply.status for reply in refused} == {403}
    assert len({reply.body for reply in refused}) == 1
