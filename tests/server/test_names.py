import socket

import pytest

from paperdesk.server import names


@pytest.mark.parametrize(
    ("name", "is_foreign"),
    [
        ("api.ibkr.com", True),
        ("API.IBKR.COM", True),
        ("api.ibkr.com.", True),
        ("notlocal", False),
        ("localhost", False),
        ("desk.localhost", False),
        ("desk.example", False),
        ("desk.test", False),
        ("desk.home.arpa", False),
        ("nas.lan", False),
        ("10.0.0.7", False),
        ("::1", False),
        ("test.com", True),
        ("mytest", False),
        ("attest.ation", True),
    ],
)
def test_a_name_is_somebody_elses_where_the_world_knows_it(name: str, is_foreign: bool) -> None:
    assert names.is_foreign(name) == is_foreign


def test_the_machines_own_name_is_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "Box.Firm.com")

    assert not names.is_foreign("box.firm.com")
    assert names.is_foreign("other.firm.com")


def test_names_are_split_and_each_is_there_once() -> None:
    given = ("Desk.Example", "api.ibkr.com", "desk.example", "API.ibkr.com", "10.0.0.7")

    assert names.split(given) == (("desk.example", "10.0.0.7"), ("api.ibkr.com",))


@pytest.mark.parametrize("name", names.SERVICE_NAMES)
def test_the_names_of_the_service_are_somebody_elses(name: str) -> None:
    assert names.is_foreign(name)
