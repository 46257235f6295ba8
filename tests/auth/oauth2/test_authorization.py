from tests.oauth2 import COMPATIBLE, NOW, clients, registered_key

from paperdesk.auth.oauth2.access_tokens import Revoked
from paperdesk.auth.oauth2.authorization import Authorization, OAuth2Settings, Remembered
from paperdesk.auth.oauth2.replays import Used


def test_it_goes_on_from_what_is_remembered() -> None:
    used = [Used(until=NOW + 1, mark="m", client_id="c"), Used(until=NOW, mark="o", client_id="c")]
    remembered = Remembered(registered_key("main", "RS256"), used, [Revoked("t", NOW + 1)])
    registered = clients()
    settings = OAuth2Settings(rules=COMPATIBLE)

    office = Authorization(registered, settings, remembered, lambda size: "0" * 2 * size, NOW)

    assert office.registered is registered
    assert office.rules is COMPATIBLE
    assert not office.authority.replays.use(used[0], NOW)
    assert office.authority.replays.use(used[1], NOW - 1)
