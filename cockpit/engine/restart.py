"""What a stored state becomes when a new run takes it up.

While nobody looked the venue went on, so nothing shown before is believed:

    books        in doubt as RESTARTED until the next snapshot, which clamps the queues (never resets them)
    last mids    not known in a market that was open: a mark-out that fell due meanwhile is missing, not a stale one
    links        not known to be down: they are made anew
    ends         of orders and markets wait for a moment, so that prints fetched from the time between can fill them;
                 a print from after an order's own end does not
    limits       those of the settings, which a person may have changed since
    the rest     as it was: money, positions, fee rounding, counters, memories, queues, timers, the kill flag

Other timers that fell due meanwhile fire on the first input, each at its own time, as they would have: an order that
was on its way arrives at a book nobody knows and is refused. This doubt sets no timer of its own: how long feeds take
to come up says nothing of the orders, which wait as long as they live.
"""

import heapq

from msgspec.structs import replace

from cockpit.engine.orders import GRACE_NS
from cockpit.engine.queue import GHOST, Own
from cockpit.engine.shelf import Shelf
from cockpit.engine.state import MarketState, State, Timer
from cockpit.engine.tracks import Board
from cockpit.engine.words import Words

RESTARTED = "restarted"
"""Why books are in doubt."""
WORDS = {"expire": "expired", "cancel": "cancelled", "close": "market closed"}
ENDS = frozenset(WORDS)
VENUES = frozenset(("close", "clear"))
"""Timers that go by the venue's time, not by ours."""


def resume(state: State, now: int) -> State:
    """The state a new run starts from.

    Args:
        state: as it was stored. Most of it is shared with the result, and orders learn when they ended: use the result.
        now: ns UTC; a clock behind the state's own time counts as that time.
    """
    since = max(now, state.now)
    markets = {
        name: replace(m, doubt=RESTARTED, doubt_ns=since, crossed_ex=0, mid2=m.mid2 if m.closed else None)
        for name, m in state.markets.items()
    }
    resting = any(m.rest.levels for m in markets.values())
    _note_ends(state, since)
    timers = [_later(each, since) for each in state.timers] if resting else list(state.timers)
    heapq.heapify(timers)
    return replace(state, markets=markets, down={}, timers=timers, limits=None)


def _note_ends(state: State, since: int) -> None:
    """Orders whose end fell due while nobody looked: nothing later than that end fills them."""
    ends: dict[str, tuple[int, str]] = {}
    for due, _, kind, what in state.timers:
        if kind in ENDS and due <= since:
            ends[what] = min(ends.get(what, (due, WORDS[kind])), (due, WORDS[kind]))
    for name, m in state.markets.items():
        for order in m.rest.orders():
            found = min((ends[key] for key in (order.id, name) if key in ends), default=None)
            if found is not None and order.lane != GHOST:
                order.until_ns = order.until_ns or found[0]
                order.end = order.end or found[1]


def _later(timer: Timer, since: int) -> Timer:
    """An end that fell due while nobody looked comes a moment after the new run began."""
    due, number, kind, what = timer
    return (since + GRACE_NS, number, kind, what) if kind in ENDS and due <= since else timer


def rewound(state: State, now: int, beat_ns: int) -> None:
    """Set a state back in time: it was kept by a clock that was ahead. It is changed in place.

    What is due is due as much later than now as it was; what was known of prices is of a time that has not come, and
    is forgotten; money, positions, counters and memories stay.
    """
    ahead = state.now - now
    state.now, state.beat = now, now // beat_ns
    ours = [timer for timer in state.timers if timer[2] not in VENUES]
    state.timers = [(due - ahead, number, kind, what) for due, number, kind, what in ours]
    for name, m in state.markets.items():
        _open_again(state, name, m, now)
    heapq.heapify(state.timers)
    for m in state.markets.values():
        m.doubt, m.doubt_ns, m.crossed_ex, m.mid2 = RESTARTED, now, 0, None
        m.book_ns, m.settled_ns, m.quote = 0, max(0, m.settled_ns - ahead), None
        m.fair, m.stale, m.nearest = None, False, False
        m.rest.ex = m.rest.whole_ns = 0
        for order in m.rest.orders():
            _set_back(order, ahead)
    for order in state.sent.values():
        _set_back(order, ahead)
    state.underlyings.clear()
    state.board, state.words, state.shelf = Board(), Words(), Shelf()
    state.skies.restart()
    state.heard.clear()
    state.quiet.clear()
    state.wishes.clear()
    state.cross.rewind(ahead)
    state.seen_ns = max(0, state.seen_ns - ahead)
    if state.lease is not None:
        state.lease.until_ns -= ahead


def _open_again(state: State, name: str, m: MarketState, now: int) -> None:
    """The venue's own times are right: what has not closed yet is open, and closes when it does."""
    m.closed = m.settled is not None or 0 < m.market.close_ns <= now
    for due, kind in ((m.market.close_ns, "close"), (m.market.clear_ns, "clear")):
        if due > now:
            state.numbered += 1
            state.timers.append((due, state.numbered, kind, name))


def _set_back(order: Own, ahead: int) -> None:
    order.sent_ns -= ahead
    order.live_ns = max(0, order.live_ns - ahead)
    order.expires_ns = max(0, order.expires_ns - ahead)
    order.live_ex = 0
