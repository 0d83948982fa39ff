"""The beat: each market that changed is put into one snap, and each lane's strategies decide on it.

What becomes of a decision depends on whose it is:

    a shadow lane          its orders are sent and taken back
    the desk               places become proposals; taking risk back needs no approval
    mirror and what-if     they hold what was approved; only what is taken back is carried out
"""

from collections.abc import Callable, Sequence

import msgspec

from cockpit.domain.effects import Effect, LaneFailed, OrderRejected
from cockpit.engine.config import DESK, MIRROR, WHAT_IF, EngineConfig
from cockpit.engine.gate import Gate
from cockpit.engine.orders import Orders
from cockpit.engine.proposals import Proposals
from cockpit.engine.risk import Refused
from cockpit.engine.snaps import Snaps
from cockpit.engine.state import Lane, MarketState, State
from cockpit.engine.terms import Terms
from cockpit.strategies.base import Cancel, Intent, Place, Snap, Strategy
from cockpit.strategies.edges import fair_edge
from cockpit.strategies.mentions import YesBias
from cockpit.strategies.nba import GameRule
from cockpit.strategies.versions import known
from cockpit.strategies.versions import version as named

GAME, PHRASE = "game", "phrase"
LOOK_AGAIN = 4
"""Beats after which a market we have something in is looked at even if nothing changed: time passes too."""


class Lanes:
    """Runs the strategies of all lanes on the beat."""

    def __init__(
        self,
        state: State,
        config: EngineConfig,
        orders: Orders,
        gate: Gate,
        snaps: Snaps,
        proposals: Proposals,
        emit: Callable[[Effect], None],
    ) -> None:
        self._state = state
        self._config = config
        self._orders = orders
        self._gate = gate
        self._snaps = snaps
        self._proposals = proposals
        self._emit = emit
        self._shadows: list[tuple[Lane, str, Strategy, str]] = []
        """With what a market must have for it: a game, or a phrase."""
        for lane in state.lanes.values():
            if lane.strategy and lane.name in gate.caps:
                strategy = named(lane.strategy)
                self._shadows.append((lane, lane.strategy, strategy, _needs(strategy)))
        self.staff(gate.limits.strategies)
        for lane in state.lanes.values():
            _recall(lane)

    def staff(self, versions: Sequence[str]) -> None:
        """Let these versions propose for the desk."""
        self._desk = [(name, named(name)) for name in versions]

    def beat(self) -> None:
        """Decide once on every market that changed since the last beat."""
        self._snaps.begin()
        changed, self._state.changed = self._state.changed, []
        heard, markets = self._state.heard, self._state.markets
        for ticker in changed:
            m = markets[ticker]
            if m.market.venue not in self._config.polled:  # one polled book says nothing of another
                heard[m.market.venue] = max(heard.get(m.market.venue, 0), m.book_ns)
        again = self._look_again() if self._state.beat % LOOK_AGAIN == 0 else {}
        for ticker in changed:
            m = markets[ticker]
            m.changed = False
            again.pop(ticker, None)
            self._market(m, None)
        for ticker, lanes in again.items():
            self._market(markets[ticker], lanes)

    def _market(self, m: MarketState, only: set[str] | None) -> None:
        """One market's snap for all lanes, or only for some."""
        if not (self._shadows or self._desk) or not m.tradable:
            return
        snap = self._snaps.snap(m)
        for lane, version, strategy, needs in self._shadows:
            if needs and (snap.game if needs == GAME else snap.phrase) is None:
                continue
            if lane.on and (only is None or lane.name in only):
                self._decide(lane, version, strategy, snap, self._carry_out)
        for version, strategy in self._desk:
            self._desk_beat(version, strategy, snap, only)

    def _desk_beat(self, version: str, strategy: Strategy, snap: Snap, only: set[str] | None) -> None:
        """The desk's strategies, and those lanes that hold what was approved."""
        lanes = self._state.lanes
        desk = lanes[DESK]
        if desk.on and (only is None or DESK in only):
            self._decide(desk, version, strategy, snap, self._propose)
        for name in (MIRROR, WHAT_IF):
            lane = lanes.get(name)
            if lane is not None and lane.on and self._orders.here.get((name, snap.market.ticker)):
                self._follow(lane, version, strategy, snap)

    def _look_again(self) -> dict[str, set[str]]:
        """Markets that lanes have something in, and which lanes: nobody's orders make another look."""
        found: dict[str, set[str]] = {}
        for lane in self._state.lanes.values():
            for ticker in lane.working.values():
                found.setdefault(ticker, set()).add(lane.name)
        for ticket in self._state.tickets.values():
            found.setdefault(ticket.market, set()).add(DESK)
        for wish in self._state.wishes:
            found.setdefault(wish.split(" ")[1], set()).add(DESK)
        return dict(sorted(found.items()))

    def _decide(
        self,
        lane: Lane,
        version: str,
        strategy: Strategy,
        snap: Snap,
        then: Callable[[Lane, str, Snap, Sequence[Intent]], None],
    ) -> None:
        ticker = snap.market.ticker
        key = f"{version} {ticker}"
        memory = lane.memory.get(key)
        if memory is None:
            memory = strategy.memory()
        try:
            lane.memory[key], intents = strategy.decide(snap, self._snaps.mine(lane, version, ticker), memory)
            _ = len(intents)
        except Exception as error:  # noqa: BLE001  a bug in one strategy must not stop the others
            self._fail(lane, error)
            return
        then(lane, version, snap, intents)

    def _follow(self, lane: Lane, version: str, strategy: Strategy, snap: Snap) -> None:
        """Ask a desk strategy, as the desk remembers the market, about what another lane holds."""
        ticker = snap.market.ticker
        memory = self._state.lanes[DESK].memory.get(f"{version} {ticker}")
        if memory is None:
            return
        try:
            _, intents = strategy.decide(snap, self._snaps.mine(lane, version, ticker), memory)
        except Exception as error:  # noqa: BLE001  as above
            self._fail(lane, error)
            return
        self._take_back(lane, version, snap, intents)

    # ------------------------------------------------------------------ what becomes of a decision

    def _propose(self, _: Lane, version: str, snap: Snap, intents: Sequence[Intent]) -> None:
        self._proposals.take(version, snap, intents)

    def _take_back(self, lane: Lane, version: str, snap: Snap, intents: Sequence[Intent]) -> None:
        """An order that is only wanted elsewhere stays where it was approved, as long as it has an edge there."""
        moved = {intent.side for intent in intents if isinstance(intent, Place)}
        for intent in intents:
            order = self._orders.index.get(intent.order) if isinstance(intent, Cancel) else None
            if order is None or not isinstance(intent, Cancel):
                continue
            if order.side not in moved or self._proposals.spent(order, snap, version):
                self._cancel(lane, intent)

    def _carry_out(self, lane: Lane, version: str, snap: Snap, intents: Sequence[Intent]) -> None:
        for intent in intents:
            match intent:
                case Place():
                    self._place(lane, version, snap, intent)
                case Cancel():
                    self._cancel(lane, intent)

    def _place(self, lane: Lane, version: str, snap: Snap, place: Place) -> None:
        if place.qty < snap.market.least:
            return  # the venue takes no order so small: nothing was proposed
        ticker = snap.market.ticker
        lane.metrics.tickets += 1
        claim = 0.0
        if snap.fair is not None:
            odds = self._snaps.odds(lane, version)
            claim = fair_edge(snap.fair, snap.fees, place.side, place.price, odds).edge
        terms = Terms(
            lane.name, ticker, place.side, place.price, place.qty, place.ttl_ns,
            strategy=version, claim=claim,
        )  # fmt: skip
        qty, cap = self._gate.fit(terms)
        terms = msgspec.structs.replace(terms, qty=qty) if qty else terms
        answer = self._gate.place(terms) if qty else Refused(cap)
        if isinstance(answer, Refused):
            lane.metrics.rejected += 1
            self._emit(OrderRejected(self._state.now, lane.name, "", ticker, answer.reason))

    def _cancel(self, lane: Lane, intent: Cancel) -> None:
        order = self._orders.index.get(intent.order)
        if order is not None and order.lane == lane.name:
            self._orders.request_cancel(order, intent.reason.code)

    def _fail(self, lane: Lane, error: Exception) -> None:
        """Switch a lane off, say why, and take its orders back."""
        lane.on = False
        lane.failed = f"{type(error).__name__}: {error}"
        lane.end(self._state.now)
        self._emit(LaneFailed(self._state.now, lane.name, lane.failed))
        if lane.name == DESK:
            self._proposals.withdraw_all("lane failed")
        for order in self._gate.own(lane.name):
            self._orders.request_cancel(order, "lane failed")


def _needs(strategy: Strategy) -> str:
    """What a market must have for a version that looks at nothing else; empty for the others."""
    return GAME if isinstance(strategy, GameRule) else PHRASE if isinstance(strategy, YesBias) else ""


def _recall(lane: Lane) -> None:
    """Give a restored lane's memories their own types again."""
    for key, memory in lane.memory.items():
        name = key.partition(" ")[0]
        if known(name):
            lane.memory[key] = msgspec.convert(memory, named(name).memory)
