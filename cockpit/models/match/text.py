"""Any question by its words alone, with low confidence: all words that carry meaning must agree."""

from cockpit.domain.markets import EventGroup, Market
from cockpit.models.match.amounts import bounded, by_fields, reconciled
from cockpit.models.match.contract import TypedContract
from cockpit.models.match.frame import Frame, frame, hints_of, loose, silent_period
from cockpit.models.match.leagues import in_one_wording, league_of
from cockpit.models.match.words import RELATIONS

_UP = {"up": 1, "higher": 1, "green": 1, "down": -1, "lower": -1, "red": -1}
_ENDS = frozenset({"end", "close", "finish"})
_OWN_YEAR = frozenset({"year"})


def read_text(market: Market, group: EventGroup | None) -> TypedContract:
    """A market's words as a contract of the family "text"."""
    return typed_text(market, group, frame(market, group), "text")


def typed_text(market: Market, group: EventGroup | None, told: Frame, family: str) -> TypedContract:
    """A sentence as a contract: the actor is the value, the object the subject, the verb the measure."""
    words, measure, polarity = list(told.words), told.verb or "be", told.polarity
    turns = [_UP[word] for word in words if word in _UP]
    if measure in _ENDS and len(turns) == 1:
        words = [word for word in words if word not in _UP]
        measure, polarity = "end up or down", polarity * turns[0]
    if "champion" in (measure, *words) and measure in ("champion", "be"):
        words, measure = [*words, "championship"], "win"
    words = ["championship" if word == "champion" else word for word in words]
    league, actor = league_of(market.series if market.venue == "kalshi" else "", words), told.actor
    if league:
        actor, words = in_one_wording(league, actor, measure, words)
    if measure == "win":
        words = [word for word in words if word not in RELATIONS]
    hard, soft = loose(words)
    if measure in _EXCHANGES or _ORDER & {*words}:
        hard = tuple(word for word in words if word in hard)
    limits, torn = reconciled(by_fields(market), told.bounds)
    found = TypedContract(
        market=market.ticker,
        venue=market.venue,
        family=family,
        subject=" ".join(hard) or measure,
        measure=measure,
        period=told.period or _silent_period(market, words),
        value=actor,
        polarity=polarity,
        group=market.event,
        series=market.series,
        exclusive=bool(group and group.exclusive),
        loose=soft,
        opens_ns=market.open_ns,
        doubt=torn or _doubt(told),
        confidence=told.confidence,
    )
    return bounded(found, limits)


def _doubt(told: Frame) -> str:
    """Why nobody can say what YES is."""
    if told.asks and told.actor.partition(" ")[0] in _ASKING:
        return "asks without naming an answer"
    return "" if told.actor else "does not say what YES is"


_ORDER = frozenset({"over", "before", "after", "than", "instead", "versus", "with", "for"})
"""Words that make another question of the same words in another order."""
_EXCHANGES = frozenset({"trade", "swap", "be trade", "be swap"})
_ASKING = frozenset({"", "who", "what", "which", "when", "how"})


def _silent_period(market: Market, words: list[str]) -> str:
    """The year of a title without one; "the year" itself is the one in which the venue expects the result."""
    hints = hints_of(market)
    year = silent_period(market, hints)
    if not year and _OWN_YEAR & set(words) and hints.expected_ns:
        return str(hints.year_of(12))
    return year
