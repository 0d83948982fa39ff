"""When games and speeches begin: the venue's milestones, which join one to its events.

A market's own times do not say it: ``close_time`` is a backstop two weeks after the game, and
``expected_expiration_time`` lies some hours after its start. Source: the exchange's OpenAPI, 2026-10 (GET /milestones).
"""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from cockpit.domain.events import EventScheduled
from cockpit.domain.units import SECOND
from cockpit.feeds.exact import instant
from cockpit.feeds.kalshi.bodies import MilestoneBody
from cockpit.feeds.kalshi.markets import VENUE, series_of, sound

GAMES = {"KXNBAGAME": "basketball_game", "KXNFLGAME": "football_game"}
"""Series of games, and the type of their milestones."""
EVERY_NS = 600 * SECOND
LIMIT = 200
PAST_NS = 2 * 86_400 * SECOND
AHEAD_NS = 8 * 86_400 * SECOND
"""What begins within these of an answer is told: the list goes on to the season's end."""
MOST = 100
"""Events of one game; there are some dozens."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def is_game(event: str) -> bool:
    """Whether an event is a game's, by its series."""
    return series_of(event) in GAMES


def is_timed(event: str) -> bool:
    """Whether what an event is about begins at a moment the venue tells: a game, or a speech whose words are listed."""
    return is_game(event) or "MENTION" in series_of(event)


def types(series: tuple[str, ...]) -> list[str]:
    """The types of milestones that games of some series have."""
    return list(dict.fromkeys(GAMES[each] for each in series if each in GAMES))


def of_type(kind: str, now: int) -> str:
    """The question for all games of a type from yesterday on (UTC); ``now`` is ns UTC."""
    since = _EPOCH + timedelta(days=max(0, now // SECOND // 86_400 - 1))
    fields = {
        "limit": LIMIT,
        "category": "Sports",
        "type": kind,
        "minimum_start_date": f"{since:%Y-%m-%dT00:00:00Z}",
    }
    return f"/milestones?{urlencode(fields)}"


def of_event(event: str) -> str:
    """The question for one event's game or speech."""
    return f"/milestones?{urlencode({'limit': LIMIT, 'related_event_ticker': event})}"


def scheduled(ts: int, body: MilestoneBody) -> list[EventScheduled]:
    """When a game or a speech begins, with the events that hang on it; nothing for anything else, or far off.

    Raises:
        ValueError: for a start that is no time.
    """
    events = tuple(each for each in body.related_event_tickers or () if sound(each))[:MOST]
    if not any(is_timed(each) for each in events):
        return []
    start = instant(body.start_date)
    near = ts - PAST_NS <= start <= ts + AHEAD_NS
    return [EventScheduled(ts, VENUE, events, start)] if start and near else []
