"""Markets on words as contracts, and which events of venues and entries of calendars are one speech.

A phrase is a speaker, words any of which counts, and how many times. A speech is an event of one venue with those of others
that are about the same speaker on the same New York day and say so in words they share, or are of the same kind. That two
venues' events are one speech says nothing of whether their rules are one: pairs are confirmed elsewhere.
"""

import re
from collections.abc import Iterable, Sequence

import msgspec

from cockpit.domain.markets import EventGroup, Market
from cockpit.domain.mentions import Occasion
from cockpit.domain.newyork import local
from cockpit.models.match.contract import TypedContract
from cockpit.models.match.read import read
from cockpit.models.match.words import content, fold, tokens
from cockpit.models.mentions.occasions import kind_of
from cockpit.models.mentions.rates import key

_SAID = re.compile(r"\b(?:say|mention|says|said|post|tweet)\b")
_PLAIN = frozenset(
    {"what", "will", "say", "mention", "during", "his", "her", "their", "president", "the", "of", "at", "in", "on", "with",
     "announcers", "remarks", "event", "next", "today", "first"}
)  # fmt: skip
"""Words that titles share and that tell no two speeches apart."""
NOT_HELD = re.compile(r"no qualifying event|event does not qualify|does not qualify")
"""The strike that pays when the event is not held."""


class Phrase(msgspec.Struct, frozen=True):
    """A market on a phrase."""

    market: str
    venue: str
    event: str
    speaker: str
    day: str
    """New York's, of the event; empty where nothing says."""
    phrase: str
    label: str
    least: int
    measure: str
    """says or posts."""


class Speech(msgspec.Struct, frozen=True):
    """An event, on however many venues."""

    id: str
    """The first venue's event."""
    title: str
    speaker: str
    kind: str
    day: str
    events: tuple[str, ...]


def phrase_of(market: Market, group: EventGroup | None = None) -> Phrase | None:
    """A market as a phrase; None for anything else, and for the strike that pays when nothing is held."""
    said = f"{market.title} {group.title if group is not None else ''}"
    mentions = "MENTION" in market.series or "SAY" in market.series
    if not mentions and not _SAID.search(fold(said)):
        return None
    terms = read(market, group)
    if terms.family != "mentions" or terms.doubt or not terms.value or NOT_HELD.search(fold(market.subtitle)):
        return None
    return Phrase(
        market.ticker, market.venue, market.event, terms.subject, _day(terms.period), key(terms.value.split("/"), terms.count or 1),
        _label(market, terms), max(1, terms.count), terms.measure,
    )  # fmt: skip


def _day(period: str) -> str:
    return period if re.fullmatch(r"20\d\d-\d\d-\d\d", period) else ""


def _label(market: Market, terms: TypedContract) -> str:
    """The phrase as the venue writes it."""
    custom = {name.lower(): value for name, value in market.custom}
    written = custom.get("word") or market.subtitle.partition(" - ")[0]
    return written.strip() or terms.value


def speech_of(event: str, title: str, phrases: Sequence[Phrase]) -> Speech:
    """One venue's event as a speech."""
    days = sorted({each.day for each in phrases} - {""})
    return Speech(event, title, phrases[0].speaker, kind_of(title), days[0] if days else "", (event,))


def merged(speeches: Iterable[Speech]) -> list[Speech]:
    """Events of several venues, put together where they are one speech; the first named keeps its name."""
    found: list[Speech] = []
    for each in speeches:
        at = next((i for i, other in enumerate(found) if one_speech(other, each)), None)
        if at is None:
            found.append(each)
        else:
            found[at] = msgspec.structs.replace(found[at], events=(*found[at].events, *each.events))
    return found


def one_speech(one: Speech, other: Speech) -> bool:
    """Whether two events are the same speech by what their venues say."""
    if not one.speaker or one.speaker != other.speaker or not one.day or one.day != other.day:
        return False
    mine, theirs = subject(one.title, one.speaker), subject(other.title, other.speaker)
    return bool(mine & theirs) or (one.kind == other.kind and (not mine or not theirs))


def subject(title: str, speaker: str = "") -> frozenset[str]:
    """The words of a title that tell it apart."""
    return frozenset(content(tokens(fold(title)))) - _PLAIN - set(speaker.split()) - {"trump", "donald"}


def entry_of(speech: Speech, start_ns: int, occasions: Iterable[Occasion]) -> Occasion | None:
    """The calendar entry a speech is: of its day, its speaker where the calendar names one, and words they share.

    Where several fit, the one that shares most, then the nearest to the venue's own start; None where two fit alike.
    """
    wanted = subject(speech.title, speech.speaker)
    found: list[tuple[int, int, Occasion]] = []
    for each in occasions:
        if f"{local(each.start_ns):%Y-%m-%d}" != speech.day or each.speaker not in ("", speech.speaker):
            continue
        shared = len(wanted & subject(f"{each.title} {each.location}", speech.speaker))
        same_kind = kind_of(each.title) == speech.kind and speech.kind != "remarks"
        if shared or (same_kind and each.speaker):
            apart = abs(each.start_ns - start_ns) if start_ns else 0
            found.append((-2 * shared - same_kind, apart, each))
    found.sort(key=lambda each: (each[0], each[1], each[2].source, each[2].id))
    if len(found) > 1 and found[0][:2] == found[1][:2] and found[0][2].start_ns != found[1][2].start_ns:
        return None
    return found[0][2] if found else None
