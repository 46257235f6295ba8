import pytest

from paperdesk.auth.oauth1.requests import Endpoint


@pytest.mark.parametrize("endpoint", list(Endpoint))
def test_every_endpoint_has_its_one_method(endpoint: Endpoint) -> None:
    expected = "HMAC-SHA256" if endpoint is Endpoint.PROTECTED else "RSA-SHA256"

    assert endpoint.signature_method == expected


@pytest.mark.parametrize(
    ("endpoint", "own"),
    [
        (Endpoint.REQUEST_TOKEN, {"oauth_callback"}),
        (Endpoint.ACCESS_TOKEN, {"oauth_token", "oauth_verifier"}),
        (Endpoint.LIVE_SESSION_TOKEN, {"oauth_token", "diffie_hellman_challenge"}),
        (Endpoint.PROTECTED, {"oauth_token"}),
    ],
)
def test_every_endpoint_needs_its_parameters_beside_the_common_ones(
    endpoint: Endpoint, own: set[str]
) -> None:
    common = {"consumer_key", "nonce", "signature_method", "timestamp"}

    assert set(endpoint.required) == {f"oauth_{name}" for name in common} | own
