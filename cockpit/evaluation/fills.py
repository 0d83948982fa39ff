"""How right the simulated fills are, with real orders as the oracle (`cockpit evaluate fills`).

Two questions, each put to the same simulator the lanes use:

- an order of the same size is put in the very place of each real order that was partly filled: does each rule give it
  what the real one got?
- a probe of one contract is put right behind each real order that saw prints at its price and was cancelled whole:
  whoever fills it is wrong.

Caveats: the sample is what exact sizes can identify (round sizes that several orders share are left out), and own
impact is ignored.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

import msgspec

from cockpit.domain.book import Book
from cockpit.domain.events import BookDelta, BookSnapshot, Trade
from cockpit.domain.units import ASK, BID, QTY
from cockpit.engine.queue import RULES, Own
from cockpit.engine.sim import Rest, Simulator
from cockpit.evaluation.fates import Fate, MarketEvent, fates

CENT_OF_A_CONTRACT = QTY // 100


class PartlyFilled(msgspec.Struct):
    """Oracle A: real orders that were partly filled, and what each rule gave in their place."""

    n: int = 0
    qty: int = 0
    given: list[int] = msgspec.field(default_factory=lambda: [0] * len(RULES))
    exact: list[int] = msgspec.field(default_factory=lambda: [0] * len(RULES))


class FillReport(msgspec.Struct):
    """What one or more recordings say about the fill rules."""

    decreases: Counter[str] = msgspec.field(
        default_factory=lambda: Counter(unique=0, multi=0, none=0, snapshot=0)
    )
    cancelled_whole: int = 0
    exposed: int = 0
    false_fills: list[int] = msgspec.field(default_factory=lambda: [0] * len(RULES))
    partly: PartlyFilled = msgspec.field(default_factory=PartlyFilled)
    trades: int = 0

    def add(self, other: "FillReport") -> None:
        """Take another recording's counts in."""
        self.decreases.update(other.decreases)
        self.cancelled_whole += other.cancelled_whole
        self.exposed += other.exposed
        self.trades += other.trades
        self.partly.n += other.partly.n
        self.partly.qty += other.partly.qty
        for rule in range(len(RULES)):
            self.false_fills[rule] += other.false_fills[rule]
            self.partly.given[rule] += other.partly.given[rule]
            self.partly.exact[rule] += other.partly.exact[rule]

    def as_json(self) -> dict[str, object]:
        """The machine form; shares are of 1, None where nothing could be measured."""
        n, exposed = self.partly.n, self.exposed
        return {
            "decreases": dict(self.decreases),
            "cancelled_whole": self.cancelled_whole,
            "exposed": exposed,
            "false_fills": {r: _share(self.false_fills[i], exposed) for i, r in enumerate(RULES)},
            "partly_filled": {
                "n": n,
                "contracts": self.partly.qty / QTY,
                "volume_ratio": {
                    r: _share(self.partly.given[i], self.partly.qty) for i, r in enumerate(RULES)
                },
                "exact": {r: _share(self.partly.exact[i], n) for i, r in enumerate(RULES)},
            },
        }

    def as_text(self) -> str:
        """The report for people, at most 80 wide."""
        kinds = self.decreases
        cancels = sum(kinds.values())
        lines = [
            f"{cancels:,} decreases that are not executions; of these match",
            *(
                f"  {kinds[kind]:>9,}  {_percent(_share(kinds[kind], cancels)):>7}  {words}"
                for kind, words in KINDS.items()
            ),
            "",
            f"  {'':<34}" + "".join(f"{rule:>9}" for rule in RULES),
            _row(f"{self.partly.n:,} real orders partly filled: exact", self.partly.exact, self.partly.n),
            _row(f"{self.partly.qty / QTY:,.0f} contracts: given", self.partly.given, self.partly.qty),
            _row(
                f"{self.exposed:,} of {self.cancelled_whole:,} exposed: false", self.false_fills, self.exposed
            ),
        ]
        return "\n".join(lines)


KINDS = {
    "unique": "exactly one known order",
    "multi": "several known orders",
    "snapshot": "nothing but the opening snapshot",
    "none": "no known order (amended down)",
}
"""Kinds of decreases, in words."""


def _row(label: str, counts: Sequence[int], whole: int) -> str:
    return f"  {label:<34}" + "".join(f"{_percent(_share(count, whole)):>9}" for count in counts)


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.2%}"


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def by_market(events: Iterable[object]) -> dict[str, list[MarketEvent]]:
    """The book and trade events of each market, in arrival order."""
    out: dict[str, list[MarketEvent]] = defaultdict(list)
    for event in events:
        if isinstance(event, BookSnapshot | BookDelta | Trade):
            out[event.market].append(event)
    return out


def evaluate_fills(events: Sequence[MarketEvent]) -> FillReport:
    """Measure the four rules on one market's recording."""
    known = fates(events)
    report = FillReport(decreases=known.decreases, cancelled_whole=len(known.whole))
    report.trades = sum(1 for event in events if isinstance(event, Trade))
    exposed = [fate for fate in known.whole if fate.exposed]
    probes = [_Probe(f, f.qty, f.born, f"a{i}", f.filled) for i, f in enumerate(known.partly)]
    probes += [_Probe(f, QTY, f.born + 1, f"b{i}", 0) for i, f in enumerate(exposed)]
    _simulate(events, probes)
    report.exposed = len(exposed)
    report.partly.n = len(known.partly)
    for probe in probes:
        got = [probe.order.qty - left for left in probe.order.left]
        for rule in range(len(RULES)):
            if probe.order.id[0] == "b":
                report.false_fills[rule] += got[rule] > 0
            else:
                report.partly.given[rule] += got[rule]
                report.partly.exact[rule] += abs(got[rule] - probe.truth) < CENT_OF_A_CONTRACT
    report.partly.qty = sum(fate.filled for fate in known.partly)
    return report


class _Probe:
    """A simulated order, when it comes and goes, and the truth it is held against."""

    def __init__(self, fate: Fate, qty: int, comes: int, name: str, truth: int) -> None:
        side = BID if fate.key & 1 else ASK
        self.comes = comes
        self.goes = fate.last
        self.truth = truth
        self.order = Own(
            id=name, lane=name, market="", side=side, price=fate.key >> 1, qty=qty, rule=0, sent_ns=0
        )


def _simulate(events: Sequence[MarketEvent], probes: list[_Probe]) -> None:
    """Run the simulator over a recording; each probe comes before one event and goes after another."""
    comes: dict[int, list[_Probe]] = defaultdict(list)
    goes: dict[int, list[_Probe]] = defaultdict(list)
    for probe in probes:
        comes[probe.comes].append(probe)
        goes[probe.goes].append(probe)
    sim, rest, book = Simulator(), Rest(), Book()
    for i, event in enumerate(events):
        for probe in comes.get(i, ()):
            sim.arrive(rest, book, probe.order, event.ts)
        match event:
            case BookDelta() if event.qty:
                sim.delta(rest, book, event, book.apply(event.side, event.price, event.qty))
            case Trade():
                sim.trade(rest, book, event, doubt=False)
            case BookSnapshot():
                before, book = book, Book()
                book.replace(event.bids, event.asks)
                sim.snapshot(rest, book, event, before)
            case _:
                pass
        for probe in goes.get(i, ()):
            sim.leave(rest, probe.order)
        sim.take()
