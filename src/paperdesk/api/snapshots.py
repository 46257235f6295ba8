"""Market data rows: what snapshot and stream show of a contract, tick by tick.

All market data moves in ticks of half a second of desk time. A row is worked out once a tick for a
contract and a set of fields, encoded once, and handed to everybody who asked for it, so that a
snapshot and the stream can never differ.
"""

from collections.abc import Mapping
from typing import Final
from weakref import WeakKeyDictionary

import msgspec

from paperdesk.api.fields import ALWAYS, FIELDS, RAW, Cell, Look, look_at
from paperdesk.api.position_fields import POSITION_FIELDS, position_values
from paperdesk.auth.sessions import Session
from paperdesk.base.ids import AccountId, Conid
from paperdesk.base.units import MILLISECOND, MINUTE, Duration, Instant
from paperdesk.desk.desk import Desk
from paperdesk.kernel.messages.accounts import ALL_DATA
from paperdesk.kernel.state.contracts import SecurityType

TICK: Final = 500 * MILLISECOND
DELAY: Final[Duration] = 15 * MINUTE
"""How much later somebody sees a market without a subscription."""

SERVERS: Final = 33
ROWS_MAX: Final = 20_000
NOBODY: Final = AccountId("")

Row = dict[str, Cell]

encode = msgspec.json.Encoder(decimal_format="number").encode


class Shown(msgspec.Struct, eq=False):
    """The row of a contract and a set of fields at one tick.

    `version` changes only when something in the row does; `body` is the row in JSON, `deltas` the
    encoded differences to earlier versions, made once for all who stand at that version.
    """

    version: int
    row: Row
    body: bytes
    deltas: dict[int, bytes]


class Board:
    """The rows of one desk at its current tick, or at the one that was a delay before."""

    def __init__(self, desk: Desk, delay: Duration = 0) -> None:
        """Begin without rows."""
        self._desk = desk
        self._delay = delay
        self._tick: Instant = -1
        self._looks: dict[Conid, Look | None] = {}
        self._fresh: dict[tuple[str, tuple[str, ...], AccountId], Shown] = {}
        self._last: dict[tuple[str, tuple[str, ...], AccountId], Shown] = {}
        self._versions = 0

    @property
    def tick(self) -> Instant:
        """The tick that desk time is in."""
        return self._desk.now - self._desk.now % TICK

    def look(self, conid: Conid) -> Look | None:
        """Return what the market shows of a contract at this tick; None without data."""
        self._turn()
        if conid not in self._looks:
            look = self._looks[conid] = look_at(self._desk, conid, self._tick - self._delay)
            if look is not None and self._delay:
                look.is_delayed = True
        return self._looks[conid]

    def shown(self, conidex: str, tags: tuple[str, ...], account_id: AccountId) -> Shown:
        """Return the row of a contract and a set of fields; it is the same object within a tick.

        Args:
            conidex: `265598` or `265598@ARCA`, echoed as it is.
            tags: the fields asked for, in the order of the request.
            account_id: whose position the position fields are about.
        """
        self._turn()
        key = (
            conidex,
            tags,
            account_id if not POSITION_FIELDS.keys().isdisjoint(tags) else AccountId(""),
        )
        fresh = self._fresh.get(key)
        if fresh is None or key[2]:
            if len(self._fresh) >= ROWS_MAX:
                # A clock that stands still turns no ticks, and there are endlessly many wishes.
                self._fresh.clear()
                self._last.clear()
            fresh = self._fresh[key] = self._show(key, tags, account_id)
        return fresh

    def _turn(self) -> None:
        tick = self.tick
        if tick != self._tick:
            self._tick = tick
            self._looks.clear()
            if len(self._last) > ROWS_MAX:
                self._last = dict(self._fresh)
            self._fresh.clear()

    def _show(
        self,
        key: tuple[str, tuple[str, ...], AccountId],
        tags: tuple[str, ...],
        account_id: AccountId,
    ) -> Shown:
        conid = conid_of(key[0])
        row = identity(key[0], conid)
        look = self.look(conid)
        if look is not None:
            row |= values(look, tags)
            if key[2]:
                row |= position_values(look, tags, self._desk.world, account_id)
        elif self._desk.catalogue.find(conid) is not None:
            row |= WITHOUT_DATA
        last = self._last.get(key)
        if last is not None and _same(last.row, row):
            return last
        self._versions += 1
        row["_updated"] = self._tick // MILLISECOND
        shown = Shown(version=self._versions, row=row, body=encode(row), deltas={})
        self._last[key] = shown
        return shown


WITHOUT_DATA: Final[Row] = {"31": "N/A", "55": "-"}
"""What a contract shows for which there is no data, whatever was asked for. Source: recorded."""


def conid_of(conidex: str) -> Conid:
    """Return the conid of `265598` or `265598@ARCA`."""
    return Conid(int(conidex.partition("@")[0]))


def identity(conidex: str, conid: Conid) -> Row:
    """Return what every row carries: who it is about and which server delivers it."""
    server = f"q{conid % SERVERS}"
    return {"conidEx": conidex, "conid": conid, "6119": server, "server_id": server}


def values(look: Look, tags: tuple[str, ...]) -> Row:
    """Return the values of fields, those that have one; rounded ones with their raw companion."""
    row: Row = {}
    for tag in (*ALWAYS, *tags):
        tell = FIELDS.get(tag)
        cell = None if tell is None else tell(look)
        if cell is None:
            continue
        row[tag] = cell
        raw = RAW.get(tag)
        companion = None if raw is None else raw(look)
        if companion is not None:
            row[f"{tag}_raw"] = companion
    return row


def difference(shown: Shown, before: Shown | None) -> Row:
    """Return the cells that are new or changed since an earlier row, with what is always there."""
    if before is None:
        return dict(shown.row)
    old = before.row
    return {
        name: cell for name, cell in shown.row.items() if name in KEPT or old.get(name, "") != cell
    }


KEPT: Final = frozenset({"conid", "conidEx", "_updated", "server_id", "6119"})


def _same(old: Mapping[str, Cell], new: Mapping[str, Cell]) -> bool:
    return len(old) == len(new) + 1 and all(old.get(name) == cell for name, cell in new.items())


_boards: WeakKeyDictionary[Desk, Board] = WeakKeyDictionary()
_delayed: WeakKeyDictionary[Desk, Board] = WeakKeyDictionary()


def board(desk: Desk) -> Board:
    """Return the board of a desk for those who see its markets as they are; there is one."""
    found = _boards.get(desk)
    if found is None:
        found = _boards[desk] = Board(desk)
    return found


def board_of(desk: Desk, session: Session, conid: Conid) -> Board:
    """Return the board on which a session sees a contract: by its user's subscriptions."""
    if sees_undelayed(desk, session, conid):
        return board(desk)
    found = _delayed.get(desk)
    if found is None:
        found = _delayed[desk] = Board(desk, DELAY)
    return found


def delay_of(desk: Desk, session: Session, conid: Conid) -> Duration:
    """Return how late a session's user sees a contract's market."""
    return 0 if sees_undelayed(desk, session, conid) else DELAY


def sees_undelayed(desk: Desk, session: Session, conid: Conid) -> bool:
    """Say whether a session's user sees a contract's market as it is. Currencies cost nothing."""
    if session.market_data == ALL_DATA:
        return True
    contract = desk.catalogue.find(conid)
    kind = SecurityType.FOREX if contract is None else contract.security_type
    return kind is SecurityType.FOREX or kind.value in session.market_data
