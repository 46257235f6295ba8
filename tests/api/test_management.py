from paperdesk.api.management import echo
from paperdesk.api.management.requests import Asked
from paperdesk.auth.oauth2 import endpoints
from paperdesk.auth.pacing.paces import Pace


def test_parameters_keep_their_names_and_the_last_of_them_counts() -> None:
    asked = Asked(query="Name=a%20b&name=&Name=c+d&flag")

    assert asked.parameters() == {"Name": "c d", "name": "", "flag": ""}
    assert Asked().parameters() == {}


def test_every_route_is_an_endpoint_with_the_pace_of_the_gateway_api() -> None:
    for route in echo.routes.routes:
        row = endpoints.endpoint(route.method, route.path.removeprefix(endpoints.PREFIX))
        assert row.scopes
        assert route.pace == Pace(10)
