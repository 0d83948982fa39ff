"""The one writer. `Engine.process` takes every input there is and returns the effects.

Order of things within one call: timers and the beat that fall due before the input, then the input. A beat is
stamped with the last multiple of the beat length the input's time crossed. Nothing here reads a clock.
"""

import heapq
from collections.abc import Callable
from typing import assert_never

import msgspec

from cockpit.domain.commands import Command
from cockpit.domain.effects import (
    Alert,
    Effect,
)
from cockpit.domain.events import (
    AccountBalance,
    AccountFills,
    AccountOrders,
    AccountPositions,
    BookDelta,
    BookDoubt,
    BookSnapshot,
    Candle,
    ClimateReported,
    Event,
    EventListed,
    EventScheduled,
    ExchangeHours,
    ExchangeStatus,
    FeedDown,
    FeedUp,
    FeeScheduled,
    GamePast,
    GameSeen,
    ImpliedVol,
    IndexTick,
    MarketChanged,
    MarketListed,
    MarketSettled,
    OccasionSeen,
    OccasionsGone,
    OddsBudget,
    OddsSeen,
    PhrasesTold,
    QueueReported,
    Quote,
    SeriesListed,
    SpotBar,
    SpotTick,
    TemperatureForecast,
    TemperatureRead,
    Tick,
    Trade,
)
from cockpit.domain.units import SECOND
from cockpit.engine.accounts import Accounts
from cockpit.engine.books import Books
from cockpit.engine.commands import Commands
from cockpit.engine.config import DESK, MIRROR, EngineConfig, LaneConfig
from cockpit.engine.fair import Pricer
from cockpit.engine.forget import forget
from cockpit.engine.gate import Gate
from cockpit.engine.hand import Hand
from cockpit.engine.lanes import Lanes
from cockpit.engine.leads import Leads
from cockpit.engine.legs import Legs
from cockpit.engine.listings import Listings
from cockpit.engine.orders import Orders
from cockpit.engine.pairs import Pairs
from cockpit.engine.proposals import Proposals
from cockpit.engine.relimit import Relimit
from cockpit.engine.restart import rewound
from cockpit.engine.results import Results
from cockpit.engine.snaps import Snaps
from cockpit.engine.spreads import Spreads
from cockpit.engine.state import Lane, State
from cockpit.engine.tickets import Tickets
from cockpit.engine.wheel import Wheel

_NOTHING: list[Effect] = []
_MINUTE = 60 * SECOND


class Engine:
    """State, and the only way to change it."""

    def __init__(self, config: EngineConfig, state: State | None = None) -> None:
        """Start from an empty state, or go on from one that `opening` told."""
        self.config = config
        self.state = state if state is not None else State()
        mirror = (LaneConfig(MIRROR),) if config.desk.mirror else ()
        self.running = tuple(dict.fromkeys(lane.name for lane in (LaneConfig(DESK), *mirror, *config.lanes)))
        """Lanes this run has; an account goes on with those of earlier runs, which only keep their money."""
        for each in (LaneConfig(DESK), *mirror, *config.lanes):
            self.state.lanes.setdefault(each.name, Lane(each.name, each.strategy))
        for name, lane in self.state.lanes.items():
            if name not in self.running and (lane.strategy or name == MIRROR):
                lane.end(self.state.now)
        self._out: list[Effect] = []
        self.on_beat: Callable[[], None] | None = None
        """Called after each beat, by whoever draws charts; it may look, and change nothing."""
        state, emit = self.state, self._emit
        self.results = Results(state, self.running)
        self.orders = Orders(state, config, emit)
        self.gate = Gate(state, config, self.orders)
        self.pricer = Pricer(state, config)
        self.pairs = Pairs(state, emit)
        self.pricer.mentions.same_rules = self.pairs.agreed
        self.snaps = Snaps(state, config, self.pricer, self.orders, self.gate)
        self.spreads = Spreads(state, config, self.pairs, self.pricer, self.snaps)
        self.leads = Leads(state, config, self.pairs, self.spreads)
        self.snaps.lead = self.leads.lead
        self.tickets = Tickets(state, config, self.orders, self.gate, self.snaps, self.spreads, emit)
        self.hand = Hand(state, config, self.orders, self.gate, self.snaps, self.tickets)
        self.legs = Legs(state, config, self.orders, self.gate, self.tickets, self.pairs, self.spreads, emit)
        self.wheel = Wheel(state, config, self.orders, self.gate, self.tickets, emit)
        proposals = Proposals(state, config, self.orders, self.gate, self.tickets)
        self.lanes = Lanes(state, config, self.orders, self.gate, self.snaps, proposals, emit)
        self.books = Books(state, config, self.orders, self.tickets, self.pairs, emit)
        self._delta, self._trade = self.books.delta, self.books.trade
        self.accounts = Accounts(state, self.orders.sim, emit)
        self.listings = Listings(state, self.orders, self.tickets, self.pricer, self.pairs, emit)
        relimit = Relimit(state, self.orders, self.gate, self.tickets, self.wheel, self.lanes, emit)
        self._commands = Commands(
            state, config, self.orders, self.gate, self.tickets, self.hand, self.wheel, self.spreads, relimit,
            emit,
        )  # fmt: skip
        self._wake = 0
        self._set_wake()

    def process(self, item: Event | Command | Tick) -> list[Effect]:
        """Take one input; the effects of everything that fell due before it, and of itself."""
        ts = item.ts
        if ts >= self._wake:
            self._advance(ts)
        if ts > self.state.now:
            self.state.now = ts
        match item:
            case BookDelta():
                self._delta(item)
            case Trade():
                self._trade(item)
            case SpotTick():
                self.pricer.spot(item)
            case Quote():
                self.books.quote(item)
            case BookSnapshot():
                self.books.snapshot(item)
            case BookDoubt():
                self.books.told(item)
            case IndexTick():
                self.pricer.index(item)
            case ImpliedVol():
                self.pricer.implied(item)
            case SpotBar():
                self.pricer.bar(item)
            case MarketListed():
                self.listings.listed(item.market)
            case MarketChanged():
                self.listings.changed(item)
            case MarketSettled():
                self.listings.settled(item)
            case EventListed():
                self.listings.grouped(item)
            case SeriesListed() | FeeScheduled():
                self.listings.charged(item)
            case ExchangeStatus():
                self.state.trading[item.venue] = item.open and item.trading
            case AccountBalance() | AccountPositions() | AccountOrders() | AccountFills() | QueueReported():
                self.accounts.take(item)
            case ExchangeHours():
                self.state.pauses[item.venue] = item.pauses
            case FeedUp() | FeedDown():
                self._link(item)
            case (
                GameSeen() | GamePast() | EventScheduled() | OddsSeen() | OddsBudget()
                | OccasionSeen() | OccasionsGone() | PhrasesTold()
                | TemperatureRead() | TemperatureForecast() | ClimateReported()
            ):  # fmt: skip
                self.pricer.take(item)
            case Candle() | Tick():
                pass
            case _:
                self._commands.carry_out(item)
        timers = self.state.timers
        if timers and timers[0][0] < self._wake:
            self._wake = timers[0][0]
        out = self._out
        if out:
            self._out = []
            return out
        return _NOTHING

    def _link(self, event: FeedUp | FeedDown) -> None:
        """A connection was lost or came back: a person is told once of each."""
        down = self.state.down
        if isinstance(event, FeedDown):
            known, down[event.feed] = event.feed in down, event.reason
            if not known:
                self._emit(Alert(self.state.now, "feed", f"{event.feed} down: {event.reason or 'link lost'}"))
        elif down.pop(event.feed, None) is not None:
            self._emit(Alert(self.state.now, "feed", f"{event.feed} up again"))

    @property
    def version(self) -> str:
        """The strategy version the desk goes by first."""
        strategies = self.gate.limits.strategies
        return strategies[0] if strategies else ""

    def rewind(self, now: int) -> None:
        """Time was ahead, and is ``now`` (ns UTC) after all: see `cockpit.engine.restart.rewound`."""
        rewound(self.state, now, self.config.beat_ns)
        self.pricer.forget()
        self.pairs.again()
        self.leads.forget()
        self._set_wake()

    def opening(self) -> bytes:
        """The whole state in its canonical encoding; `Engine(config, restore(...))` goes on from it exactly."""
        return msgspec.json.encode(self.state)

    def finish(self) -> list[Effect]:
        """Run what is due at the present time and hand out what is left; for the end of an input."""
        self._advance(self.state.now)
        out, self._out = self._out, []
        return out

    # ------------------------------------------------------------------ time

    def _advance(self, ts: int) -> None:
        """Fire timers and the beat that fall due up to ``ts``."""
        state = self.state
        beat = ts // self.config.beat_ns
        if beat > state.beat:
            self._begin(beat * self.config.beat_ns)
            self._fire(beat * self.config.beat_ns)
            state.now = max(state.now, beat * self.config.beat_ns)
            before, state.beat = state.beat, beat
            self.pricer.beat(self._emit)
            self.leads.beat()
            self.spreads.beat(before)
            self.lanes.beat()
            self.legs.beat()
            if before * self.config.beat_ns // SECOND != beat * self.config.beat_ns // SECOND:
                self.leads.second()
                self.tickets.recheck()
                self.legs.second()
                self.wheel.watch()
            if before * self.config.beat_ns // _MINUTE != beat * self.config.beat_ns // _MINUTE:
                forget(self.state, self.pricer, self.pairs)
                self.leads.minute()
            if self.on_beat is not None:
                self.on_beat()
        self._fire(ts)
        self._set_wake()

    def _begin(self, now: int) -> None:
        """Lanes of this run that are on run from their first beat."""
        for name in self.running:
            lane = self.state.lanes[name]
            if lane.on and not lane.failed:
                lane.begin(now)

    def _fire(self, until: int) -> None:
        """Fire timers due up to ``until``, each at its own time."""
        timers = self.state.timers
        while timers and timers[0][0] <= until:
            due, _, kind, what = heapq.heappop(timers)
            if due > self.state.now:
                self.state.now = due
            self._timer(kind, what)

    def _timer(self, kind: str, what: str) -> None:
        match kind:
            case "mark":
                self.orders.mark(what)
            case "live":
                self.orders.go_live(what)
            case "expire":
                self.orders.cancel(what, "expired")
            case "cancel":
                self.orders.cancel(what, "cancelled")
            case "reduce":
                name, _, qty = what.rpartition(" ")
                self.orders.reduce(name, int(qty))
            case "close":
                self.listings.close(what)
            case "clear":
                self.listings.clear(what)
            case "doubt":
                self.books.still_in_doubt(what)
            case "ticket":
                self.tickets.expire(what)
            case "mirror":
                self.tickets.mirror(what)
            case "lease":
                self.wheel.lease_due()
            case "away":
                self.wheel.away_due()
            case _:
                assert_never(kind)  # type: ignore[arg-type]  # kinds are written in this package only

    def _set_wake(self) -> None:
        timers = self.state.timers
        beat = (self.state.beat + 1) * self.config.beat_ns
        self._wake = min(beat, timers[0][0]) if timers else beat

    def _emit(self, effect: Effect) -> None:
        self._out.append(effect)


def restore(opening: bytes) -> State | None:
    """The state an opening tells, or None for an empty one (``null``).

    Raises:
        msgspec.ValidationError: when it is not an opening of this program's.
    """
    return msgspec.json.decode(opening, type=State | None)
