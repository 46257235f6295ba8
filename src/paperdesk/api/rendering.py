"""Rendering: pages for people, from templates that escape whatever they are given.

Every page says in its headers what a browser may do with it: no script and no style but the ones
that its policy names by their digest, no form that goes elsewhere, no frame around it.
"""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Final

import msgspec
from jinja2 import Environment, PackageLoader, StrictUndefined

from paperdesk.api.refusals import HTML
from paperdesk.api.route import Answer

STYLE: Final = "page.css"
PACKAGE: Final = "paperdesk.api"
FOLDER: Final = "pages"


class Script(msgspec.Struct, frozen=True):
    """A script of the templates' folder, and the texts of `onclick` that may call into it."""

    file: str
    handlers: tuple[str, ...] = ()


class Guard(msgspec.Struct, frozen=True, kw_only=True):
    """What a browser may do with a page beyond showing it.

    `framed_by` are the origins whose pages may have this one in a frame; `posts_to` the origins
    that a form may lead to beside the page's own, by a redirect too.
    """

    script: Script | None = None
    framed_by: tuple[str, ...] = ()
    posts_to: tuple[str, ...] = ()


PLAIN: Final = Guard()


def render(
    name: str,
    /,
    *,
    status: int = 200,
    headers: tuple[tuple[str, str], ...] = (),
    guard: Guard = PLAIN,
    **values: object,
) -> Answer:
    """Return a page.

    Args:
        name: the template's file, which extends `base.html`.
        status: of the answer.
        headers: beside those that guard the page.
        guard: what a browser may do with it.
        **values: what the template is given; all of it is escaped.
    """
    script = text_of(guard.script.file) if guard.script else ""
    page = _environment().get_template(name).render(values, style=text_of(STYLE), script=script)
    return Answer(
        status=status,
        body=page.encode(),
        content_type=HTML,
        headers=(*guarding(guard), *headers),
    )


def guarding(guard: Guard) -> tuple[tuple[str, str], ...]:
    """Return the headers that keep a page from doing, or suffering, what it is not meant for."""
    return (
        ("Content-Security-Policy", _policy(guard)),
        *(() if guard.framed_by else (("X-Frame-Options", "DENY"),)),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        # Not `no-referrer`: a browser would send its forms from the origin "null".
        ("Referrer-Policy", "same-origin"),
    )


@cache
def _policy(guard: Guard) -> str:
    rules = ["default-src 'none'", f"style-src {_digest(text_of(STYLE))}"]
    if guard.script:
        allowed = [_digest(text_of(guard.script.file))]
        if guard.script.handlers:
            # Despite its name: the handlers of these very texts, and no others.
            allowed += ["'unsafe-hashes'", *map(_digest, guard.script.handlers)]
        rules += [f"script-src {' '.join(allowed)}", "connect-src 'self'"]
    rules += [
        " ".join(("form-action 'self'", *guard.posts_to)),
        f"frame-ancestors {' '.join(guard.framed_by) or _NOBODY}",
        "base-uri 'none'",
    ]
    return "; ".join(rules)


_NOBODY: Final = "'none'"


def _digest(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


@cache
def text_of(file: str) -> str:
    """Return a style or a script of the templates' folder."""
    return files(PACKAGE).joinpath(FOLDER, file).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader(PACKAGE, FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
