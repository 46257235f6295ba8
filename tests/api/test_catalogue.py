from paperdesk.api import catalogue
from paperdesk.api.matching import Matcher
from paperdesk.api.route import Described
from paperdesk.server import areas
from paperdesk.server.faces import Face, hosted


def test_every_route_is_found_by_its_own_path() -> None:
    matcher = Matcher(catalogue.HOSTED_TABLES)

    for route in catalogue.routes():
        path = route.path.replace("{", "").replace("}", "")
        match = matcher.match(route.method, path)
        assert match is not None, route.path
        assert (match.route, match.tier) == (route, route.tier)


def test_no_path_of_one_area_hides_another() -> None:
    shapes = [
        (route.method, tuple("{}" if "{" in part else part for part in route.path.split("/")))
        for route in catalogue.routes()
    ]

    assert len(shapes) == len(set(shapes))


def test_what_has_no_route_is_answered_by_an_area() -> None:
    described = [row for row in catalogue.operations() if isinstance(row, Described)]

    for row in described:
        prefix = "/v1/api" if row.path.startswith("/oauth/") else ""
        found = [areas.area_of(face, f"{prefix}{row.path}") for face in (Face(), hosted())]
        assert any(found), row.path
    assert {row.path for row in described} >= {"/oauth/live_session_token", "/authorize"}
