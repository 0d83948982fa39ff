"""What a stored state becomes when a new run takes it up.

While nobody looked the venue went on, so nothing shown before is believed:

    books        in doubt as RESTARTED until the next snapshot, which clamps the queues (never resets them)
    last mids    not known in a market that was open: a mark-out that fell due meanwhile is missing, not a stale one
    links        not known to be down: they are made anew
    the rest     as it was: money, positions, fee rounding, counters, memories, queues, timers, the kill flag

Timers that fell due meanwhile fire on the first input, each at its own time, as they would have: an order that has
run out ends then, and one that was on its way arrives at a book nobody knows and is refused. This doubt sets no
timer of its own: how long feeds take to come up says nothing of the orders, which wait as long as they live.
"""

from msgspec.structs import replace

from cockpit.engine.state import State

RESTARTED = "restarted"
"""Why books are in doubt."""


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
    return replace(state, markets=markets, down={})
