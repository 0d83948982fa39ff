"""Titles in one spelling: folded letters, one word for what has several, numbers in one form.

Nothing is dropped that could tell two questions apart: negations, directions, ordinals and qualifiers stay words.
"""

import re
import unicodedata
from functools import lru_cache

_PUNCTUATION = str.maketrans(
    {
        "–": "-",
        "—": "-",
        "−": "-",
        "‑": "-",
        "’": "'",
        "‘": "'",
        "“": '"',
        "”": '"',
        "≥": " >= ",
        "≤": " <= ",
        "°": " ",
        "€": " eur ",
        "£": " gbp ",
        "¥": " jpy ",
        "\u00a0": " ",
    }
)


def fold(text: str) -> str:
    """Lower case without accents, with plain quotes, dashes, digits and comparison signs; currencies but the dollar in words."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.translate(_PUNCTUATION))
        text = "".join(_ascii_digit(c) for c in text if not unicodedata.combining(c))
    return text.lower().replace("*", " ").replace(" & ", " and ")


def _ascii_digit(c: str) -> str:
    return str(unicodedata.decimal(c)) if c.isdecimal() else c


_PHRASES = {
    r"u\.s\.a?\.?|\busa\b|united states(?: of america)?": "us",
    r"u\.k\.|united kingdom": "uk",
    r"d\.c\.": "dc",
    r"the democratic party|democratic party|democrats?|democratic": "democrat",
    r"the republican party|republican party|republicans?|gop": "republican",
    r"gubernatorial|governorship": "governor",
    r"presidency|presidential": "president",
    r"mayoral|mayorship": "mayor",
    r"senatorial": "senate",
    r"artificial intelligence": "ai",
    r"formula (?:1|one)": "f1",
    r"(?:pro|professional) baseball": "mlb",
    r"(?:pro|professional) football": "nfl",
    r"(?:pro|professional) basketball": "nba",
    r"(?:pro|professional) hockey": "nhl",
    r"(?:al|american league) championship(?: series)?|alcs": "alcs",
    r"(?:nl|national league) championship(?: series)?|nlcs": "nlcs",
    r"american league": "al",
    r"national league": "nl",
    r"stolen bases?": "steal",
    r"home runs?": "homer",
    r"runs batted in|rbis?": "rbi",
    r"most valuable player": "mvp",
    r"champions? league": "ucl",
    r"qualif(?:y|ies) (?:for|to)|advances? to|progress(?:es)? to|makes? (?:it to )?the|reach(?:es)?": "reach",
    r"grand finals?": "grandfinal",
    r"semi-?\s?finals?": "semifinal",
    r"quarter-?\s?finals?": "quarterfinal",
    r"play-?offs?": "playoff",
    r"run-?offs?": "runoff",
    r"no change": "nochange",
    r"new albums?": "album",
    r"drops? out": "withdraw",
    r"(?:gets?|becomes?) engaged": "engaged",
    r"gets? married": "married",
    r"go(?:es)? public|going public": "ipo",
    r"out from": "out of",
    r"academy awards?": "oscar",
    r"rookie of the year": "roty",
    r"english premier league|epl": "premier league",
    r"korea republic|republic of korea": "south korea",
    r"turkiye": "turkey",
    r"cote d'ivoire": "ivory coast",
    r"(?:president )?donald (?:j\.? )?trump(?!,? (?:jr|junior)\b)|president trump": "trump",
}
_ORDINALS = {
    word: f"#{i}"
    for i, words in enumerate(
        ("first 1st", "second 2nd", "third 3rd", "fourth 4th", "fifth 5th", "sixth 6th", "seventh 7th"), 1
    )
    for word in words.split()
}
_SPOKEN = tuple(_PHRASES.values())
_BOUNDED = re.compile(
    r"(?<![\w])(?:" + "|".join(rf"(?P<g{i}>{p})" for i, p in enumerate(_PHRASES)) + r")(?![\w])"
)


def phrased(folded: str) -> str:
    """A folded text with its set phrases in one word each."""
    return _BOUNDED.sub(_word_of, folded)


def _word_of(match: re.Match[str]) -> str:
    return _SPOKEN[int((match.lastgroup or "g0")[1:])]


_TOKEN = re.compile(r"(?:(?<!\w)-(?=\d))?[^\W_]+(?:[.'&][^\W_]+)*%?\+?|>=|<=|[<>]")
_AMOUNT = re.compile(r"-?\d+(?:\.\d+)?%?")
_INITIALS = re.compile(r"[a-z](?:\.[a-z])+")
_MINUS_DOLLARS = re.compile(r"(?<!\w)-\$(?=\d)")
_SCALE = re.compile(r"(\d[\d,]*(?:\.\d+)?)\s?(k|thousand|m|mn|million|b|bn|billion|t|tn|trillion)\b")
_ZEROS = {"k": 3, "t": 12, "m": 6, "b": 9}
_COMMAS = re.compile(r"(?<=\d),(?=\d{3})")


def numerals(folded: str) -> str:
    """Numbers written out: "$1.5 million" is "1500000", "58,000" is "58000"."""
    if not any(map(str.isdigit, folded)):
        return folded
    text = _MINUS_DOLLARS.sub("-", _COMMAS.sub("", folded)).replace("$", " ")
    return _SCALE.sub(_written_out, text)


def _written_out(match: re.Match[str]) -> str:
    word = match.group(2)
    zeros = 3 if word == "thousand" else _ZEROS[word[0]]
    whole, _, part = match.group(1).replace(",", "").partition(".")
    return f"{whole}{part.ljust(zeros, '0')}" if len(part) <= zeros else match.group(0)


_STOP_WORDS = (
    "a an the will be is are was were do does did of in on at to for by with that this it its as "
    "then been being has have had there his her their they he she and s would "
)
STOP = frozenset(_STOP_WORDS.split())
"""Words that carry no question. "or", "not", "than", "after", "over", "without" and their like are no such words."""

RELATIONS = frozenset({"for", "with"})
"""Words that carry the question only in a predicate: "trade X for Y" is no "trade Y for X", nor "leave for X" "leave with X"."""

_LOOSE_WORDS = "award trophy prize official officially person publicly fifa men formally "
LOOSE = frozenset(_LOOSE_WORDS.split())
"""Words one venue adds and another leaves out without asking anything else."""

_KEPT = frozenset(
    {
        "us",
        "nlcs",
        "alcs",
        "is",
        "as",
        "his",
        "this",
        "texas",
        "kansas",
        "arkansas",
        "massachusetts",
        "illinois",
    }
)


def tokens(phrased_text: str) -> list[str]:
    """Words and numbers in order, in the singular, apostrophes gone; stop words stay."""
    return [_plain(word) for word in _TOKEN.findall(phrased_text)]


@lru_cache(maxsize=65_536)
def _plain(word: str) -> str:
    if word.endswith("'s"):
        word = word[:-2]
    word = word.replace("'", "")
    if _INITIALS.fullmatch(word):
        return word.replace(".", "")
    if word in _ORDINALS:
        return _ORDINALS[word]
    if _AMOUNT.fullmatch(word):
        return _number(word)
    if len(word) > 3 and word[-1] == "s" and word[-2] not in "sui" and word not in _KEPT:
        return word if word[:-1] in STOP else word[:-1]
    return word


def _number(word: str) -> str:
    """A number without idle zeros; in "4.20" the zero is not idle, for it may be a version."""
    percent = "%" if word[-1] == "%" else ""
    digits = word.rstrip("%")
    whole, dot, part = digits.partition(".")
    if dot and (percent or not part.strip("0")):
        part = part.rstrip("0")
        digits = f"{whole}.{part}" if part else whole
    return f"{digits}{percent}"


def content(words: list[str]) -> list[str]:
    """The words that carry the question."""
    return [word for word in words if word not in STOP]


def linked(words: list[str]) -> list[str]:
    """The words of a predicate that carry the question, with those that link what they stand before."""
    last = len(words) - 1
    return [word for i, word in enumerate(words) if word not in STOP or (word in RELATIONS and i < last)]
