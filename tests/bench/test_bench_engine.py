"""How fast: figures are printed as ratios in one run, nothing is asserted of them. Run with ``pytest tests/bench -s``."""

import statistics
import time

import numpy as np
import pytest

from cockpit.domain.book import Book
from cockpit.domain.events import BookDelta, Trade
from cockpit.domain.units import ASK, BID, MILLISECOND, QTY
from cockpit.engine.queue import Own
from cockpit.engine.sim import Rest, Simulator

EVENTS = 60_000
ROUNDS = 5


@pytest.fixture(scope="module")
def stream():
    """One market: 11 % trades, each told size first; four levels a side; odd sizes."""
    rng = np.random.default_rng(3)
    events, book, orders = [], Book(), {}
    t = 0
    while len(events) < EVENTS:
        t += int(rng.integers(1, 20)) * MILLISECOND
        side = BID if rng.random() < 0.5 else ASK
        price = 5000 - side * 100 * int(rng.integers(1, 5))
        mine = orders.setdefault((side, price), [])
        draw = rng.random()
        if draw < 0.45 or len(mine) < 3:
            size = int(rng.integers(1, 5000)) * QTY // 100
            mine.append(size)
            events.append(BookDelta(t, t, "M", side, price, size))
        elif draw < 0.89:
            events.append(BookDelta(t, t, "M", side, price, -mine.pop(int(rng.integers(len(mine))))))
        else:
            size = mine.pop(0)
            events.append(BookDelta(t, t, "M", side, price, -size))
            events.append(Trade(t, t, "M", price, size, -side))
    assert book.bid == 0
    return events


def own(i: int, side: int, price: int) -> Own:
    return Own(id=f"o{i}", lane="l", market="M", side=side, price=price, qty=10**15, rule=2, sent_ns=0)


def simulate(stream, resting: int) -> float:
    """Seconds for the simulator and the book over the stream, with own orders on that many levels."""
    sim, rest, book = Simulator(), Rest(), Book()
    places = [(BID, 4900), (ASK, 5100), (BID, 4800), (ASK, 5200)][:resting]
    for i, (side, price) in enumerate(places):
        sim.arrive(rest, book, own(i, side, price), 0)
    started = time.perf_counter()
    for event in stream:
        if type(event) is BookDelta:
            sim.delta(rest, book, event, book.apply(event.side, event.price, event.qty))
        else:
            sim.trade(rest, book, event, doubt=False)
    return time.perf_counter() - started


def test_the_queue_simulator(stream):
    book_only = []
    runs = {0: [], 2: [], 4: []}
    for _ in range(ROUNDS):
        book = Book()
        started = time.perf_counter()
        for event in stream:
            if type(event) is BookDelta:
                book.apply(event.side, event.price, event.qty)
        book_only.append(time.perf_counter() - started)
        for resting, times in runs.items():
            times.append(simulate(stream, resting))
    base = statistics.median(book_only)
    print(f"\nbook alone                     {len(stream) / base:>12,.0f} events/s")
    for resting, times in runs.items():
        took = statistics.median(times)
        print(
            f"book and queues, {resting} own orders  {len(stream) / took:>12,.0f} events/s  {took / base:.1f}x the book"
        )
