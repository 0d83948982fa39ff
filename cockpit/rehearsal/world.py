"""The seeded world: an underlying, the markets on it, everyone who trades them, and a truth that can be asked for.

One heap of (when, number, agent) drives everything, so that all happenings come out in one true order. The same
profile, seed and length give the same world on every run; how its messages travel is drawn from a generator of its
own (`cockpit.rehearsal.courier`), so that message order can be varied while the truth stays.
"""

import heapq
from collections.abc import Iterator

import numpy as np

from cockpit.domain.markets import EventGroup, Series
from cockpit.domain.units import MILLISECOND, SECOND, UNDERLYING
from cockpit.rehearsal.acting import Agent
from cockpit.rehearsal.agents import Crowd, Hawk, Quoter
from cockpit.rehearsal.draws import Draws, micros
from cockpit.rehearsal.games.fixtures import Span
from cockpit.rehearsal.games.scene import Scene
from cockpit.rehearsal.happenings import Happening, Moved, Opened, Polled, Probe, Staged
from cockpit.rehearsal.listing import QUARTER_S, SHARD, Ladder, board
from cockpit.rehearsal.minders import TickKeeper, TwinSteward, alike, end_of
from cockpit.rehearsal.path import Path, paths
from cockpit.rehearsal.pit import LOT, Floor, Pit
from cockpit.rehearsal.polymarket.terms import ABOVE, UPDOWN
from cockpit.rehearsal.profiles import CRYPTO, HAWK_MARGIN, Profile
from cockpit.rehearsal.proxy import draw
from cockpit.rehearsal.reporters import (
    Blocks,
    IndexClock,
    Opener,
    Prober,
    SpotTape,
    Steward,
    TickerBoard,
    outcome_of,
    truth_of,
)
from cockpit.rehearsal.rest import event_body, event_url, market_body, market_url, series_body, series_url
from cockpit.rehearsal.skies.sky import Sky
from cockpit.rehearsal.speech.hall import Hall
from cockpit.rehearsal.tokens import TokenFloor
from cockpit.rehearsal.twins import TwinPit, Twins
from cockpit.rehearsal.twins import pits as pits_of
from cockpit.rehearsal.value import fair

_HISTORY = QUARTER_S * SECOND + 60 * SECOND
"""How much path lies before the world: the last quarter's settlement window must be known."""

_TWIN, _GAME, _SKY = 1, 2, 3
"""Agents of Polymarket's markets, of games, and of the weather: counted apart, so that they shift nobody's turn."""
_RANK = 48
"""Bits of an agent's number below its kind."""


class World:
    """A world of ``minutes`` recorded minutes, which end ``profile.tail_ns`` after the close.

    Raises:
        ValueError: when that leaves less than a minute before the close, or more than the quarter hour before it.
    """

    def __init__(self, seed: int, minutes: float = 9.0, profile: Profile = CRYPTO) -> None:
        self.seed = seed
        self.profile = profile
        self.end = profile.close_ns + profile.tail_ns
        self.start = self.end - int(minutes * 60) * SECOND
        before = profile.close_ns - self.start
        if not 60 * SECOND <= before <= QUARTER_S * SECOND - profile.warm_ns:
            raise ValueError(f"{minutes} minutes leave {before / SECOND:.0f} s before the close")
        root = np.random.default_rng(seed)  # noqa: TID251  the one place where a world's seed enters
        path_rng, self._rng, self.wire_rng = root.spawn(3)
        # after all others, so that what Kalshi does is the same with twins and without
        basis_rng, self._twin_rng, self.post_rng = root.spawn(3)
        game_rng, speech_rng = root.spawn(2)
        (sky_rng,) = root.spawn(1)
        self.paths: dict[str, Path] = paths(
            profile.assets, self.start - _HISTORY, self.end + 2 * SECOND, path_rng
        )
        if profile.twins is not None:
            for each in profile.twins.doubled:
                draw(self.paths[each.asset], (profile.twins.candle, profile.twins.stream), basis_rng)
        self.pits: dict[str, Pit] = {}
        self.twins: dict[str, TwinPit] = {}
        """Polymarket's markets, by condition."""
        self.probes: list[Probe] = []
        self._out: list[Happening] = []
        self._heap: list[tuple[int, int, Agent]] = []
        self._counts = [0, 0, 0, 0]
        """Agents' turns so far, by kind."""
        self._series: list[Series] = []
        self._groups: list[EventGroup] = []
        self.scene: Scene | None = None
        """The games."""
        if profile.games is not None:
            self.scene = Scene(profile.games, Span(self.start, profile.close_ns), game_rng)
        self.hall: Hall | None = None
        """The speech."""
        if profile.speech is not None:
            self.hall = Hall(profile.speech, self.start, profile.close_ns, speech_rng)
        self.sky: Sky | None = None
        """The weather."""
        if profile.weather is not None:
            self.sky = Sky(profile.weather, self.start, sky_rng)
        self._populate()

    @property
    def staged(self) -> tuple[dict[str, Floor], dict[str, TokenFloor]]:
        """Kalshi's markets on games and words by ticker, and Polymarket's by condition."""
        floors: dict[str, Floor] = {}
        tokens: dict[str, TokenFloor] = {}
        for each in (self.scene, self.hall):
            if each is not None:
                floors |= each.floors
                tokens |= each.tokens
        return floors, tokens

    @property
    def stage_rngs(self) -> tuple[np.random.Generator, np.random.Generator]:
        """How messages about them travel: Kalshi's, and Polymarket's."""
        made = self.scene or self.hall
        assert made is not None  # only worlds with either are carried so
        return made.wire_rng, made.post_rng

    def happenings(self) -> Iterator[Happening]:
        """Everything that happens from the start of the recording, in true order. Can be walked once."""
        opened = False
        while self._heap and self._heap[0][0] <= self.end:
            now, number, agent = heapq.heappop(self._heap)
            if not opened and now >= self.start:
                opened = True
                yield Opened(self.start)
                yield from self._polls()
            following = agent.act(now)
            if following is not None:
                self._schedule(following, agent, number >> _RANK)
            if opened:
                yield from self._leave(now, agent, number >> _RANK)
            else:
                self._forget(agent)

    def fair(self, market: str, ts: int) -> float:
        """The true probability that a market pays on what its own venue settles it, as seen at ``ts`` (ns UTC).

        Raises:
            KeyError: for an unknown market.
            ValueError: while its strike is not known.
        """
        if market in self.twins:
            return self.twins[market].worth(ts)
        for each in (self.scene, self.hall):
            if each is not None and market in each.tokens:
                return each.tokens[market].worth(ts)
            if each is not None and market in each.floors:
                return each.floors[market].worth(ts)
        if self.sky is not None and market in self.sky.floors:
            return self.sky.floors[market].worth(ts)
        pit = self.pits[market]
        if pit.market.floor is None and pit.market.cap is None:
            raise ValueError(f"{market} has no strike yet")
        return fair(pit.market, pit.path, ts)

    def truth(self) -> dict[str, object]:
        """What a reader of the recording cannot know, as plain values: volatility, outcomes, the ghosts' fates.

        Where there are twins, their outcomes stand apart, each with the Kalshi market on the same thing.
        """
        told: dict[str, object] = {
            "seed": self.seed,
            "profile": self.profile.name,
            "start": self.start,
            "end": self.end,
            "volatility": {name: path.vol_at(self.start) for name, path in self.paths.items()},
            "outcomes": {
                name: outcome_of(pit) for name, pit in self.pits.items() if pit.market.close_ns <= self.end
            },
            "probes": [truth_of(probe) for probe in self.probes],
        }
        if self.profile.twins is not None:
            told["polymarket"] = {
                "lead_s": self.profile.twins.lead_s,
                "outcomes": {name: end_of(pit) for name, pit in self.twins.items()},
                "pairs": {name: self.likeness(pit) for name, pit in self.twins.items()},
            }
        if self.scene is not None:
            told["games"] = self.scene.truth()
        if self.hall is not None:
            told["speech"] = self.hall.truth()
        if self.sky is not None:
            told["weather"] = self.sky.truth()
        return told

    def likeness(self, twin: TwinPit) -> str | None:
        """The Kalshi market a twin is most like, by ticker: of the same hour or window, and the same amount."""
        for name, pit in self.pits.items():
            if pit.path is twin.path and alike(pit.market, twin.terms):
                return name
        return None

    # ------------------------------------------------------------------ who and what there is

    def _populate(self) -> None:
        for asset in self.profile.assets:
            path = self.paths[asset.symbol]
            self._schedule(self.start, IndexClock(path, self._out.append))
            for exchange in (0, 1):
                rate = self.profile.spot_rate / (1 + exchange)
                tape = SpotTape(path, exchange, rate, self._draws(), self._out.append)
                self._schedule(self.start + exchange * MILLISECOND, tape)
        for ladder in self.profile.ladders:
            self._list(ladder)
        pits = list(self.pits.values())
        if pits:
            self._schedule(self.start + SECOND, Blocks(pits, self._draws(), self._out.append))
        self._place_probes([pit for pit in pits if pit.open])
        if self.profile.twins is not None:
            self._list_twins(self.profile.twins)
        for staged in (self.scene, self.hall):
            if staged is not None:
                for when, agent in staged.cast(self.start - self.profile.warm_ns, self._out.append):
                    self._schedule(when, agent, _GAME)
        if self.sky is not None:
            for when, agent in self.sky.cast(self.start - self.profile.warm_ns, self._out.append):
                self._schedule(when, agent, _SKY)

    def _list_twins(self, spec: Twins) -> None:
        """List Polymarket's markets and let their traders in."""
        profile = self.profile
        lags = {UPDOWN: micros(spec.window_lag_s), ABOVE: micros(spec.ladder_lag_s)}
        for pit in pits_of(spec, self.paths, self.start, profile.close_ns):
            self.twins[pit.market.ticker] = pit
            now = self.start - profile.warm_ns
            agents: list[Agent] = [Crowd(pit, self._twin_draws(), spec.crowding)]
            agents += [Quoter(pit, self._twin_draws(), habits) for habits in spec.makers]
            agents.append(Hawk(pit, self._twin_draws(), HAWK_MARGIN, spec.hawk_pace_s))
            agents.append(TickKeeper(pit, self._out.append))
            for number, agent in enumerate(agents):
                self._schedule(now + number * MILLISECOND, agent, _TWIN)
            steward = TwinSteward(pit, lags[pit.terms.family], self._out.append)
            self._schedule(profile.close_ns, steward, _TWIN)

    def _list(self, ladder: Ladder) -> None:
        """List a ladder's markets and let their traders in."""
        profile, path = self.profile, self.paths[ladder.asset]
        last_quarter = path.settlement(profile.close_ns - QUARTER_S * SECOND)
        listed = board(ladder, round(path.at(self.start) * UNDERLYING), last_quarter, profile.close_ns)
        self._series += [series for series in listed.series if series not in self._series]
        self._groups += listed.events
        draws = self._draws()
        for market in listed.markets:
            pit = Pit(market, path, before=int(draws.exponential(4_000.0) * 100) * LOT)
            self.pits[market.ticker] = pit
            if pit.open:
                self._admit(pit, self.start - profile.warm_ns)
            else:
                opening = market.open_ns + profile.lag_ns + 500 * MILLISECOND
                self._schedule(opening, Opener(pit, self._admit, self._out.append))
            self._schedule(market.close_ns, Steward(pit, profile.lag_ns, self._out.append))

    def _admit(self, pit: Pit, now: int) -> None:
        """Let a market's traders in, a millisecond apart; its first ticker comes within two seconds."""
        self._schedule(now, Crowd(pit, self._draws(), self.profile.crowding))
        for number, habits in enumerate(self.profile.makers, start=1):
            self._schedule(now + number * MILLISECOND, Quoter(pit, self._draws(), habits))
        self._schedule(
            now + 10 * MILLISECOND, Hawk(pit, self._draws(), HAWK_MARGIN, self.profile.hawk_pace_s)
        )
        phase = self._counts[0] * 17 % 2000 * MILLISECOND
        self._schedule(max(now, self.start) + phase, TickerBoard(pit, self._out.append))

    def _place_probes(self, pits: list[Pit]) -> None:
        draws = self._draws()
        last = self.end - SECOND
        span = self.profile.close_ns - self.start - 5 * SECOND
        for _ in range(self.profile.probes):
            life = micros(5.0 + draws.exponential(self.profile.probe_life_s))
            at = self.start + SECOND + micros(draws.uniform() * span / SECOND)
            pit = pits[draws.below(len(pits))]
            leave = min(at + life, pit.market.close_ns + MILLISECOND, last)
            prober = Prober(pit, leave, draws, self._out.append, self.probes)
            self._schedule(at, prober)

    # ------------------------------------------------------------------ how it runs

    def _polls(self) -> Iterator[Happening]:
        """What is asked by REST when the recording begins: series, events with their markets, each market."""
        for series in self._series:
            yield Polled(self.start, series_url(series.ticker), series_body(series, SHARD))
        for group in self._groups:
            members = [pit for pit in self.pits.values() if pit.market.event == group.ticker]
            listed = [(pit.market, pit.top()) for pit in members]
            yield Polled(self.start, event_url(group.ticker), event_body(group, listed, self.start))
        for pit in self.pits.values():
            body = market_body(pit.market, pit.top(), self.start)
            yield Polled(self.start, market_url(pit.market.ticker), body)
        for staged in (self.scene, self.hall):
            if staged is not None:
                yield from (Staged(each) for each in staged.polls(self.start))
        if self.sky is not None:
            yield from (Staged(each, sky=True) for each in self.sky.polls(self.start))

    def _leave(self, now: int, agent: Agent, kind: int) -> Iterator[Happening]:
        """What a deed of an agent of this kind left behind."""
        told = self._out.copy()
        self._out.clear()
        if agent.pit is not None:
            tape = agent.pit.drain()
            if tape:
                told.append(Moved(now, agent.pit.market.ticker, tape))
        return iter([Staged(each, sky=kind == _SKY) for each in told] if kind in (_GAME, _SKY) else told)

    def _forget(self, agent: Agent) -> None:
        """What happens before the recording begins is told to nobody."""
        self._out.clear()
        if agent.pit is not None:
            agent.pit.drain()

    def _schedule(self, when: int, agent: Agent, rank: int = 0) -> None:
        self._counts[rank] += 1
        heapq.heappush(self._heap, (when, (rank << _RANK) + self._counts[rank], agent))

    def _draws(self) -> Draws:
        """A new agent's own draws."""
        return Draws(self._rng.spawn(1)[0])

    def _twin_draws(self) -> Draws:
        """The same for who trades at Polymarket."""
        return Draws(self._twin_rng.spawn(1)[0])
