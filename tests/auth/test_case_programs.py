import pytest
from tests.kernel.applications import Office

from paperdesk.auth.case_programs import settle
from paperdesk.auth.consumers import Stage as ConsumerStage
from paperdesk.auth.consumers import stage
from paperdesk.auth.registrations import (
    AccessToken,
    ConsumerKind,
    Registrations,
    Revocation,
    Standing,
)
from paperdesk.base.ids import UserName
from paperdesk.base.regions import Region
from paperdesk.kernel.messages.cases import Action, Feature, ProposeChange, Role, Stage, Track


@pytest.fixture
def kept() -> Registrations:
    return Registrations()


def test_a_consumer_is_registered_when_configured_and_good_from_the_midnight_on(
    kept: Registrations,
) -> None:
    office = Office()
    office.pass_to(Stage.APPROVED)
    assert settle(kept, office.case, 1) == []
    assert kept.consumers == {}
    office.pass_to(Stage.CONFIGURED)

    settle(kept, office.case, 1)

    consumer = kept.consumers[office.case.public_name]
    at = office.case.activates_at
    assert [stage(consumer, now) for now in (at - 1, at)] == [
        ConsumerStage.PENDING,
        ConsumerStage.ACTIVE,
    ]
    assert (consumer.kind, consumer.title) == (ConsumerKind.THIRD_PARTY, "Vendor Ltd")
    assert (consumer.regions, consumer.features) == (("us", "europe"), ("portfolio", "trading"))
    office.pass_to(Stage.ACTIVE)
    settle(kept, office.case, 1)
    assert consumer.active_from == at


def test_an_operator_who_skips_the_midnight_has_it_good_at_once(kept: Registrations) -> None:
    office = Office()
    office.pass_to(Stage.CONFIGURED)
    settle(kept, office.case, 1)
    office.move(Action.SKIP, "root", Role.ADMIN)

    settle(kept, office.case, 1)

    consumer = kept.consumers[office.case.public_name]
    assert stage(consumer, office.world.now) is ConsumerStage.ACTIVE


def test_a_new_review_changes_nothing_until_it_has_passed(kept: Registrations) -> None:
    office = Office()
    office.pass_to(Stage.ACTIVE)
    settle(kept, office.case, 1)
    consumer = kept.consumers[office.case.public_name]
    office.do(
        ProposeChange(
            case_id="case-1",
            actor="ann",
            features=(Feature.MARKET_DATA,),
            regions=(Region.US,),
        )
    )
    settle(kept, office.case, 1)
    assert consumer.features == ("portfolio", "trading")
    office.review(Action.ASK)
    settle(kept, office.case, 1)
    assert consumer.standing is Standing.ACTIVE
    office.move(Action.ANSWER, "ann", Role.APPLICANT)
    office.review()

    settle(kept, office.case, 1)

    assert list(consumer.features) == ["market_data"]
    assert list(consumer.regions) == ["us"]


def test_who_is_suspended_is_disabled_and_goes_on_and_what_is_over_is_revoked(
    kept: Registrations,
) -> None:
    office = Office()
    office.pass_to(Stage.ACTIVE)
    settle(kept, office.case, 1)
    key = office.case.public_name
    token = kept.tokens["t"] = AccessToken(
        token="t", consumer_key=key, user_name=UserName("demo"), secret="c2VjcmV0"
    )
    told = []
    for action in (Action.SUSPEND, Action.RESUME, Action.REVOKE):
        role = Role.ADMIN
        office.move(action, "root", role)
        ended = settle(kept, office.case, 1, goes_on=action is Action.RESUME)
        told.append((kept.consumers[key].standing, ended))

    end = [Revocation(consumer_key=key)]
    assert told == [(Standing.DISABLED, end), (Standing.ACTIVE, []), (Standing.REVOKED, end)]
    assert token.standing is Standing.REVOKED
    assert settle(kept, office.case, 1) == []


def test_what_an_operator_has_disabled_stays_so(kept: Registrations) -> None:
    office = Office()
    office.pass_to(Stage.ACTIVE)
    settle(kept, office.case, 1)
    consumer = kept.consumers[office.case.public_name]
    consumer.standing = Standing.DISABLED

    assert settle(kept, office.case, 1) == []
    assert consumer.standing is Standing.DISABLED


def test_a_firm_has_a_client_for_tests_and_later_another_one(kept: Registrations) -> None:
    office = Office(Track.CLIENT)
    office.pass_to(Stage.TEST_ACTIVE)
    settle(kept, office.case, 1)
    name = office.case.public_name
    assert list(kept.clients) == [f"{name}-test"]
    office.pass_to(Stage.ACTIVE)

    settle(kept, office.case, 1)

    test, live = kept.clients[f"{name}-test"], kept.clients[name]
    assert test.keys[0].thumbprint != live.keys[0].thumbprint
    assert live.networks == test.networks == ("203.0.113.0/24",)
    office.move(Action.WITHDRAW, "ann", Role.APPLICANT)
    assert settle(kept, office.case, 1) == [
        Revocation(client_id=f"{name}-test"),
        Revocation(client_id=name),
    ]


def test_what_was_over_before_anybody_looked_is_not_registered(kept: Registrations) -> None:
    for track in Track:
        office = Office(track)
        office.pass_to(Stage.ACTIVE)
        office.move(Action.REVOKE, "root", Role.ADMIN)
        assert settle(kept, office.case, 1) == []
    assert (kept.consumers, kept.clients) == ({}, {})
