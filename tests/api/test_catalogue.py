from paperdesk.api import catalogue
from paperdesk.api.matching import Matcher


def test_every_route_is_found_by_its_own_path() -> None:
    matcher = Matcher(catalogue.TABLES)

    for route, tier in catalogue.routes():
        path = route.path.replace("{", "").replace("}", "")
        match = matcher.match(route.method, path)
        assert match is not None, route.path
        assert (match.route, match.tier) == (route, tier)


def test_no_path_of_one_area_hides_another() -> None:
    shapes = [
        (route.method, tuple("{}" if "{" in part else part for part in route.path.split("/")))
        for route, _ in catalogue.routes()
    ]

    assert len(shapes) == len(set(shapes))
