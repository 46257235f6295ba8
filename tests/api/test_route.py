"""Routes: how query parameters are read, whose account it is, what a table holds."""

import pytest
from tests.desks import DU1, Client

from paperdesk.api.leniency import query
from paperdesk.api.route import (
    AccountNotValid,
    BadRequest,
    Call,
    Empty,
    Evidence,
    Query,
    Routes,
    Tier,
    conid,
)
from paperdesk.auth.pacing.paces import Pace


def asked(text: str) -> Query:
    return query(text.encode())


def call(client: Client, **path: str) -> Call[Empty]:
    return Call(
        desk=client.desk,
        roster=client.roster,
        session=client.session,
        path=path,
        query=asked(""),
        body=Empty(),
        now=0,
    )


def test_parameter_is_found_in_any_letter_case() -> None:
    assert asked("AccountId=DU1").text("accountid") == "DU1"
    assert asked("accountid=DU1").text("accountId") == "DU1"


def test_last_of_a_repeated_parameter_counts() -> None:
    assert asked("days=1&days=2").text("days") == "2"


def test_missing_or_empty_parameter_is_the_default() -> None:
    assert asked("period=").text("period", "1w") == "1w"
    assert asked("").text("period", "1w") == "1w"
    assert asked("period=").has("period")
    assert not asked("").has("period")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("True", True),
        ("1", True),
        ("yes", True),
        ("false", False),
        ("False", False),
        ("0", False),
        ("no", False),
    ],
)
def test_truth_is_spelt_in_many_ways(text: str, *, value: bool) -> None:
    assert asked(f"force={text}").flag("force", default=not value) is value


def test_truth_that_is_none_is_the_default() -> None:
    assert asked("force=perhaps").flag("force") is False
    assert asked("force=perhaps").flag("force", default=True) is True


@pytest.mark.parametrize(
    ("text", "value"),
    [("7", 7), ("-1", -1), (" 7 ", 7), ("", None), ("7.5", None), ("x", None), ("9" * 19, None)],
)
def test_whole_number_or_nothing(text: str, value: int | None) -> None:
    assert asked(f"days={text.replace(' ', '%20')}").integer("days") == value


def test_list_is_raw_encoded_or_repeated() -> None:
    for text in ("conids=1,2", "conids=1%2C2", "conids=1&conids=2", "conids=1,%202,,"):
        assert asked(text).items("conids") == ["1", "2"]


def test_query_without_parameters_is_false() -> None:
    assert not asked("")
    assert asked("a=1")


def test_account_of_the_path_is_the_callers(client: Client) -> None:
    assert call(client, account_id="DU1234567").account() == DU1


@pytest.mark.parametrize("account_id", ["DU7654321", "", "du1234567"])
def test_account_that_is_not_the_callers_is_refused(client: Client, account_id: str) -> None:
    with pytest.raises(AccountNotValid, match=f"accountId is not valid: {account_id}"):
        call(client, account_id=account_id).account()


@pytest.mark.parametrize("text", ["", "AAPL", "-1", "1.5", "12345678901", "١٢"])
def test_conid_that_is_none_is_refused(client: Client, text: str) -> None:
    with pytest.raises(BadRequest):
        conid(text)
    with pytest.raises(BadRequest):
        call(client, conid=text).conid()


def test_conid_is_a_number(client: Client) -> None:
    assert call(client, conid="265598").conid() == 265598


def test_table_holds_a_route_for_each_method() -> None:
    table = Routes(Tier.SESSION)

    @table.add(("GET", "POST"), "/tickle", evidence=Evidence.RECORDED, pace=Pace(1, seconds=5))
    def tickle(call: Call[Empty]) -> dict[str, str]:
        """Keep it alive.

        And more.
        """
        return {}

    @table.delete("/x", evidence=Evidence.JUDGED)
    def delete(call: Call[Empty]) -> dict[str, str]:
        return {}

    first, second, third = table.routes
    assert [route.method for route in table.routes] == ["GET", "POST", "DELETE"]
    assert first.handler is second.handler is tickle
    assert first.summary == "Keep it alive."
    assert third.handler is delete
    assert third.summary == ""
    assert {route.tier for route in table.routes} == {Tier.SESSION}
