from tests.control.panels import begun

from paperdesk.desk.replays import kernel_of, replayed
from paperdesk.kernel.state.world import world_at


def test_the_events_of_a_desk_lead_to_its_world() -> None:
    desk = begun()

    told = replayed(desk.manifest, desk.catalogue, desk.journal.events())

    assert told.accounts == desk.world.accounts
    assert told.ledger == desk.world.ledger


def test_a_kernel_trades_by_the_models_of_the_scenario() -> None:
    desk = begun()

    kernel = kernel_of(world_at(0, 1), desk.manifest, desk.catalogue)

    assert kernel.world.models.fill == "touch"
