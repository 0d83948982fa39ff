"""The journal: rows and account are one, whenever the process ends."""

import os
import sqlite3
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cockpit
from cockpit.domain.commands import CancelOrder, ConfirmPair, Edit, Kill, PlaceManual, RefusePair, Resume
from cockpit.domain.effects import Effect
from cockpit.domain.errors import InputError, InvariantError
from cockpit.domain.events import BookDelta, BookSnapshot, MarketListed, MarketSettled, SeriesListed, Trade
from cockpit.domain.markets import Market, MarketStatus, Series, SettlementState
from cockpit.domain.units import ASK, BID, QTY, SECOND
from cockpit.engine.config import EngineConfig, LaneConfig
from cockpit.engine.engine import Engine, restore
from cockpit.engine.queue import RULES
from cockpit.engine.state import State
from cockpit.runtime.journal import Journal
from cockpit.runtime.tables import FillRow

T0 = 1_796_000_000_000_000_000
A, B = "KXTEST-26DEC01-A", "KXTEST-26DEC01-B"
CONFIG = EngineConfig(lanes=(LaneConfig("desk"), LaneConfig("probe", "probe")))
BATCHES = 9


# ---------------------------------------------------------------------- an invented day, a second a batch


def batch(k: int) -> Iterator[Any]:
    """The inputs of one second: books, orders of two lanes and a strategy, prints, refusals, a settlement."""
    t = T0 + k * SECOND
    if k == 0:
        yield SeriesListed(
            t, Series("S", "kalshi", fee_type="quadratic_with_maker_fees", fee_multiplier=10_000)
        )
        for market in (A, B):
            listed = Market(market, "kalshi", event="E", series="S", status=MarketStatus.ACTIVE)
            yield MarketListed(t, listed)
            bids, asks = ((4_000, 90 * QTY), (3_900, 50 * QTY)), ((4_200, 80 * QTY), (4_300, 60 * QTY))
            yield BookSnapshot(t, t, market, bids, asks)
    market, other = (A, B) if k % 2 else (B, A)
    yield PlaceManual(t + 1, market, BID, 4_000, (5 + k) * QTY, 3 * SECOND, "desk", f"bid{k}")
    yield PlaceManual(t + 2, other, ASK, 4_200, (7 + k) * QTY, 0, "hand", f"ask{k}")
    yield PlaceManual(t + 3, A, BID, 4_055, QTY, 0, "desk", "off the grid")
    yield BookDelta(t + 300_000_000, t, A, BID, 3_800, (3 + k) * QTY)
    yield Trade(t + 400_000_000, t, market, 4_000, 33 * QTY, ASK)
    yield Trade(t + 400_000_000, t, other, 4_200, (30 + k) * QTY, BID)
    yield Trade(t + 500_000_000, t, A, 3_950, (2 + k) * QTY, ASK)
    yield Trade(t + 500_000_000, t, A, 3_950, (2 + k) * QTY, ASK)
    yield CancelOrder(t + 600_000_000, f"ask{k - 2}")
    yield CancelOrder(t + 600_000_001, "nothing")
    yield Edit(t + 650_000_000, f"ask{k}", 4_200, 6 * QTY)
    yield PlaceManual(t + 680_000_000, A, BID, 4_200, QTY, 0, "taker", "crosses")
    if k == 2:
        yield Kill(t + 700_000_000)
        yield ConfirmPair(t + 700_000_001, "one", "hash")
        yield ConfirmPair(t + 700_000_002, "two", "hash")
    if k == 3:
        yield Resume(t + 1)
        yield RefusePair(t + 700_000_002, "two")
    if k == 5:
        yield MarketSettled(t + 800_000_000, B, SettlementState.DETERMINED, 10_000)
    if k == 7:
        yield MarketSettled(t + 800_000_000, B, SettlementState.AMENDED, 2_500)
        yield MarketSettled(t + 800_000_001, B, SettlementState.FINAL, 2_500)


def run(engine: Engine, inputs: Sequence[Any], *listeners: Callable[[Sequence[Effect]], None]) -> None:
    for item in inputs:
        effects = engine.process(item)
        for listener in listeners:
            listener(effects)


def start(opening: bytes | None) -> Engine:
    return Engine(CONFIG, restore(opening) if opening is not None else None)


def live_through(journal: Journal, first: int, last: int) -> list[bytes]:
    """Go on from the journal's account with batches ``first`` to ``last``, a commit after each; the accounts."""
    engine = start(journal.account())
    accounts = []
    for k in range(first, last + 1):
        run(engine, list(batch(k)), journal.listen)
        journal.commit(engine.opening(), k, T0 + k * SECOND)
        accounts.append(engine.opening())
    return accounts


def everything(journal: Journal) -> dict[str, list[Any]]:
    """All rows, in the order of their keys: what happened in one nanosecond has no order here."""
    rows: dict[str, list[Any]] = {
        name: sorted(getattr(journal, name)(), key=repr)
        for name in ("tickets", "decisions", "orders", "fills", "positions", "settlements", "alerts", "pairs")
    }
    return rows | {"cash": sorted(journal.cash().items())}


def check(journal: Journal) -> State:
    """The rows agree with the account, to the last unit; the account."""
    account = journal.account()
    assert account is not None
    state = restore(account)
    assert state is not None
    fills, orders = journal.fills(), journal.orders()
    cash = journal.cash()
    booked = {(row.lane, row.market): row for row in journal.settlements()}
    positions = {(row.lane, row.market): row for row in journal.positions()}
    by_position: dict[tuple[str, str, str], list[FillRow]] = defaultdict(list)
    for fill in fills:
        by_position[fill.lane, fill.market, fill.rule].append(fill)
    counting: dict[tuple[str, str], list[FillRow]] = defaultdict(list)
    for fill in fills:
        if fill.counts:
            counting[fill.lane, fill.market].append(fill)
    for lane in state.lanes.values():
        total = 0
        assert sum(order.lane == lane.name for order in orders) == lane.orders
        assert {o.id for o in journal.orders(lane.name, working=True)} == set(lane.working)
        for market, held in lane.account.positions.items():
            own = counting[lane.name, market]
            net = sum(fill.side * fill.qty for fill in own)
            traded = -sum(fill.side * fill.price * fill.qty for fill in own)
            fees = sum(fill.fee for fill in own)
            assert (net, fees) == (held.qty + held.settled_qty, held.fees)
            settled = booked.get((lane.name, market))
            paid = net * settled.value if settled is not None else 0
            total += traded - fees + paid
            if settled is not None:
                assert settled.pnl == held.net == traded - fees + paid
            if own:
                row = positions[lane.name, market]
                assert (row.qty, row.realised, row.fees) == (held.qty, held.realised, held.fees)
            for i, rule in enumerate(RULES):
                ruled = by_position[lane.name, market, rule]
                assert sum(fill.side * fill.qty for fill in ruled) == held.rules[i].qty
                assert sum(fill.fee for fill in ruled) == held.rules[i].fees
        assert lane.account.cash == total == cash.get(lane.name, 0)
    assert {row.pair: row.rules_hash for row in journal.pairs()} == state.pairs
    for order in orders:
        own = [fill for fill in fills if fill.order == order.id and fill.counts]
        assert order.filled == sum(fill.qty for fill in own)
        assert order.state != "filled" or order.ended_ns == own[-1].ts
    return state


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    with Journal(path) as made:
        yield made


def test_the_invented_day_holds_what_the_tests_need(journal: Journal) -> None:
    live_through(journal, 0, BATCHES - 1)
    state = check(journal)
    assert {order.state for order in journal.orders()} == {
        "sent",
        "working",
        "filled",
        "cancelled",
        "refused",
    }
    assert {fill.rule for fill in journal.fills()} == set(RULES)
    assert {fill.ordinal for fill in journal.fills()} > {0, 1}
    assert {lane for lane in state.lanes if journal.fills(lane)} == {"desk", "hand", "probe"}
    assert all(fill.fee for fill in journal.fills() if fill.counts)
    kinds = {decision.kind for decision in journal.decisions()}
    assert kinds == {"command done", "command refused", "halted", "resumed"}
    assert [row.state for row in journal.settlements("hand")] == ["determined", "amended", "final"]
    assert [(row.pair, row.rules_hash) for row in journal.pairs()] == [("one", "hash"), ("two", "")]


# ---------------------------------------------------------------------- account and rows


def test_a_new_journal_has_no_account(journal: Journal) -> None:
    assert journal.account() is None
    assert journal.committed() is None
    assert journal.fills() == journal.orders() == journal.settlements() == []


def test_what_is_heard_is_seen_after_the_commit_only(journal: Journal) -> None:
    engine = start(None)
    run(engine, list(batch(0)), journal.listen)
    assert journal.orders() == []
    journal.commit(engine.opening(), 17, T0 + 1)
    assert journal.account() == engine.opening()
    assert journal.committed() == (17, T0 + 1)
    assert len(journal.orders()) == sum(lane.orders for lane in engine.state.lanes.values()) > 2
    check(journal)


def test_every_commit_agrees(journal: Journal) -> None:
    for k in range(BATCHES):
        live_through(journal, k, k)
        check(journal)


def test_what_was_not_committed_is_gone_after_a_close(path: Path) -> None:
    with Journal(path) as journal:
        (account,) = live_through(journal, 0, 0)
        before = everything(journal)
        run(start(account), list(batch(1)), journal.listen)
    with Journal(path) as journal:
        assert journal.account() == account
        assert everything(journal) == before


def test_a_run_in_pieces_leaves_the_rows_of_one_run(tmp_path: Path) -> None:
    with Journal(tmp_path / "one.db") as one:
        whole = live_through(one, 0, BATCHES - 1)[-1]
        for k in range(BATCHES):
            with Journal(tmp_path / "pieces.db") as pieces:
                live_through(pieces, k, k)
        with Journal(tmp_path / "pieces.db") as pieces:
            assert pieces.account() == whole
            assert everything(pieces) == everything(one)


@pytest.mark.parametrize("back_to", range(BATCHES))
def test_effects_heard_again_change_nothing(journal: Journal, back_to: int) -> None:
    """From any earlier account, orders resting in it included."""
    accounts = [None, *live_through(journal, 0, BATCHES - 1)]
    before = everything(journal)
    opening = accounts[back_to]
    journal.begin(opening if opening is not None else b"null")
    engine = start(opening)
    for k in range(back_to, BATCHES):
        run(engine, list(batch(k)), journal.listen)
        journal.commit(engine.opening(), k, T0 + k * SECOND)
    assert everything(journal) == before
    check(journal)


def test_an_order_number_given_twice_is_refused_whole(journal: Journal) -> None:
    live_through(journal, 0, 1)
    before, account = everything(journal), journal.account()
    journal.begin(b"null")
    engine = start(None)
    run(engine, [i for i in batch(0) if not isinstance(i, PlaceManual)], journal.listen)
    run(engine, [PlaceManual(T0 + 1, B, BID, 3_900, QTY)], journal.listen)
    with pytest.raises(InvariantError, match=r"holds otherwise: .'desk-1'"):
        journal.commit(engine.opening(), 1, T0 + 1)
    assert (everything(journal), journal.account()) == (before, account)


def test_a_commit_that_failed_is_made_good_by_the_next(journal: Journal, path: Path) -> None:
    journal._db.execute("PRAGMA busy_timeout = 0")
    engine = start(None)
    run(engine, list(batch(0)), journal.listen)
    with_lock = sqlite3.connect(path, isolation_level=None)
    with_lock.execute("BEGIN IMMEDIATE")
    with pytest.raises(InputError, match=r"journal\.db: the journal cannot be written .*locked"):
        journal.commit(engine.opening(), 0, T0)
    with_lock.execute("ROLLBACK")
    with_lock.close()
    assert journal.account() is None
    run(engine, list(batch(1)), journal.listen)
    journal.commit(engine.opening(), 1, T0)
    check(journal)
    assert len(journal.orders()) == sum(lane.orders for lane in engine.state.lanes.values()) > 4


# ---------------------------------------------------------------------- any day


action = st.one_of(
    st.tuples(
        st.sampled_from(["buy", "sell"]), st.sampled_from([A, B]), st.integers(38, 44), st.integers(1, 40)
    ),
    st.tuples(
        st.sampled_from(["up", "down"]), st.sampled_from([A, B]), st.integers(38, 44), st.integers(1, 99)
    ),
    st.tuples(st.just("cancel"), st.just(A), st.integers(0, 20), st.just(1)),
    st.tuples(st.just("reduce"), st.just(A), st.integers(0, 20), st.integers(1, 10)),
    st.tuples(st.just("settle"), st.sampled_from([A, B]), st.integers(0, 1), st.just(1)),
    st.tuples(st.sampled_from(["commit", "again"]), st.just(A), st.just(1), st.just(1)),
)


@settings(max_examples=60, deadline=None)
@given(actions=st.lists(action, max_size=40))
def test_rows_and_account_agree_after_any_day(actions: list[tuple[str, str, int, int]]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "journal.db"
        journal, engine = Journal(path), start(None)
        run(engine, [i for i in batch(0) if not isinstance(i, PlaceManual | Trade)], journal.listen)
        for at, (what, market, price, size) in enumerate(actions):
            ts = T0 + SECOND + at * 200_000_000
            match what:
                case "buy" | "sell":
                    side, lane = (BID, "desk") if what == "buy" else (ASK, "hand")
                    item: Any = PlaceManual(ts, market, side, price * 100, size * QTY, 0, lane, f"o{at}")
                case "up" | "down":
                    item = Trade(ts, ts, market, price * 100, size * QTY, BID if what == "up" else ASK)
                case "cancel":
                    item = CancelOrder(ts, f"o{price}")
                case "reduce":
                    own = next((o for o in engine.orders.index.values() if o.ref == f"o{price}"), None)
                    item = Edit(ts, f"o{price}", own.price if own else 1, size * QTY)
                case "settle":
                    item = MarketSettled(ts, market, SettlementState.AMENDED, price * 10_000)
                case _:
                    journal.commit(engine.opening(), at, ts)
                    check(journal)
                    if what == "again":
                        journal.close()
                        journal = Journal(path)
                        engine = start(journal.account())
                    continue
            run(engine, [item], journal.listen)
        journal.commit(engine.opening(), len(actions), T0)
        check(journal)
        journal.close()


# ---------------------------------------------------------------------- killed


def child(path: str, point: str, at: int) -> None:
    """Live through the day; at the point wanted say so, and wait for an end that comes from outside."""

    def say(what: str) -> None:
        if (what, k) == (point, at):
            print(what, k, flush=True)
            sys.stdin.read()

    journal, engine = Journal(Path(path)), start(None)
    for k in range(BATCHES):
        inputs = list(batch(k))
        run(engine, inputs[: len(inputs) // 2], journal.listen)
        say("middle")
        run(engine, inputs[len(inputs) // 2 :], journal.listen)
        journal._db.set_trace_callback(lambda statement: say("committing") if statement == "COMMIT" else None)
        journal.commit(engine.opening(), k, T0 + k * SECOND)
        say("committed")


@pytest.mark.parametrize(
    ("point", "at", "kept"),
    [("committed", 0, 0), ("committed", 3, 3), ("middle", 4, 3), ("committing", 4, 3), ("committing", 7, 6)],
)
def test_kill_9_leaves_the_last_commit_exactly(path: Path, point: str, at: int, kept: int) -> None:
    environment = os.environ | {"PYTHONPATH": str(Path(cockpit.__file__).parents[1])}
    command = [sys.executable, __file__, str(path), point, str(at)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        assert process.stdout.readline().decode().split() == [point, str(at)]
        process.kill()
    assert process.returncode == -9
    with Journal(path.with_name("reference.db")) as reference:
        expected = live_through(reference, 0, kept)[-1]
        with Journal(path, read_only=True) as journal:
            assert journal.account() == expected
            assert everything(journal) == everything(reference)
        with Journal(path) as journal:
            assert journal.account() == expected
            assert journal.committed() == (kept, T0 + kept * SECOND)
            check(journal)
            live_through(journal, kept + 1, BATCHES - 1)
            live_through(reference, kept + 1, BATCHES - 1)
            check(journal)
            assert everything(journal) == everything(reference)


if __name__ == "__main__":
    child(sys.argv[1], sys.argv[2], int(sys.argv[3]))
