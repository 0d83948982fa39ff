"""Events and phrases in words: where one stands, who says when, what its flags mean, what is bought."""

import re

from cockpit.app import text
from cockpit.app.panes import quotes
from cockpit.app.panes.mentions_order import OVER
from cockpit.domain.mentions import PhraseLine, PhraseView, SpeechView, Stage

GUESS = "guess"
CLOCKS = {
    "venue": "the venue states it",
    "calendar": "a calendar states it",
    GUESS: "a guess: nobody states it",
}
FLAGS = {
    "RULES": "RULES: not known to count alike, so one's price tells less of the other's",
    "POST": "POST: written words count",
    "BOTH": "BOTH: listed on both venues",
}
_ASKED = re.compile(
    r"what (?:words? |phrases? )?will .{1,60}? (?:say|mention|post)\b(?: (?:during|at|in|on))?(?: (?:the|his|her|their))? *",
    re.IGNORECASE,
)
_TIMES = re.compile(r"x(\d+)")


# ---------------------------------------------------------------------------------------------- an event


def stage(speech: SpeechView, now: int) -> str:
    """Where it stands: ``LIVE 23:07 of 45m``, ``SOON 41:20``, ``Tue 8:00p``, ``ENDED``; what is guessed has a ``~``."""
    begun = now - speech.start_ns
    match speech.stage:
        case Stage.LIVE:
            if not speech.start_ns or begun < 0:
                return "LIVE"
            last = speech.end_ns - speech.start_ns
            return f"LIVE {text.duration(begun)}{f' of {text.left(last)}' if last > 0 else ''}"
        case Stage.SOON:
            if not speech.start_ns:
                return "SOON"
            return f"SOON late {text.duration(begun)}" if begun > 0 else f"SOON {text.duration(-begun)}"
        case Stage.ANNOUNCED:
            return start(speech, now)
        case _:
            return speech.stage.upper()


def start(speech: SpeechView, now: int) -> str:
    """When it begins: ``Tue 8:00p``, a day alone where no time is known, ``~7:30p`` where it is guessed."""
    if not speech.start_ns:
        return "no time"
    sure = "~" if speech.clock == GUESS else ""
    return f"{sure}{(text.day if speech.all_day else text.start)(speech.start_ns, now)}"


def moved(speech: SpeechView) -> str:
    """By how much its start was last moved: ``moved +30m``; empty for one that is over."""
    if not speech.moved_ns or speech.stage in OVER:
        return ""
    return f"moved {'+' if speech.moved_ns > 0 else '-'}{text.left(abs(speech.moved_ns))}"


def speaker(speech: SpeechView) -> str:
    """Who speaks; a folded name has its capitals again."""
    name = text.clean(speech.speaker).strip()
    return name.title() if name.islower() else name


def surname(speech: SpeechView) -> str:
    """The last word of a speaker's name."""
    return next(reversed(speaker(speech).split()), "")


def short_title(title: str) -> str:
    """A title without the question that is asked of every event: ``the speaker's remarks at a rally``."""
    bare = text.clean(title).strip()
    asked = _ASKED.match(bare)
    rest = bare[asked.end() :].rstrip("? ") if asked else ""
    return f"{rest[0].upper()}{rest[1:]}" if rest else bare


def when(speech: SpeechView, now: int) -> str:
    """When it begins and ends, and who says so."""
    if not speech.start_ns:
        return "nobody says when it begins: what is left of it is not known"
    by = CLOCKS.get(speech.clock, "nobody is named for it")
    if speech.source:
        by += (
            f" ({text.clean(speech.source)})"
            if speech.clock == "calendar"
            else f", {text.clean(speech.source)} lists it"
        )
    word = "began" if now >= speech.start_ns else "begins"
    ends = ""
    if speech.end_ns and not speech.all_day:
        late = now - speech.end_ns
        ends = f", until about {text.start(speech.end_ns, now)}"
        if speech.stage is Stage.LIVE and late > 0:
            ends += f": {text.left(late)} over that"
    shift = f"; {moved(speech)}" if moved(speech) else ""
    return f"{word} {start(speech, now).removeprefix('~')} ET{ends}; {by}{shift}"


def standing(speech: SpeechView) -> str:
    """What its stage means for every phrase; empty while it is to come or under way."""
    return {
        Stage.ENDED: "it is over: what was said is being counted",
        Stage.SETTLED: "settled",
        Stage.CANCELLED: "cancelled: where that stands every word is a no; one put off may stay open",
    }.get(speech.stage, "")


# ---------------------------------------------------------------------------------------------- a phrase


def name(phrase: PhraseView) -> str:
    """What must be said, and how often where once is not enough."""
    label = text.clean(phrase.label).strip()
    return f"{label} x{phrase.least}" if phrase.least > 1 else label


def rate(phrase: PhraseView) -> str:
    """The base rate and the events behind it: ``61% n39``."""
    return f"{quotes.percent(phrase.rate)}% n{phrase.n}"


def chance(phrase: PhraseView) -> str:
    """What came of it once it is settled, else P(said) low-mid-high."""
    if phrase.settled:
        return text.clean(phrase.settled).upper()
    return text.NONE if phrase.chance is None else quotes.band(phrase.chance)


def bought(line: PhraseLine) -> str:
    """What an order there would buy and at what: ``NO@38``; empty where nothing can be reckoned."""
    return quotes.yes_no(line.side, line.price)


def flag(word: str) -> str:
    """What a flag means."""
    times = _TIMES.fullmatch(word)
    if times:
        return f"{word}: only {times[1]} times or more is a yes"
    return FLAGS.get(word, text.clean(word))
