"""Occurrences from files: a plain list, one JSON object a line, and the settled mention markets of a session.

A line is ``{"day", "event", "speaker", "kind", "phrase", "said"}``; ``kind`` may be left out, and the phrase is written as a
venue writes it ("Crypto / Bitcoin", "Biden (5+ times)").
"""

import gzip
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path

import msgspec

from cockpit.domain.errors import InputError
from cockpit.domain.events import Event, EventListed, MarketListed, MarketSettled
from cockpit.domain.markets import EventGroup, Market, SettlementState
from cockpit.domain.mentions import Occurrence
from cockpit.domain.units import PRICE
from cockpit.models.match.words import fold
from cockpit.models.mentions.occasions import OTHER
from cockpit.models.mentions.rates import key
from cockpit.models.mentions.speeches import NOT_HELD, Phrase, Speech, merged, phrase_of, speech_of
from cockpit.runtime.corpus import Row
from cockpit.runtime.transcripts import asked, spoken_by

LONGEST = 300
"""Characters of one field."""
MOST_LINES = 5_000_000
_VENUES = ("kalshi", "polymarket_us", "polymarket")
"""Whose word stands where two venues settle the same phrase of the same speech."""
_KEPT = re.compile(r" x\d{1,4}$")


class _Line(msgspec.Struct, forbid_unknown_fields=True):
    day: str
    event: str
    speaker: str
    phrase: str
    said: bool
    kind: str = OTHER


_LINE = msgspec.json.Decoder(_Line)


def listed(path: Path, told: Callable[[int, int], object]) -> Iterator[Row]:
    """The rows of a plain list (or .gz); ``told`` hears of the progress in lines.

    Raises:
        InputError: naming file and line.
    """
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield _row(path, number, line)
                if number % 1_000 == 0:
                    told(number, number + 1)
                if number > MOST_LINES:
                    raise InputError(f"{path}: more than {MOST_LINES} lines")
    except (OSError, EOFError) as error:
        raise InputError(f"{path}: {error}") from error


def _row(path: Path, number: int, line: bytes) -> Row:
    try:
        one = _LINE.decode(line)
        date.fromisoformat(one.day)
        parts, least = asked(one.phrase)
        phrase = key(parts, least)
        speaker = spoken_by(one.speaker)
        if not (phrase and speaker and one.event):
            raise ValueError("an empty event, speaker or phrase")  # noqa: TRY301  told with its line below
        if max(map(len, (one.event, one.speaker, one.phrase, one.kind))) > LONGEST or len(one.day) != 10:
            raise ValueError("a field that is too long")  # noqa: TRY301
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: line {number}: {error}") from error
    found = Occurrence(one.day, one.event, speaker, one.kind.casefold(), phrase, said=one.said)
    return Row(found, _KEPT.sub("", one.phrase))


class _Settled:
    """What a session said of mention markets."""

    def __init__(self) -> None:
        self.markets: dict[str, Market] = {}
        self.groups: dict[str, EventGroup] = {}
        self.values: dict[str, int | None] = {}

    def take(self, event: Event) -> None:
        match event:
            case MarketListed(_, market):
                self.markets[market.ticker] = market
                if market.value is not None:
                    self.values.setdefault(market.ticker, market.value)
            case EventListed(_, group):
                self.groups[group.ticker] = group
            case MarketSettled(_, ticker, SettlementState.FINAL, value):
                self.values[ticker] = value
            case _:
                pass


def settled(events: Iterable[Event]) -> list[Row]:
    """The mention markets that events settle, each phrase of each speech once.

    An event that was not held counts for nothing. Where two venues settle the same phrase of one speech, Kalshi's word
    stands. Posts are no words said.
    """
    seen = _Settled()
    for event in events:
        seen.take(event)
    void = {m.event for m in seen.markets.values() if _not_held(m, seen.values.get(m.ticker))}
    phrases = [each for each in _phrases(seen) if each.event not in void]
    speeches = _speeches(phrases, seen)
    rows: dict[tuple[str, str], Row] = {}
    for each in sorted(phrases, key=lambda each: (_rank(each.venue), each.market)):
        value, speech = seen.values.get(each.market), speeches[each.event]
        if value in (0, PRICE) and speech.day and each.measure == "says":
            found = Occurrence(
                speech.day, speech.id, each.speaker, speech.kind, each.phrase, said=value == PRICE
            )
            label = (
                each.label if asked(each.label)[1] == each.least else f"{each.label} ({each.least}+ times)"
            )
            rows.setdefault((speech.id, each.phrase), Row(found, label))
    return list(rows.values())


def _not_held(market: Market, value: int | None) -> bool:
    """Whether a market is the strike that pays when the event is not held, and paid."""
    return value == PRICE and NOT_HELD.search(fold(market.subtitle)) is not None


def _phrases(seen: _Settled) -> Iterator[Phrase]:
    for name in sorted(seen.markets):
        market = seen.markets[name]
        found = phrase_of(market, seen.groups.get(market.event))
        if found is not None and found.speaker:
            yield found


def _speeches(phrases: list[Phrase], seen: _Settled) -> dict[str, Speech]:
    """The speech of each venue's event."""
    of: dict[tuple[int, str], list[Phrase]] = {}
    for each in phrases:
        of.setdefault((_rank(each.venue), each.event), []).append(each)
    found = merged(
        speech_of(event, _title(event, each, seen), each) for (_, event), each in sorted(of.items())
    )
    return {event: speech for speech in found for event in speech.events}


def _title(event: str, phrases: list[Phrase], seen: _Settled) -> str:
    group = seen.groups.get(event)
    return group.title if group is not None and group.title else seen.markets[phrases[0].market].title


def _rank(venue: str) -> int:
    return _VENUES.index(venue) if venue in _VENUES else len(_VENUES)
