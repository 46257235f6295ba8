import dataclasses
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.kernel.books import new_york
from tests.tape import SUPPRESSED

from paperdesk.base.errors import Refusal
from paperdesk.base.ids import AccountId, Conid, UserName
from paperdesk.base.units import HOUR
from paperdesk.desk.clock import ClockMode, InvalidClock
from paperdesk.desk.desk import Desk
from paperdesk.desk.manifests import InvalidDesk, place
from paperdesk.desk.scenario import DeskOptions, open_desk
from paperdesk.desk.terms import InvalidScenario
from paperdesk.kernel.messages.orders import OrderType, PlaceOrders, Side, Ticket, TimeInForce
from paperdesk.store.checkpoint import encoded
from paperdesk.store.journal import JournalDamaged, JournalForeign, JournalInUse

WALL = new_york("2026-06-10 11:00")
AAPL = Conid(265598)
DU1 = AccountId("DU1234567")


def opened(data_dir: Path | None = None, **more: Any) -> Desk:  # noqa: ANN401 - any option
    options: dict[str, Any] = {
        "scenario": "history",
        "date": "2008-09-29",
        "clock": "stepped",
        "wall": WALL,
        "data_dir": data_dir,
    }
    return open_desk(DeskOptions(**(options | more)))


def bought(desk: Desk, size: int = 10) -> None:
    ticket = Ticket(
        conid=AAPL,
        side=Side.BUY,
        order_type=OrderType.MARKET,
        time_in_force=TimeInForce.DAY,
        size=Decimal(size),
    )
    desk.execute(
        PlaceOrders(
            account_id=DU1,
            user_name=UserName("demo"),
            tickets=(ticket,),
            suppressed=(*SUPPRESSED, "o10151"),
        )
    )


def test_a_new_desk_has_what_its_scenario_says() -> None:
    desk = opened()

    assert desk.now == new_york("2008-09-29 09:30")
    assert desk.world.ledger.cash(DU1, "USD") == 1_000_000
    assert list(desk.world.accounts.users) == ["demo"]
    assert desk.name == "history-2008-09-29"
    assert desk.clock.mode is ClockMode.STEPPED


def test_the_default_desk_is_of_the_present() -> None:
    desk = opened(scenario="", date="", clock="")

    assert (desk.name, desk.now, desk.clock.text) == ("default", WALL, "real")
    assert desk.clock.reading(WALL + HOUR, desk.now) == WALL + HOUR


def test_a_first_order_fills_at_any_hour_of_any_day() -> None:
    desk = opened(scenario="", date="", wall=new_york("2026-06-13 03:00"))

    bought(desk)

    assert desk.now == new_york("2026-06-12 10:00")
    assert desk.world.ledger.size(DU1, AAPL) == 10


def test_a_desk_is_as_it_was_after_opening_again(tmp_path: Path) -> None:
    desk = opened(tmp_path)
    bought(desk)
    desk.advance(desk.now + HOUR)
    before = encoded(desk.world)
    desk.close()

    again = opened(tmp_path)

    assert encoded(again.world) == before
    again.close()


def test_a_desk_without_its_checkpoints_is_as_it_was(tmp_path: Path) -> None:
    desk = opened(tmp_path)
    bought(desk)
    desk.close()
    for path in place(tmp_path, desk.name).checkpoints.iterdir():
        path.unlink()

    again = opened(tmp_path)

    assert again.world.ledger == desk.world.ledger
    assert again.world.orders.by_id == desk.world.orders.by_id
    assert again.now == desk.now
    again.close()


def test_a_desk_that_was_not_closed_has_all_that_was_durable(tmp_path: Path) -> None:
    desk = opened(tmp_path)
    bought(desk)
    desk.journal.close()

    again = opened(tmp_path)

    assert again.seq == desk.seq
    assert again.world.ledger == desk.world.ledger
    again.close()


def test_a_desk_of_the_present_catches_up(tmp_path: Path) -> None:
    opened(tmp_path, scenario="", date="").close()

    desk = opened(tmp_path, scenario="", date="", wall=new_york("2026-06-11 12:00"))

    assert desk.now == new_york("2026-06-11 12:00")
    desk.close()


def test_a_desk_is_opened_by_one_process(tmp_path: Path) -> None:
    desk = opened(tmp_path)

    with pytest.raises(JournalInUse):
        opened(tmp_path)

    desk.close()


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"scenario": "nothing"}, "There is no scenario"),
        ({"date": "yesterday"}, "is no date"),
        ({"date": "2060-01-02"}, "A desk can begin from"),
        ({"seed": -1}, "A seed is"),
        ({"seed": 2**53}, "A seed is"),
    ],
)
def test_what_no_desk_can_begin_with_is_refused_and_leaves_nothing(
    tmp_path: Path, more: dict[str, Any], reason: str
) -> None:
    with pytest.raises(InvalidScenario, match=reason):
        opened(tmp_path, **more)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[market]\ngenerator = 2", "no generator 2"),
        ("[market]\nlayers = ['gold']", "layer"),
        ("[models]\nfill = 'dream'", "no fill model dream"),
    ],
)
def test_a_scenario_that_this_release_cannot_play_is_refused(
    tmp_path: Path, text: str, reason: str
) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        "[[account]]\naccount_id = 'DU1'\n[[user]]\nuser_name = 'ann'\naccount_ids = ['DU1']\n"
        + text
    )

    with pytest.raises(InvalidScenario, match=reason):
        opened(tmp_path, scenario=str(path), date="")


def test_a_clock_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidClock):
        opened(tmp_path, clock="quick")

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"seed": 8}, "began with seed 7, not 8"),
        ({"date": "2008-10-01"}, "began with scenario history-2008-09-29, not history-2008-10-01"),
        ({"scenario": "default", "date": ""}, "not default"),
        ({"scenario": "", "date": "2008-10-01"}, "began with 2008-09-29, not 2008-10-01"),
    ],
)
def test_a_desk_is_not_opened_as_another(tmp_path: Path, more: dict[str, Any], reason: str) -> None:
    opened(tmp_path, name="mine").close()

    with pytest.raises(InvalidDesk, match=reason):
        opened(tmp_path, name="mine", **more)


def test_a_desk_is_opened_by_its_name_alone(tmp_path: Path) -> None:
    opened(tmp_path, name="mine").close()

    desk = opened(tmp_path, name="mine", scenario="", date="")

    assert desk.manifest.scenario.start.day == "2008-09-29"
    desk.close()


def test_desks_of_other_seeds_have_other_names_and_prices() -> None:
    one, other = opened(seed=1), opened(seed=2)

    assert (one.name, other.name) == ("history-2008-09-29-seed-1", "history-2008-09-29-seed-2")
    assert one.source.day(AAPL, one.now) != other.source.day(AAPL, one.now + HOUR)


def test_a_damaged_journal_is_refused_with_its_record(tmp_path: Path) -> None:
    desk = opened(tmp_path)
    desk.close()
    path = place(tmp_path, desk.name).journal
    path.write_bytes(path.read_bytes().replace(b"1000000", b"9000000"))

    with pytest.raises(JournalDamaged, match="Record 2"):
        opened(tmp_path)


def test_the_journal_of_another_desk_is_refused(tmp_path: Path) -> None:
    for date in ("2008-09-29", "2008-10-01"):
        opened(tmp_path, date=date).close()
    ours, theirs = (place(tmp_path, f"history-2008-{day}") for day in ("09-29", "10-01"))
    ours.journal.write_bytes(theirs.journal.read_bytes())

    with pytest.raises(JournalForeign, match="another desk"):
        opened(tmp_path)


COURSE = """
import hashlib, sys
from decimal import Decimal
from pathlib import Path
from paperdesk.desk.scenario import DeskOptions, open_desk
from paperdesk.kernel.messages.orders import *
from paperdesk.store.checkpoint import world_hash

desk = open_desk(DeskOptions(wall=0, data_dir=Path(sys.argv[1]), scenario="history",
                             date="2008-09-29", clock="stepped"))
def place(**fields):
    ticket = Ticket(time_in_force=TimeInForce.GTC, **fields)
    desk.execute(PlaceOrders(account_id="DU1234567", user_name="demo", tickets=(ticket,),
                             suppressed=("o10153", "o163", "o354", "o383", "o451", "o10331")))
for conid in (265598, 272093, 8314, 15016062):
    for side, kind in ((Side.BUY, OrderType.LIMIT), (Side.SELL, OrderType.STOP)):
        bid = desk.quote(conid).bid or desk.quote(conid).last
        price = (bid * Decimal("0.99")).quantize(Decimal("0.01" if bid > 5 else "0.0001"))
        field = "limit_price" if kind is OrderType.LIMIT else "stop_price"
        place(conid=conid, side=side, order_type=kind, size=Decimal(200 if bid > 5 else 30_000),
              **{field: price})
for _ in range(40):
    desk.advance(desk.now + 1_800_000_000)
seq = desk.seq
desk.close()
print(seq, desk.journal.hash_at(seq).hex(), world_hash(desk.world))
"""


def test_two_hash_seeds_give_one_journal_and_one_world(tmp_path: Path) -> None:
    told = [
        subprocess.run(
            [sys.executable, "-c", COURSE, str(tmp_path / seed)],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "4242")
    ]

    assert told[0] == told[1]
    assert int(told[0].split()[0]) > 10


def test_options_are_facts() -> None:
    with pytest.raises((AttributeError, dataclasses.FrozenInstanceError)):
        DeskOptions(wall=0).wall = 1  # type: ignore[misc]


SCRIPTED = """
[[account]]
account_id = "DU1"
[[user]]
user_name = "ann"
account_ids = ["DU1"]
[start]
rule = "day"
day = "2008-09-29"
time = "09:30"
[[market.script]]
contract = "AAPL"
kind = "path"
pins = [{ at = "2008-09-29 10:05", price = "150" }]
"""


def test_a_scenario_may_say_what_the_market_will_do(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(SCRIPTED)
    desk = opened(tmp_path, scenario=str(path), date="")

    desk.advance(new_york("2008-09-29 10:05"))

    quote = desk.quote(AAPL)
    assert quote is not None
    assert str(quote.last) == "150.00"
    desk.close()


def test_a_desk_that_cannot_begin_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(SCRIPTED.replace('"150"', '"-5"'))

    with pytest.raises(Refusal):
        opened(tmp_path, scenario=str(path), date="")

    assert not place(tmp_path, "mine-2008-09-29").directory.exists()
