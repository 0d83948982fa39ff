"""What kind of occasion an event is, by its title, and how long such a one lasts.

Kinds matter twice: a rally of ninety minutes holds more words than a signing, and a bilateral meeting has its own. The
lengths are ours, for events whose schedule says no end.
"""

import re

from cockpit.models.match.words import fold

OTHER = "remarks"
MINUTES = {
    "rally": 90, "interview": 40, "press conference": 60, "briefing": 45, "bilateral": 45, "cabinet": 90,
    "address": 60, "signing": 40, "announcement": 50, "memorial": 60, "earnings call": 60, "broadcast": 210,
    "hearing": 150, "debate": 95, "remarks": 45, "week": 7 * 24 * 60,
}  # fmt: skip
"""Usual minutes."""
_MONTH = r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_KINDS = (
    ("week", rf"\bbetween {_MONTH} \d+"),
    ("earnings call", r"earnings|conference call|quarterly"),
    ("briefing", r"briefing|press secretary|gaggle"),
    ("press conference", r"press conference|presser|news conference|fomc"),
    ("interview", r"interview|appearance|podcast|squawk|town hall|live airing"),
    ("bilateral", r"bilateral|meeting with|visit with|summit|hosts?\b|prime minister|foreign leader"),
    ("cabinet", r"cabinet"),
    ("rally", r"\brall(?:y|ies)\b|fairgrounds|campaign"),
    ("debate", r"debate"),
    ("hearing", r"hearing|testif(?:y|ies)|testimony"),
    ("address", r"state of the union|address to|inaugural|un general assembly|joint session"),
    ("memorial", r"memorial|funeral|observance|ceremony"),
    ("signing", r"\bsign(?:s|ing)?\b|executive order|memorandum|proclamation"),
    ("broadcast", r"super bowl|\bgame\b|halftime|broadcast|announcers?|football|\bnfl\b|\bnba\b"),
    ("week", rf"this week|\bweek of\b|this month|{_MONTH} \d+-\d+"),
    ("announcement", r"announcement|announces?"),
)
_PATTERNS = tuple((kind, re.compile(pattern)) for kind, pattern in _KINDS)


def kind_of(title: str) -> str:
    """The kind of an event by its title; `OTHER` where it says nothing."""
    text = fold(title)
    return next((kind for kind, pattern in _PATTERNS if pattern.search(text)), OTHER)


def minutes_of(kind: str) -> int:
    """How long such an occasion usually lasts, minutes."""
    return MINUTES.get(kind, MINUTES[OTHER])
