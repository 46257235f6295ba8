"""Desks: what is kept, what is served, and copies of it."""

from typing import Any

import msgspec

from paperdesk.base.errors import Refusal
from paperdesk.control.operations import Asked, Body, Control, Nothing, Operations, Slices
from paperdesk.control.refusals import BadControl, DeskServed
from paperdesk.desk import manifests
from paperdesk.desk.manifests import Manifest, UnknownDesk
from paperdesk.kernel.rules.clock import next_due

operations = Operations()


class Fork(Body):
    """How the copy is to be called."""

    name: str


class DeskRow(msgspec.Struct, frozen=True, kw_only=True):
    """A desk that is kept."""

    name: str
    scenario: str
    title: str
    seed: int
    began_at: int
    began: str
    forked_from: str
    is_served: bool


@operations.put("GET", "/desks")
def list_desks(asked: Asked) -> list[DeskRow]:
    """List the desks of the data folder, and which of them is served."""
    control = asked.control
    if control.data_dir is None:
        return [_row(control, control.desk.manifest)]
    rows: list[DeskRow] = []
    for name in manifests.names_in(control.data_dir):
        try:
            manifest = manifests.manifest_of(manifests.place(control.data_dir, name))
        except Refusal:
            continue  # A folder that is no desk of ours is nobody's business here.
        rows.append(_row(control, manifest))
    return rows


@operations.put("GET", "/desks/{desk}")
def show_desk(asked: Asked) -> dict[str, Any]:
    """Say how the served desk began, where it stands and whether it is well."""
    control, desk = asked.control, asked.desk
    scenario = desk.manifest.scenario
    due_at = next_due(desk.world)
    return msgspec.structs.asdict(_row(control, desk.manifest)) | {
        "desk_now": desk.now,
        "desk_time": control.text(desk.now),
        "next_due": None if due_at is None else control.text(due_at),
        "clock": desk.clock.text,
        "is_paused": desk.clock.is_paused,
        "generator": scenario.market.generator,
        "layers": scenario.market.layers,
        "fill_model": scenario.models.fill,
        "catalogue": desk.catalogue.hash,
        "release": desk.manifest.release,
        "accounts": list(desk.world.accounts.by_id),
        "users": list(desk.world.accounts.users),
        "seq": desk.seq,
        "durable_seq": desk.journal.durable_seq,
        "is_stopped": desk.is_stopped,
        "failure": desk.failure or desk.journal.failure,
    }


@operations.put("POST", "/desks/{desk}/fork", Fork)
def fork_desk(asked: Asked) -> Slices:
    """Copy a desk as it is now; both go their own way from there."""
    control = asked.control
    if control.data_dir is None:
        raise BadControl("A desk in memory cannot be copied.")
    yield  # Until everything that has happened is on disk.
    return _row(control, manifests.forked(control.data_dir, asked.path["desk"], asked.body.name))


@operations.put("DELETE", "/desks/{desk}", Nothing)
def delete_desk(asked: Asked) -> dict[str, str]:
    """Remove a desk that nobody has open, for good."""
    control, name = asked.control, asked.path["desk"]
    if control.data_dir is None:
        raise UnknownDesk(f"There is no desk {name[:80]} on disk.")
    if name == control.desk.name:
        raise DeskServed(f"This program serves the desk {name}; stop it, then delete the desk.")
    manifests.deleted(control.data_dir, name)
    return {"deleted": name}


@operations.put("POST", "/desks/{desk}/checkpoint")
def keep_checkpoint(asked: Asked) -> dict[str, int]:
    """Store the served desk's world, so that its next start has less to replay."""
    desk = asked.desk
    desk.checkpoint()
    return {"seq": desk.seq}


def _row(control: Control, manifest: Manifest) -> DeskRow:
    return DeskRow(
        name=manifest.name,
        scenario=manifest.scenario.name,
        title=manifest.scenario.title,
        seed=manifest.seed,
        began_at=manifest.begins_at,
        began=control.text(manifest.begins_at),
        forked_from=manifest.forked_from,
        is_served=manifest.name == control.desk.name,
    )
