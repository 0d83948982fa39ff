"""What an onlooker keeps of a run: notes, fills with their mark-outs, chart points, orders that have ended.

Nothing here is state: the engine decides the same with or without it, and a restart begins with empty pages.
"""

from collections import deque
from collections.abc import Sequence

from cockpit.domain.effects import (
    Alert,
    AwayBegan,
    AwayEnded,
    CommandDone,
    CommandRefused,
    DoubtRaised,
    Effect,
    LaneFailed,
    LeaseBegan,
    LeaseEnded,
    LimitSet,
    MarketBooked,
    OrderCancelled,
    OrderFilled,
    OrderPlaced,
    OrderRejected,
    RiskHalt,
    RiskResumed,
    TicketDecided,
    TicketExpired,
    TicketRaised,
    TicketWithdrawn,
)
from cockpit.domain.units import MONEY, PRICE, QTY, SECOND
from cockpit.domain.view import FillView, Note, Point
from cockpit.engine.answers import amount, outcome
from cockpit.engine.config import DESK, MIRROR, WHAT_IF
from cockpit.engine.curves import Curves
from cockpit.engine.engine import Engine
from cockpit.engine.labels import market_label
from cockpit.engine.metrics import HORIZONS
from cockpit.engine.state import MarketState

KEEP_NOTES = 100
KEEP_FILLS = 200
KEEP_POINTS = 900
"""A quarter of an hour, one a second."""
LABEL = 30
"""Letters of a market's name in an alert that must be read whole at 80 columns."""
MINE = (DESK, WHAT_IF)
"""Lanes a person acts in."""
DONE = {
    "Acknowledge": "pair", "ConfirmPair": "pair", "RefusePair": "pair", "Reject": "ticket", "Edit": "edit", "SetLane": "lane",
}  # fmt: skip
"""Kinds of notes of what a person did, by command."""


class _Fill:
    """A fill that waits for its mark-outs."""

    def __init__(self, view: FillView) -> None:
        self.view = view
        self.marks: list[int | None] = [None, None, None]
        self.due = 0


class Watch:
    """Looks on at one engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._notes: deque[Note] = deque(maxlen=KEEP_NOTES)
        self._n = 0
        self._fills: deque[_Fill] = deque(maxlen=KEEP_FILLS)
        self._points: dict[str, deque[Point]] = {}
        self._second = 0
        self.curves = Curves(engine)
        """Games' chances over time."""
        engine.on_beat = self._beat

    @property
    def notes(self) -> tuple[Note, ...]:
        """Oldest first."""
        return tuple(self._notes)

    def points(self, market: str) -> tuple[Point, ...]:
        """A market's chart, oldest first."""
        return tuple(self._points.get(market, ()))

    def fills(self, lane: str) -> tuple[FillView, ...]:
        """A lane's fills that count, newest first."""
        out = []
        for fill in reversed(self._fills):
            if fill.view.lane == lane:
                one, ten, sixty = fill.marks
                out.append(_with_marks(fill.view, (one, ten, sixty)))
        return tuple(out)

    # ------------------------------------------------------------------ looking on

    def take(self, effects: Sequence[Effect]) -> None:
        """Note what a run of effects means to a person."""
        for effect in effects:
            if isinstance(effect, OrderFilled):
                if effect.counts and effect.lane in (DESK, WHAT_IF, MIRROR):
                    self._fill(effect)
            else:
                told = self._told(effect)
                if told is not None:
                    kind, text, market, loud = told
                    self._note(effect.ts, kind, text, market, loud=loud)

    def _told(self, effect: Effect) -> tuple[str, str, str, bool] | None:
        """Kind, text, market, and whether it is worth a bell; None for what only machines need."""
        match effect:
            case TicketRaised():
                text = f"{effect.ticket} {effect.strategy} {_terms(effect)} {self._label(effect.market)}"
                return ("ticket", text, effect.market, True) if effect.rev == 1 else None
            case TicketWithdrawn(_, ticket, reason):
                return "ticket", f"{ticket} withdrawn: {reason}", "", False
            case TicketExpired(_, ticket):
                return "ticket", f"{ticket} expired", "", False
            case TicketDecided(_, ticket, decision, by, waited):
                return "ticket", f"{ticket} {decision} by {by} after {waited / SECOND:.1f} s", "", False
            case OrderPlaced() if effect.lane == WHAT_IF or (effect.lane == DESK and not effect.ticket):
                return (
                    "order",
                    f"{effect.order} {_terms(effect)} {self._label(effect.market)} sent",
                    effect.market,
                    False,
                )
            case OrderCancelled(_, lane, order, market, reason, _) if lane in MINE:
                return "order", f"{order} {self._label(market)} cancelled: {reason}", market, False
            case OrderRejected(_, lane, order, market, reason) if lane in MINE:
                return "refused", f"{order or 'order'} refused: {reason}", market, True
            case CommandRefused(_, command, reason, _, _):
                return "refused", f"{command}: {reason}", "", False
            case CommandDone():
                return self._done(effect)
            case DoubtRaised(_, market, reason) if self._held(market):
                return "doubt", f"{self._label(market)}: book in doubt, {reason}", market, True
            case MarketBooked(_, lane, market, state, value, pnl) if lane in MINE:
                text = f"{self._label(market)} {state} at {value / 100:g}c: {pnl / MONEY:+.2f}"
                return "settled", text, market, False
            case RiskHalt(_, reason):
                return "halt", reason, "", True
            case RiskResumed():
                return "halt", "approvals go on", "", False
            case LaneFailed(_, lane, error):
                return "lane", f"{lane} is off: {error}", "", True
            case Alert(_, "naked", text):
                market, words = self._naked(text)
                return "naked", words, market, True
            case Alert(_, kind, text):
                return kind, text, "", True
            case LeaseBegan(_, ticks, risk, until):
                left = (until - effect.ts) / SECOND / 60
                return "lease", f"{left:g} min, {ticks} ticks, {risk / MONEY:,.2f} at risk", "", False
            case LeaseEnded(_, reason):
                return "lease", f"ended: {reason}", "", False
            case LimitSet(_, name, was, now):
                return "limit", f"{name} {was} -> {now}", "", False
            case AwayBegan():
                return "away", "nobody at the wheel: desk orders are cancelled", "", True
            case AwayEnded():
                return "away", "back at the wheel", "", False
            case _:
                return None

    def _done(self, effect: CommandDone) -> tuple[str, str, str, bool]:
        """What a person did, in a kind of its own; a pair goes by the name of its first market."""
        command, _, target = effect.command.partition(" ")
        kind = DONE.get(command, "done")
        if kind == "pair":
            found = self._engine.pairs.found.values()
            market = next((pair.a for pair in found if target in (pair.name, pair.key)), "")
            return kind, f"{self._label(market) if market else target} {effect.what}", market, False
        label = f" {self._label(effect.market)}" if effect.market else ""
        return kind, f"{effect.what}{label}", effect.market, False

    def _fill(self, effect: OrderFilled) -> None:
        order = self._engine.orders.index.get(effect.order)
        entry = order.entry_ahead if order is not None else 0
        label = self._label(effect.market)
        self._fills.append(
            _Fill(
                FillView(
                    effect.ts, effect.order, effect.lane, effect.market, label, effect.side, effect.price,
                    effect.qty, effect.cause, effect.rule, entry, effect.fee, gap=effect.gap,
                )
            )
        )  # fmt: skip
        if effect.lane in MINE:
            text = f"{effect.order} {_terms(effect)} {label} ({effect.cause})"
            self._note(effect.ts, "fill", text, effect.market, loud=True)

    def _beat(self) -> None:
        """Mark-outs that fell due, and once a second a point for each chart."""
        now = self._engine.state.now
        for fill in self._fills:
            while fill.due < len(HORIZONS) and now >= fill.view.ts + HORIZONS[fill.due]:
                m = self._engine.state.markets.get(fill.view.market)
                mid2 = m.mid2 if m is not None else None
                fill.marks[fill.due] = None if mid2 is None else fill.view.side * (mid2 - 2 * fill.view.price)
                fill.due += 1
        second = now // SECOND
        if second != self._second:
            self._second = second
            self.curves.second(second)
            if second % 60 == 0:
                self._forget_closed()
            for ticker, m in self._engine.state.markets.items():
                if m.has_book and not m.closed and (m.fair is not None or self._held(ticker)):
                    self._point(ticker, m)

    def _forget_closed(self) -> None:
        """Charts of markets that have settled and that nobody holds."""
        markets = self._engine.state.markets
        for ticker in list(self._points):
            m = markets.get(ticker)
            if m is None or (m.settled is not None and not self._held(ticker)):
                del self._points[ticker]

    def _point(self, ticker: str, m: MarketState) -> None:
        points = self._points.get(ticker)
        if points is None:
            points = self._points[ticker] = deque(maxlen=KEEP_POINTS)
        fair, book = m.fair, m.book
        ask = book.ask if book.ask < PRICE else 0
        now = self._engine.state.now
        if fair is None:
            points.append(Point(now, book.bid, ask))
        else:
            points.append(Point(now, book.bid, ask, fair.low, fair.mid, fair.high))

    # ------------------------------------------------------------------ words

    def _note(self, ts: int, kind: str, text: str, market: str, *, loud: bool) -> None:
        self._n += 1
        self._notes.append(Note(self._n, ts, kind, text, market, loud))

    def _naked(self, text: str) -> tuple[str, str]:
        """The market of the leg that stands alone, and an alert about it with that market's name first."""
        name, _, rest = text.partition(" ")
        trade = self._engine.state.cross.trades.get(name.rstrip(":"))
        if trade is None:
            return "", text
        market = trade.markets[trade.lead]
        label = self._label(market)[:LABEL]
        if not rest.startswith("NAKED"):
            return market, f"{label}: {rest}"
        side, price = outcome(trade.sides[trade.lead]), trade.average(trade.lead) / 100
        return market, f"NAKED {trade.naked / QTY:g} {side} {label} @{price:g}: a hedge, u unwind"

    def _label(self, market: str) -> str:
        m = self._engine.state.markets.get(market)
        return market_label(m.market, self._engine.state.now) if m is not None else market

    def _held(self, market: str) -> bool:
        """Whether a person has anything in a market."""
        for name in MINE:
            lane = self._engine.state.lanes.get(name)
            if lane is not None:
                held = lane.account.positions.get(market)
                if (held is not None and held.qty) or market in lane.working.values():
                    return True
        return False


def _terms(effect: TicketRaised | OrderFilled | OrderPlaced) -> str:
    """BUY YES 100 @ 86c: a YES sale is shown as the NO it buys."""
    return f"BUY {outcome(effect.side)} {amount(effect.side, effect.price, effect.qty)}"


def _with_marks(view: FillView, marks: tuple[int | None, int | None, int | None]) -> FillView:
    return FillView(
        view.ts, view.order, view.lane, view.market, view.label, view.side, view.price, view.qty, view.cause,
        view.rule, view.entry_ahead, view.fee, marks, view.gap,
    )  # fmt: skip
