"""Events of games, and which of their markets are about the winner.

A game's event holds dozens of markets: spreads, totals, halves, what players do. The winner's is of type "moneyline",
or, where no type stands, is named as its event is. Source: slugs and types of listed games, 2026.
"""

import re

from cockpit.domain.units import SECOND
from cockpit.feeds.polymarket.bodies import EventRef, MarketBody
from cockpit.feeds.polymarket.numbers import moment

LEAGUES = ("nba", "nfl")
"""Tags whose games are known by their slugs."""
WINNER = "moneyline"
SOON_NS = 12 * 3_600 * SECOND
"""A game that begins within this is one of the next hours."""
LONGEST_NS = 6 * 3_600 * SECOND
"""How long after its start a game may be going on."""

_SLUG = re.compile(r"(?:nba|nfl)-[a-z0-9]{2,4}-[a-z0-9]{2,4}-\d{4}-\d\d-\d\d(?:-.+)?", re.ASCII)


def is_game(slug: str | None) -> bool:
    """Whether an event is a game's."""
    return _SLUG.fullmatch(slug or "") is not None


def beside(ref: EventRef, body: MarketBody) -> bool:
    """Whether a market is one of a game's that are not about its winner."""
    if not is_game(ref.slug):
        return False
    if body.sports_market_type:
        return body.sports_market_type != WINNER
    return bool(body.slug) and body.slug != ref.slug


def starts(ref: EventRef, body: MarketBody) -> int:
    """When a game begins, ns UTC; 0 for what is no game, and where nothing says. Raises ValueError."""
    return moment(body.game_start_time) or moment(body.end_date) if is_game(ref.slug) else 0


def soon(start_ns: int, now: int) -> bool:
    """Whether a game that begins then is on, or of the next hours."""
    return start_ns > 0 and now - LONGEST_NS <= start_ns <= now + SOON_NS
