"""Who leads whom: what two venues' middles do is noted for every pair on the beat, and tested for each series.

Times are receive times on our one clock: what matters is what could have been acted on here. Their error is taken to be
`EngineConfig.clock_error_ns`. A test works on a copy of what was noted and is due a fixed time after it began, so that
a run that is taken up from its opening comes to the same result on the same beat.
"""

from bisect import bisect_left
from math import log
from statistics import median

import msgspec

from cockpit.domain.units import PRICE, SECOND
from cockpit.engine.config import EngineConfig
from cockpit.engine.cross import Basis, Moved, Testing
from cockpit.engine.pairs import Pair, Pairs
from cockpit.engine.spreads import Spreads
from cockpit.engine.state import MarketState, State
from cockpit.models.leads.gate import evidence, gate
from cockpit.models.leads.record import LeadRecord
from cockpit.models.leads.trial import LeadResult, LeadTest
from cockpit.strategies.base import Lead

BASIS_NS = 1_800 * SECOND
SAMPLE_NS = 10 * SECOND
"""A basis is the median of a sample every ten seconds of the last half hour."""
FEW = 50
"""Samples a basis needs."""
TEST_NS = 120 * SECOND
"""How long a test may take."""
STEPS = 3
"""Slices of a test done on a beat, of a millisecond or two each: the longest is done within `TEST_NS`."""
AGAIN_NS = 6 * 3_600 * SECOND
"""A series is tested anew this long after its last result."""
STAYS = 7 * PRICE // 10
"""How far from one half, as twice a middle, a pair may be and stay the one that is noted."""
KAPPA = 0.5
"""How much of a gap the follower is taken to close, until it has been estimated."""


class Leads:
    """Notes, tests and tells, over the engine's state."""

    def __init__(self, state: State, config: EngineConfig, pairs: Pairs, spreads: Spreads) -> None:
        self._state = state
        self._config = config
        self._pairs = pairs
        self._spreads = spreads
        self._trial: LeadTest | None = None

    def beat(self) -> None:
        """See which middles moved, note those of one confirmed pair of each series, and do a slice of a test."""
        for name in self._pairs.names:
            pair = self._pairs.found[name]
            a, b = self._state.markets[pair.a], self._state.markets[pair.b]
            if _live(a) and _live(b):
                self._note(pair, a, b)
        self._test()

    def second(self) -> None:
        """Choose which pair of each series is recorded, and work out what is missing before its lead may be followed.

        One is enough to know who leads, and one alone is heard for long: it stays while its middle is between 15 and
        85 cents, else it is the one whose middle is nearest to one half.
        """
        cross, best = self._state.cross, dict[str, tuple[int, str]]()
        for name in self._pairs.names:
            pair = self._pairs.found[name]
            if self._pairs.confirmed(pair):
                away = abs((self._state.markets[pair.a].mid2 or 0) - PRICE)
                kept = cross.chosen.get(pair.key) == name and away <= STAYS
                best[pair.key] = min(best.get(pair.key, (2 * PRICE, "")), (-1 if kept else away, name))
        cross.chosen = {key: name for key, (_, name) in best.items()}
        cross.missing = {key: self._missing(key) for key in best}

    def minute(self) -> None:
        """Forget what is over, and see whether a series is due for a test."""
        cross, now = self._state.cross, self._state.now
        found = self._pairs.found
        markets = {ticker for pair in found.values() for ticker in (pair.a, pair.b)}
        cross.moved = {ticker: each for ticker, each in cross.moved.items() if ticker in markets}
        cross.bases = {name: each for name, each in cross.bases.items() if name in found}
        cross.acknowledged = {name: gap for name, gap in cross.acknowledged.items() if name in found}
        for key in sorted(cross.leads):
            cross.leads[key].forget(now)
            if not cross.leads[key].sessions:
                del cross.leads[key]
                cross.results.pop(key, None)
        if cross.testing is None:
            due = next((key for key in sorted(cross.leads) if self._due(key)), None)
            if due is not None:
                copy = msgspec.convert(msgspec.to_builtins(cross.leads[due]), LeadRecord)
                cross.testing = Testing(due, copy, now)

    def forget(self) -> None:
        """What was worked out of times that have not come counts no more."""
        self._trial = None

    def lead(self, ticker: str) -> Lead | None:
        """What another venue says of a market now; None for one without a twin on another venue."""
        pair = self._of(ticker)
        if pair is None:
            return None
        a, b = self._state.markets[pair.a], self._state.markets[pair.b]
        moved = self._state.cross.moved
        mine, other = moved.get(pair.a), moved.get(pair.b)
        basis = self._state.cross.bases.get(pair.name)
        why = list(self.why(pair))
        if basis is None or len(basis.x) < FEW:
            why.append(f"{len(basis.x) if basis else 0} of {FEW} basis samples")
        y = 0.0
        if mine is not None and other is not None:
            y = pair.how.polarity * _logit(other.mid2) - _logit(mine.mid2)
            y -= basis.usual if basis is not None else 0.0
        found = self._state.cross.results.get(pair.key)
        bid, ask = (
            (b.book.bid, b.book.ask) if pair.how.polarity > 0 else (PRICE - b.book.ask, PRICE - b.book.bid)
        )
        return Lead(
            y=y,
            other_bid=bid,
            other_ask=ask,
            other_ns=b.book_ns,
            heard_ns=self._spreads.heard(b),
            moved_ns=other.ts if other is not None else 0,
            own_moved_ns=mine.ts if mine is not None else a.book_ns,
            lag_ns=round(found.lag_s * SECOND) if found is not None else 0,
            kappa=KAPPA,
            why=tuple(why),
        )

    def why(self, pair: Pair) -> tuple[str, ...]:
        """What is missing before a pair's lead may be followed, in words, as of the last second."""
        if not self._pairs.confirmed(pair):
            return ("pair not confirmed",)
        return self._state.cross.missing.get(pair.key, ("nothing recorded",))

    def result(self, pair: Pair) -> LeadResult | None:
        """What the last test of a pair's series found."""
        return self._state.cross.results.get(pair.key)

    # ------------------------------------------------------------------ noting

    def _note(self, pair: Pair, a: MarketState, b: MarketState) -> None:
        cross = self._state.cross
        mine, other = self._moved(a), self._moved(b)
        if not self._pairs.confirmed(pair):
            return
        y, x = _logit(mine.mid2), pair.how.polarity * _logit(other.mid2)
        self._sample(pair, x - y)
        if cross.chosen.get(pair.key) != pair.name:
            return
        record = cross.leads.get(pair.key)
        if record is None:
            record = cross.leads[pair.key] = LeadRecord(pair.key)
        record.note(pair.name, "y", mine.ts, y, self._spreads.heard(a))
        record.note(pair.name, "x", other.ts, x, self._spreads.heard(b))

    def _moved(self, m: MarketState) -> Moved:
        """A market's middle and since when it has been that."""
        mid2 = m.mid2 or PRICE
        known = self._state.cross.moved.get(m.market.ticker)
        if known is None or known.mid2 != mid2:
            known = self._state.cross.moved[m.market.ticker] = Moved(mid2, m.book_ns)
        return known

    def _sample(self, pair: Pair, x: float) -> None:
        now = self._state.now
        basis = self._state.cross.bases.setdefault(pair.name, Basis())
        if basis.ts and now - basis.ts[-1] < SAMPLE_NS:
            return
        basis.ts.append(now)
        basis.x.append(x)
        old = bisect_left(basis.ts, now - BASIS_NS)
        del basis.ts[:old], basis.x[:old]
        basis.usual = median(basis.x)

    # ------------------------------------------------------------------ testing

    def _due(self, key: str) -> bool:
        """Whether there is enough for a test, and none that is fresh."""
        record, found = self._state.cross.leads[key], self._state.cross.results.get(key)
        least = self._config.lead_gate
        if record.joint_s < least.recorded_s or min(record.n_x, record.n_y) < least.changes:
            return False
        return found is None or self._state.now - found.tested_ns >= AGAIN_NS

    def _test(self) -> None:
        """A slice of the test that runs; when it is due it is finished, whatever is left of it."""
        testing = self._state.cross.testing
        if testing is None:
            return
        if self._trial is None:
            self._trial = LeadTest(testing.record, testing.since_ns, self._config.lags)
        done = any(self._trial.step() for _ in range(STEPS))
        if self._state.now - testing.since_ns < TEST_NS:
            return
        while not done:
            done = self._trial.step()
        result, self._trial, self._state.cross.testing = self._trial.result, None, None
        record = self._state.cross.leads.get(testing.key)
        if result is not None and record is not None:
            self._state.cross.results[testing.key] = result
            record.learn(result.signs)

    def _missing(self, key: str) -> tuple[str, ...]:
        record = self._state.cross.leads.get(key)
        if record is None:
            return ("nothing recorded",)
        config = self._config
        found = evidence(
            record, self._state.cross.results.get(key), self._state.now,
            config.clock_error_ns / SECOND, config.entry_latency_ns / SECOND, config.lead_gate,
        )  # fmt: skip
        return gate(found, config.lead_gate)

    def _of(self, ticker: str) -> Pair | None:
        """The pair a market follows another in: a confirmed one first."""
        mine = [pair for pair in self._pairs.of(ticker) if pair.a == ticker]
        return next((pair for pair in mine if self._pairs.confirmed(pair)), mine[0] if mine else None)


def _live(m: MarketState) -> bool:
    """Whether a market's middle is one that can be believed now."""
    return (
        m.has_book
        and not m.doubt
        and not m.closed
        and m.mid2 is not None
        and 0 < m.book.bid < m.book.ask < PRICE
    )


def _logit(mid2: int) -> float:
    """Log odds of a middle, kept off the ends by half a tick of a hundredth of a cent."""
    p = min(max(mid2, 1), 2 * PRICE - 1) / (2 * PRICE)
    return log(p / (1.0 - p))
