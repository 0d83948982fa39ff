"""How often a phrase is said, from what was said before: base rates, shrunk to what is known of all phrases.

The unit is one phrase listed for one event, said or not: P(said | listed), which is what a market asks; phrases are listed
because they may come up. A phrase with k of n is Beta: mean (m s + k) / (s + n), with m the mean of all phrases of the
speaker's events and s pseudo-events behind it. m is shrunk to the mean of everything known, and to that again at the kind
of occasion; there the unit is the event, since a long speech says many words and a short one few. Old occurrences count
less: half after `HALF_LIFE_DAYS`.

A phrase that was listed with other alternatives beside it tells of those it shares: said with fewer, it was said; not said
with more, it was not. Where only more were said, it is taken for said, and where only some were not, for not said: a list is
a measure of its parts, and leaving out what is not certain would bend the rate. An event counts once.

Sources: beta-binomial shrinkage as in Efron and Morris 1975, J. Amer. Statist. Assoc. 70. The prior's mean 0.40 and
strength 6 are those of 2,381 settled words of one speaker's events, 2025 to February 2026.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date

import msgspec

from cockpit.domain.mentions import EventShare, Occurrence
from cockpit.models.mentions.forms import singulars, words

PRIOR, STRENGTH = 0.40, 6.0
"""Mean and pseudo-events of a phrase of which nothing is known."""
SPEAKER = 40.0
"""Pseudo-events behind the prior mean where a speaker has own ones. Ours."""
KIND = 40.0
"""Pseudo-events that hold a kind of occasion to the speaker's mean. Ours."""
HALF_LIFE_DAYS = 365.0
"""Ours: what is talked about changes over a year."""
_EDGE = 1e-3
_COUNT = re.compile(r" x\d+$")


class Rate(msgspec.Struct, frozen=True, gc=False):
    """A base rate: probability of being said, its standard error, and what stands behind it."""

    mean: float
    error: float
    said: float
    """Weighted occurrences."""
    n: float
    """Weighted events."""
    events: int
    """Events, not weighted."""
    prior: float
    """What it is shrunk to."""


def key(phrases: Iterable[str], least: int = 1) -> str:
    """One name for a list of alternatives however it is written: folded, singular, in order; with the count asked for."""
    parts = sorted({" ".join(_plain(word) for word in words(each)) for each in phrases} - {""})
    return "/".join(parts) + (f" x{least}" if least > 1 else "")


def _plain(word: str) -> str:
    bare = word.removesuffix("'s").removesuffix("'")
    return min(singulars(bare), default=bare, key=lambda each: (len(each), each))


def alternatives(phrase: str) -> list[str]:
    """The single alternatives of a phrase's key, each with the count asked for."""
    count = _COUNT.search(phrase)
    mark = count.group() if count is not None else ""
    return [part + mark for part in phrase.removesuffix(mark).split("/")]


def shares_of(occurrences: Iterable[Occurrence]) -> list[EventShare]:
    """What was said of each event's phrases, a phrase counting once."""
    found: dict[tuple[str, str, str], dict[str, Occurrence]] = defaultdict(dict)
    for each in occurrences:
        found[each.speaker, each.event, each.kind].setdefault(each.phrase, each)
    return [
        EventShare(
            min(each.day for each in of.values()), event, speaker, kind,
            sum(each.said for each in of.values()), len(of),
        )
        for (speaker, event, kind), of in found.items()
    ]  # fmt: skip


class Rates:
    """Base rates over a record.

    Args:
        occurrences: of the phrases that are asked about, at least.
        shares: of all events; None takes them from the occurrences.
    """

    def __init__(
        self, occurrences: Iterable[Occurrence] = (), shares: Iterable[EventShare] | None = None
    ) -> None:
        self._by_phrase: dict[tuple[str, str], list[Occurrence]] = defaultdict(list)
        """By speaker and single alternative."""
        self._shares: dict[str, list[EventShare]] = defaultdict(list)
        """By speaker."""
        self._known: dict[tuple[str, str, str, str], Rate] = {}
        """What `rate` came to."""
        found = list(occurrences)
        for each in found:
            for part in alternatives(each.phrase):
                self._by_phrase[each.speaker, part].append(each)
        for share in shares_of(found) if shares is None else shares:
            self._shares[share.speaker].append(share)

    def past(self, speaker: str, phrase: str, before: str) -> list[Occurrence]:
        """Whether a phrase was said at events before a day: each event once, newest first."""
        wanted = set(alternatives(phrase))
        events: dict[str, list[Occurrence]] = {}
        for part in sorted(wanted):
            for each in self._by_phrase.get((speaker, part), ()):
                if each.day < before:
                    events.setdefault(each.event, []).append(each)
        found = []
        for event, records in events.items():
            day, kind = min((each.day, each.kind) for each in records)
            found.append(Occurrence(day, event, speaker, kind, phrase, _said(wanted, records)))
        return sorted(found, key=lambda each: (each.day, each.event), reverse=True)

    def rate(self, speaker: str, kind: str, phrase: str, day: str) -> Rate:
        """The base rate of a phrase at an event of a kind on a day; only what lies before the day counts."""
        asked = (speaker, kind, phrase, day)
        if asked not in self._known:
            self._known[asked] = self._rate(*asked)
        return self._known[asked]

    def _rate(self, speaker: str, kind: str, phrase: str, day: str) -> Rate:
        prior = self._prior(speaker, kind, day)
        found = self.past(speaker, phrase, day)
        said, n = _weighed([(each.day, float(each.said)) for each in found], day)
        total = STRENGTH + n
        mean = (prior * STRENGTH + said) / total
        return Rate(mean, math.sqrt(mean * (1.0 - mean) / (total + 1.0)), said, n, len(found), prior)

    def _prior(self, speaker: str, kind: str, day: str) -> float:
        """The mean of the speaker's phrases at such occasions."""
        past = [each for each in self._shares.get(speaker, ()) if each.day < day and each.n]
        said, n = _weighed([(each.day, each.said / each.n) for each in past], day)
        mean = (PRIOR * SPEAKER + said) / (SPEAKER + n)
        said, n = _weighed([(each.day, each.said / each.n) for each in past if each.kind == kind], day)
        return min(max((mean * KIND + said) / (KIND + n), _EDGE), 1.0 - _EDGE)


def _said(wanted: set[str], records: Iterable[Occurrence]) -> bool:
    """Whether any of some alternatives was said, by lists of one event that share some.

    Certain where one with nothing else was said, or all of them were denied. Else whether any such list was said: to leave
    out an event for what was said there would bend the rate.
    """
    denied: set[str] = set()
    other = False
    for each in records:
        parts = set(alternatives(each.phrase))
        if not each.said:
            denied |= parts
        elif parts <= wanted:
            return True
        else:
            other = True
    return other and not wanted <= denied


def _weighed(found: Iterable[tuple[str, float]], day: str) -> tuple[float, float]:
    """The sum of (day, value) pairs and their number, the old ones less."""
    today = date.fromisoformat(day).toordinal()
    total = n = 0.0
    for then, value in found:
        weight = 0.5 ** ((today - date.fromisoformat(then).toordinal()) / HALF_LIFE_DAYS)
        total, n = total + weight * value, n + weight
    return total, n
