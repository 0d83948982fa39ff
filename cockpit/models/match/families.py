"""What kind of market one is, and which markets settle on one outcome: the unit that chance works on."""

from cockpit.domain.markets import EventGroup, Market
from cockpit.models.match.read import read

CRYPTO, GAMES, MENTIONS, WEATHER, OTHER = "crypto", "games", "mentions", "weather", "other"
FAMILIES = (CRYPTO, GAMES, MENTIONS, WEATHER, OTHER)
ALL = "all"
"""Stands for every family together."""

_OF = {
    "crypto": CRYPTO, "nba": GAMES, "nfl": GAMES, "mlb": GAMES, "nhl": GAMES, "sports": GAMES,
    "mentions": MENTIONS, "weather": WEATHER,
}  # fmt: skip


def placed(market: Market, group: EventGroup | None = None) -> tuple[str, str]:
    """A market's family and its settlement cluster.

    What settles on one outcome is one cluster on every venue: all brackets, thresholds and windows of an asset that
    end at one instant, both sides of a game, all words of one speaker in a day. Two assets at one instant are two,
    though they move together. Without words that say more, the venue's own event is the cluster.
    """
    terms = read(market, group)
    family = _OF.get(terms.family, OTHER)
    when = str(terms.instant_ns) if family == CRYPTO and terms.instant_ns else terms.period
    if family != OTHER and terms.subject and when:
        return family, f"{terms.family} {terms.subject} {when}"
    return family, market.event or market.ticker
