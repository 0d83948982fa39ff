"""Fair values on the beat: underlyings take the ticks, ladders are priced together, strategies are told of changes.

Games (`cockpit.engine.games`), words said (`cockpit.engine.mentions`) and temperatures (`cockpit.engine.weather`) are priced
beside them.
"""

from bisect import insort
from collections.abc import Callable

from cockpit.domain.effects import Effect
from cockpit.domain.events import (
    ClimateReported,
    EventScheduled,
    GamePast,
    GameSeen,
    ImpliedVol,
    IndexTick,
    OccasionSeen,
    OccasionsGone,
    OddsBudget,
    OddsSeen,
    PhrasesTold,
    SpotBar,
    SpotTick,
    TemperatureForecast,
    TemperatureRead,
)
from cockpit.domain.units import SECOND, UNDERLYING
from cockpit.engine.config import EngineConfig
from cockpit.engine.games import Games
from cockpit.engine.mentions import Mentions
from cockpit.engine.sportsbooks import Sportsbooks
from cockpit.engine.state import MarketState, State
from cockpit.engine.weather import Weather
from cockpit.models.assets import by_index, by_proxy
from cockpit.models.brackets import Contract, contract, price
from cockpit.models.fair import Fair, Outlook
from cockpit.models.spot import Underlying
from cockpit.models.volatility import Bar

Told = (
    GameSeen
    | GamePast
    | EventScheduled
    | OccasionSeen
    | OccasionsGone
    | PhrasesTold
    | OddsSeen
    | OddsBudget
    | TemperatureRead
    | TemperatureForecast
    | ClimateReported
)
"""Inputs about what markets are on, prices apart."""
NOTICEABLE = 0.0005
"""A change of a fair value that strategies are asked about: a twentieth of a cent."""


class Pricer:
    """Keeps the underlyings and prices every market one of our models covers."""

    def __init__(self, state: State, config: EngineConfig) -> None:
        self._state = state
        self._config = config
        self._contracts: dict[str, Contract] = {}
        self._ladders: dict[tuple[str, int], list[str]] = {}
        """Tickers by (asset, close), in the order of their names: an order that no history changes."""
        self._order: list[tuple[str, int]] = []
        self.games = Games(state, config.games, self._set)
        self.mentions = Mentions(state, config.mentions, self._set)
        self.sportsbooks = Sportsbooks(state)
        self.weather = Weather(state, self._set)
        for m in state.markets.values():
            self._crypto(m)

    # ------------------------------------------------------------------ inputs

    def spot(self, event: SpotTick) -> None:
        """A proxy's trade or top of book."""
        key = f"{event.source} {event.symbol}"
        asset = by_proxy(key)
        if asset is not None:
            self._underlying(asset.symbol).tick(key, event.ts, event.price / UNDERLYING)

    def bar(self, event: SpotBar) -> None:
        """A candle of a proxy, of a time before we listened."""
        key = f"{event.source} {event.symbol}"
        asset = by_proxy(key)
        if asset is not None:
            prices = (each / UNDERLYING for each in (event.open, event.high, event.low, event.close))
            self._underlying(asset.symbol).bar(key, event.ts, Bar(event.end, event.seconds, *prices))

    def implied(self, event: ImpliedVol) -> None:
        """A volatility that options imply."""
        asset = by_proxy(f"{event.source} {event.symbol}")
        if asset is not None:
            self._underlying(asset.symbol).imply(
                event.ts,
                event.sigma / UNDERLYING,
                expiry_ns=event.expiry,
                tenor_s=event.tenor_ns / SECOND,
            )

    def index(self, event: IndexTick) -> None:
        """The settlement index itself."""
        asset = by_index(event.index)
        if asset is not None:
            self._underlying(asset.symbol).index_tick(
                event.ts,
                event.ex,
                event.value / UNDERLYING,
                None if event.mean_60s is None else event.mean_60s / UNDERLYING,
                None if event.window_mean is None else event.window_mean / UNDERLYING,
            )

    def listed(self, m: MarketState) -> None:
        """A market's record was taken over: its contract may be new."""
        self._crypto(m)
        self.grouped(m)

    def grouped(self, m: MarketState) -> None:
        """What its event says of a market may be new."""
        self.games.listed(m)
        self.mentions.listed(m)
        self.weather.listed(m)

    def take(self, event: Told) -> None:
        """Take one input about games or words said."""
        match event:
            case GameSeen() | GamePast():
                self.games.take(event)
            case EventScheduled():
                self.games.take(event)
                self.mentions.scheduled()
            case OddsSeen() | OddsBudget():
                self.sportsbooks.take(event)
            case TemperatureRead() | TemperatureForecast() | ClimateReported():
                self.weather.take(event)
            case _:
                self.mentions.take(event)

    def _crypto(self, m: MarketState) -> None:
        ticker = m.market.ticker
        known, found = self._contracts.pop(ticker, None), contract(m.market)
        if known is not None:
            self._drop(ticker, known)
        if found is not None and not (m.closed and m.settled is not None):
            self._contracts[ticker] = found
            ladder = self._ladders.setdefault((found.asset, found.close_ns), [])
            if not ladder:
                self._order = sorted(self._ladders)
            insort(ladder, ticker)

    def ended(self, m: MarketState) -> None:
        """A market settled: it is priced no more."""
        known = self._contracts.pop(m.market.ticker, None)
        self.games.ended(m.market.ticker)
        self.weather.ended(m.market.ticker)
        self.mentions.ended(m.market.ticker, gone=m.market.ticker not in self._state.markets)
        m.fair, m.stale, m.nearest = None, False, False
        if known is not None:
            self._drop(m.market.ticker, known)

    def _drop(self, ticker: str, known: Contract) -> None:
        ladder = self._ladders[known.asset, known.close_ns]
        ladder.remove(ticker)
        if not ladder:
            del self._ladders[known.asset, known.close_ns]
            self._order = sorted(self._ladders)

    def forget(self) -> None:
        """Nothing that was heard of an underlying counts any more."""
        for m in self._state.markets.values():
            m.told = -1.0

    # ------------------------------------------------------------------ the beat

    def beat(self, emit: Callable[[Effect], None]) -> None:
        """Price every open market that a model covers, and note which changed."""
        for symbol, close_ns in self._order:
            underlying = self._state.underlyings.get(symbol)
            if underlying is not None:
                self._price(underlying, close_ns, self._ladders[symbol, close_ns])
        self.games.beat()
        self.mentions.beat(emit)
        self.weather.beat()

    def fair(self, ticker: str) -> Fair | None:
        """A market's fair value at this very moment; changes nothing."""
        found = self._contracts.get(ticker)
        if found is None:
            return self._other(ticker)
        underlying = self._state.underlyings.get(found.asset)
        outlook = self._outlook(underlying, found.close_ns) if underlying is not None else None
        return price(outlook, [found])[0] if outlook is not None else None

    def _other(self, ticker: str) -> Fair | None:
        """The value of a market that settles on no price."""
        if ticker in self.mentions.phrases:
            return self.mentions.fair(ticker)
        return self.weather.fair(ticker) if ticker in self.weather.terms else self.games.fair(ticker)

    def contract(self, ticker: str) -> Contract | None:
        """The price a market settles on, where a model covers it."""
        return self._contracts.get(ticker)

    def underlying(self, ticker: str) -> Underlying | None:
        """The asset a market settles on, where a model covers it."""
        found = self._contracts.get(ticker)
        return self._state.underlyings.get(found.asset) if found is not None else None

    def _price(self, underlying: Underlying, close_ns: int, tickers: list[str]) -> None:
        markets = self._state.markets
        open_ = [m for t in tickers if not (m := markets[t]).closed]
        if not open_:
            return
        outlook = self._outlook(underlying, close_ns)
        if outlook is None:
            for m in open_:
                m.stale = True
                self._set(m, None)
            return
        nearest: dict[str, tuple[float, MarketState]] = {}
        for m, fair in zip(
            open_, price(outlook, [self._contracts[m.market.ticker] for m in open_]), strict=True
        ):
            m.stale = m.nearest = False
            self._set(m, fair)
            away = abs(fair.mid - 0.5)
            best = nearest.get(m.market.event)
            if best is None or away < best[0]:
                nearest[m.market.event] = (away, m)
        for _, m in nearest.values():
            m.nearest = True

    def _set(self, m: MarketState, fair: Fair | None) -> None:
        m.fair = fair
        told = -1.0 if fair is None else fair.mid
        if abs(told - m.told) >= NOTICEABLE:
            m.told = told
            if not m.changed:
                m.changed = True
                self._state.changed.append(m.market.ticker)

    def _outlook(self, underlying: Underlying, close_ns: int) -> Outlook | None:
        """What is known of a settlement to come; None where it is over, or the spot is too old."""
        now = self._state.now
        outlook = underlying.outlook(now, close_ns) if close_ns > now else None
        fresh = outlook is not None and outlook.age_s * SECOND <= self._config.fair_stale_ns
        return outlook if fresh else None

    def _underlying(self, symbol: str) -> Underlying:
        found = self._state.underlyings.get(symbol)
        if found is None:
            found = self._state.underlyings[symbol] = Underlying(symbol)
        return found
