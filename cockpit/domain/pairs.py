"""What a screen may see of markets on two venues that ask the same question.

Prices, quantities, money and times are in domain units; cents and probabilities are floats. B's book is shown in terms
of A's YES: where B's YES is A's NO (polarity -1), its bids and asks have changed sides.
"""

import msgspec

from cockpit.domain.book import EMPTY_ASK, EMPTY_BID


class _Part(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What all parts share."""


class DifferenceView(_Part, frozen=True):
    """One field of two contracts; ``verdict`` is same, differs or silent."""

    field: str
    a: str
    b: str
    verdict: str


class PairBooks(_Part, frozen=True):
    """What sportsbooks say of A's YES, their margins taken out, and the maker's order that is best against it."""

    low: float
    mid: float
    high: float
    n: int
    """Books in it."""
    age_ns: int
    """Since the oldest line in it was told."""
    stale: bool = False
    """Whether too few of the lines are fresh: it is what was told last, and nothing is compared with it."""
    market: str = ""
    """Where the order would rest; empty while nothing can be compared."""
    side: int = 0
    """The order's side and price in A's terms, price units."""
    price: int = 0
    edge: float | None = None
    """Of the order against the middle, net of the maker's fee, dollars a contract; not above 0: nobody is cheaper."""
    edge_low: float | None = None
    """The same against the worse end."""


class PairView(_Part, frozen=True):
    """One pair on the Spreads screen."""

    name: str
    label: str
    a: str
    b: str
    venue_a: str
    venue_b: str
    state: str
    """new, confirmed, refused, changed."""
    relation: str
    polarity: int
    basis: str = ""
    """SAME, or what the two settle on differently: SRC source, AVG averaging, EDGE the value at the boundary, VOID."""
    haircut: float = 0.0
    """What that is taken to cost, cents a contract."""
    bid_a: int = EMPTY_BID
    ask_a: int = EMPTY_ASK
    bid_b: int = EMPTY_BID
    ask_b: int = EMPTY_ASK
    gap: float | None = None
    """Middle of A's book less that of B's, cents; None while one has no two sides."""
    buy: str = ""
    """The venue where the better direction buys A's YES: its letter; empty while no direction can be reckoned."""
    nets: tuple[float | None, ...] = (None, None, None)
    """Taking both legs, cents a contract after fees and haircut at 10, 100 and 1,000 contracts; None: too little depth."""
    rest: float | None = None
    """Resting both legs at the best of their sides: cents a contract after fees and haircut if both fill."""
    ev: float | None = None
    """Of resting both, cents a contract, legs left naked included."""
    lead: str = ""
    """Who leads, by its letter with the lag, or what is missing to say."""
    ages: tuple[int, int] | None = None
    """Since each book's last word, ns; None while one of the books is not believed."""
    stale: bool = False
    """Whether one of the books is too old for the gap to be one: nothing is netted then."""
    disagree: str = ""
    """How far the venues disagree beyond fees and basis, in words; empty while they do not."""
    acknowledged: bool = False
    legs: str = ""
    """The two-leg trade that works or waits here, in words; NAKED where one leg is."""
    tickets: tuple[str, ...] = ()
    """Its tickets: what an order of it came from."""
    naked: str = ""
    """The market of its leg that is naked; empty while none is."""
    books: PairBooks | None = None
    """None where it is on no game's winner, or no sportsbooks on that are known."""


class PairDetail(_Part, frozen=True):
    """Everything about one pair."""

    pair: PairView
    title_a: str
    title_b: str
    rules_a: str
    rules_b: str
    key: str
    """What a confirmation stands under: other pairs of the same two series share it."""
    rules_hash: str
    differences: tuple[DifferenceView, ...]
    numbers: tuple[tuple[str, float], ...] = ()
    """Capital, days, return and the like, by name."""
    words: tuple[str, ...] = ()
    """Who is right: the fair value, who moved last, the lead; one sentence each."""


class BasketView(_Part, frozen=True):
    """Markets of one event on one venue that together pay a known sum."""

    event: str
    label: str
    venue: str
    kind: str
    """"all YES" or "all NO"."""
    n: int
    take: float | None
    """Cents for one of each, taking, after fees."""
    rest: float | None
    """The same, resting."""
    size: int = 0
    """Most sets that can be taken at that, quantity units."""


class SpreadsView(_Part, frozen=True):
    """The Spreads screen."""

    pairs: tuple[PairView, ...] = ()
    baskets: tuple[BasketView, ...] = ()
    average: float | None = None
    """Mean distance of the two middles, cents, over all pair-seconds with two fresh books; None before the first."""
    seconds: int = 0
    """Pair-seconds behind it."""
    open: int = 0
    """Opportunities that stand."""
    lifetimes: tuple[float, ...] = ()
    """How long those of the past stood, seconds, newest last."""
    hidden: int = 0
    """Pairs a person refused: among ``pairs``, shown when they are asked for."""
    legs: tuple[str, ...] = ()
    """Tickets of every two-leg trade there is, hedges too."""
