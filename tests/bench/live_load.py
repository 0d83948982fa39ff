"""A session file with as many frames a second as wanted: a world's own opening, then a cheap stream that stays true to it.

Listings, books and tickers are a seeded world's. From there on orders join and leave the levels that were there, one at
a time and never more than rest, some trade and are printed, spot exchanges deal, and indices are read each second.
"""

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
import numpy as np

from cockpit.domain.units import ASK, BID, PRICE, QTY, SECOND, UNDERLYING
from cockpit.domain.units import price as price_of
from cockpit.domain.units import qty as qty_of
from cockpit.rehearsal.courier import COINBASE_WS, KALSHI_REST, KALSHI_WS, KRAKEN_WS, Arrival
from cockpit.rehearsal.draws import Draws
from cockpit.rehearsal.listing import Ladder
from cockpit.rehearsal.profiles import CRYPTO
from cockpit.rehearsal.spot import Coinbase, Deal, Kraken
from cockpit.rehearsal.wire import Reading, Socket, Top
from cockpit.rehearsal.world import World
from cockpit.rehearsal.write import FRESH, frames
from cockpit.runtime.header import make_header
from cockpit.runtime.recorder import Recorder

LADDERS = (
    Ladder("BTC", 25 * UNDERLYING, above=10, between=10, updown=True),
    Ladder("ETH", UNDERLYING, above=10, between=8, updown=True),
    Ladder("SOL", UNDERLYING // 20, above=10, between=8, updown=True),
)
"""Sixty markets and a few, most of them near the money."""
MINUTES = 9.0
OPENING_NS = SECOND
JOIN, CANCEL, TRADE, QUOTE, SPOT = range(5)
DEEDS = (0.38, 0.355, 0.07, 0.045, 0.15)
DEEP = 6
"""Levels of a side that are traded in."""
CROWD = 30
"""From this many orders on a side on, nobody joins; below a tenth of it nobody leaves."""
SIZES = (1, 2, 3, 5, 7, 10, 10, 13, 25, 40, 50, 77, 100, 100, 131, 250)


class Side:
    """One side of a market: orders by level, best price first."""

    def __init__(self, levels: list[tuple[int, int]]) -> None:
        self.prices = [price for price, _ in levels[:DEEP]]
        self.orders = {price: [qty] for price, qty in levels[:DEEP]}
        self.count = len(self.prices)

    def best(self) -> tuple[int, int]:
        """Price and size; zeros when nothing rests."""
        return next(((price, sum(held)) for price in self.prices if (held := self.orders[price])), (0, 0))


class Stream:
    """The frames after a world's opening."""

    def __init__(self, world: World, books: dict[str, dict[int, Side]], rate: float) -> None:
        self._draws = Draws(np.random.default_rng(5))
        self._wire = Socket({name: self._draws.identity() for name in books})
        self._spots = ((COINBASE_WS, Coinbase(2_000_000)), (KRAKEN_WS, Kraken(9_000_000)))
        self._markets = [name for name, sides in books.items() if all(sides[s].prices for s in (BID, ASK))]
        self._books = books
        self._paths = list(world.paths.values())
        self._numbers = itertools.count(1)
        self._step = int(SECOND / rate)
        self.now = world.start + OPENING_NS

    def frames(self) -> Iterator[Arrival]:
        """For ever, ``rate`` a second."""
        second = self.now // SECOND
        while True:
            if self.now // SECOND != second:
                second = self.now // SECOND
                yield from (self._out(KALSHI_WS, self._index(path)) for path in self._paths)
            deed = self._draws.pick(DEEDS)
            if deed == SPOT:
                yield from self._deal()
            else:
                name = self._markets[self._draws.below(len(self._markets))]
                side = BID if self._draws.uniform() < 0.5 else ASK
                yield from (self._out(KALSHI_WS, each) for each in self._deed(deed, name, side))

    def _out(self, source: str, payload: bytes) -> Arrival:
        self.now += self._step
        return Arrival(self.now, source, payload, None)

    def _deed(self, deed: int, name: str, side: int) -> Iterator[bytes]:
        held = self._books[name][side]
        if deed == QUOTE:
            yield self._wire.ticker(name, self._top(name), self.now)
        elif (deed == JOIN and held.count < CROWD) or held.count <= CROWD // 10:
            price = held.prices[min(self._draws.below(len(held.prices)), self._draws.below(len(held.prices)))]
            qty = SIZES[self._draws.below(len(SIZES))] * QTY
            held.orders[price].append(qty)
            held.count += 1
            yield self._wire.delta(name, side, price, qty, self.now)
        elif deed == TRADE:
            price, _ = held.best()
            yield from self._traded(name, side, price, held.orders[price].pop(0))
            held.count -= 1
        else:
            price = next(p for p in self._shuffled(held.prices) if held.orders[p])
            qty = held.orders[price].pop(self._draws.below(len(held.orders[price])))
            held.count -= 1
            yield self._wire.delta(name, side, price, -qty, self.now)

    def _shuffled(self, prices: list[int]) -> Iterable[int]:
        at = self._draws.below(len(prices))
        return prices[at:] + prices[:at]

    def _traded(self, name: str, side: int, price: int, qty: int) -> Iterator[bytes]:
        """The size change, then its print."""
        yield self._wire.delta(name, side, price, -qty, self.now)
        identity = f"00000000-0000-4000-8000-{next(self._numbers):012x}"
        yield self._wire.trade(name, price, qty, -side, self.now, identity)

    def _top(self, name: str) -> Top:
        (bid, bid_qty), (ask, ask_qty) = self._books[name][BID].best(), self._books[name][ASK].best()
        return Top(bid, bid_qty, ask or PRICE, ask_qty, bid, QTY, 10**9, 10**9, 10**12)

    def _deal(self) -> Iterator[Arrival]:
        path = self._paths[self._draws.below(len(self._paths))]
        asset, mid = path.asset, path.at(self.now)
        source, exchange = self._spots[self._draws.below(2)]
        taker = BID if self._draws.uniform() < 0.5 else ASK
        bid, ask = (round(mid * (1 + half) * UNDERLYING) for half in (-2e-5, 2e-5))
        symbol = asset.coinbase if source == COINBASE_WS else asset.kraken
        deal = Deal(
            self.now, symbol, ask if taker == BID else bid, UNDERLYING // 50, taker, bid, ask,
            UNDERLYING, UNDERLYING, asset.digits,
        )  # fmt: skip
        if isinstance(exchange, Coinbase):
            number = next(self._numbers)
            told = exchange.frames(deal, f"maker-{number}", f"taker-{number}")
        else:
            told = exchange.frames(deal)
        for frame in told:
            yield self._out(source, frame)

    def _index(self, path) -> bytes:
        now = self.now // SECOND * SECOND
        value, asset = path.index(now), path.asset
        return self._wire.index(
            Reading(asset.index, asset.digits, now, value, (60 * value, 60), None), self.now
        )


class _Snapshot(msgspec.Struct):
    market_ticker: str
    yes_dollars_fp: list[tuple[str, str]] = []
    no_dollars_fp: list[tuple[str, str]] = []

    def sides(self) -> dict[int, Side]:
        bids = [(price_of(p), qty_of(q)) for p, q in self.yes_dollars_fp]
        asks = [(PRICE - price_of(p), qty_of(q)) for p, q in self.no_dollars_fp]
        return {BID: Side(sorted(bids, reverse=True)), ASK: Side(sorted(asks))}


class _Message(msgspec.Struct):
    msg: _Snapshot


def load(rate: float, seconds: float) -> Iterator[Arrival]:
    """A world's opening and ``rate`` frames a second for ``seconds`` after it."""
    world = World(7, MINUTES, msgspec.structs.replace(CRYPTO, name="load", ladders=LADDERS))
    books: dict[str, dict[int, Side]] = {}
    for arrival in frames(world):
        if arrival.t >= world.start + OPENING_NS:
            break
        if arrival.payload.startswith(b'{"type":"orderbook_snapshot"'):
            told = msgspec.json.decode(arrival.payload, type=_Message).msg
            books[told.market_ticker] = told.sides()
        elif arrival.source != KALSHI_REST:
            continue
        yield arrival
    yield from itertools.islice(Stream(world, books, rate).frames(), int(rate * seconds))


def write_load(path: Path, rate: float, seconds: float) -> Counter[str]:
    """Write it; frames by source."""
    count: Counter[str] = Counter()
    header = make_header(created=0, settings={}, seed=7, capabilities=("synthetic", "load"))
    with Recorder(path, header, FRESH) as recorder:
        for n, arrival in enumerate(load(rate, seconds), start=1):
            count[arrival.source] += 1
            status = 200 if arrival.source == KALSHI_REST else None
            recorder.write(n, arrival.t, arrival.source, arrival.payload, arrival.url, status)
    return count
