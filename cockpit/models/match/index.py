"""Which markets of other venues are worth comparing with one: those that share its hard keys, the likeliest first.

Typed families are blocked on their keys, and within a block ordered by how near their bounds lie. Names as people write
them have no equal keys: there a contract is found by its rarest words, and ordered by fuzzy likeness (`rapidfuzz`).
"""

from typing import TypeVar

from cockpit.models.match.contract import TypedContract

LIMIT = 12
"""Candidates at most where names are compared by likeness; where keys are equal there is no limit."""
_LIKE = 55.0
"""Likeness below which a text is no candidate, per cent."""
_RARE = 3
"""Words of a text by which it is looked up."""
_MOST = 400
"""Texts a word may lead to; a commoner word leads nowhere unless it is the rarest."""
_LOOSE = frozenset({"text", "mentions"})
_FAR = 10**30

Key = tuple[str | int, ...]
K = TypeVar("K")
V = TypeVar("V")


class Index:
    """Contracts of all venues by what they ask."""

    def __init__(self) -> None:
        self._all: dict[str, TypedContract] = {}
        self._lines: dict[str, str] = {}
        self._blocks: dict[Key, dict[str, TypedContract]] = {}
        self._words: dict[tuple[str, str], dict[str, None]] = {}

    def __len__(self) -> int:
        return len(self._all)

    def add(self, contract: TypedContract) -> None:
        """Take a contract in, in place of an earlier one of the same market; one in doubt is not findable."""
        self.remove(contract.market)
        self._all[contract.market] = contract
        if contract.doubt:
            return
        if contract.family not in _LOOSE:
            self._blocks.setdefault(_key(contract), {})[contract.market] = contract
            return
        self._lines[contract.market] = _line(contract)
        for word in _words(contract):
            self._words.setdefault((contract.measure, word), {})[contract.market] = None

    def remove(self, market: str) -> None:
        """Forget a market; one that is not there is no error."""
        old = self._all.pop(market, None)
        if old is None or old.doubt:
            return
        if old.family not in _LOOSE:
            _drop(self._blocks, _key(old), market)
            return
        del self._lines[market]
        for word in _words(old):
            _drop(self._words, (old.measure, word), market)

    def candidates(self, contract: TypedContract) -> list[TypedContract]:
        """Other venues' contracts that may ask the same, the likeliest first; whatever the order they came in."""
        if contract.doubt:
            return []
        if contract.family in _LOOSE:
            return self._by_words(contract)
        block = self._blocks.get(_key(contract), {})
        others = [each for each in block.values() if each.venue != contract.venue]
        others.sort(key=lambda each: (_distance(contract, each), each.market))
        return others

    def _by_words(self, contract: TypedContract) -> list[TypedContract]:
        from rapidfuzz import fuzz, process

        found: dict[str, str] = {}
        for market in sorted(self._reached(contract)):
            if self._all[market].venue != contract.venue:
                found[market] = self._lines[market]
        if not found:
            return []
        likest = process.extract(
            _line(contract), found, scorer=fuzz.token_sort_ratio, score_cutoff=_LIKE, limit=LIMIT
        )
        return [self._all[market] for _, _, market in likest]

    def _reached(self, contract: TypedContract) -> dict[str, None]:
        """Markets that share one of a contract's rarest words."""
        lists = [self._words.get((contract.measure, word)) for word in sorted(_words(contract))]
        ranked = sorted((held for held in lists if held), key=len)
        out: dict[str, None] = {}
        for i, held in enumerate(ranked[:_RARE]):
            if i == 0 or len(held) <= _MOST:
                out.update(held)
        return out


def _drop(table: dict[K, dict[str, V]], key: K, market: str) -> None:
    """Take a market from a list of a table, and the list with its last market."""
    held = table[key]
    del held[market]
    if not held:
        del table[key]


def _key(c: TypedContract) -> Key:
    """The hard keys; candidates on strikes differ within a block."""
    observed = c.instant_ns if c.family == "crypto" else 0
    return (c.family, c.subject, c.measure, c.scope, c.period.lstrip("<=")[:10], observed, c.count)


def _line(c: TypedContract) -> str:
    return f"{c.value} {c.subject} {c.scope} {c.period}"


def _words(c: TypedContract) -> set[str]:
    subject = () if c.subject == c.measure else c.subject.split()
    return {*c.value.split(), *subject, *c.scope.split()} - {"/", "and"}


def _distance(a: TypedContract, b: TypedContract) -> tuple[int, int]:
    """Another value is further than any bound."""
    return (a.value != b.value, _apart(a.low, b.low) + _apart(a.high, b.high))


def _apart(x: int | None, y: int | None) -> int:
    if x is None or y is None:
        return 0 if x is y else _FAR
    return abs(x - y)
