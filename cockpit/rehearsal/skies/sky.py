"""All there is of the weather in a world: a day's high, where its brackets trade, who trades, and who tells of it.

Everything is drawn from a generator of its own, so that a world's other markets do what they would do without it. The
brackets close at the end of the day, hours after any world.
"""

from collections.abc import Callable, Iterator

import numpy as np

from cockpit.domain.units import MILLISECOND, SECOND
from cockpit.rehearsal.acting import Agent
from cockpit.rehearsal.agents import Crowd, Hawk, Quoter
from cockpit.rehearsal.draws import Draws
from cockpit.rehearsal.games.nerves import Nerves
from cockpit.rehearsal.happenings import Happening, Heard, Polled
from cockpit.rehearsal.pit import LOT, Floor
from cockpit.rehearsal.reporters import TickerBoard
from cockpit.rehearsal.rest import event_url, market_body, market_url, series_url
from cockpit.rehearsal.skies import listing, telling
from cockpit.rehearsal.skies.day import Day, Weather
from cockpit.rehearsal.skies.floors import BracketFloor

Emit = Callable[[Happening], None]
HAWK_MARGIN = 150.0
TICKER_NS = 20 * SECOND
_BEFORE = 20_000.0


class Sky:
    """The weather of one world, which begins at ``start`` (ns UTC)."""

    def __init__(self, spec: Weather, start: int, rng: np.random.Generator) -> None:
        self.spec = spec
        self._start = start
        day_rng, self._agent_rng, self.wire_rng = rng.spawn(3)
        draws = Draws(day_rng)
        self.day = Day(spec, start, draws)
        self.floors: dict[str, BracketFloor] = {}
        """Kalshi's markets, by ticker, the lowest first."""
        for degrees in listing.ladder(self.day.middle):
            floor = BracketFloor(self.day, degrees, int(draws.exponential(_BEFORE) * 100) * LOT)
            self.floors[floor.market.ticker] = floor

    def cast(self, warm: int, emit: Emit) -> Iterator[tuple[int, Agent]]:
        """Everyone who acts, and when first; trading begins at ``warm`` (ns UTC)."""
        for place, floor in enumerate(self.floors.values()):
            yield from ((warm + n * MILLISECOND, trader) for n, trader in enumerate(self._traders(floor)))
            yield self._start + place * 317 % 2000 * MILLISECOND, TickerBoard(floor, emit, TICKER_NS)
        yield self._start + telling.EVERY_NS, telling.Thermometer(self.day, emit)

    def polls(self, now: int) -> Iterator[Polled | Heard]:
        """What is asked when the recording begins: Kalshi's listings, observations, and forecasts."""
        made, group = listing.series(self.day), listing.event(self.day)
        yield Polled(now, series_url(made.ticker), listing.series_body(made))
        listed = [(floor.market, floor.top()) for floor in self.floors.values()]
        yield Polled(now, event_url(group.ticker), listing.event_body(group, listed, now))
        for market, top in listed:
            yield Polled(now, market_url(market.ticker), market_body(market, top, now))
        yield telling.newest(self.day, now)
        yield telling.earlier(self.day, now)
        yield telling.models(self.day, now)

    def truth(self) -> dict[str, object]:
        """What the high will be, and which bracket pays, as plain values."""
        high = self.day.high
        return {
            "event": listing.event(self.day).ticker,
            "high": high,
            "expected": self.day.expected(self._start),
            "pays": [name for name, floor in self.floors.items() if _holds(floor, high)],
        }

    def _traders(self, floor: Floor) -> list[Agent]:
        spec = self.spec
        found: list[Agent] = [Crowd(floor, self._draws(), spec.crowding)]
        found += [Quoter(floor, self._draws(), habits) for habits in spec.makers]
        found.append(Hawk(floor, self._draws(), HAWK_MARGIN, spec.hawk_pace_s))
        return [*found, Nerves(floor, self._draws(), spec.nerves_s)]

    def _draws(self) -> Draws:
        return Draws(self._agent_rng.spawn(1)[0])


def _holds(floor: BracketFloor, high: int) -> bool:
    low, top = floor.degrees
    return (low is None or high >= low) and (top is None or high <= top)
