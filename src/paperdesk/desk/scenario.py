"""Opening a desk: the first time from its scenario, later from its journal."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import msgspec
from msgspec import UNSET

from paperdesk import __version__
from paperdesk.base.calendar import Calendar
from paperdesk.base.units import ZERO, Instant
from paperdesk.desk import manifests
from paperdesk.desk.clock import parsed
from paperdesk.desk.desk import Desk
from paperdesk.desk.directions import scripts_of
from paperdesk.desk.manifests import InvalidDesk, Manifest, Place
from paperdesk.desk.replays import kernel_of
from paperdesk.desk.starts import beginning, resumed
from paperdesk.desk.terms import InvalidScenario, Scenario, StartRule, dated, load
from paperdesk.desk.times import NEW_YORK
from paperdesk.kernel.messages import Command
from paperdesk.kernel.messages.accounts import ALL_DATA, AddUser, DepositCash, OpenAccount
from paperdesk.kernel.messages.presets import SetPresets
from paperdesk.kernel.messages.scripts import AddScript, Script
from paperdesk.kernel.rules.trading import FILL_MODELS
from paperdesk.kernel.state.world import world_at
from paperdesk.market.anchors import shipped_layers
from paperdesk.market.catalogue import Catalogue, load_catalogue
from paperdesk.market.layers import Layer
from paperdesk.market.source import Source
from paperdesk.market.synthetic import GENERATOR, SyntheticSource
from paperdesk.store.checkpoint import Checkpoints
from paperdesk.store.memory import MemoryJournal
from paperdesk.store.sqlite import SqliteJournal

SEED_MAX: Final = 2**53


class DeskOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Which desk to open, and how.

    Args:
        wall: now, by the wall.
        data_dir: where desks are kept; None for a desk in memory alone.
        name: of the desk; "" for one that says what it began with (`history-2008-09-29`).
        scenario: a shipped one's name or the path of a TOML file; "" for the desk's own, and for
            the default of a new one.
        date: where a new desk begins, `2008-09-29`; "" for where its scenario says.
        seed: of a new desk; None for its scenario's.
        clock: `real`, `x60`, `stepped` or `fast`; "" for the scenario's.
        layers: prices that win over the shipped ones, as a user has brought them.
    """

    wall: Instant
    data_dir: Path | None = None
    name: str = ""
    scenario: str = ""
    date: str = ""
    seed: int | None = None
    clock: str = ""
    layers: tuple[Layer, ...] = ()


def open_desk(options: DeskOptions) -> Desk:
    """Open a desk, or begin one where there is none of that name.

    Raises:
        InvalidScenario: what the desk is to begin with cannot be.
        InvalidDesk: the desk that is there began with something else than is asked for.
        InvalidClock: there is no such clock.
        JournalInUse: another process has it open.
        JournalDamaged, JournalForeign, JournalNewer: its journal is not to be read.
    """
    catalogue = load_catalogue()
    calendar = catalogue.calendar(NEW_YORK)
    parsed(options.clock or "real")
    manifest, where = _found(options, catalogue, calendar)
    desk = _opened(manifest, where, catalogue, options.layers)
    scenario = manifest.scenario
    with ExitStack() as undo:
        if where is not None and not desk.seq:
            undo.callback(shutil.rmtree, where.directory)
        undo.callback(desk.journal.close)
        if not desk.seq:
            desk.execute_together(opening(scenario, catalogue, desk.now))
        desk.advance(resumed(scenario.start, desk.now, options.wall, calendar))
        undo.pop_all()
    desk.clock = parsed(options.clock or scenario.clock).anchored(options.wall, desk.now)
    return desk


def opening(scenario: Scenario, catalogue: Catalogue, now: Instant) -> Iterator[Command]:
    """Yield the commands with which a desk begins at an instant.

    Raises:
        Refusal: a script of the scenario has no sense.
    """
    for account in scenario.account:
        yield OpenAccount(
            account_id=account.account_id,
            kind=account.kind,
            base_currency=account.base_currency,
            title=account.title,
        )
        for currency, amount in account.cash.items():
            if amount > ZERO:
                yield DepositCash(account_id=account.account_id, currency=currency, amount=amount)
    for user in scenario.user:
        yield AddUser(
            user_name=user.user_name,
            account_ids=user.account_ids,
            is_paper=user.is_paper,
            may_trade=user.may_trade is not False,
            subscriptions=ALL_DATA if user.subscriptions is UNSET else user.subscriptions,
        )
        if user.presets is not None:
            yield SetPresets(user_name=user.user_name, presets=user.presets)
    for script in scripts_of(scenario.market.script, catalogue, now):
        yield AddScript(script=script)


def source_of(
    manifest: Manifest,
    catalogue: Catalogue,
    layers: Sequence[Layer] = (),
    scripts: Sequence[Script] = (),
) -> Source:
    """Return the prices of a desk.

    Raises:
        InvalidScenario: its generator or one of its layers is not known.
    """
    market = manifest.scenario.market
    if market.generator != GENERATOR:
        raise InvalidScenario(
            f"There is no generator {market.generator}; this release knows {GENERATOR}."
        )
    try:
        shipped = shipped_layers(market.layers, catalogue)
    except (KeyError, ValueError, LookupError) as error:
        raise InvalidScenario(f"There is no such layer: {error}.") from error
    return SyntheticSource(market.generator, manifest.seed, catalogue, (*shipped, *layers), scripts)


def _found(
    options: DeskOptions, catalogue: Catalogue, calendar: Calendar
) -> tuple[Manifest, Place | None]:
    """Return the manifest of the desk that is asked for, and make it if there is none."""
    wanted = load(options.scenario or "default")
    if options.date:
        wanted = dated(wanted, options.date)
    seed = wanted.seed if options.seed is None else options.seed
    if not 0 <= seed < SEED_MAX:
        raise InvalidScenario(f"A seed is a whole number from 0 to {SEED_MAX - 1}, not {seed}.")
    name = options.name or _name(wanted, options.seed)
    where = None if options.data_dir is None else manifests.place(options.data_dir, name)
    if where is not None and where.exists:
        manifest = manifests.manifest_of(where)
        _check_same(manifest, options, wanted)
        return manifest, where
    if wanted.models.fill not in FILL_MODELS:
        raise InvalidScenario(
            f"There is no fill model {wanted.models.fill}: say {', '.join(FILL_MODELS)}."
        )
    manifest = Manifest(
        name=name,
        seed=seed,
        begins_at=beginning(wanted.start, options.wall, calendar),
        release=__version__,
        catalogue=catalogue.hash,
        scenario=wanted,
    )
    source_of(manifest, catalogue)
    if where is not None:
        manifests.begin(where, manifest)
    return manifest, where


def _name(scenario: Scenario, seed: int | None) -> str:
    """Return the name of a desk that was given none: what it begins with."""
    parts = [scenario.name]
    if scenario.start.rule is StartRule.DAY:
        parts.append(scenario.start.day)
    if seed is not None:
        parts.append(f"seed-{seed}")
    return "-".join(parts)


def _check_same(manifest: Manifest, options: DeskOptions, wanted: Scenario) -> None:
    """Refuse to open a desk as something that it is not."""
    began = manifest.scenario
    differs = ""
    if options.seed is not None and options.seed != manifest.seed:
        differs = f"seed {manifest.seed}, not {options.seed}"
    elif options.scenario and (wanted.name, wanted.start) != (began.name, began.start):
        differs = f"scenario {_name(began, None)}, not {_name(wanted, None)}"
    elif options.date and wanted.start != began.start:
        differs = f"{began.start.day or 'the present'}, not {options.date}"
    if differs:
        raise InvalidDesk(
            f"Desk {manifest.name} began with {differs}. Give another name, or leave it out."
        )


def _opened(
    manifest: Manifest, where: Place | None, catalogue: Catalogue, layers: Sequence[Layer]
) -> Desk:
    """Return a desk whose world is as its journal tells it."""
    if where is None:
        kernel = kernel_of(world_at(manifest.begins_at, manifest.seed), manifest, catalogue)
        source = source_of(manifest, catalogue, layers)
        return Desk(kernel, source, catalogue, MemoryJournal(manifest.genesis), manifest)
    with ExitStack() as undo:
        journal = SqliteJournal(where.journal, manifest.genesis)
        undo.callback(journal.close)
        checkpoints = Checkpoints(where.checkpoints)
        checkpoint = checkpoints.newest(journal)
        seq = 0 if checkpoint is None else checkpoint.seq
        world = (
            world_at(manifest.begins_at, manifest.seed) if checkpoint is None else checkpoint.world
        )
        kernel = kernel_of(world, manifest, catalogue)
        kernel.replay(journal.events(seq))
        source = source_of(manifest, catalogue, layers, kernel.world.scripts.added)
        undo.pop_all()
    return Desk(kernel, source, catalogue, journal, manifest, checkpoints)
