"""What counts for a verdict, and in which order: nobody's results decide either."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.units import SECOND
from cockpit.engine.counted import NOBODY, PATIENCE_NS, Told, counted
from cockpit.engine.scorecard import Outcome, Score
from cockpit.models.verdicts import CANNOT_TELL, judge

HOUR = 3_600 * SECOND
RUNS = ((0, 0),)


def outcome(net, due, began=None, last=None, *, whole=True):
    began = due - HOUR if began is None else began
    return Outcome(
        10, 0.0, net, whole=whole, began_ns=began, last_ns=last or began, due_ns=due, settled_ns=due
    )


def waits(due):
    return Score(began_ns=due - HOUR, last_ns=due - HOUR, due_ns=due)


def lane(results, waiting=(), stints=RUNS):
    return Told({f"e{due}": outcome(net, due * HOUR) for due, net in results.items()},
                {f"e{due}": waits(due * HOUR) for due in waiting}, stints)  # fmt: skip


def nets(a, b=NOBODY, now=100, **how):
    return [(each.a, each.b) for each in counted(a, b, now * HOUR, **how)]


def test_events_come_in_the_order_they_were_to_close():
    a, b = lane({3: 3.0, 1: 1.0}), lane({2: -2.0, 3: 5.0})
    assert nets(a, b) == [(1.0, 0.0), (0.0, -2.0), (3.0, 5.0)]
    assert nets(a) == [(1.0, 0.0), (3.0, 0.0)]
    assert nets(NOBODY) == []


def test_what_has_not_settled_holds_back_what_was_to_close_after_it():
    a, b = lane({1: 1.0, 3: 3.0}, waiting=[2]), lane({4: 4.0})
    assert nets(a, b, now=5) == [(1.0, 0.0)]
    assert nets(b, a, now=5) == [(0.0, 1.0)]
    assert nets(a, b, now=2 + PATIENCE_NS // HOUR) == [(1.0, 0.0)]
    assert nets(a, b, now=3 + PATIENCE_NS // HOUR) == [(1.0, 0.0), (3.0, 0.0), (0.0, 4.0)]
    assert nets(a, b, now=5, over=True) == [(1.0, 0.0), (3.0, 0.0), (0.0, 4.0)]


def test_an_event_one_still_waits_for_is_no_result_of_the_other():
    a, b = lane({2: 9.0}), lane({}, waiting=[2])
    assert nets(a, b, now=3) == []
    assert nets(a, b, now=3, over=True) == []


@pytest.mark.parametrize(
    ("stints", "found"),
    [
        (((0, 0),), [1.0, 2.0, 3.0]),
        (((HOUR, 0),), [2.0, 3.0]),
        (((0, HOUR),), [1.0, 2.0]),
        (((0, HOUR // 2), (3 * HOUR // 2, 0)), [1.0, 3.0]),
        ((), []),
    ],
)
def test_lanes_are_compared_only_on_what_happened_while_both_ran(stints, found):
    """Each event is traded in the hour before it closes: e1 at 0, e2 at 1, e3 at 2."""
    a, b = lane({1: 1.0, 2: 2.0, 3: 3.0}), Told({}, {}, stints)
    assert [mine for mine, _ in nets(a, b)] == found


def test_half_an_event_is_none():
    a = Told({"e": outcome(5.0, HOUR, whole=False), "f": outcome(1.0, 2 * HOUR)}, {}, RUNS)
    assert nets(a, lane({})) == [(1.0, 0.0)]
    assert nets(lane({}), a) == [(0.0, 1.0)]


def test_what_settles_late_when_it_loses_makes_no_verdict():
    """Equal versions; losses take hours longer to settle, and somebody always looks."""
    rng, false = np.random.default_rng(3), 0
    for _ in range(60):
        won = rng.random(150) < 0.5
        heard = [i + (0 if win else int(rng.integers(15, 45))) for i, win in enumerate(won)]
        said = set()
        for now in range(20, 200, 6):
            known = {i: (20.0 if won[i] else -20.0) for i in range(150) if i < now and heard[i] <= now}
            open_ = [i for i in range(min(now, 150)) if i not in known]
            said.add(judge([a for a, _ in nets(lane(known, open_), now=now)]).state)
        false += not said <= CANNOT_TELL
    assert false / 60 <= 0.05


@given(
    st.dictionaries(st.integers(1, 40), st.floats(-50, 50)), st.sets(st.integers(1, 40)), st.integers(0, 48)
)
def test_what_has_been_counted_stays_in_its_place(results, late, now):
    """Whatever settles next is put at the end."""
    early = {due: net for due, net in results.items() if due not in late}
    waiting = [due for due in results if due in late]
    before = nets(lane(early, waiting), now=now)
    assert nets(lane(results), now=now)[: len(before)] == before
