"""All there is of a speech in a world: its words, where they trade, who trades, and who tells of it.

Everything is drawn from a generator of its own, so that a world's other markets do what they would do without it.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import msgspec
import numpy as np

from cockpit.domain.units import MILLISECOND, SECOND
from cockpit.rehearsal.acting import Agent
from cockpit.rehearsal.agents import Crowd, Hawk, Quoter
from cockpit.rehearsal.draws import Draws
from cockpit.rehearsal.games.nerves import Nerves
from cockpit.rehearsal.happenings import Happening, Heard, Polled
from cockpit.rehearsal.minders import TickKeeper
from cockpit.rehearsal.pit import LOT, Floor
from cockpit.rehearsal.reporters import TickerBoard
from cockpit.rehearsal.rest import event_url, market_url, series_url
from cockpit.rehearsal.speech import listing
from cockpit.rehearsal.speech.floors import WordFloor, WordTokens
from cockpit.rehearsal.speech.script import Script, Speech
from cockpit.rehearsal.speech.staff import WordKeeper, WordSteward

Emit = Callable[[Happening], None]
HAWK_MARGIN = 150.0
TAGS = ("mentions",)
TICKER_NS = 20 * SECOND
_NUMBERS, _FIRST_NUMBER, _WORLDS = 32, 26, 100_000
_QUARTER_NS = 900 * SECOND
_BEFORE = 8_000.0


class Hall:
    """The speech of one world, which begins at ``start`` and closes at ``close`` (ns UTC)."""

    def __init__(self, spec: Speech, start: int, close: int, rng: np.random.Generator) -> None:
        self.spec = spec
        self._start = start
        script_rng, self._agent_rng, self._record_rng, self.wire_rng, self.post_rng = rng.spawn(5)
        draws = Draws(script_rng)
        self.script = Script(spec, start, close, draws)
        self.floors: dict[str, WordFloor] = {}
        """Kalshi's markets, by ticker."""
        self.tokens: dict[str, WordTokens] = {}
        """Polymarket's, by condition."""
        first = close // _QUARTER_NS % _WORLDS * _NUMBERS + _FIRST_NUMBER
        for number, word in enumerate(self.script.words):
            floor = WordFloor(self.script, word, int(draws.exponential(_BEFORE) * 100) * LOT)
            self.floors[floor.market.ticker] = floor
            if word.both:
                tokens = WordTokens(self.script, word, first + number, int(spec.lead_s * SECOND))
                self.tokens[tokens.market.ticker] = tokens

    def cast(self, warm: int, emit: Emit) -> Iterator[tuple[int, Agent]]:
        """Everyone who acts, and when first; trading begins at ``warm`` (ns UTC)."""
        for place, floor in enumerate(self.floors.values()):
            yield from ((warm + n * MILLISECOND, trader) for n, trader in enumerate(self._traders(floor)))
            yield self._start + place * 317 % 2000 * MILLISECOND, TickerBoard(floor, emit, TICKER_NS)
            steward = WordSteward(floor, emit)
            yield steward.due, steward
        for tokens in self.tokens.values():
            traders = [*self._traders(tokens), TickKeeper(tokens, emit)]
            yield from ((warm + n * MILLISECOND, trader) for n, trader in enumerate(traders))
            keeper = WordKeeper(tokens, emit)
            yield keeper.due, keeper

    def polls(self, now: int) -> Iterator[Polled | Heard]:
        """What is asked when the recording begins: Kalshi's listings, the calendar, and the record of past events."""
        made, group = listing.series(), listing.event(self.script)
        yield Polled(now, series_url(made.ticker), listing.series_body(made))
        listed = [(floor.market, floor.top()) for floor in self.floors.values()]
        yield Polled(now, event_url(group.ticker), listing.event_body(group, listed, now))
        for market, top in listed:
            yield Polled(now, market_url(market.ticker), listing.market_body(market, top, now))
        yield Polled(now, listing.milestones_url(self.script), listing.milestones_body(self.script, now))
        yield Heard(now, "schedule.calendar", listing.CALENDAR, listing.calendar_body(self.script))
        yield Heard(now, "corpus.rows", "", self._record())

    def truth(self) -> dict[str, object]:
        """What is said and when, as plain values."""
        return {
            "event": listing.event_of(self.script),
            "begins": self.script.begins,
            "ends": self.script.ends,
            "said": {word.label: self.script.said.get(word.label, 0) for word in self.script.words},
        }

    def _record(self) -> bytes:
        """Past events as a record tells of them: each word said as often as is its nature, give or take."""
        draws = Draws(self._record_rng)
        day = date.fromisoformat(self.script.day)
        phrases, occurrences, shares = [], [], []
        counts = [0] * self.spec.events
        for word in self.spec.words:
            key = listing.key_of(word.label)
            phrases.append(["trump", key])
            for n in range(self.spec.events):
                said = draws.uniform() < word.chance
                counts[n] += said
                when = (day - timedelta(days=6 * n + 3)).isoformat()
                occurrences.append([when, f"past-{n}", "trump", "remarks", key, said])
        for n, count in enumerate(counts):
            when = (day - timedelta(days=6 * n + 3)).isoformat()
            shares.append([when, f"past-{n}", "trump", "remarks", count, len(self.spec.words)])
        return msgspec.json.encode({"phrases": phrases, "occurrences": occurrences, "shares": shares})

    def _traders(self, floor: Floor) -> list[Agent]:
        spec = self.spec
        found: list[Agent] = [Crowd(floor, self._draws(), spec.crowding)]
        found += [Quoter(floor, self._draws(), habits) for habits in spec.makers]
        found.append(Hawk(floor, self._draws(), HAWK_MARGIN, spec.hawk_pace_s))
        return [*found, Nerves(floor, self._draws(), spec.nerves_s)]

    def _draws(self) -> Draws:
        return Draws(self._agent_rng.spawn(1)[0])
