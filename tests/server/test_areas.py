import pytest

from paperdesk.server import areas, consent, handshakes, pages, self_service
from paperdesk.server.areas import Area
from paperdesk.server.faces import Face, hosted


@pytest.mark.parametrize(
    ("path", "area"),
    [
        ("/authorize", consent),
        ("/authorize/", consent),
        ("/authorize/pending", consent),
        ("/v1/api/oauth/request_token", handshakes),
        ("/alpha/api/oauth/access_token/", handshakes),
        ("/oauth/live_session_token", handshakes),
        ("/v1/api/oauth/other", None),
        ("/v1/api/authorize", None),
        ("/v1/portal/oauth/request_token", None),
        ("/v1/api/iserver/accounts", None),
        ("/sso/Login", self_service),
        ("/", None),
    ],
)
def test_some_paths_of_the_hosted_face_are_waited_for(path: str, area: Area | None) -> None:
    assert areas.area_of(hosted(), path) is area


@pytest.mark.parametrize(
    ("path", "area"),
    [
        ("/", pages),
        ("/sso/Login", pages),
        ("/authorize", None),
        ("/v1/api/oauth/request_token", None),
        ("/oauth/request_token", None),
    ],
)
def test_the_gateway_has_its_login_pages(path: str, area: Area | None) -> None:
    assert areas.area_of(Face(), path) is area
