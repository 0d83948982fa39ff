"""Why nothing is proposed on a phrase, where its event's time comes from, what the flags mean, where the number is from."""

from cockpit.app import text
from cockpit.app.line import Line, wrap
from cockpit.app.panes import mentions_words as words
from cockpit.app.panes import quotes, reasons
from cockpit.domain.mentions import PhraseView, SpeechView
from cockpit.domain.view import View


def lines(speech: SpeechView, phrase: PhraseView | None, view: View, width: int) -> list[Line]:
    """All there is to say of an event, or of a phrase of it."""
    now = view.ts
    who = ": ".join(each for each in (words.speaker(speech), words.short_title(speech.title)) if each)
    head = f"WHY {words.name(phrase)}, {who}" if phrase is not None else f"WHY {who}"
    told = [*wrap(f"{head}, {words.stage(speech, now)}", width, 2, "title", "")]
    told += wrap(words.when(speech, now), width, 2, "warn" if speech.clock == words.GUESS else "text")
    if over := words.standing(speech):
        told += wrap(over, width, 1, "warn")
    if phrase is None:
        return [*told, *_of_event(speech, width)]
    return [*told, *_of_phrase(phrase, view, width)]


def _of_event(speech: SpeechView, width: int) -> list[Line]:
    """What else is known of an event."""
    where = ", ".join(each for each in (speech.location, speech.url) if each)
    at = wrap(f"at {where}", width, 2, "dim") if where else []
    if not speech.phrases:
        return [*at, *wrap("no venue lists words for it yet, or none could be joined to it", width, 1)]
    both = sum("BOTH" in phrase.flags for phrase in speech.phrases)
    told = f"{len(speech.phrases)} words listed by {' and '.join(_venues(speech))}, {both} of them on both"
    return [*at, *wrap(told, width, 2)]


def _venues(speech: SpeechView) -> list[str]:
    letters = [line.venue for phrase in speech.phrases for line in phrase.lines]
    return [text.clean(quotes.VENUES.get(letter, letter)) for letter in dict.fromkeys(letters)]


def _of_phrase(phrase: PhraseView, view: View, width: int) -> list[Line]:
    """Per venue what an order would be worth and what is against it, the flags, and the numbers."""
    lines: list[Line] = []
    if phrase.settled:
        lines += wrap(f"settled {text.clean(phrase.settled)}", width, 1)
    elif phrase.chance is None:
        lines += wrap("not priced: no fair value now", width, 1, "warn")
    if not phrase.n:
        lines += wrap(
            "never listed at an event we know: its rate is what such words have on average", width, 1, "warn"
        )
    why = {row.ticker: row.why for row in view.rows}
    for line in phrase.lines:
        lines += wrap(
            quotes.offer(line, quotes.venue(line), words.bought(line), why.get(line.market, "")), width, 2
        )
    for flag in phrase.flags:
        lines += wrap(words.flag(flag), width, 1, "warn" if flag in ("RULES", "POST") else "dim")
    detail = view.phrase
    if detail is not None and detail.phrase.phrase == phrase.phrase:
        lines += reasons.lines(detail.explanation, width, 3)
    return lines
