from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperdesk.stream import grammar
from paperdesk.stream.grammar import NotUnderstood, Wish


@pytest.mark.parametrize(
    ("text", "topic", "target", "arguments"),
    [
        ("tic", "tic", "", {}),
        ("utr", "utr", "", {}),
        ("ech+hb", "ech", "hb", {}),
        ("sor+{}", "sor", "", {}),
        ("spl+", "spl", "", {}),
        ('smd+265598+{"fields":["31","84"]}', "smd", "265598", {"fields": ["31", "84"]}),
        ('smd+9@ARCA+{"fields": ["31", "84"]}', "smd", "9@ARCA", {"fields": ["31", "84"]}),
        ("smd+0;;;1234/1,5678/-1+{}", "smd", "0;;;1234/1,5678/-1", {}),
        ("umh+341115", "umh", "341115", {}),
        ("sbd+DU1234567+265598+NASDAQ", "sbd", "DU1234567+265598+NASDAQ", {}),
        ('smh+1+{"format":"%o+{x}/%c"}', "smh", "1", {"format": "%o+{x}/%c"}),
        (" tic\n", "tic", "", {}),
        ('str+{"days":1,"x":1.5}', "str", "", {"days": 1, "x": Decimal("1.5")}),
    ],
)
def test_a_wish_is_topic_target_and_arguments(
    text: str, topic: str, target: str, arguments: dict[str, object]
) -> None:
    assert grammar.wish(text) == Wish(topic, target, arguments)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "+",
        "+265598",
        "{}",
        "smd+1+{",
        "smd+1+{]}",
        "smd+1{}",
        "smd+1+{}x",
        "smd+1+[1]{}",
        'smd+1+{"a":1e999999}',
        'smd+1+{"a":NaN}',
        'smd+1+{"a":' + "[" * 100_000,
        "s/d",
        "smd " * 10,
        "x" * 17,
        "smd+" + "9" * 501,
        "\u017fmd",
    ],
)
def test_what_is_no_wish_is_not_understood(text: str) -> None:
    with pytest.raises(NotUnderstood):
        grammar.wish(text)


@given(st.text(max_size=60) | st.from_regex(r"s[mot]dr?\+[0-9@]{0,9}\+\{.{0,40}\}"))
def test_whatever_is_sent_is_a_wish_or_not_understood(text: str) -> None:
    try:
        wish = grammar.wish(text)
    except NotUnderstood:
        return
    assert wish.topic.isalpha()


def test_answers_echo_topic_and_target() -> None:
    assert Wish("smd", "265598").echo == "smd+265598"
    assert Wish("sor").echo == "sor"


@pytest.mark.parametrize(
    ("text", "session_id"),
    [
        ('{"session":"abc"}', "abc"),
        (' {"session": "abc", "x": 1}', "abc"),
        ('{"session":1}', None),
        ("{}", None),
        ("{", None),
        ('{"session":' + "[" * 100_000, None),
        ("tic", None),
        ('"session"', None),
    ],
)
def test_a_session_may_be_the_first_message(text: str, session_id: str | None) -> None:
    assert grammar.session_of(text) == session_id
