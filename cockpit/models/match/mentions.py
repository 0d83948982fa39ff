"""Words said: who says which word, how often, at which event of which day.

What counts as the word (plurals, compounds, who may say it) stands in the rules only, and differs from venue to venue: the
terms can agree and the rules not, which is why a person reads both before a pair is confirmed.
"""

import re

from cockpit.domain.markets import EventGroup, Market
from cockpit.domain.newyork import local
from cockpit.domain.units import SECOND
from cockpit.models.match.contract import TypedContract
from cockpit.models.match.dates import period_of_day, ticker_date, times
from cockpit.models.match.frame import hints_of, loose
from cockpit.models.match.words import content, fold, numerals, phrased, tokens

_SAYS = re.compile(
    r"^(?:what )?will (?:the )?(?P<who>[a-z .'-]+?) (?P<verb>say|mention|post|tweet)\b(?P<what>.*?)"
    r"(?:\b(?P<link>during|at(?! least)|in|on|this week|before|by|while)\b(?P<where>.*))?$"
)
_QUOTED = re.compile(r'"([^"]+)"|\'([^\']{2,})\'(?=\W|$)')
_NOT_LEAST = "".join(
    rf"(?<!{word} )" for word in ("exactly", "only", "fewer than", "less than", "under", "most", "up to")
)
_TIMES = re.compile(
    rf"\(?(?:at least |(?P<over>(?:more than|over) ))?(?<![\w.-]){_NOT_LEAST}(?P<n>[0-9]{{1,6}})\s?(?:\+|or more)? times"
    r"(?: or more)?\)?|\(?(?<![\w.-])(?P<plus>[0-9]{1,6})\+\)?\s*$"
)
"""How many times at least; other counts ("exactly 5 times") stay words."""
_TITLES = re.compile(
    r"\b(?:president|fed chair|chairman|chair|vice president|press secretary|secretary|senator|governor|ceo|mr\.?|the)\b"
)
_FIRST = frozenset({"donald", "jerome", "joe", "kamala", "karoline", "jd", "zohran", "gavin"})
"""First names that go with one well-known surname in these markets."""
_JOINING = frozenset({"or", "the", "word", "phrase", "a", "an"})
"""Words beside what is said that add nothing."""
_DOES = {"say": "says", "mention": "says", "post": "posts", "tweet": "tweets"}
_DAY = 86_400 * SECOND


def read_mention(market: Market, group: EventGroup | None) -> TypedContract | None:
    """A mention market as a contract; None for anything else."""
    title = fold(market.title or (group.title if group else "")).strip(" ?")
    kalshi = market.venue == "kalshi" and ("MENTION" in market.series or "SAY" in market.series)
    m = _SAYS.match(_unquoted(title))
    if m is None:
        return None
    words = _words(market, title, m["what"])
    if not words and not kalshi:
        return None
    when = times(f"{m['link'] or ''} {m['where'] or ''}", hints_of(market))
    beyond = _beyond(f"{m['what']} {fold(market.subtitle).partition(' - ')[0]}", words)
    where, soft = loose(content(tokens(phrased(_plain(when.text)))))
    return TypedContract(
        market=market.ticker,
        venue=market.venue,
        family="mentions",
        subject=_speaker(m["who"]),
        measure=_DOES[m["verb"]],
        scope=" ".join((*where, *beyond)),
        period=_period(market, when.period),
        comparator="is",
        value=" / ".join(words if beyond or _ORDER & {*where} else sorted(words)),
        count=_count(f"{title} {fold(market.subtitle)}"),
        group=market.event,
        series=market.series,
        loose=soft,
        opens_ns=market.open_ns,
        doubt="" if words else "no word is named",
        confidence=0.8 if kalshi else 0.7,
    )


def _unquoted(title: str) -> str:
    """The title with what is quoted out of the way, so that a quoted "at" splits nothing."""
    return _QUOTED.sub(" ", title)


_ORDER = frozenset({"before", "after", "than"})


def _beyond(what: str, words: list[str]) -> tuple[str, ...]:
    """What stands beside the words said and is no count: "both", "and", "first", "but not", in its order."""
    said = {part for word in words for part in tokens(word)}
    return tuple(
        word for word in tokens(_TIMES.sub(" ", numerals(what))) if word not in _JOINING and word not in said
    )


def _plain(text: str) -> str:
    return _TIMES.sub(" ", re.sub(r"\b(?:during|at|in|on|while)\b", " ", numerals(text)))


def _words(market: Market, title: str, after: str) -> list[str]:
    """The words any of which counts, folded: by field, by quotes, by subtitle, else what follows "say"."""
    custom = {name.lower(): value for name, value in market.custom}
    quoted = [a or b for a, b in _QUOTED.findall(title)]
    said = (
        custom.get("word")
        or (quoted and " / ".join(quoted))
        or fold(market.subtitle).partition(" - ")[0]
        or after
    )
    bare = _TIMES.sub(" ", fold(said)).strip(" ?()")
    parts = re.split(r"\s*/\s*|\s+or\s+|,\s*", bare)
    return list(dict.fromkeys(part.strip(" \"'") for part in parts if part.strip(" \"'")))


def speaker_of(title: str) -> str:
    """Whose words an event's title asks for ("What will Trump say during..."); empty where it says nothing of that kind."""
    m = _SAYS.match(_unquoted(fold(title).strip(" ?")))
    return _speaker(m["who"]) if m is not None else ""


def _speaker(who: str) -> str:
    names = [word for word in _TITLES.sub(" ", who).split() if word.strip(".")]
    if len(names) == 2 and names[0] in _FIRST:
        return names[1]
    return " ".join(names)


def _count(text: str) -> int:
    m = _TIMES.search(numerals(text))
    if m is None:
        return 0
    return int(m["n"] or m["plus"]) + bool(m["over"])


def _period(market: Market, period: str) -> str:
    """The day: of the title, of the ticker, else the one on which the venue expects the result."""
    if period:
        return period
    when = ticker_date(market.ticker) if market.venue == "kalshi" else ticker_date("")
    if when.day:
        return f"{when.year}-{when.month:02}-{when.day:02}"
    at = market.expected_ns
    if not at or market.venue == "kalshi":
        return ""
    return period_of_day(local(at if at % _DAY else at + 12 * 3_600 * SECOND))
