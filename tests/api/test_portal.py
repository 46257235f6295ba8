import pytest

from paperdesk.api import portal
from paperdesk.api.portal import Landing


@pytest.mark.parametrize(
    ("query", "landing"),
    [
        (b"", Landing()),
        (b"ACTION=Statement", Landing("Statement")),
        (b"ACTION=Statement&showNavBar=False", Landing("Statement", is_framed=True)),
        (b"showNavBar=false", Landing(is_framed=True)),
        (b"ACTION=TransferFunds&type=GIFT", Landing("TransferFunds")),
        (
            b"ACTION=TransferFunds&type=WITHDRAWAL&other=1&autoSelect=DU1",
            Landing("TransferFunds", (("type", "WITHDRAWAL"), ("autoSelect", "DU1"))),
        ),
        (b"forwardTo=AA_LINKAGE", Landing("AA_LINKAGE")),
    ],
)
def test_where_a_query_leads(query: bytes, landing: Landing) -> None:
    assert portal.landing(query) == landing


def test_where_a_browser_lands_leads_there_again() -> None:
    where = portal.landing(b"ACTION=UserSettings&config=a%26b&showNavBar=false")

    assert where.location == "/sso/portal?ACTION=UserSettings&config=a%26b&showNavBar=false"
    assert portal.landing(where.location.partition("?")[2].encode()) == where


def test_taking_money_out_needs_the_password() -> None:
    assert portal.landing(b"ACTION=TransferFunds&type=WITHDRAWAL").needs_password
    assert not portal.landing(b"ACTION=TransferFunds&type=DEPOSIT").needs_password
    assert not portal.landing(b"type=WITHDRAWAL").needs_password


@pytest.mark.parametrize(
    ("query", "visit_id"), [(b"SID=a", "a"), (b"sid=a", ""), (b"SID=a&SID=b", ""), (b"", "")]
)
def test_one_id_is_shown(query: bytes, visit_id: str) -> None:
    assert portal.visit_id(query) == visit_id


def test_a_password_does_not_show() -> None:
    assert "secret" not in repr(portal.confirmation(b"token=t&password=secret"))
