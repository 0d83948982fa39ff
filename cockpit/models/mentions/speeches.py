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
from cockpit.domain.newyork import is_day, local
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
    venues: tuple[str, ...] = ()
    """Of the events, in their order."""


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
    return period if is_day(period) else ""


def _label(market: Market, terms: TypedContract) -> str:
    """The phrase as the venue writes it."""
    custom = {name.lower(): value for name, value in market.custom}
    written = custom.get("word") or market.subtitle.partition(" - ")[0]
    return written.strip() or terms.value


def speech_of(event: str, title: str, phrases: Sequence[Phrase]) -> Speech:
    """One venue's event as a speech."""
    days = sorted({each.day for each in phrases} - {""})
    first = phrases[0]
    day = days[0] if days else ""
    return Speech(event, title, first.speaker, kind_of(title), day, (event,), (first.venue,))


def merged(speeches: Iterable[Speech]) -> list[Speech]:
    """Events of several venues, put together where they are one speech; the first venue's keeps its name.

    Two events of one venue are two speeches. Two that are one speech are each the only best for the other: where several
    fit alike, they stay apart.
    """
    found: list[Speech] = []
    by_venue: dict[str, list[Speech]] = {}
    for each in speeches:
        by_venue.setdefault(each.venues[0] if each.venues else "", []).append(each)
    for theirs in by_venue.values():
        ours = list(found)
        for other in theirs:
            at = _only([likeness(each, other) for each in ours])
            if at is None or _only([likeness(ours[at], each) for each in theirs]) != theirs.index(other):
                found.append(other)
            else:
                found[at] = msgspec.structs.replace(
                    ours[at],
                    events=(*ours[at].events, *other.events),
                    venues=(*ours[at].venues, *other.venues),
                )
    return found


def _only(likely: Sequence[int]) -> int | None:
    """Where the highest stands; None where it stands twice, or is nothing."""
    most = max(likely, default=0)
    return likely.index(most) if most and likely.count(most) == 1 else None


def likeness(one: Speech, other: Speech) -> int:
    """How much two events are the same speech by what their venues say; 0 for not at all."""
    if not one.speaker or one.speaker != other.speaker or not one.day or one.day != other.day:
        return 0
    mine, theirs = subject(one.title, one.speaker), subject(other.title, other.speaker)
    alike = one.kind == other.kind
    if mine & theirs:
        return 2 * len(mine & theirs) + alike
    return int(alike and (not mine or not theirs))


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
