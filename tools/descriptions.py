"""OpenAPI and AsyncAPI descriptions of what this desk answers, made from its own records.

They describe Paperdesk, not the real service: a schema here is the shape that our code decodes
and encodes.
"""

import re
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import msgspec

from paperdesk import __version__
from paperdesk.api import login, oauth1
from paperdesk.api.route import Answer, Described, Empty, Route
from paperdesk.server.faces import hosted
from tools.topics import Topic

PARAMETER = re.compile(r"\{(\w+)\}")
LICENCE = {"name": "Apache-2.0", "identifier": "Apache-2.0"}
TITLE = "Paperdesk"
GATEWAY = "https://localhost:5000"
HOSTED = "https://localhost:5001"
NOTE = (
    "What a desk of Paperdesk answers. Paperdesk is not affiliated with Interactive Brokers; this "
    "is a description of a simulator and says nothing for the service it imitates."
)


def openapi(routes: Sequence[Route | Described]) -> dict[str, Any]:
    """Return the OpenAPI 3.1 description of the routes."""
    answers = [_answer_type(route) for route in routes]
    leaves = list(dict.fromkeys([*(route.body for route in routes), *_leaves(answers)]))
    schemas, components = msgspec.json.schema_components(
        leaves, schema_hook=_schema_of_other, ref_template="#/components/schemas/{name}"
    )
    schema_of = dict(zip(leaves, schemas, strict=True))
    paths: dict[str, Any] = {}
    for route, answer in zip(routes, answers, strict=True):
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(
            route, schema_of[route.body], _schema(answer, schema_of)
        )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": TITLE,
            "version": __version__,
            "description": NOTE,
            "license": LICENCE,
        },
        "servers": [{"url": f"{GATEWAY}/v1/api"}, {"url": f"{HOSTED}/v1/api"}],
        "paths": dict(sorted(paths.items())),
        "components": {"schemas": dict(sorted(components.items()))},
    }


def asyncapi(topics: Sequence[Topic]) -> dict[str, Any]:
    """Return the AsyncAPI 3.0 description of the topics."""
    heard = [topic for topic in topics if topic.is_heard]
    return {
        "asyncapi": "3.0.0",
        "info": {"title": TITLE, "version": __version__, "description": NOTE},
        "servers": {
            "gateway": {"host": "localhost:5000", "protocol": "wss", "pathname": "/v1/api/ws"}
        },
        "channels": {
            topic.name: {
                "title": topic.name,
                "description": topic.says,
                "address": "/ws",
                "messages": {"frame": {"contentType": "application/json"}},
            }
            for topic in heard
        },
        "operations": {
            f"hear-{topic.name}": {
                "action": "send",
                "channel": {"$ref": f"#/channels/{topic.name}"},
                "description": f"Ends with {topic.end}." if topic.end else topic.says,
            }
            for topic in heard
        },
    }


def _operation(
    route: Route | Described, body: dict[str, Any], answer: dict[str, Any]
) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": re.sub(r"\W+", "_", f"{route.method.lower()}{route.path}").strip("_"),
        "summary": route.summary,
        "x-evidence": route.evidence.value,
        "x-tier": route.tier.value,
        "responses": {
            "200": {
                "description": "The usual answer.",
                "content": {"application/json": {"schema": answer}},
            }
        },
    }
    where = _server(route)
    if where:
        operation["servers"] = [{"url": where}]
    names = PARAMETER.findall(route.path)
    if names:
        operation["parameters"] = [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
            for name in names
        ]
    if route.body is not Empty:
        operation["requestBody"] = {"content": {"application/json": {"schema": body}}}
    return operation


def _server(route: Route | Described) -> str:
    """Return where an operation is that is not below both base addresses, "" for one that is."""
    if route in login.OPERATIONS:
        return GATEWAY
    if route in oauth1.OPERATIONS:
        return f"{HOSTED}/v1/api"
    is_beside = isinstance(route, Described) or route.path.startswith(hosted().roots)
    return HOSTED if is_beside else ""


def _answer_type(route: Route | Described) -> object:
    """Return what a handler's annotation says it answers, in slices or at once."""
    if isinstance(route, Described):
        return route.answer or Answer
    told = get_type_hints(route.handler).get("return", Any)
    return get_args(told)[-1] if get_origin(told) is Generator else told


def _leaves(kinds: Iterable[object]) -> Iterator[Any]:
    """Yield the types that unions, lists and dicts are made of; msgspec describes those."""
    for kind in kinds:
        if _is_union(kind) or get_origin(kind) is list:
            yield from _leaves(get_args(kind))
        elif get_origin(kind) is dict:
            yield from _leaves(get_args(kind)[1:])
        elif kind is not Answer:
            yield kind


def _schema(kind: object, schema_of: Mapping[Any, dict[str, Any]]) -> dict[str, Any]:
    if _is_union(kind):
        return {"anyOf": [_schema(part, schema_of) for part in get_args(kind)]}
    if get_origin(kind) is list:
        return {"type": "array", "items": _schema(get_args(kind)[0], schema_of)}
    if get_origin(kind) is dict:
        return {"type": "object", "additionalProperties": _schema(get_args(kind)[1], schema_of)}
    return {} if kind is Answer else schema_of[kind]


def _is_union(kind: object) -> bool:
    return get_origin(kind) in {Union, UnionType}


def _schema_of_other(kind: type) -> dict[str, Any]:
    """Describe a type that msgspec leaves to its hooks."""
    return {"description": kind.__name__}
