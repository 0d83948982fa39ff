"""A title as a sentence: who (or what) does what, to what, when, and against which number."""

import re

import msgspec

from cockpit.domain.markets import EventGroup, Market
from cockpit.models.match.amounts import Bounds, bounds
from cockpit.models.match.dates import Hints, ticker_date, times
from cockpit.models.match.words import LOOSE, STOP, content, fold, linked, numerals, phrased, tokens

_BASES_WORDS = (
    "win reach lead arrest indict charge convict sentence resign leave release announce say confirm sign "
    "nominate visit meet strike attack invade recognize normalize acquire buy ipo launch host play "
    "divorce marry engage die run fire hire appoint join return ban pass approve reject score sell hit "
    "dip fall rise increase decrease cut raise hike hold end close finish control elect withdraw endorse "
    "pardon deport tweet mention impeach remove replace enter withdrawn capture ceasefire agree trade "
    "draft retire top beat lose declare pay cancel split open make exceed drop expand test detonate "
    "extradite testify concede qualify relegate promote swap "
)
_BASES = _BASES_WORDS.split()
_IRREGULAR = {
    "won": "win",
    "led": "lead",
    "left": "leave",
    "said": "say",
    "ran": "run",
    "met": "meet",
    "fell": "fall",
    "rose": "rise",
    "lost": "lose",
    "elected": "elect",
    "out": "leave",
    "winner": "win",
    "nominee": "nominee",
    "nomination": "nominee",
    "champion": "champion",
    "public": "ipo",
    "sold": "be sell",
    "bought": "be buy",
    "made": "be make",
    "paid": "be pay",
    "married": "be marry",
    "marries": "marry",
}


def _forms(base: str) -> dict[str, str]:
    """A verb's forms; what is done to someone is another verb than what they do."""
    stem, doubled = base[:-1] if base.endswith("e") else base, f"{base}{base[-1]}"
    does = (base, f"{base}s", f"{base}es", f"{stem}ing", f"{doubled}ing")
    return dict.fromkeys(does, base) | dict.fromkeys((f"{stem}ed", f"{doubled}ed"), f"be {base}")


VERBS = {form: meaning for base in _BASES for form, meaning in _forms(base).items()} | _IRREGULAR
"""Verbs by their forms. Nouns that do a verb's work ("nominee", "winner") stand among them."""
_ASKS = re.compile(r"^\s*(?:who|what|which(?: \w+)?|when|how many|how much)\b(?: person| team| party)?")
_NEGATIONS = frozenset({"not", "never"})
_YEARS = re.compile(r"\b20[2-4]\d\b")


class Frame(msgspec.Struct, gc=False):
    """A title taken apart; words are folded, in the singular, in order."""

    actor: str
    verb: str
    words: list[str]
    """Content words after the verb, without numbers that became bounds."""
    polarity: int
    period: str
    bounds: Bounds | None
    text: str
    """The whole text, phrased, times left in."""
    asks: bool
    """Whether it asks who or what, without naming one."""
    confidence: float


def hints_of(market: Market) -> Hints:
    """What ticker, rules and expected time say of when."""
    told = ticker_date(market.ticker) if market.venue == "kalshi" else ticker_date("")
    return Hints(told.year, told.month, told.day, market.expected_ns or market.close_ns)


def whole_title(market: Market, group: EventGroup | None) -> str:
    """The question with what YES is, where the title does not say it itself; folded."""
    title, short = fold(market.title or (group.title if group else "")), fold(market.subtitle)
    short = short.partition(" - ")[0]
    if not short or _says(title, short):
        return title
    if _ASKS.match(title):
        return _ASKS.sub(f"will {short} ", title)
    return f"{title.rstrip('? ')} {short}"


def _says(title: str, short: str) -> bool:
    """Whether a title says what its market's short name does: the same words, or a time where it has its own."""
    if set(tokens(numerals(short))) - _SIGNS <= set(tokens(numerals(title))):
        return True
    return not content(tokens(times(short).text)) and bool(times(title).period)


_SIGNS = frozenset({">", "<", ">=", "<=", "or", "above", "below", "more", "less", "higher", "lower"})


def frame(market: Market, group: EventGroup | None) -> Frame:
    """Take a market's words apart."""
    folded = whole_title(market, group)
    when = times(folded, hints_of(market))
    limits, left = bounds(numerals(when.text))
    left = phrased(left)
    words = tokens(left)
    words, polarity = denied(words)
    actor, verb, rest = split(words)
    actor = _in_full(actor, left)
    if _VERSUS & {*actor.split(), *(() if verb else words)}:
        actor, verb, rest = side(market), "win", [word for word in content(words) if VERBS.get(word) != "win"]
    return Frame(
        actor=actor,
        verb=verb,
        words=rest,
        polarity=polarity,
        period=when.period,
        bounds=limits,
        text=phrased(numerals(folded)),
        asks=bool(_ASKS.match(folded)),
        confidence=0.6,
    )


def denied(words: list[str]) -> tuple[list[str], int]:
    """Words without the one "not" that denies the whole sentence, and -1 where there is one.

    Only directly before the first verb does it: "X not win". Anywhere else ("found not guilty", "say he will not run") it
    stays a word like any other.
    """
    verbs = [i for i, word in enumerate(words) if i and (word in VERBS or word in _BECOMES)]
    before = verbs[0] - 1 if verbs else 0
    if before > 0 and words[before] in _NEGATIONS and not _NEGATIONS & {*words[:before]}:
        return [*words[:before], *words[before + 1 :]], -1
    return words, 1


_VERSUS = frozenset({"vs", "v"})


def side(market: Market) -> str:
    """Which of two sides YES is, by the market's short name; empty where it has none."""
    label = fold(market.subtitle).partition(" - ")[0].partition(":")[0]
    return _in_full(_name(content(tokens(label))), label) if label.strip() else ""


def split(words: list[str]) -> tuple[str, str, list[str]]:
    """Actor, verb and the other content words; without a known verb the first content word is the actor.

    What stands between "be" and the verb is no part of the actor: "X be the next to leave", "X be the F1 champion".
    """
    start = 1 if words[:1] == ["will"] else 0
    for i in range(start, len(words)):
        verb = VERBS.get(words[i])
        if verb is not None and i > start:
            turn = next((k for k in range(start, i) if words[k] in _BECOMES), i)
            actor = [word for word in words[start:turn] if word not in STOP or word == "and"]
            if actor:
                by = ["by"] if verb.startswith("be ") and "by" in words[i:] else []
                after = (
                    words[i + 2 :] if verb == "meet" and words[i + 1 : i + 2] == ["with"] else words[i + 1 :]
                )
                return _name(actor), verb, [*content(words[turn + 1 : i]), *linked(after), *by]
    turn = next((k for k in range(start + 1, len(words)) if words[k] in _BECOMES), 0)
    actor = [word for word in words[start:turn] if word not in STOP or word == "and"]
    if actor:
        return _name(actor), "be", linked(words[turn + 1 :])
    rest = linked(words)
    return (rest[0] if rest else ""), "", rest[1:]


def _in_full(actor: str, text: str) -> str:
    """An actor with the last letters that the singular took: "Peters" is not "Peter"."""
    whole = set(re.findall(r"[a-z]+s\b", text))
    return " ".join(f"{word}s" if f"{word}s" in whole else word for word in actor.split())


_BECOMES = frozenset({"be", "become"})
_ORGANISED = frozenset({"team", "gaming", "esport", "fc", "cf", "sc", "afc", "club"})
"""Words that a team's name does with or without."""


def _name(words: list[str]) -> str:
    bare = [word for word in words if word not in _ORGANISED]
    return " ".join(bare or words)


def silent_period(market: Market, hints: Hints) -> str:
    """The period of a question whose title names none: the ticker's, or the only year its rules name.

    A ticker's year that the rules do not name (a season's second) is no period.
    """
    named = set(_YEARS.findall(market.rules))
    if hints.year and named and str(hints.year) not in named:
        return ""
    if hints.month:
        return f"{hints.year}-{hints.month:02}" + (f"-{hints.day:02}" if hints.day else "")
    if hints.year:
        return str(hints.year)
    return named.pop() if len(named) == 1 else ""


_LOOSE_LAST = frozenset({"major"})
"""What may be left out where it ends the name of an event ("IEM Cologne Major"), and nowhere else."""


def loose(words: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Words sorted into those that make the question and those that may be left out."""
    last = words[-1] if words else ""
    hard = {word for word in words if word not in LOOSE} - ({last} & _LOOSE_LAST)
    if not hard:
        return tuple(sorted(set(words))), ()
    return tuple(sorted(hard)), tuple(sorted(set(words) - hard))
