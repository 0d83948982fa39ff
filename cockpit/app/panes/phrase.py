"""Everything about one phrase at one event: its chance, whose orders where, when it was said before, what counts."""

from cockpit.app import cells, text
from cockpit.app.line import Line, Part, crop, part, wrap
from cockpit.app.panes import market, quotes, reasons
from cockpit.app.panes import mentions_words as words
from cockpit.app.panes.quotes import VENUES
from cockpit.domain.mentions import PastView, PhraseDetail, PhraseView, SpeechView
from cockpit.domain.view import View

PAST_ROWS = (2, 8)
"""Rows of occurrences, least and most: a sixth of the page; what is older is counted."""
RULE_ROWS = 6
"""Rows a venue's rules have."""


def document(view: View, detail: PhraseDetail, width: int, height: int, *, dots: bool = True) -> list[Line]:
    """All rows there are: chance and orders, when it was said, what counts, the number; then the market as ever."""
    rows = [
        *_head(detail, view.ts, width),
        *_offers(detail.phrase, view, width),
        *_past(detail.past, width, height),
        *_counts(detail, width),
        *_value(detail, width),
    ]
    found = view.detail
    if found is None or found.row.ticker not in {line.market for line in detail.phrase.lines}:
        return rows
    return [*rows, *_market(view, width, height, dots=dots)]


def occasion(speech: SpeechView, now: int, width: int) -> list[Line]:
    """An event by itself: what stands beside its heading."""
    n = len(speech.phrases)
    listed = f"{n} word{'s' * (n != 1)} listed" if n else "no markets yet"
    return [*_event(speech, now, width), *wrap(listed, width, 1, "dim")]


# ---------------------------------------------------------------------------------------------- what it is


def _head(detail: PhraseDetail, now: int, width: int) -> list[Line]:
    phrase = detail.phrase
    own = words.chance(phrase)
    chance: Line = (("", "dim"), (own, "title")) if phrase.settled else (("P(said) ", "dim"), (own, "band"))
    title = [
        part(words.name(phrase), "accent"),
        Part(chance),
        Part((("base rate ", "dim"), (words.rate(phrase), "text"))),
        *(part(text.clean(flag), "warn") for flag in phrase.flags),
    ]
    return [*cells.flow(title, width), *_event(detail.speech, now, width)]


def _event(speech: SpeechView, now: int, width: int) -> list[Line]:
    """The event in full: stage, speaker, title, who says when, where it is."""
    parts = [
        part(words.stage(speech, now), "title"),
        part(words.speaker(speech), "accent"),
        part(text.clean(speech.kind)),
        part(text.clean(speech.location), "dim"),
    ]
    over = words.standing(speech)
    return [
        *cells.flow(parts, width),
        *wrap(speech.title, width, 3),
        *wrap(words.when(speech, now), width, 2, "warn" if speech.clock == words.GUESS else "dim"),
        *(wrap(over, width, 1, "warn") if over else ()),
        *(wrap(speech.url, width, 1, "dim") if speech.url else ()),
    ]


# ---------------------------------------------------------------------------------------------- where


def _offers(phrase: PhraseView, view: View, width: int) -> list[Line]:
    """A row a venue: its prices of YES, and the better order there."""
    if not phrase.lines:
        return [crop((("VENUES", "header"), ("  no venue lists it now", "dim")), width)]
    head: Line = (("VENUES", "header"), (" bid/ask of YES, the better order there", "dim"))
    rows = [crop(head, width)]
    why = {row.ticker: row.why for row in view.rows}
    for line in phrase.lines:
        rows += quotes.offered(line, quotes.venue(line), words.bought(line), why.get(line.market, ""), width)
    for flag in phrase.flags:
        rows += wrap(words.flag(flag), width, 2, "dim")
    return rows


# ---------------------------------------------------------------------------------------------- when, and what counts


def _past(past: tuple[PastView, ...], width: int, height: int) -> list[Line]:
    """Events it was listed for, the newest first, and how often it was said."""
    if not past:
        return [crop((("SAID", "header"), ("  never listed at an event we know", "dim")), width)]
    said = sum(each.said for each in past)
    head: Line = (
        ("SAID", "header"),
        (f" at {said} of {len(past)}", "title"),
        (" events, the newest first", "dim"),
    )
    kinds = min(max(len(text.clean(each.kind)) for each in past), 16)
    across = max(1, (width + 1) // (10 + 1 + kinds + 1 + 3 + 2))
    shown = past[: across * min(max(height // 6, PAST_ROWS[0]), PAST_ROWS[1])]
    rows = cells.flow((_once(each, kinds) for each in shown), width)
    older = len(past) - len(shown)
    more = wrap(f"and {older} older", width, 1, "dim") if older else []
    return [crop(head, width), *rows, *more]


def _once(each: PastView, kinds: int) -> Part:
    """One event of the past, in as many cells as any other."""
    word: tuple[str, str] = ("yes", "good") if each.said else ("no ", "dim")
    kind = text.cut(each.kind, kinds)
    return Part(((f"{text.cut(each.day, 10):<10} {kind:<{kinds}} ", "dim"), word))


def _counts(detail: PhraseDetail, width: int) -> list[Line]:
    """What counts as saying it, by each venue's rules."""
    if not detail.rules:
        return [crop((("COUNTS", "header"), ("  no venue's rules are known", "dim")), width)]
    rows: list[Line] = [crop((("COUNTS", "header"), (" as saying it, by each venue's rules", "dim")), width)]
    for venue, told in detail.rules:
        rows += wrap(f"{VENUES.get(venue, venue)}: {told}", width, RULE_ROWS)
    return rows


def _value(detail: PhraseDetail, width: int) -> list[Line]:
    if not detail.explanation:
        return [crop((("VALUE", "header"), ("  no model of ours values this phrase now", "dim")), width)]
    return [
        crop((("VALUE", "header"), (" where P(said) comes from", "dim")), width),
        *reasons.lines(detail.explanation, width),
    ]


def _market(view: View, width: int, height: int, *, dots: bool) -> list[Line]:
    """The market of the better order: ladder, chart, our orders, terms, its rules in full."""
    found = view.detail
    if found is None:
        return []
    head: Line = (("MARKET", "header"), (" of the better order", "dim"))
    return [crop(head, width), *market.document(found, view.ts, width, height, dots=dots, valued=False)]
