"""Matching: from the method and path of a request to its route.

Literal segments beat parameters, segment by segment. A trailing slash changes nothing.
"""

from collections.abc import Iterable, Iterator

import msgspec

from paperdesk.api.route import Route, Routes, Tier


class Match(msgspec.Struct, frozen=True):
    """The route of a request, what it needs, and the path's parameters."""

    route: Route
    tier: Tier
    parameters: dict[str, str]


class Leaf(msgspec.Struct, frozen=True):
    """Where a path ends: one method's route and the names of the path's parameters."""

    route: Route
    tier: Tier
    names: tuple[str, ...]


class Node(msgspec.Struct):
    """One segment: what may follow it, and what ends here, by method."""

    literals: dict[str, "Node"] = {}
    parameter: "Node | None" = None
    leaves: dict[str, Leaf] = {}


class Matcher:
    """Finds the route of a path."""

    def __init__(self, tables: Iterable[Routes]) -> None:
        """Compile tables; two routes of one method and shape are a mistake of ours."""
        self._root = Node()
        self._literal: dict[tuple[str, str], Match] = {}
        for table in tables:
            for route in table.routes:
                self._add(route, table.tier)

    def match(self, method: str, path: str) -> Match | None:
        """Return the route of a method and a path below the base address, or None."""
        found = self._literal.get((method, path))
        if found is not None:
            return found
        path = path.removesuffix("/")
        values: list[str] = []
        leaf = _descend(self._root, path.split("/")[1:], 0, method, values)
        if leaf is None:
            return None
        return Match(leaf.route, leaf.tier, dict(zip(leaf.names, values, strict=True)))

    def is_known(self, path: str) -> bool:
        """Say whether a path has a route of any method."""
        segments = path.removesuffix("/").split("/")[1:]
        return any(node.leaves for node in _ends(self._root, segments, 0))

    def _add(self, route: Route, tier: Tier) -> None:
        node = self._root
        names: list[str] = []
        for segment in route.path.split("/")[1:]:
            if segment.startswith("{"):
                names.append(segment[1:-1])
                node.parameter = node.parameter or Node()
                node = node.parameter
            else:
                node = node.literals.setdefault(segment, Node())
        assert route.method not in node.leaves, f"{route.method} {route.path} has two routes"
        node.leaves[route.method] = Leaf(route, tier, tuple(names))
        if not names:
            self._literal[route.method, route.path] = Match(route, tier, {})


def _descend(
    node: Node, segments: list[str], at: int, method: str, values: list[str]
) -> Leaf | None:
    if at == len(segments):
        return node.leaves.get(method)
    segment = segments[at]
    literal = node.literals.get(segment)
    if literal is not None:
        leaf = _descend(literal, segments, at + 1, method, values)
        if leaf is not None:
            return leaf
    if node.parameter is None or not segment:
        return None
    values.append(segment)
    leaf = _descend(node.parameter, segments, at + 1, method, values)
    if leaf is None:
        values.pop()
    return leaf


def _ends(node: Node, segments: list[str], at: int) -> Iterator[Node]:
    if at == len(segments):
        yield node
        return
    segment = segments[at]
    if segment in node.literals:
        yield from _ends(node.literals[segment], segments, at + 1)
    if node.parameter is not None and segment:
        yield from _ends(node.parameter, segments, at + 1)
