"""A speech as both venues list it: one event with a market a word. All wording is ours, the shapes are the venues' of 2026.

Kalshi's ticker has the day and four letters of the word; its close is a backstop and moves to when the word was said.
Polymarket's event has a question a word.
"""

import msgspec

from cockpit.domain.markets import EventGroup, Market, MarketStatus, Series
from cockpit.domain.newyork import local
from cockpit.domain.units import RATIO, SECOND
from cockpit.rehearsal.games.names import milestone_of
from cockpit.rehearsal.polymarket.names import Event, Names, Tag
from cockpit.rehearsal.polymarket.terms import SPEECH, Terms
from cockpit.rehearsal.rest import BASE, Settled, market_record, series_record
from cockpit.rehearsal.speech.script import Script, Word
from cockpit.rehearsal.wire import Stamps, Top

SERIES = "KXTRUMPMENTION"
SPEAKER = "Trump"
SHARD = 0
DAY_NS = 86_400 * SECOND
TAGS = (Tag("100343", "mentions", "Mentions"), Tag("126", "trump", "Trump"))
_SOURCE = {"name": "Video of the event", "url": "https://example.invalid/video"}
CALENDAR = "https://media-cdn.factba.se/rss/json/trump/calendar-full.json"


def series() -> Series:
    """The series of words said."""
    return Series(SERIES, "kalshi", "What will Trump say", "Mentions", "custom", "quadratic", RATIO)


def series_body(each: Series) -> bytes:
    """The answer to a request for the series."""
    return msgspec.json.encode({"series": series_record(each, SHARD, _SOURCE)})


def event_of(script: Script) -> str:
    """Kalshi's event: a letter for the hour tells two of a day apart."""
    hour = local(script.begins).hour * 4 + local(script.begins).minute // 15
    return f"{SERIES}-{local(script.begins):%y%b%d}{hour:02d}".upper()


def event(script: Script) -> EventGroup:
    """The event."""
    return EventGroup(
        ticker=event_of(script),
        venue="kalshi",
        series=SERIES,
        title=f"What will {SPEAKER} say during his remarks at {script.spec.place}?",
        subtitle=f"On {local(script.begins):%b %-d, %Y}",
    )


def market(script: Script, word: Word) -> Market:
    """The market on one word."""
    group = event(script)
    return Market(
        ticker=f"{group.ticker}-{word.tag}",
        venue="kalshi",
        event=group.ticker,
        series=SERIES,
        title=group.title,
        subtitle=word.label,
        status=MarketStatus.ACTIVE,
        open_ns=script.midnight - DAY_NS // 2,
        close_ns=script.ends + DAY_NS,
        expected_ns=script.ends + 900 * SECOND,
        strike_type="custom",
        custom=(("Word", word.label),),
        rules=(
            f"Pays if {SPEAKER} says {word.label}, or a plural or possessive of it, during his remarks at "
            f"{script.spec.place} on {local(script.begins):%b %-d, %Y}."
        ),
        rules_secondary="What is heard in the live video counts; other inflections do not. Invented for rehearsal.",
        shard=SHARD,
    )


def market_body(each: Market, top: Top, updated: int, settled: Settled | None = None) -> bytes:
    """The answer to a request for one market."""
    return msgspec.json.encode({"market": _record(each, top, updated, settled)})


def event_body(each: EventGroup, markets: list[tuple[Market, Top]], updated: int) -> bytes:
    """The answer to a request for the event; its markets stand beside it."""
    body = {
        "event": {
            "category": "Mentions",
            "collateral_return_type": "",
            "event_ticker": each.ticker,
            "exchange_index": SHARD,
            "last_updated_ts": Stamps().text(updated),
            "mutually_exclusive": False,
            "series_ticker": each.series,
            "settlement_sources": [_SOURCE],
            "strike_period": "",
            "sub_title": each.subtitle,
            "title": each.title,
        },
        "markets": [_record(market, top, updated, None) for market, top in markets],
    }
    return msgspec.json.encode(body)


def _record(each: Market, top: Top, updated: int, settled: Settled | None) -> dict[str, object]:
    record = market_record(each, top, updated, settled)
    record["early_close_condition"] = "Closes and expires when the word is said."
    record["expiration_value"] = "" if settled is None else "Yes" if settled.yes else "No"
    return record


def milestones_url(script: Script) -> str:
    """The question for when the event begins."""
    return f"{BASE}/milestones?limit=200&related_event_ticker={event_of(script)}"


def milestones_body(script: Script, updated: int) -> bytes:
    """The answer."""
    group = event(script)
    told = {
        "category": "Mentions",
        "details": {},
        "id": milestone_of(group.ticker),
        "last_updated_ts": Stamps().text(updated),
        "notification_message": f"{group.title} begins",
        "primary_event_tickers": [group.ticker],
        "related_event_tickers": [group.ticker],
        "start_date": Stamps().text(script.begins),
        "title": group.title,
        "type": "one_off_milestone",
    }
    return msgspec.json.encode({"cursor": "", "milestones": [told]})


def calendar_body(script: Script) -> bytes:
    """The calendar of the day: the speech, what nobody trades, and something of the next day."""
    day = local(script.begins)
    rows = [
        _row(f"{day:%Y-%m-%d}", f"{day:%H:%M}:00", f"The President delivers remarks at {script.spec.place}", script.spec.place),
        _row(f"{day:%Y-%m-%d}", "20:30:00", "The President hosts a dinner with governors", "East Room"),
        _row(f"{day:%Y-%m-%d}", "09:00:00", "In-Town Pool Call Time", ""),
        _row(f"{local(script.begins + DAY_NS):%Y-%m-%d}", "11:00:00", "The President signs executive orders", "Oval Office"),
    ]  # fmt: skip
    return msgspec.json.encode(rows)


def _row(day: str, at: str, details: str, location: str) -> dict[str, object]:
    return {
        "date": day, "time": at, "type": "President Schedule", "details": details, "location": location,
        "coverage": "Open Press", "url": None, "daily_text": None, "newmonth": None,
    }  # fmt: skip


def key_of(label: str) -> str:
    """A word as the record names it: alternatives in order, singular where a plural is listed."""
    return "/".join(sorted(part.strip().casefold() for part in label.split("/")))


# ---------------------------------------------------------------------------------------------- Polymarket


def names(script: Script, word: Word) -> Names:
    """What Polymarket calls a word's market."""
    day = local(script.begins)
    place = script.spec.place.lower().replace(" ", "-")
    slug = f"what-will-trump-say-during-{place}-remarks-{day:%B-%-d}-{day:%H%M}".lower()
    rules = (
        f"Resolves to Yes if {SPEAKER} says the listed term during his remarks at {script.spec.place} on {day:%B %-d, %Y}, "
        "else to No. Plurals, possessives and compounds count; written posts do not. Invented for rehearsal."
    )
    group = Event(
        slug,
        f"What will {SPEAKER} say during {script.spec.place} remarks?",
        "trump-mentions",
        "daily",
        rules,
        "",
        TAGS,
    )
    question = f'Will {SPEAKER} say "{word.label}" during {script.spec.place} remarks on {day:%B %-d}?'
    return Names(group, f"{slug}-{word.tag.lower()}", question, word.label, ("Yes", "No"))


def terms(script: Script, word: Word) -> Terms:
    """Its terms."""
    name = names(script, word).slug
    ends = script.midnight + DAY_NS - SECOND
    return Terms(name, "mentions", SPEECH, None, None, script.midnight - DAY_NS // 2, ends, script.begins)
