"""How messages travel: an independent reader of the bytes must find the exchange's own books, in every order."""

import json
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from cockpit.domain.units import ASK, BID, PRICE, QTY
from cockpit.rehearsal.courier import Arrival, Courier, PairOrder
from cockpit.rehearsal.exchange import Cause, Change, Ghost, Print
from cockpit.rehearsal.happenings import Moved, Probe, Probed


def messages(arrivals: Iterable[Arrival], *types: str) -> list[tuple[int, dict[str, Any]]]:
    """(receive time, message) of every Kalshi frame of these types."""
    found = ((a.t, json.loads(a.payload)) for a in arrivals if a.source == "kalshi.ws")
    return [(t, frame) for t, frame in found if frame["type"] in types]


def read_books(arrivals: Iterable[Arrival], before: int | None = None) -> Counter[tuple[str, int, int]]:
    """(market, side, YES price) to size, from snapshots and deltas alone."""
    book: Counter[tuple[str, int, int]] = Counter()
    for t, frame in messages(arrivals, "orderbook_snapshot", "orderbook_delta"):
        if before is not None and t >= before:
            break
        msg = frame["msg"]
        market = msg["market_ticker"]
        if frame["type"] == "orderbook_delta":
            levels = [(msg["side"], msg["price_dollars"], msg["delta_fp"])]
        else:
            levels = [(s, p, q) for s in ("yes", "no") for p, q in msg.get(f"{s}_dollars_fp", [])]
        for side, price, qty in levels:
            own = int(Decimal(price) * PRICE)
            key = (market, BID, own) if side == "yes" else (market, ASK, PRICE - own)
            book[key] += int(Decimal(qty) * QTY)
            assert book[key] >= 0
    return +book


def pair_key(frame: dict[str, Any]) -> tuple[str, str, str, str]:
    """Market, resting side, its own price and the size: what a print and its size change have in common."""
    msg = frame["msg"]
    if frame["type"] == "orderbook_delta":
        return msg["market_ticker"], msg["side"], msg["price_dollars"], msg["delta_fp"].lstrip("-")
    side = "no" if msg["taker_outcome_side"] == "yes" else "yes"
    return msg["market_ticker"], side, msg[f"{side}_price_dollars"], msg["count_fp"]


def test_the_books_read_from_the_wire_are_the_exchanges_own(walked: Any) -> None:
    true = {
        (ticker, side, price): qty
        for ticker, pit in walked.world.pits.items()
        for side in (BID, ASK)
        for price, qty in pit.exchange.levels(side)
    }
    assert len(true) > 20
    assert read_books(walked.arrivals) == true


def test_frames_come_in_receive_order_and_channels_grow_strictly(walked: Any) -> None:
    assert all(first.t <= second.t for first, second in pairwise(walked.arrivals))
    for kind in ("orderbook_delta", "trade"):
        times = [t for t, _ in messages(walked.arrivals, kind)]
        assert all(first < second for first, second in pairwise(times))


def test_sequence_numbers_are_contiguous_per_sid(walked: Any) -> None:
    seen: dict[int, list[int]] = {}
    for arrival in walked.arrivals:
        if arrival.source == "kalshi.ws" and "seq" in (frame := json.loads(arrival.payload)):
            seen.setdefault(frame["sid"], []).append(frame["seq"])
    assert set(seen) == {1, 2, 4, 5}
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in seen.values())


def test_nothing_arrives_before_it_happened(walked: Any) -> None:
    for t, frame in messages(walked.arrivals, "orderbook_delta", "trade"):
        assert frame["msg"]["ts_ms"] * 10**6 + 8_000_000 <= t


def test_every_print_has_its_own_size_change_of_the_same_moment(walked: Any) -> None:
    decreases: Counter[tuple[Any, ...]] = Counter()
    for _, frame in messages(walked.arrivals, "orderbook_delta"):
        decreases[(*pair_key(frame), frame["msg"]["ts_ms"])] += 1
    prints = [f for _, f in messages(walked.arrivals, "trade") if not f["msg"]["is_block_trade"]]
    assert len(prints) > 100
    for frame in prints:
        key = (*pair_key(frame), frame["msg"]["ts_ms"])
        assert decreases[key] > 0
        decreases[key] -= 1


def size_first_share(arrivals: list[Arrival]) -> float:
    """The share of prints whose size change came first, among those with exactly one candidate."""
    changes: dict[tuple[Any, ...], list[int]] = {}
    for t, frame in messages(arrivals, "orderbook_delta"):
        changes.setdefault((*pair_key(frame), frame["msg"]["ts_ms"]), []).append(t)
    first = []
    for t, frame in messages(arrivals, "trade"):
        found = changes.get((*pair_key(frame), frame["msg"]["ts_ms"]), [])
        if len(found) == 1:
            first.append(found[0] < t)
    return sum(first) / len(first)


def test_each_order_of_messages_is_what_it_says(walks: Any) -> None:
    shares = {order: size_first_share(walked.arrivals) for order, walked in walks.items()}
    assert shares[PairOrder.SIZE_FIRST] == 1.0
    assert shares[PairOrder.TRADE_FIRST] == 0.0
    assert 0.82 < shares[PairOrder.MIXED] < 0.96


def test_the_order_of_messages_leaves_the_world_as_it_is(walks: Any) -> None:
    tapes = {
        order: [
            {name: value for name, value in frame["msg"].items() if name != "market_id"}
            for _, frame in messages(walked.arrivals, "orderbook_delta")
        ]
        for order, walked in walks.items()
    }
    assert tapes[PairOrder.SIZE_FIRST] == tapes[PairOrder.TRADE_FIRST] == tapes[PairOrder.MIXED]
    fates = [[probe.ghost for probe in walked.world.probes] for walked in walks.values()]
    assert fates[0] == fates[1] == fates[2]


def test_blocks_touch_no_book(walked: Any) -> None:
    blocks = [frame for _, frame in messages(walked.arrivals, "trade") if frame["msg"]["is_block_trade"]]
    assert blocks
    sizes = {pair_key(frame) for _, frame in messages(walked.arrivals, "orderbook_delta")}
    assert all(pair_key(frame) not in sizes for frame in blocks)


def test_a_probe_stands_where_its_queue_was(walked: Any) -> None:
    probes = walked.world.probes
    assert len(probes) > 40
    for probe in probes[::5]:
        ghost = probe.ghost
        shown = read_books(walked.arrivals, before=probe.entered_recv)
        assert shown[probe.market, ghost.side, ghost.price] == ghost.ahead
    assert all(0 < probe.entered_recv < probe.ended_recv for probe in probes)


def test_prints_before_a_probe_entered_are_of_earlier_trades(walked: Any) -> None:
    prints = [(t, f["msg"]["ts_ms"]) for t, f in messages(walked.arrivals, "trade")]
    for probe in walked.world.probes:
        entered_ms = probe.ghost.entered // 10**6
        assert all(ts_ms <= entered_ms for t, ts_ms in prints if t < probe.entered_recv)


def test_a_late_book_does_not_let_prints_overtake_a_probe(mixed: Any) -> None:
    """Prints first: the book lags behind, and with it the place where the probe stands."""
    (ticker, *_) = mixed.world.pits
    courier = Courier(mixed.world.pits, np.random.default_rng(1), PairOrder.TRADE_FIRST)
    for at in range(1, 41):
        ts = at * 10**9
        moves = [
            Moved(t, ticker, [Change(t, BID, 4000, -QTY, Cause.TRADE, at), Print(t, 4000, QTY, ASK, at)])
            for t in (ts, ts + 8_000_000)
        ]
        probe = Probe(ticker, Ghost(at, BID, 4000, QTY, ts + 4_000_000, 0))
        happenings = [moves[0], Probed(ts + 4_000_000, probe, entered=True), moves[1]]
        found = messages(list(courier.carry(iter(happenings))), "orderbook_delta", "trade")
        later = [t for t, frame in found if frame["msg"]["ts_ms"] == (ts + 8_000_000) // 10**6]
        earlier = [t for t, frame in found if frame["type"] == "orderbook_delta" and t not in later]
        assert max(earlier) < probe.entered_recv < min(later)


@pytest.mark.parametrize("order", [PairOrder.SIZE_FIRST, PairOrder.TRADE_FIRST])
def test_half_of_all_sweeps_come_as_a_batch(mixed: Any, order: PairOrder) -> None:
    (ticker, *_) = mixed.world.pits
    courier = Courier(mixed.world.pits, np.random.default_rng(1), order)
    kinds = []
    for at in range(1, 41):
        ts = at * 10**9
        tape: list[Change | Print] = []
        for number in (1, 2, 3):
            tape += [Change(ts, BID, 4000, -QTY, Cause.TRADE, number), Print(ts, 4000, QTY, ASK, number)]
        tape.append(Change(ts, ASK, 4100, QTY, Cause.ADD, 4))
        arrivals = list(courier.carry(iter([Moved(ts, ticker, tape)])))
        found = messages(arrivals, "orderbook_delta", "trade")
        assert found[-1][0] - ts < 10**9
        deltas = [frame["msg"]["delta_fp"] for _, frame in found if frame["type"] == "orderbook_delta"]
        assert deltas == ["-1.00", "-1.00", "-1.00", "1.00"]
        kinds.append("".join("d" if frame["type"] == "orderbook_delta" else "t" for _, frame in found))
    head = {PairOrder.SIZE_FIRST: "ddd", PairOrder.TRADE_FIRST: "ttt"}[order]
    batches = sum(kind.startswith(head) for kind in kinds)
    assert 8 < batches < 40
