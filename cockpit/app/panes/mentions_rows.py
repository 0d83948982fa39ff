"""Rows of the Mentions pane: a heading an event, a line a phrase."""

from cockpit.app import text
from cockpit.app.line import Line, Part, Span, fit, length, part, spread
from cockpit.app.panes import mentions_words as words
from cockpit.app.panes import quotes
from cockpit.app.panes.folds import BEGIN, begin
from cockpit.app.panes.mentions_order import OVER, best
from cockpit.app.panes.quotes import DOWN, MARKS, VENUES
from cockpit.app.widgets.live_grid import Cell, Column, Row
from cockpit.domain.mentions import PhraseLine, PhraseView, SpeechView, Stage

COLUMNS = (
    Column("mark", "", 1),
    Column("phrase", "event, phrase", 15, most=44, flex=True),
    Column("K", "K", 5, "right", most=9),
    Column("P", "PM", 5, "right", 2, most=9),
    Column("U", "PMus", 0, "right", 3, most=9),
    Column("move", "5m", 4, "right", 4, most=5),
    Column("rate", "said n", 7, "right", 1, most=8),
    Column("chance", "P(said)", 8, "right", most=10),
    Column("buys", "buys", 8, "left", most=11),
    Column("edge", "edge", 4, "right", 6, most=5),
    Column("low", "LOW", 3, "right", most=5),
    Column("flags", "flags", 5, "left", 5, most=10),
)
"""Prices are of YES, that it is said, but for what is bought."""

WORDY = 90
"""Cells of the pane from which flags are written out."""
TOLD = ("BOTH",)
"""Flags that the columns tell already; so does the label how often."""
STAGE = 10
"""Cells a stage has at least, so that names stand below each other."""
NAME = 14
"""Cells of a speaker at most."""
LEAST_MOVE = 0.005
"""Dollars: what rounds to no cent is none."""


# ---------------------------------------------------------------------------------------------- an event


def heading(key: str, speech: SpeechView, now: int, width: int, threshold: float, *, opened: bool) -> Row:
    """An event: where it stands, who speaks at what, what kind it is, who says when; further words where there is room."""
    over = speech.stage in OVER
    mark = quotes.loudest(line.mark for phrase in speech.phrases for line in phrase.lines)
    mark = "" if opened and speech.phrases else mark
    tail = _tail(speech, threshold, opened=opened)
    return Row(
        key,
        (),
        "dim" if over else "text",
        (*begin(mark, opened=opened), *_told(speech, now, width - BEGIN, tail)),
    )


def _told(speech: SpeechView, now: int, width: int, tail: list[Part]) -> Line:
    """The title in full and what there is room for at the end, else shortened, else cut."""
    least = sum(length(each.line) + 2 for each in tail if not each.tier)
    left: Line = ()
    right: Line = ()
    for title in (text.clean(speech.title).strip(), words.short_title(speech.title)):
        left = (*_head(speech, now, title), (title, _loud(speech)))
        right = fit(tail, max(width - length(left) - 2, least))
        if length(left) + 2 + length(right) <= width:
            break
    return spread(left, right, width)


def _head(speech: SpeechView, now: int, title: str) -> Line:
    """Stage, and the speaker unless the title names him."""
    name = words.speaker(speech)
    name = text.cut(name if len(name) <= NAME else words.surname(speech), NAME)
    if words.surname(speech).casefold() in title.casefold():
        name = ""
    shift = words.moved(speech)
    stage: Span = (f"{words.stage(speech, now):<{STAGE}} ", _STAGED.get(speech.stage, "text"))
    return (
        stage,
        (f"{shift} " if shift else "", "warn"),
        (f"{name}: " if name else "", "text" if speech.stage in OVER else "accent"),
    )


_STAGED = {Stage.LIVE: "good", Stage.SOON: "accent", Stage.CANCELLED: "warn"}


def _loud(speech: SpeechView) -> str:
    return "title" if speech.stage is Stage.LIVE else "text"


def _tail(speech: SpeechView, threshold: float, *, opened: bool) -> list[Part]:
    clear = sum(quotes.clears(best(phrase), threshold) for phrase in speech.phrases)
    low = f"{clear} LOW>={text.probability(threshold)}" if clear and not opened else ""
    return [
        part(text.cut(speech.location, 24), "dim", 3),
        part(text.cut(speech.source, 16), "dim", 2),
        part(text.cut(speech.kind, 16), "text"),
        part(text.cut(speech.clock, 10), "warn" if speech.clock == words.GUESS else "dim"),
        part(low, "good", 1),
        _count(speech),
    ]


def _count(speech: SpeechView) -> Part:
    n = len(speech.phrases)
    if not n:
        return part("no markets yet", "dim")
    said = [phrase.settled for phrase in speech.phrases if phrase.settled]
    if len(said) == n:
        return part(f"{said.count('yes')}/{n} said", "dim", 1)
    return part(f"{n} word{'s' * (n != 1)}", "dim", 1)


def note(key: str, speech: SpeechView, width: int) -> Row:
    """Below the heading of an event without markets: what else its calendar says."""
    told = (
        part(text.clean(speech.location).strip(), "dim"),
        part(text.clean(speech.url).strip(), "dim", 1),
        part(f"announced by {text.clean(speech.source)}" if speech.source else "", "dim", 2),
        part(text.clean(speech.title).strip(), "dim", 3),
    )
    return Row(key, (), "text", ((" " * BEGIN, "text"), *fit(told, max(width - BEGIN, 0))))


# ---------------------------------------------------------------------------------------------- a phrase


def row(key: str, phrase: PhraseView, threshold: float, width: int) -> Row:
    """A phrase: prices, base rate, chance, the better order."""
    marks = [line.mark for line in phrase.lines]
    sign, line = quotes.loudest(marks), best(phrase)
    down = bool(marks) and all(mark in DOWN for mark in marks)
    return Row(
        key,
        (
            (sign or " ", MARKS.get(sign, "text")),
            (_label(phrase), "text"),
            *(quotes.top_cell(phrase.lines, letter, "" if letter == "U" else text.NONE) for letter in VENUES),
            _move(phrase),
            (words.rate(phrase), "text" if phrase.n else "dim"),
            _chance(phrase, stale=down and sign == "z"),
            _buys(line),
            *quotes.edge_cells(line, threshold),
            (_flags(phrase, full=width >= WORDY), "warn"),
        ),
        "dim" if phrase.settled else DOWN.get(sign, "text") if down else "text",
    )


def _label(phrase: PhraseView) -> str:
    label = f"  {text.clean(phrase.label).strip()}"
    return f"{label}\tx{phrase.least}" if phrase.least > 1 else label


def _buys(line: PhraseLine | None) -> Cell:
    if line is None:
        return quotes.buys_cell("")
    return quotes.buys_cell(f"{line.venue} {words.bought(line)}", line.mark)


def _chance(phrase: PhraseView, *, stale: bool) -> Cell:
    if phrase.settled:
        return words.chance(phrase), "title" if phrase.settled == "yes" else "text"
    if phrase.chance is None:
        return ("stale", "warn") if stale else (text.NONE, "dim")
    return words.chance(phrase), "band"


def _move(phrase: PhraseView) -> Cell:
    """The larger of the venues' changes over five minutes, and whose it is."""
    known = [(line.move, line.venue) for line in phrase.lines if line.move is not None]
    if not known:
        return text.NONE, "dim"
    moved, venue = max(known, key=lambda each: abs(each[0]))
    return ("=", "dim") if abs(moved) < LEAST_MOVE else (f"{venue}{text.signed_cents(moved)}", "text")


def _flags(phrase: PhraseView, *, full: bool) -> str:
    """Flags that no column tells; of several only their first letters where room is short."""
    told = [text.clean(flag) for flag in phrase.flags if flag not in TOLD and flag != f"x{phrase.least}"]
    if full or len(told) < 2:
        return " ".join(told)
    return "+".join(flag[:1] for flag in told)
