"""Tables typed with Any are typed by test: each function takes what its key says."""

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest

import paperdesk.kernel.messages
from paperdesk.api import catalogue
from paperdesk.api.route import Call, Route
from paperdesk.kernel.kernel import RULES
from paperdesk.kernel.messages import Command, Event
from paperdesk.kernel.state import world
from paperdesk.kernel.state.world import EFFECTS

for module in pkgutil.iter_modules(paperdesk.kernel.messages.__path__):
    importlib.import_module(f"paperdesk.kernel.messages.{module.name}")


def kinds_of(base: type) -> Iterator[type]:
    subclasses: list[type] = base.__subclasses__()
    for kind in subclasses:
        if kind.__module__.startswith("paperdesk."):
            yield kind
            yield from kinds_of(kind)


COMMANDS = sorted(set(kinds_of(Command)), key=lambda kind: kind.__name__)
EVENTS = sorted(set(kinds_of(Event)), key=lambda kind: kind.__name__)
ROUTES = list(catalogue.routes())


def name(kind: type) -> str:
    return kind.__name__


def accepts(hint: object, kind: type) -> bool:
    if isinstance(hint, type):
        return issubclass(kind, hint) and hint not in {Command, Event}
    if get_origin(hint) in {Union, type(int | str)}:
        return any(accepts(part, kind) for part in get_args(hint))
    return False


@pytest.mark.parametrize("kind", COMMANDS, ids=name)
def test_command_has_a_rule_that_takes_it(kind: type[Command]) -> None:
    assert kind in RULES, f"{kind.__name__} has no rule"
    hints = get_type_hints(RULES[kind])
    assert any(accepts(hint, kind) for hint in hints.values()), hints


@pytest.mark.parametrize("kind", EVENTS, ids=name)
def test_event_has_an_effect(kind: type[Event]) -> None:
    assert kind in EFFECTS, f"{kind.__name__} has no effect"


def targets() -> dict[str, Callable[..., Any]]:
    """Return the function behind each key of EFFECTS; where it is a lambda, the one it calls."""
    found: dict[str, Callable[..., Any]] = {}
    for node in ast.walk(ast.parse(inspect.getsource(world))):
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "EFFECTS":
            assert isinstance(node.value, ast.Dict)
            for key, value in zip(node.value.keys, node.value.values, strict=True):
                assert isinstance(key, ast.Name)
                body = value.body if isinstance(value, ast.Lambda) else value
                called = body.func if isinstance(body, ast.Call) else body
                if not isinstance(called, ast.Constant):
                    found[key.id] = resolved(called)
    return found


def resolved(node: ast.expr) -> Callable[..., Any]:
    """Return what a name or an attribute of a module means in the world's module."""
    target: Any = world
    for part in ast.unparse(node).split("."):
        target = getattr(target, part)
    assert callable(target)
    return target  # type: ignore[no-any-return]


@pytest.mark.parametrize(("event", "effect"), sorted(targets().items()))
def test_effect_takes_the_event_of_its_key(event: str, effect: Callable[..., Any]) -> None:
    kind = next(kind for kind in EVENTS if kind.__name__ == event)
    given = {
        hint
        for hint in get_type_hints(effect).values()
        if isinstance(hint, type) and issubclass(hint, Event)
    }

    assert not given or any(issubclass(kind, hint) for hint in given), f"{event}: {given}"


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_route_decodes_the_body_its_handler_takes(route: Route) -> None:
    hint = get_type_hints(route.handler)["call"]

    assert get_origin(hint) is Call
    (body,) = get_args(hint)
    bodies = get_args(body) if get_origin(body) in {Union, type(int | str)} else (body,)
    assert route.body in bodies, f"{route.path} decodes {route.body}, its handler takes {body}"


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_route_says_what_it_does_in_one_sentence(route: Route) -> None:
    assert route.summary.endswith("."), f"{route.path}: {route.summary!r}"


def test_no_request_matches_two_routes() -> None:
    shapes = [
        (route.method, "/".join("{}" if part[:1] == "{" else part for part in parts))
        for route in ROUTES
        for parts in [route.path.split("/")]
    ]

    assert len(shapes) == len(set(shapes))
