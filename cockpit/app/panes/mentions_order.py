"""Which events and phrases the Mentions pane shows, and in which order."""

from collections.abc import Iterable, Sequence

from cockpit.app.panes import quotes
from cockpit.app.panes.folds import Found
from cockpit.app.panes.ranking import Key
from cockpit.domain.mentions import PhraseLine, PhraseView, SpeechView, Stage

SORTS = ("time", "edge", "name")
OPEN = (Stage.LIVE, Stage.SOON)
"""Stages whose phrases are shown unless a person folds them."""
OVER = (Stage.ENDED, Stage.SETTLED, Stage.CANCELLED)
_RANK = {stage: i for i, stage in enumerate((Stage.LIVE, Stage.SOON, Stage.ANNOUNCED, *OVER))}
_LAST = float("inf")


def best(phrase: PhraseView) -> PhraseLine | None:
    """Where the better order on a phrase could rest."""
    return quotes.best(line for line in phrase.lines if line.side)


def market(phrase: PhraseView) -> str:
    """What keys act on: the market of the best edge, else the first; empty where no venue lists it now."""
    line = best(phrase) or next(iter(phrase.lines), None)
    return line.market if line is not None else ""


def find(speeches: Iterable[SpeechView], needle: str) -> list[Found[SpeechView, PhraseView]]:
    """Events that have every word of the filter, by themselves or together with a phrase of theirs."""
    wanted = needle.split()
    found = []
    for speech in speeches:
        own = " ".join(
            (
                speech.title,
                speech.speaker,
                speech.kind,
                speech.stage,
                speech.clock,
                speech.location,
                speech.source,
            )
        ).casefold()
        rest = [word for word in wanted if word not in own]
        some = [phrase for phrase in speech.phrases if _has(phrase, rest)] if rest else speech.phrases
        if some or not rest:
            found.append(Found(speech, some, picked=bool(rest)))
    return found


def _has(phrase: PhraseView, wanted: Sequence[str]) -> bool:
    words = " ".join((phrase.label, phrase.phrase, *phrase.flags)).casefold()
    return all(word in words for word in wanted)


def event_key(sort: str, speech: SpeechView) -> Key:
    """What events are sorted by: those that are over come last, but by name."""
    rank, over = _RANK[speech.stage], speech.stage in OVER
    when = _LAST if not speech.start_ns else -speech.start_ns if over else speech.start_ns
    if sort == "name":
        return (speech.speaker.casefold(), speech.title.casefold(), speech.id)
    if sort == "edge":
        return (over, min(map(_falling, speech.phrases), default=_LAST), rank, when, speech.id)
    return (rank, when, speech.title, speech.id)


def phrase_key(sort: str, phrase: PhraseView, place: int) -> Key:
    """What an event's phrases are sorted by: by time they stay as the venue lists them, what is settled below."""
    if sort == "name":
        return (phrase.label.casefold(), phrase.phrase)
    if sort == "edge":
        return (bool(phrase.settled), _falling(phrase), place)
    return (bool(phrase.settled), place)


def _falling(phrase: PhraseView) -> float:
    """Best first by whole cents: what looks equal keeps its place."""
    line = best(phrase)
    if line is None or line.low is None or line.mark in quotes.SUNK:
        return _LAST
    return -round(line.low * 100)
