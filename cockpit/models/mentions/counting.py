"""What counts as saying a word, by each venue's rules, as functions of a transcript.

    rule                                Kalshi       Polymarket
    plural, possessive                  counts       counts
    other inflections (immigration)     no           no
    hyphened, open compounds            counts       counts
    closed compounds (firetruck, fire)  no           counts
    homonyms (ice water, ICE)           counts       counts
    ordinals of a number (January 6th)  counts       in doubt
    an old clip that is aired           no           counts
    a post, in a week's market          counts       no
    an upload, not heard live           in doubt     counts
    a machine's voice                   no           no

Sources: the filed terms of Kalshi's mention contracts as quoted in 2026, and the rules texts of Polymarket's mention
markets of December 2025 to June 2026. A market's own text comes first: `reading` takes from it what it states. What is
in doubt is counted apart, so that a market is yes, no, or for a person to decide.
"""

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum

import msgspec

from cockpit.models.mentions.forms import a_word, forms, ordinal, remainder, singulars, words


class Medium(StrEnum):
    """How a passage reached the public."""

    LIVE = "live"
    UPLOAD = "upload"
    """Heard in a later recording of the event, not live."""
    CLIP = "clip"
    """Of another day, aired at the event."""
    POST = "post"
    DOCUMENT = "document"
    MACHINE = "machine"
    """A synthetic voice."""


class Passage(msgspec.Struct, frozen=True):
    """What somebody said or wrote at one go."""

    text: str
    speaker: str = ""
    """Folded surname; empty where the transcript does not say."""
    medium: Medium = Medium.LIVE


class Rules(msgspec.Struct, frozen=True):
    """What counts."""

    venue: str
    media: frozenset[Medium]
    doubtful: frozenset[Medium] = frozenset()
    closed: bool = False
    """Whether a closed compound counts."""
    ordinals: bool | None = True
    """Whether an ordinal counts for its number; None in doubt."""
    anyone: bool = False
    """Whether anybody's words count: a broadcast's, not a speaker's."""


KALSHI = Rules("kalshi", frozenset({Medium.LIVE}), frozenset({Medium.UPLOAD}))
KALSHI_WEEK = Rules("kalshi", frozenset({Medium.LIVE, Medium.UPLOAD, Medium.POST}), frozenset({Medium.CLIP}))
POLYMARKET = Rules(
    "polymarket",
    frozenset({Medium.LIVE, Medium.UPLOAD, Medium.CLIP}),
    closed=True,
    ordinals=None,
)
POLYMARKET_POSTS = Rules("polymarket", frozenset({Medium.POST}), closed=True, ordinals=None)
_WEEKLY = re.compile(r"^KX[A-Z]*(?:SAY|SAYMONTH|SAYNICKNAME)\b")
_POSTS = re.compile(r"\b(?:post|truth social|tweet)", re.IGNORECASE)
_BROADCAST = re.compile(r"\bannouncers?|commentators?|broadcast(?:er)?s?\b", re.IGNORECASE)


class Counted(msgspec.Struct, frozen=True):
    """How often something was said: for sure, and what a person must decide besides."""

    sure: int = 0
    doubtful: int = 0


class Outcome(StrEnum):
    """How a market comes out by a transcript."""

    YES = "yes"
    NO = "no"
    AMBIGUOUS = "ambiguous"


def reading(venue: str, series: str = "", measure: str = "says", text: str = "") -> Rules:
    """The rules of a market, by its venue, its series, what it asks ("says", "posts") and its own text."""
    if venue.startswith("polymarket"):
        found = POLYMARKET_POSTS if measure == "posts" else POLYMARKET
    elif _WEEKLY.match(series):
        found = KALSHI_WEEK
    else:
        found = KALSHI
    if measure == "posts" and venue == "kalshi":
        found = msgspec.structs.replace(found, media=frozenset({Medium.POST}), doubtful=frozenset())
    anyone = bool(_BROADCAST.search(text)) and not _POSTS.search(text)
    return msgspec.structs.replace(found, anyone=anyone) if anyone else found


def outcome(found: Counted, least: int = 1, *, held: bool = True) -> Outcome:
    """How a market that needs ``least`` mentions comes out; where the event was not held, every word is no."""
    if not held:
        return Outcome.NO
    least = max(1, least)
    if found.sure >= least:
        return Outcome.YES
    return Outcome.AMBIGUOUS if found.sure + found.doubtful >= least else Outcome.NO


def count(passages: Iterable[Passage], phrases: Sequence[str], rules: Rules, speaker: str = "") -> Counted:
    """How often any of several phrases was said; overlapping ones count once, the longest first.

    Args:
        passages: the transcript.
        phrases: alternatives, any of which counts.
        rules: whose.
        speaker: folded surname of the one whose words count; passages of others do not, those of nobody in doubt.
    """
    sure = doubtful = 0
    wanted = sorted({tuple(words(each)) for each in phrases} - {()}, key=lambda each: (-len(each), each))
    for passage in passages:
        whose = _whose(passage, speaker, rules)
        if whose is False:
            continue
        clear, unclear = _in_text(words(passage.text), wanted, rules)
        if whose is True:
            sure, doubtful = sure + clear, doubtful + unclear
        else:
            doubtful += clear + unclear
    return Counted(sure, doubtful)


def _whose(passage: Passage, speaker: str, rules: Rules) -> bool | None:
    """Whether a passage counts; None in doubt."""
    if passage.medium not in rules.media | rules.doubtful:
        return False
    if not rules.anyone and speaker and passage.speaker and passage.speaker != speaker:
        return False
    nobody = speaker != "" and not passage.speaker and not rules.anyone
    unsure = nobody or passage.medium in rules.doubtful
    return None if unsure else True


def _in_text(tokens: list[str], wanted: list[tuple[str, ...]], rules: Rules) -> tuple[int, int]:
    """Mentions in a text, sure and doubtful; a token counts once."""
    clear = unclear = at = 0
    known = frozenset(tokens)
    while at < len(tokens):
        step = 1
        for phrase in wanted:
            fit = _fits(tokens[at : at + len(phrase)], phrase, rules, known)
            if fit is not None:
                clear, unclear, step = clear + fit, unclear + (not fit), len(phrase)
                break
        at += step
    return clear, unclear


def _fits(tokens: list[str], phrase: tuple[str, ...], rules: Rules, known: frozenset[str]) -> bool | None:
    """Whether these tokens are the phrase: True for sure, False in doubt, None not."""
    if len(tokens) < len(phrase):
        return None
    sure = True
    for token, word in zip(tokens, phrase, strict=True):
        fit = _is(token, word, rules, known if len(phrase) == 1 else frozenset())
        if fit is None:
            return None
        sure = sure and fit
    return sure


def _is(token: str, word: str, rules: Rules, known: frozenset[str]) -> bool | None:
    """Whether a token is a word: True for sure, False in doubt, None not. ``known`` allows closed compounds."""
    if token in forms(word):
        return True
    if ordinal(token) == word and word:
        return rules.ordinals if rules.ordinals else (None if rules.ordinals is False else False)
    if token.removesuffix("'s").removesuffix("'") in singulars(word):
        return False  # the singular of a word listed in the plural: the rules are silent
    if rules.closed and known:
        left = remainder(token, word)
        if left:
            return a_word(left) or left in known
    return None
