"""How the world's messages travel: from true order to receive order.

One Kalshi connection carries all its channels. Within a channel (sid) messages arrive in true order; between channels
they do not have to. A trade is told twice, as a size change on the book channel and as a print on the trade channel,
and which of the two arrives first is the pair's message order:

    size_first    the size change, then the print,
    trade_first   the print, then the size change,
    mixed         drawn for each pair: size first in 90 %, the share measured on real frames.

The lag between the two is drawn up to 40 ms. Half of the orders that trade with several resting orders are told as a
batch: all of the first kind, then, after one lag, all of the second. The other half are told pair after pair, within
40 ms in all.

Receive times grow strictly within a channel, by at least a microsecond, so that a probe's entry stands between two
book messages without doubt. What Polymarket says of its own markets is written elsewhere (`cockpit.rehearsal.post`).
"""

import heapq
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import NamedTuple

import numpy as np

from cockpit.domain.units import ASK, BID
from cockpit.rehearsal.draws import MICROSECOND, Draws, micros
from cockpit.rehearsal.exchange import Change, Print
from cockpit.rehearsal.happenings import (
    Blocked,
    Dealt,
    Ended,
    Happening,
    Heard,
    Moved,
    Opened,
    Polled,
    Probed,
    Read,
    Refined,
    Scored,
    Staged,
    Ticked,
    Told,
)
from cockpit.rehearsal.pit import Floor, Pit
from cockpit.rehearsal.post import Post
from cockpit.rehearsal.spot import Coinbase, Kraken
from cockpit.rehearsal.wire import BOOK, CHANNELS, INDEX, LIFECYCLE, TICKER, TRADE, Socket

MAX_LAG_MS = 40.0
SIZE_FIRST_SHARE = 0.9
BATCH_SHARE = 0.5

KALSHI_WS, KALSHI_REST, COINBASE_WS, KRAKEN_WS = "kalshi.ws", "kalshi.rest", "coinbase.ws", "kraken.ws"
SCORES = "espn.site"
_LINK_MS = {
    KALSHI_WS: (8.0, 4.0),
    KALSHI_REST: (60.0, 30.0),
    COINBASE_WS: (22.0, 8.0),
    KRAKEN_WS: (35.0, 15.0),
    SCORES: (90.0, 40.0),
}
"""Least latency and mean of what comes on top, in milliseconds."""


class PairOrder(StrEnum):
    """Which message of a trade's pair comes first."""

    SIZE_FIRST = "size_first"
    TRADE_FIRST = "trade_first"
    MIXED = "mixed"


class Arrival(NamedTuple):
    """One frame as it arrives: ns UTC, source, payload bytes, and the URL of a REST answer."""

    t: int
    source: str
    payload: bytes
    url: str | None


class Sports(NamedTuple):
    """What is carried of games: Kalshi's markets, how their messages travel, and who tells of Polymarket's."""

    floors: Mapping[str, Floor]
    rng: np.random.Generator
    post: Post


class Aloft(NamedTuple):
    """What is carried of the weather: Kalshi's markets, and how their messages travel."""

    floors: Mapping[str, Floor]
    rng: np.random.Generator


class Courier:
    """Carries happenings: gives each its frames, each frame its receive time."""

    def __init__(
        self,
        pits: Mapping[str, Pit],
        rng: np.random.Generator,
        order: PairOrder,
        post: Post | None = None,
        sports: Sports | None = None,
        aloft: Aloft | None = None,
    ) -> None:
        self._pits = pits
        self._floors: dict[str, Floor] = {**pits}
        self._posts = [each for each in (post, sports.post if sports else None) if each is not None]
        self._homes = {name: each for each in self._posts for name in each.twins}
        self._draws = Draws(rng)
        self._order = order
        ids = {ticker: self._draws.identity() for ticker in pits}
        if sports is not None:
            self._others = Draws(sports.rng)
            self._floors |= sports.floors
            ids |= {ticker: self._others.identity() for ticker in sports.floors}
        if aloft is not None:
            self._winds = Draws(aloft.rng)
            self._floors |= aloft.floors
            ids |= {ticker: self._winds.identity() for ticker in aloft.floors}
        self._socket = Socket(ids)
        self._spots = (Coinbase(1_000_000), Kraken(5_000_000))
        self._heap: list[tuple[int, int, Arrival]] = []
        self._count = 0
        self._clocks: dict[str | int, int] = {}

    def carry(self, happenings: Iterator[Happening]) -> Iterator[Arrival]:
        """Every frame in receive order."""
        for happening in happenings:
            # whatever happens from here on arrives later than now
            yield from self._due(happening.ts)
            self._send(happening)
        yield from self._due(None)

    def _due(self, until: int | None) -> Iterator[Arrival]:
        heap = self._heap
        while heap and (until is None or heap[0][0] <= until):
            yield heapq.heappop(heap)[2]

    def _send(self, happening: Happening) -> None:
        match happening:
            case Moved() if happening.market in self._homes:
                self._posted(happening)
            case Moved():
                self._moved(happening)
            case Dealt():
                self._dealt(happening)
            case Ticked(ts, market, top):
                self._post(TICKER, self._late(KALSHI_WS, ts), self._socket.ticker(market, top, ts))
            case Read(ts, reading):
                received = ts + micros((60.0 + self._draws.exponential(30.0)) / 1000.0)
                self._post(INDEX, self._late(KALSHI_WS, received), self._socket.index(reading, received))
            case Blocked(ts, market, price, qty, taker):
                trade = self._socket.trade(market, price, qty, taker, ts, self._draws.identity(), block=True)
                self._post(TRADE, self._late(KALSHI_WS, ts), trade)
            case Told(ts, market, event_type, fields):
                frame = self._socket.lifecycle(market, event_type, fields)
                self._post(LIFECYCLE, self._late(KALSHI_WS, ts), frame)
            case Polled(ts, url, body):
                self._push(self._tick(KALSHI_REST, self._late(KALSHI_REST, ts)), KALSHI_REST, body, url)
            case Scored(ts, url, body):
                self._push(self._tick(SCORES, self._late(SCORES, ts)), SCORES, body, url)
            case Heard(ts, source, url, body):
                self._push(self._tick(source, self._late(SCORES, ts)), source, body, url or None)
            case Probed():
                self._probed(happening)
            case Staged(what, True):
                self._draws, self._winds = self._winds, self._draws
                self._send(what)
                self._draws, self._winds = self._winds, self._draws
            case Staged(what):
                self._draws, self._others = self._others, self._draws
                self._send(what)
                self._draws, self._others = self._others, self._draws
            case Opened(ts):
                self._opened(ts)
                self._posted(happening)
            case Refined() | Ended():
                self._posted(happening)

    # ------------------------------------------------------------------ one case each

    def _opened(self, ts: int) -> None:
        for sid in range(1, len(CHANNELS) + 1):
            self._post(sid, ts, self._socket.subscribed(sid))
        for ticker, pit in self._floors.items():
            levels = pit.exchange.levels
            self._post(BOOK, ts, self._socket.snapshot(ticker, levels(BID), levels(ASK)))
        assets = {pit.path.asset.symbol: pit.path.asset for pit in self._pits.values()}.values()
        products = [asset.coinbase for asset in assets]
        coinbase, kraken = self._spots
        self._push(self._tick(COINBASE_WS, ts), COINBASE_WS, coinbase.acknowledgement(products))
        for asset in assets:
            for channel in ("trade", "ticker"):
                self._push(
                    self._tick(KRAKEN_WS, ts), KRAKEN_WS, kraken.acknowledgement(asset.kraken, channel)
                )

    def _moved(self, moved: Moved) -> None:
        """One deed's tape: pairs of size change and print, and size changes alone."""
        base = self._late(KALSHI_WS, moved.ts)
        pairs: list[tuple[Change, Print]] = []
        tape = iter(moved.tape)
        for item in tape:
            assert isinstance(item, Change)
            if item.cause == "trade":
                printed = next(tape)
                assert isinstance(printed, Print)
                pairs.append((item, printed))
                continue
            self._pairs(moved.market, pairs, base)
            pairs = []
            self._change(moved.market, item, base)
        self._pairs(moved.market, pairs, base)

    def _pairs(self, market: str, pairs: list[tuple[Change, Print]], base: int) -> None:
        """The pairs of one incoming order, together or one by one."""
        if not pairs:
            return
        if len(pairs) > 1 and self._draws.uniform() < BATCH_SHARE:
            self._batch(market, pairs, base, MAX_LAG_MS)
            return
        for pair in pairs:
            base = self._batch(market, [pair], base, MAX_LAG_MS / len(pairs))

    def _batch(self, market: str, pairs: list[tuple[Change, Print]], base: int, most_ms: float) -> int:
        """All of one kind, then, after a lag of up to ``most_ms``, all of the other; returns the last arrival."""
        lag = MICROSECOND + micros(self._draws.uniform() * most_ms / 1000.0)
        at = base
        if self._size_first():
            for change, _ in pairs:
                at = self._change(market, change, base)
            base = at + lag
            for _, printed in pairs:
                at = self._print(market, printed, base)
            return at
        for _, printed in pairs:
            at = self._print(market, printed, base)
        base = at + lag
        for change, _ in pairs:
            at = self._change(market, change, base)
        return at

    def _size_first(self) -> bool:
        if self._order == PairOrder.MIXED:
            return self._draws.uniform() < SIZE_FIRST_SHARE
        return self._order == PairOrder.SIZE_FIRST

    def _change(self, market: str, change: Change, at: int) -> int:
        frame = self._socket.delta(market, change.side, change.price, change.qty, change.ts)
        return self._post(BOOK, at, frame)

    def _print(self, market: str, printed: Print, at: int) -> int:
        identity = self._draws.identity()
        frame = self._socket.trade(market, printed.price, printed.qty, printed.taker, printed.ts, identity)
        return self._post(TRADE, at, frame)

    def _dealt(self, dealt: Dealt) -> None:
        coinbase, kraken = self._spots
        if dealt.exchange:
            source, frames = KRAKEN_WS, kraken.frames(dealt.deal)
        else:
            ids = self._draws.identity(), self._draws.identity()
            source, frames = COINBASE_WS, coinbase.frames(dealt.deal, *ids)
        at = self._late(source, dealt.ts)
        for frame in frames:
            self._push(self._tick(source, at), source, frame)

    def _probed(self, probed: Probed) -> None:
        """A probe sends nothing; it stands between two book messages, and before every print of a later trade."""
        at = self._tick(BOOK, self._late(KALSHI_WS, probed.ts))
        self._clocks[TRADE] = max(self._clocks.get(TRADE, 0), at)
        if probed.entered:
            probed.probe.entered_recv = at
        else:
            probed.probe.ended_recv = at

    def _posted(self, happening: Opened | Moved | Refined | Ended) -> None:
        """What Polymarket says of it."""
        posts = self._posts if isinstance(happening, Opened) else [self._homes[happening.market]]
        for post in posts:
            for at, source, payload, url in post.send(happening):
                self._push(at, source, payload, url)

    # ------------------------------------------------------------------ times

    def _late(self, source: str, ts: int) -> int:
        least, more = _LINK_MS[source]
        return ts + micros((least + self._draws.exponential(more)) / 1000.0)

    def _tick(self, channel: str | int, at: int) -> int:
        """The receive time on a channel: as wanted, but after everything the channel has carried."""
        at = max(at, self._clocks.get(channel, 0) + MICROSECOND)
        self._clocks[channel] = at
        return at

    def _post(self, sid: int, at: int, frame: bytes) -> int:
        """Put a frame on a Kalshi channel; returns when it arrives."""
        at = self._tick(sid, at)
        self._push(at, KALSHI_WS, frame)
        return at

    def _push(self, at: int, source: str, payload: bytes, url: str | None = None) -> None:
        self._count += 1
        heapq.heappush(self._heap, (at, self._count, Arrival(at, source, payload, url)))
