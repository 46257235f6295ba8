"""Replays: the world that events lead to, from nothing."""

from collections.abc import Iterable

from paperdesk.desk.manifests import Manifest
from paperdesk.kernel.kernel import Kernel, Models
from paperdesk.kernel.messages import Event
from paperdesk.kernel.state.world import Contracts, World, world_at
from paperdesk.market.catalogue import Catalogue


def kernel_of(world: World, manifest: Manifest, catalogue: Catalogue) -> Kernel:
    """Return the kernel of a desk, standing on a world."""
    contracts = Contracts(catalogue.by_conid, catalogue.calendars)
    return Kernel(world, contracts, Models(fill=manifest.scenario.models.fill))


def replayed(manifest: Manifest, catalogue: Catalogue, events: Iterable[Event]) -> World:
    """Return the world of a desk after events, as if nobody had looked at a quote."""
    kernel = kernel_of(world_at(manifest.begins_at, manifest.seed), manifest, catalogue)
    kernel.replay(events)
    return kernel.world
