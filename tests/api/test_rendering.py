import re
from base64 import b64encode
from hashlib import sha256
from importlib.resources import files

import pytest
from jinja2 import UndefinedError

from paperdesk.api import rendering
from paperdesk.api.rendering import Guard, Script
from paperdesk.api.route import Answer


def policy(answer: Answer) -> str:
    return dict(answer.headers)["Content-Security-Policy"]


def digest(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def test_what_a_page_is_given_cannot_become_part_of_it() -> None:
    page = rendering.render("notice.html", title="<b>", text='"><script>alert(1)</script>')

    assert b"<b>" not in page.body
    assert b"<script" not in page.body
    assert b"&lt;script&gt;" in page.body


def test_a_value_that_was_forgotten_is_no_empty_page() -> None:
    with pytest.raises(UndefinedError):
        rendering.render("notice.html", title="x")


def test_the_policy_names_the_style_of_the_page_and_nothing_that_is_inline() -> None:
    page = rendering.render("notice.html", title="x", text="y")

    style = re.search(r"<style>(.*)</style>", page.body.decode(), re.DOTALL)
    assert style is not None
    assert f"style-src {digest(style[1])};" in policy(page)
    assert "unsafe-inline" not in policy(page)
    assert "script-src" not in policy(page)
    assert policy(page).startswith("default-src 'none';")


def test_a_script_runs_by_its_digest_and_no_other_does() -> None:
    guard = Guard(script=Script("notification.js", ("resendNotification()",)))

    page = rendering.render("notice.html", guard=guard, title="x", text="y")

    script = re.search(r"<script>(.*)</script>", page.body.decode(), re.DOTALL)
    assert script is not None
    allowed = f"{digest(script[1])} 'unsafe-hashes' {digest('resendNotification()')}"
    assert f"script-src {allowed}; connect-src 'self';" in policy(page)


def test_no_page_may_be_put_into_a_frame_unless_it_says_by_whom() -> None:
    own = rendering.render("notice.html", title="x", text="y")
    framed = rendering.render(
        "notice.html", guard=Guard(framed_by=("https://firm.example",)), title="x", text="y"
    )

    assert "frame-ancestors 'none'" in policy(own)
    assert dict(own.headers)["X-Frame-Options"] == "DENY"
    assert "frame-ancestors https://firm.example;" in policy(framed)
    assert "X-Frame-Options" not in dict(framed.headers)


def test_a_form_may_lead_to_where_the_page_says() -> None:
    guard = Guard(posts_to=("https://client.example",))

    page = rendering.render("notice.html", guard=guard, title="x", text="y")

    assert "form-action 'self' https://client.example;" in policy(page)


def test_scripts_and_styles_cannot_end_their_elements() -> None:
    for path in files("paperdesk.api").joinpath("pages").iterdir():
        if path.name.endswith((".js", ".css")):
            assert "</" not in path.read_text(encoding="utf-8")
