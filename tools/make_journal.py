"""Make the journal that this release leaves to those after it: `python -m tools.make_journal`.

Thirty days of trading of every kind, written to `tests/journals/RELEASE/`: the manifest, the
journal, and what its events lead to. A release is made once; before it is out, run this again
whenever events or what they lead to have changed, and say why in the commit.
"""

import shutil
import tempfile
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from paperdesk import __version__
from paperdesk.base.ids import AccountId, Conid, UserName
from paperdesk.base.regions import Region
from paperdesk.base.units import DAY, HOUR, MINUTE
from paperdesk.desk.desk import Desk
from paperdesk.desk.manifests import manifest_of, place
from paperdesk.desk.replays import replayed
from paperdesk.desk.scenario import DeskOptions, open_desk
from paperdesk.kernel.messages.accounts import DepositCash
from paperdesk.kernel.messages.cases import (
    Action,
    AssignClerk,
    AttachDocument,
    ConsumerMaterial,
    DecideRegion,
    Details,
    Document,
    EditCase,
    Feature,
    ForceOutcome,
    HandInKeys,
    MoveCase,
    OpenCase,
    PassKeyTest,
    Proof,
    ProposeChange,
    Role,
    Stage,
    Track,
)
from paperdesk.kernel.messages.orders import (
    AnswerQuestion,
    CancelOrder,
    ModifyOrder,
    OrderAccepted,
    OrderType,
    PlaceOrders,
    Side,
    Ticket,
    TimeInForce,
    TrailUnit,
)
from paperdesk.kernel.messages.presets import Presets, SetPresets
from paperdesk.kernel.messages.scripts import AddScript, JumpScript
from paperdesk.store.checkpoint import world_hash

ROOT = Path(__file__).parents[1]
ACCOUNT, USER = AccountId("DU1234567"), UserName("demo")
AAPL, MSFT, IBM, EURUSD = (Conid(number) for number in (265598, 272093, 8314, 12087792))
SUPPRESSED = ("o163", "o354", "o383", "o403", "o451", "o10151", "o10152", "o10153", "o10331")


def main() -> None:
    """Trade for thirty days and keep what came of it."""
    folder = ROOT / "tests" / "journals" / __version__
    with tempfile.TemporaryDirectory() as name:
        desk = open_desk(
            DeskOptions(
                wall=0, data_dir=Path(name), scenario="history", date="2008-09-29", clock="stepped"
            )
        )
        _trade(desk)
        desk.close()
        where = place(Path(name), desk.name)
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(where.journal, folder / "journal.db")
        shutil.copy(where.manifest, folder / "manifest.json")
        world = replayed(manifest_of(where), desk.catalogue, desk.journal.events())
        told = {
            "seq": desk.seq,
            "chain": desk.journal.hash_at(desk.seq).hex(),
            "world": world_hash(world),
            "kinds": dict(sorted(Counter(row.kind for row in desk.journal.records()).items())),
        }
    (folder / "told.json").write_bytes(msgspec.json.format(msgspec.json.encode(told)) + b"\n")
    print(f"{folder.relative_to(ROOT)}: {told['seq']} events")


def _trade(desk: Desk) -> None:
    """Place orders of every kind, change and cancel some, and let a month pass."""
    desk.execute(DepositCash(account_id=ACCOUNT, currency="EUR", amount=Decimal(50_000)))
    desk.execute(SetPresets(user_name=USER, presets=Presets(size=Decimal(400))))
    for conid in (AAPL, MSFT, IBM):
        _place(desk, conid, Side.BUY, OrderType.MARKET, size=Decimal(200))
    bid = _bid(desk, AAPL)
    _bracket(desk, bid)
    _place(desk, MSFT, Side.SELL, OrderType.TRAIL, size=Decimal(100), trail=Decimal("0.50"))
    _place(
        desk,
        IBM,
        Side.SELL,
        OrderType.TRAIL,
        size=Decimal(50),
        trail=Decimal(3),
        trail_unit=TrailUnit.PERCENT,
    )
    resting = _place(
        desk, AAPL, Side.BUY, OrderType.LIMIT, size=Decimal(700), limit_price=_near(bid, "0.97")
    )
    _change(desk, resting)
    cancelled = _place(
        desk, IBM, Side.SELL, OrderType.LIMIT, size=Decimal(10), limit_price=Decimal("190.00")
    )
    desk.execute(CancelOrder(account_id=ACCOUNT, order_id=cancelled.order_id, user_name=USER))
    _ask(desk)
    _apply(desk)
    _place(desk, EURUSD, Side.BUY, OrderType.MARKET, size=Decimal(25_000))
    desk.execute(
        AddScript(script=JumpScript(conid=MSFT, start=desk.now + DAY, change=Decimal("-0.04")))
    )
    for _ in range(30 * 24):
        desk.advance(desk.now + HOUR)


def _bid(desk: Desk, conid: Conid) -> Decimal:
    quote = desk.quote(conid)
    assert quote is not None
    assert quote.bid is not None
    return quote.bid


def _near(price: Decimal, factor: str) -> Decimal:
    return (price * Decimal(factor)).quantize(Decimal("0.01"))


def _ticket(conid: Conid, side: Side, order_type: OrderType, **more: Any) -> Ticket:  # noqa: ANN401
    more.setdefault("time_in_force", TimeInForce.GTC)
    return Ticket(conid=conid, side=side, order_type=order_type, **more)


def _place(
    desk: Desk,
    conid: Conid,
    side: Side,
    order_type: OrderType,
    **more: Any,  # noqa: ANN401
) -> OrderAccepted:
    return _placed(desk, (_ticket(conid, side, order_type, **more),))


def _placed(desk: Desk, tickets: tuple[Ticket, ...]) -> OrderAccepted:
    """Place tickets together and return the first of their orders."""
    events = desk.execute(
        PlaceOrders(account_id=ACCOUNT, user_name=USER, tickets=tickets, suppressed=SUPPRESSED)
    )
    return next(event for event in events if isinstance(event, OrderAccepted))


def _bracket(desk: Desk, bid: Decimal) -> None:
    """Buy, and sell at a profit or at a loss."""
    exits = {"size": Decimal(300), "parent": "entry"}
    _placed(
        desk,
        (
            _ticket(
                AAPL,
                Side.BUY,
                OrderType.LIMIT,
                size=Decimal(300),
                limit_price=_near(bid, "0.995"),
                customer_order_id="entry",
            ),
            _ticket(AAPL, Side.SELL, OrderType.LIMIT, limit_price=_near(bid, "1.02"), **exits),
            _ticket(AAPL, Side.SELL, OrderType.STOP, stop_price=_near(bid, "0.96"), **exits),
        ),
    )


def _change(desk: Desk, order: OrderAccepted) -> None:
    """Make an order dearer and smaller."""
    assert order.ticket.limit_price is not None
    desk.advance(desk.now + MINUTE)
    changed = msgspec.structs.replace(
        order.ticket, size=Decimal(500), limit_price=order.ticket.limit_price + Decimal("0.10")
    )
    desk.execute(
        ModifyOrder(
            account_id=ACCOUNT,
            user_name=USER,
            order_id=order.order_id,
            ticket=changed,
            suppressed=SUPPRESSED,
        )
    )


def _ask(desk: Desk) -> None:
    """Let the desk ask about two orders, confirm the one and drop the other."""
    for is_confirmed in (True, False):
        ticket = _ticket(
            IBM,
            Side.BUY,
            OrderType.LIMIT,
            size=Decimal(450),
            limit_price=_near(_bid(desk, IBM), "0.98"),
        )
        desk.execute(PlaceOrders(account_id=ACCOUNT, user_name=USER, tickets=(ticket,)))
        while USER in desk.world.orders.question_of:
            desk.execute(
                AnswerQuestion(
                    user_name=USER,
                    question_id=desk.world.orders.question_of[USER],
                    confirmed=is_confirmed,
                )
            )


def _apply(desk: Desk) -> None:
    """Apply for two programs: one that the clerk lets in, and one that is changed and late."""
    details = Details(firm="Vendor Ltd", features=(Feature.TRADING,))
    for has_clerk in (True, False):
        desk.execute(
            OpenCase(track=Track.THIRD_PARTY, applicant="ann", details=details, has_clerk=has_clerk)
        )
    paper = Document(proof=Proof.ENTITY, name="register.pdf")
    desk.execute(AttachDocument(case_id="case-1", actor="ann", document=paper))
    desk.execute(EditCase(case_id="case-1", actor="ann", details=details))
    desk.execute(ForceOutcome(case_id="case-1", stage=Stage.SCREENING, outcome=Action.ASK))
    desk.execute(AssignClerk(case_id="case-2", is_on=False))
    _move(desk, "case-1", Action.SUBMIT)
    _move(desk, "case-2", Action.SUBMIT)
    for _ in range(5):
        _move(desk, "case-2", Action.SKIP)
    desk.execute(
        DecideRegion(
            case_id="case-2", actor="cora", role=Role.ADMIN, region=Region.US, is_approved=True
        )
    )
    _move(desk, "case-2", Action.SKIP)
    _move(desk, "case-2", Action.REQUEST_KEYS)
    keys = ConsumerMaterial(
        signature_key="s", encryption_key="e", dh_prime="17", callbacks=("https://a.example/cb",)
    )
    desk.execute(HandInKeys(case_id="case-2", actor="ann", material=keys))
    desk.execute(PassKeyTest(case_id="case-2", actor="ann"))
    _move(desk, "case-2", Action.SKIP)
    desk.advance(desk.now + DAY)
    desk.execute(
        ProposeChange(
            case_id="case-2", actor="ann", features=(Feature.PORTFOLIO,), regions=(Region.US,)
        )
    )


def _move(desk: Desk, case_id: str, action: Action) -> None:
    version = desk.world.cases.by_id[case_id].version
    desk.execute(
        MoveCase(case_id=case_id, actor="root", role=Role.ADMIN, action=action, version=version)
    )


if __name__ == "__main__":
    main()
