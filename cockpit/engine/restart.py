"""What a stored state becomes when a new run takes it up.

While nobody looked the venue went on, so nothing shown before is believed:

    books        in doubt as RESTARTED until the next snapshot, which clamps the queues (never resets them)
    last mids    not known in a market that was open: a mark-out that fell due meanwhile is missing, not a stale one
    links        not known to be down: they are made anew
    ends         of orders and markets wait for a moment, so that prints fetched from the time between can fill them;
                 a print from after an order's own end does not
    the rest     as it was: money, positions, fee rounding, counters, memories, queues, timers, the kill flag

Other timers that fell due meanwhile fire on the first input, each at its own time, as they would have: an order that
was on its way arrives at a book nobody knows and is refused. This doubt sets no timer of its own: how long feeds take
to come up says nothing of the orders, which wait as long as they live.
"""

import heapq

from msgspec.structs import replace

from cockpit.domain.units import SECOND
from cockpit.engine.state import State, Timer

RESTARTED = "restarted"
"""Why books are in doubt."""
GRACE_NS = 10 * SECOND
"""How long ends that fell due meanwhile wait for prints from the time between."""
ENDS = frozenset(("expire", "cancel", "close"))


def resume(state: State, now: int) -> State:
    """The state a new run starts from.

    Args:
        state: as it was stored. It is not changed, but most of it is shared with the result, so use one of them.
        now: ns UTC; a clock behind the state's own time counts as that time.
    """
    since = max(now, state.now)
    markets = {
        name: replace(m, doubt=RESTARTED, doubt_ns=since, crossed_ex=0, mid2=m.mid2 if m.closed else None)
        for name, m in state.markets.items()
    }
    resting = any(m.rest.levels for m in markets.values())
    timers = [_later(each, since) for each in state.timers] if resting else list(state.timers)
    heapq.heapify(timers)
    return replace(state, markets=markets, down={}, timers=timers)


def _later(timer: Timer, since: int) -> Timer:
    """An end that fell due while nobody looked comes a moment after the new run began."""
    due, number, kind, what = timer
    return (since + GRACE_NS, number, kind, what) if kind in ENDS and due <= since else timer
