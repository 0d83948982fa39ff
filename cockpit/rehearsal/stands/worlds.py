"""Worlds without end: seeded worlds in the present, one after another on one continued path of prices.

A world's markets close on the next quarter hour. One second after that the next world begins, with new markets; of the
one before only the settlement is still told. The paths are joined, so that prices, index averages and the targets of
up/down markets go on as if there were one world. Ladders that close hours later are left out: nobody would settle them;
and so is the weather, which goes on all day.
Games are over when their world closes, those that would last longer have begun earlier; so they are settled within its
tail, and the next world's games are between other teams.
"""

import itertools
from collections.abc import Iterator
from heapq import merge

import msgspec
import numpy as np

from cockpit.domain.units import SECOND
from cockpit.rehearsal import post
from cockpit.rehearsal.courier import KALSHI_REST, KALSHI_WS, SCORES, Arrival
from cockpit.rehearsal.games.fixtures import Fixtures, quickened
from cockpit.rehearsal.listing import QUARTER_S, new_york
from cockpit.rehearsal.path import STEP_NS, Path
from cockpit.rehearsal.profiles import CRYPTO, Profile
from cockpit.rehearsal.world import World
from cockpit.rehearsal.write import frames

HANDOVER_NS = SECOND
"""From a close to the next world's beginning."""
STRIDE = 1_000_003
"""Between the seeds of one world and the next."""
_LEAST_NS = 60 * SECOND
_SCORES_S = 5.0
_QUARTER_NS = QUARTER_S * SECOND


class Continued(World):
    """A world that begins now and goes on from the paths of the one before; times ns UTC, whole seconds."""

    def __init__(self, seed: int, start: int, close: int, profile: Profile, before: "World | None") -> None:
        self._before = before
        warm = min(profile.warm_ns, _QUARTER_NS - (close - start))
        games = profile.games
        made = msgspec.structs.replace(
            profile,
            close_ns=close,
            warm_ns=warm,
            games=_quick(games) if games is not None else None,
            weather=None,
            ladders=tuple(ladder for ladder in profile.ladders if not ladder.later_h),
        )
        # half a second more than wanted, which is cut to whole seconds again
        super().__init__(seed, ((close + made.tail_ns - start) / SECOND + 0.5) / 60.0, made)
        self._before = None  # its paths are joined by now; kept, every world there ever was would be

    def _populate(self) -> None:
        if self._before is not None:
            earlier = self._before.paths
            self.paths = {name: joined(earlier[name], path, self.start) for name, path in self.paths.items()}
        super()._populate()


def _quick(games: Fixtures) -> Fixtures:
    """Games that end in time, told of as often as clients ask."""
    games = quickened(games)
    polls = tuple((league, _SCORES_S) for league, _ in games.polls)
    return msgspec.structs.replace(games, polls=polls, ticker_s=min(games.ticker_s, 2.0))


def joined(old: Path, new: Path, at: int) -> Path:
    """The old path up to a moment (ns UTC), and from there the new one's moves; on the new one's clock."""
    cut = (at - new.start) // STEP_NS
    offset = (new.start - old.start) // STEP_NS
    scale = old.at(at) / new.price[cut]
    history = slice(offset, offset + cut + 1)
    price = old.price[history] + [value * scale for value in new.price[cut + 1 :]]
    vol = old.vol[history] + new.vol[cut + 1 :]
    bases = [past[history] + later[cut + 1 :] for past, later in zip(old.bases, new.bases, strict=True)]
    return Path(new.asset, new.start, np.log(np.array(price)), np.array(vol), np.array(bases))


def chain(seed: int, now: int, profile: Profile = CRYPTO) -> Iterator[Arrival]:
    """Frames from ``now`` (ns UTC) on, for ever, in order of time.

    The first world may begin up to a minute earlier, when there is less than that until the quarter hour: those
    frames are due at once.
    """
    start = now // SECOND * SECOND
    close = (start // _QUARTER_NS + 1) * _QUARTER_NS
    start = min(start, close - _LEAST_NS)
    before: World | None = None
    rest: Iterator[Arrival] = iter(())
    for number in itertools.count():
        world = Continued(seed + number * STRIDE, start, close, profile, before)
        played = _Split(_named(frames(world), close))
        yield from merge(played.until(close + HANDOVER_NS), rest, key=_time)
        floors = {**world.pits, **world.staged[0]}
        rest = _settlement(played.rest(), [t for t, p in floors.items() if p.market.close_ns > close])
        before, start, close = world, close + HANDOVER_NS, close + _QUARTER_NS


class _Split:
    """Frames before a moment, then the rest."""

    def __init__(self, source: Iterator[Arrival]) -> None:
        self._source = source
        self._first: Arrival | None = None

    def until(self, t: int) -> Iterator[Arrival]:
        for arrival in self._source:
            if arrival.t >= t:
                self._first = arrival
                return
            yield arrival

    def rest(self) -> Iterator[Arrival]:
        if self._first is not None:
            yield self._first
        yield from self._source


def _time(arrival: Arrival) -> int:
    return arrival.t


def _settlement(source: Iterator[Arrival], going: list[str]) -> Iterator[Arrival]:
    """What is still told of closed markets: determination, settlement, last record; and scores.

    ``going`` are those still open.
    """
    names = [f'"{ticker}"'.encode() for ticker in going]
    for arrival in source:
        if _conclusive(arrival) and not any(name in arrival.payload for name in names):
            yield arrival


def _conclusive(arrival: Arrival) -> bool:
    if arrival.source == KALSHI_WS:
        return arrival.payload.startswith(b'{"type":"market_lifecycle_v2"')
    if arrival.source == post.WS:
        return b'"event_type":"market_resolved"' in arrival.payload
    return arrival.source in (KALSHI_REST, post.GAMMA, SCORES)


def _named(source: Iterator[Arrival], close: int) -> Iterator[Arrival]:
    """Frames with the minute in the tickers of hourly ladders, where a world does not close on the hour.

    Two worlds of one hour would otherwise list the same names.
    """
    local = new_york(close)
    if not local.minute:
        yield from source
        return
    plain = f"-{local:%y%b%d%H}".upper()
    full = f"{plain}{local:%M}"
    marks = [(f"{plain}{end}".encode(), f"{full}{end}".encode()) for end in ("-", '"')]
    for arrival in source:
        payload, url = arrival.payload, arrival.url
        if arrival.source in (KALSHI_WS, KALSHI_REST):
            for old, new in marks:
                payload = payload.replace(old, new)
        if url is not None:
            url = f'{url}"'.replace(f"{plain}-", f"{full}-").replace(f'{plain}"', f'{full}"')[:-1]
        yield Arrival(arrival.t, arrival.source, payload, url)
