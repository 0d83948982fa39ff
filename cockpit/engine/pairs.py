"""Markets of different venues that ask the same question: found by their terms, confirmed once by a person.

What is found follows from the listings alone and is found again after a restart; what a person said is state. A
confirmation stands for both rule texts as they were read: it is asked for again when either changes.
"""

from collections.abc import Callable
from enum import StrEnum

import msgspec

from cockpit.domain.effects import Alert, Effect
from cockpit.engine.state import MarketState, State
from cockpit.models.match.contract import TypedContract
from cockpit.models.match.index import Index
from cockpit.models.match.read import read
from cockpit.models.match.relate import Comparison, compare
from cockpit.models.match.rules import pair_key, rules_hash

VENUES = ("kalshi", "polymarket_us", "polymarket")
"""Which venue's market is a pair's first, where it is one of these."""


class PairState(StrEnum):
    """What a person said of a pair."""

    NEW = "new"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    CHANGED = "changed"
    """Confirmed under rule texts that have changed since."""


class Pair(msgspec.Struct, frozen=True, gc=False):
    """Two markets, and how they relate. ``name`` is theirs alone; ``key`` is what a confirmation stands under."""

    name: str
    a: str
    b: str
    key: str
    rules_hash: str
    how: Comparison


class Pairs:
    """Finds pairs as markets with a book are listed, over the engine's state."""

    def __init__(self, state: State, emit: Callable[[Effect], None]) -> None:
        self._state = state
        self._emit: Callable[[Effect], None] = _silent
        self._index = Index()
        self._contracts: dict[str, TypedContract] = {}
        self._of: dict[str, set[str]] = {}
        self.found: dict[str, Pair] = {}
        """By name. Whoever decides by them walks `names`: the order here is that of a run's history."""
        self._names: list[str] | None = None
        for m in state.markets.values():
            terms = self._terms(m)
            if terms is not None:
                self._contracts[m.market.ticker] = terms
                self._index.add(terms)
        known, state.cross.found = state.cross.found, []
        for name in known:
            a, _, b = name.partition("|")
            if a in self._contracts and b in self._contracts:
                self._pair(self._contracts[a], self._contracts[b])
        self._emit = emit

    @property
    def names(self) -> list[str]:
        """The names of all pairs, in their own order."""
        if self._names is None:
            self._names = sorted(self.found)
        return self._names

    def of(self, ticker: str) -> list[Pair]:
        """The pairs a market is in."""
        return [self.found[name] for name in sorted(self._of.get(ticker, ()))]

    def contract(self, ticker: str) -> TypedContract | None:
        """A market's terms, where it has a book."""
        return self._contracts.get(ticker)

    def state_of(self, pair: Pair) -> PairState:
        """What a person said of a pair, if its rules are still those it was said of."""
        said = self._state.pairs.get(pair.key)
        if said is None:
            return PairState.NEW
        if not said:
            return PairState.REFUSED
        return PairState.CONFIRMED if said == pair.rules_hash else PairState.CHANGED

    def confirmed(self, pair: Pair) -> bool:
        """Whether a person says that the two are the same, under the rules they have now."""
        return self.state_of(pair) is PairState.CONFIRMED

    def agreed(self, ticker: str) -> bool:
        """Whether a person says of any pair of a market that the two are the same."""
        return any(self.confirmed(pair) for pair in self.of(ticker))

    # ------------------------------------------------------------------ what listings change

    def listed(self, m: MarketState) -> None:
        """A market was listed, changed, or got its first book."""
        terms = self._terms(m)
        if terms is None or (self._contracts.get(m.market.ticker) == terms and self._same_rules(m)):
            return
        self.ended(m.market.ticker)
        self._contracts[m.market.ticker] = terms
        for other in self._index.candidates(terms):
            self._pair(terms, other)
        self._index.add(terms)

    def again(self) -> None:
        """Markets that were over may not be: look at all of them."""
        for m in self._state.markets.values():
            self.listed(m)

    def ended(self, ticker: str) -> None:
        """A market is over, or about to be read anew."""
        if self._contracts.pop(ticker, None) is None:
            return
        self._index.remove(ticker)
        for name in self._of.pop(ticker, set()):
            pair = self.found.pop(name)
            self._state.cross.found.remove(name)
            other = pair.b if pair.a == ticker else pair.a
            self._of.get(other, set()).discard(name)
        self._names = None

    def _terms(self, m: MarketState) -> TypedContract | None:
        """A market's terms; None for one that is not known by a listing and a book, or is over."""
        if not m.listed or m.closed or m.settled is not None or not (m.has_book or m.quote is not None):
            return None
        return read(m.market, self._state.groups.get(m.market.event))

    def _same_rules(self, m: MarketState) -> bool:
        return all(self._hash(pair.a, pair.b) == pair.rules_hash for pair in self.of(m.market.ticker))

    def _hash(self, a: str, b: str) -> str:
        markets, contracts = self._state.markets, self._contracts
        return rules_hash(markets[a].market, markets[b].market, contracts[a], contracts[b])

    def _pair(self, one: TypedContract, other: TypedContract) -> None:
        """Keep two contracts as a pair where they ask the same, on whatever basis."""
        a, b = sorted((one, other), key=lambda each: (_rank(each.venue), each.market))
        how = compare(a, b)
        if not how.polarity or not (how.accepted or how.twin):
            return
        name = f"{a.market}|{b.market}"
        pair = Pair(name, a.market, b.market, pair_key(a, b), self._hash(a.market, b.market), how)
        self.found[name] = pair
        self._state.cross.found.append(name)
        self._names = None
        for ticker in (a.market, b.market):
            self._of.setdefault(ticker, set()).add(name)
        told = self._emit is _silent or self._state.cross.asked.get(pair.key) == pair.rules_hash
        if self.state_of(pair) is PairState.CHANGED and not told:
            self._state.cross.asked[pair.key] = pair.rules_hash
            self._emit(Alert(self._state.now, "pair", f"{pair.key}: rules changed, confirm again"))


def _silent(_: Effect) -> None:
    """What is found again after a restart was told before it."""


def _rank(venue: str) -> int:
    return VENUES.index(venue) if venue in VENUES else len(VENUES)
