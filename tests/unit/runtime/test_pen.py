"""Commits written beside the run: each is whole, one goes after the other, and what failed is written by the next."""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.domain.commands import CancelOrder, PlaceManual
from cockpit.domain.effects import Alert
from cockpit.domain.errors import InputError, InvariantError
from cockpit.domain.events import BookSnapshot, MarketListed, Trade
from cockpit.domain.markets import Market, MarketStatus
from cockpit.domain.orders import OrderState
from cockpit.domain.units import ASK, BID, QTY, SECOND
from cockpit.engine.config import EngineConfig, LaneConfig
from cockpit.engine.engine import Engine, restore
from cockpit.runtime.journal import Journal
from cockpit.runtime.pen import Entered, Entry, Pen

T0 = 1_796_000_000_000_000_000
M = "KXTEST-26DEC01-A"
CONFIG = EngineConfig(lanes=(LaneConfig("desk"),))
OVER = (OrderState.FILLED, OrderState.CANCELLED, OrderState.REFUSED)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    with Journal(path) as made:
        yield made


class Gate:
    """Holds a journal's pen back until it may write; notes on which thread it wrote."""

    def __init__(self, journal: Journal) -> None:
        self.open = threading.Event()
        self.threads: set[int] = set()
        self._pen = journal._pen
        journal._pen = self  # type: ignore[assignment]

    def write(self, entry: Entry) -> Entered:
        assert self.open.wait(10)
        self.threads.add(threading.get_ident())
        return self._pen.write(entry)


def begun() -> Engine:
    engine = Engine(CONFIG)
    engine.process(MarketListed(T0, Market(M, "kalshi", event="E", status=MarketStatus.ACTIVE)))
    engine.process(BookSnapshot(T0, T0, M, ((4_000, 90 * QTY),), ((4_200, 80 * QTY),)))
    return engine


def heard(engine: Engine, journal: Journal, items: Sequence[PlaceManual | CancelOrder | Trade]) -> None:
    for item in items:
        journal.listen(engine.process(item))


def test_it_is_written_elsewhere_while_the_run_goes_on(journal: Journal) -> None:
    gate, engine = Gate(journal), begun()
    heard(engine, journal, [PlaceManual(T0 + 1, M, BID, 4_000, QTY, 0, "desk", "one")])
    first = engine.opening()
    journal.post(first, 1, T0 + 1)
    assert journal.writing
    heard(engine, journal, [PlaceManual(T0 + 2, M, BID, 3_900, QTY, 0, "desk", "two")])
    gate.open.set()
    assert journal.account() == first, "a reading waits"
    assert [row.price for row in journal.orders()] == [4_000]
    assert not journal.writing
    assert threading.get_ident() not in gate.threads
    journal.post(engine.opening(), 2, T0 + 2)
    assert [row.price for row in journal.orders()] == [4_000, 3_900]
    assert journal.committed() == (2, T0 + 2)


def test_what_failed_is_told_and_written_by_the_next(journal: Journal, path: Path) -> None:
    journal._db.execute("PRAGMA busy_timeout = 0")
    lock = sqlite3.connect(path, isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    for n in (1, 2):
        journal.listen([Alert(n, "bell", str(n))])
        if n == 1:
            journal.post(b"null", n, n)
        else:
            with pytest.raises(InputError, match=r"the journal cannot be written .*locked"):
                journal.post(b"null", n, n)
    assert journal.account() is None
    lock.execute("ROLLBACK")
    lock.close()
    journal.listen([Alert(3, "bell", "3")])
    with pytest.raises(InputError, match="locked"):
        journal.post(b"null", 3, 3)
    assert [row.text for row in journal.alerts()] == ["1", "2", "3"]
    assert journal.committed() == (3, 3)
    journal.post(b"null", 4, 4)
    assert journal.committed() == (4, 4)


def test_a_commit_has_what_a_failed_post_had(journal: Journal, path: Path) -> None:
    journal._db.execute("PRAGMA busy_timeout = 0")
    lock = sqlite3.connect(path, isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    journal.listen([Alert(1, "bell", "posted")])
    journal.post(b"null", 1, 1)
    with pytest.raises(InputError):
        journal.commit(b"null", 2, 2)
    lock.execute("ROLLBACK")
    lock.close()
    journal.listen([Alert(2, "bell", "after")])
    journal.commit(b"null", 3, 3)
    assert [row.text for row in journal.alerts()] == ["posted", "after"]


def test_rows_that_belong_to_nothing_are_refused_whole(journal: Journal) -> None:
    engine = begun()
    heard(engine, journal, [PlaceManual(T0 + 1, M, BID, 4_000, QTY, 0, "desk", "one")])
    journal.post(engine.opening(), 1, T0 + 1)
    journal.begin(b"null")
    again = begun()
    heard(again, journal, [PlaceManual(T0 + 1, M, BID, 3_800, QTY, 0, "desk", "another")])
    journal.post(again.opening(), 2, T0 + 1)
    with pytest.raises(InvariantError, match="holds otherwise"):
        journal.commit(again.opening(), 2, T0 + 1)
    assert journal.committed() == (1, T0 + 1)


def test_a_beginning_forgets_what_was_on_its_way_and_failed(journal: Journal, path: Path) -> None:
    journal._db.execute("PRAGMA busy_timeout = 0")
    lock = sqlite3.connect(path, isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    journal.listen([Alert(1, "bell", "of another state")])
    journal.post(b"null", 1, 1)
    journal.begin(b"null")
    lock.execute("ROLLBACK")
    lock.close()
    journal.commit(b"null", 2, 2)
    assert journal.alerts() == []


def test_closing_waits_for_it(path: Path) -> None:
    journal = Journal(path)
    gate = Gate(journal)
    journal.post(b"null", 7, 7)
    opener = threading.Timer(0.05, gate.open.set)
    opener.start()
    journal.close()
    opener.join()
    with Journal(path, read_only=True) as after:
        assert after.committed() == (7, 7)


def test_one_that_is_read_only_posts_nothing(journal: Journal, path: Path) -> None:
    journal.commit(b"null", 1, 1)
    with Journal(path, read_only=True) as reader:
        reader.post(b"null", 2, 2)
        assert not reader.writing
        assert reader.committed() == (1, 1)


def test_nothing_is_entered_twice(journal: Journal) -> None:
    """An order that is filled up is told by no effect: one commit finds it, and only one."""
    opening = b'{"lanes":{"desk":{"working":{"desk-1":""}}},"pairs":{"p":"h"}}'
    entry = Entry([], opening, 1, 1, frozenset(), frozenset(), {})
    pen = Pen(journal._db, journal.path)
    assert pen.write(entry) == Entered(set(), set(), {"p": "h"})
    assert pen.write(entry._replace(pairs={"p": "h"})) == Entered(set(), set(), {"p": "h"})
    assert [row.pair for row in journal.pairs()] == ["p"]


def test_an_order_is_numbered_until_no_rule_can_fill_it_any_more(journal: Journal) -> None:
    """Filled up under its own rule an order rests on for the others."""
    engine = begun()
    place = PlaceManual(T0 + 1, M, BID, 4_000, 5 * QTY, 60 * SECOND, "desk", "one")
    through = Trade(T0 + 2 * SECOND, T0 + 2 * SECOND, M, 4_000, 92 * QTY, ASK)
    heard(engine, journal, [place, through])
    order = engine.orders.index["desk-1"]
    assert 0 < order.left[order.rule] < order.qty
    journal.post(engine.opening(), 1, T0)
    heard(engine, journal, [Trade(T0 + 3 * SECOND, T0 + 3 * SECOND, M, 4_000, 50 * QTY, ASK)])
    assert not order.left[order.rule]
    assert any(order.left)
    journal.commit(engine.opening(), 2, T0)
    assert journal._scribe.numbered == {"desk-1"}
    heard(engine, journal, [Trade(T0 + 4 * SECOND, T0 + 4 * SECOND, M, 3_900, 9 * QTY, ASK)])
    assert not any(order.left)
    journal.post(engine.opening(), 3, T0)
    journal.commit(engine.opening(), 4, T0)
    assert journal._scribe.numbered == frozenset()
    rules = [row.rule for row in journal.fills()]
    assert set(rules) == {"cross", "tail", "fifo", "touch"}
    assert len(rules) > len(set(rules))
    agree(journal, engine)


deed = st.one_of(
    st.tuples(st.sampled_from(["buy", "sell"]), st.integers(39, 43), st.integers(1, 40)),
    st.tuples(st.sampled_from(["up", "down"]), st.integers(39, 43), st.integers(1, 99)),
    st.tuples(st.just("cancel"), st.integers(0, 20), st.just(1)),
    st.tuples(st.sampled_from(["post", "post", "commit", "again"]), st.just(1), st.just(1)),
)


@settings(max_examples=40, deadline=None)
@given(deeds=st.lists(deed, max_size=40))
def test_rows_and_account_agree_whatever_is_posted(deeds: list[tuple[str, int, int]]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "journal.db"
        journal, engine = Journal(path), begun()
        for at, (what, price, size) in enumerate(deeds):
            ts = T0 + SECOND + at * SECOND // 5
            match what:
                case "buy" | "sell":
                    side = BID if what == "buy" else ASK
                    heard(
                        engine,
                        journal,
                        [PlaceManual(ts, M, side, price * 100, size * QTY, 0, "desk", f"o{at}")],
                    )
                case "up" | "down":
                    taker = BID if what == "up" else ASK
                    heard(engine, journal, [Trade(ts, ts, M, price * 100, size * QTY, taker)])
                case "cancel":
                    heard(engine, journal, [CancelOrder(ts, f"o{price}")])
                case "post":
                    journal.post(engine.opening(), at, ts)
                case _:
                    journal.commit(engine.opening(), at, ts)
                    if what == "again":
                        journal.close()
                        journal = Journal(path)
                        engine = Engine(CONFIG, restore(journal.account() or b"null"))
                    agree(journal, engine)
        journal.post(engine.opening(), len(deeds), T0)
        agree(journal, engine)
        journal.close()


def agree(journal: Journal, engine: Engine) -> None:
    """The rows are what the account says, order by order and to the last unit."""
    assert journal.account() == engine.opening()
    lane = engine.state.lanes["desk"]
    orders = {row.id: row for row in journal.orders()}
    assert len(orders) == lane.orders
    assert {name for name, row in orders.items() if row.state not in OVER} == set(lane.working)
    counted = [row for row in journal.fills() if row.counts]
    assert sum(row.side * row.qty for row in counted) == sum(p.qty for p in lane.account.positions.values())
    assert journal.cash().get("desk", 0) == lane.account.cash
