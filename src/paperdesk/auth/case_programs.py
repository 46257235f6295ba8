"""Programs of cases: what an application comes to in the registrations.

A vendor's consumer is registered when its case is configured, and good from the case's midnight
on; a firm's client for tests first, then for production. Whoever is suspended is disabled, and
what is over is revoked. What an operator has done to a registration by hand stays, unless its case
is over or goes on after a suspension.
"""

from paperdesk.auth import consumers
from paperdesk.auth.oauth2 import scopes
from paperdesk.auth.registrations import (
    ClientKey,
    Consumer,
    ConsumerKind,
    OAuthClient,
    Registrations,
    Revocation,
    Standing,
)
from paperdesk.base.units import Instant
from paperdesk.kernel.messages.cases import ClientMaterial, Stage, Track
from paperdesk.kernel.state.cases import Case

TEST_ENDING = "-test"


def settle(
    registrations: Registrations, case: Case, at: Instant, *, goes_on: bool = False
) -> list[Revocation]:
    """Let the registrations follow a case, and return what opens nothing any more.

    Args:
        registrations: to be changed.
        case: as it is now.
        at: wall time.
        goes_on: whether a suspension has just ended.
    """
    if not case.public_name:
        return []
    if case.track is Track.THIRD_PARTY:
        return _settle_consumer(registrations, case, at, goes_on=goes_on)
    return _settle_clients(registrations, case, at, goes_on=goes_on)


def test_id(case: Case) -> str:
    """Return the id of a firm's client for tests; its public name is that for production."""
    return f"{case.public_name}{TEST_ENDING}"


def _settle_consumer(
    registrations: Registrations, case: Case, at: Instant, *, goes_on: bool
) -> list[Revocation]:
    consumer = registrations.consumers.get(case.public_name)
    if consumer is None:
        if case.is_final:
            return []
        consumer = registrations.consumers[case.public_name] = _consumer(case, at)
    consumer.active_from = _begins(consumer, case)
    consumer.regions = tuple(region.value for region in case.regions)
    consumer.features = tuple(feature.value for feature in case.details.features)
    before = consumer.standing
    consumer.standing = _standing(case, before, goes_on=goes_on)
    if consumer.standing in {before, Standing.ACTIVE}:
        return []
    if consumer.standing is Standing.REVOKED:
        consumers.revoke(registrations, case.public_name)
    return [Revocation(consumer_key=case.public_name)]


def _begins(consumer: Consumer, case: Case) -> Instant:
    """Return from when on a consumer is good: its case's midnight, or earlier by skip."""
    if case.stage is Stage.CONFIGURED:
        return case.activates_at
    return min(consumer.active_from, case.since) if case.is_live else consumer.active_from


def _settle_clients(
    registrations: Registrations, case: Case, at: Instant, *, goes_on: bool
) -> list[Revocation]:
    wanted = {test_id(case): case.test}
    if case.review in {Stage.ACTIVE, Stage.SUSPENDED} or case.public_name in registrations.clients:
        wanted[case.public_name] = case.live
    ended = []
    for client_id, material in wanted.items():
        client = registrations.clients.get(client_id)
        if client is None:
            if case.is_final or material is None:
                continue
            client = registrations.clients[client_id] = _client(client_id, case, material, at)
        before = client.standing
        client.standing = _standing(case, before, goes_on=goes_on)
        if client.standing not in {before, Standing.ACTIVE}:
            ended.append(Revocation(client_id=client_id))
    return ended


def _standing(case: Case, before: Standing, *, goes_on: bool) -> Standing:
    if case.is_final:
        return Standing.REVOKED
    if before is Standing.REVOKED:
        return before
    if case.stage is Stage.SUSPENDED:
        return Standing.DISABLED
    return Standing.ACTIVE if goes_on else before


def _consumer(case: Case, at: Instant) -> Consumer:
    material = case.consumer
    assert material is not None, "a case is configured with keys"
    return Consumer(
        consumer_key=case.public_name,
        kind=ConsumerKind.THIRD_PARTY,
        title=case.details.firm,
        signature_key=material.signature_key,
        encryption_key=material.encryption_key,
        dh_prime=material.dh_prime,
        dh_generator=material.dh_generator,
        callbacks=material.callbacks,
        active_from=case.activates_at,
        registered_at=at,
    )


def _client(client_id: str, case: Case, material: ClientMaterial, at: Instant) -> OAuthClient:
    key = ClientKey(
        kid="main",
        algorithm=material.algorithm,
        pem=material.pem,
        thumbprint=material.thumbprint,
    )
    networks = material.networks or (case.test.networks if case.test else ())
    return OAuthClient(
        client_id=client_id,
        title=case.details.firm,
        scopes=scopes.SCOPES,
        keys=(key,),
        networks=networks,
        registered_at=at,
    )
