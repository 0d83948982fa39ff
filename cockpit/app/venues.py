"""What venues and exchanges are called where room is short, and which of them are still waited for."""

from collections.abc import Mapping

from cockpit.domain.status import Status
from cockpit.domain.units import SECOND

BASIS = {
    "kalshi": "K",
    "polymarket": "P",
    "polymarket_us": "US",
    "coinbase": "CB",
    "binance_us": "BN",
    "deribit": "DB",
    "kraken": "KR",
    "espn": "ESPN",
    "weather": "NWS",
    "sportsbook": "ODDS",
    "schedule": "CAL",
    "spot": "SPOT",
    "stand-ins": "stand-ins",
}
"""Short names of sources; the part after the dot follows in lower case where it is not a socket."""
ASIDE = frozenset({"candles", "corpus", "temperatures", "tops"})
"""Sources that nobody waits for: they say something once."""
LONG_NS = 2 * SECOND
"""From then on it is said how long a source has been waited for."""


def short(name: str) -> str:
    """A venue's short name."""
    return BASIS.get(name, name.upper()[:6])


def awaited(status: Status) -> Mapping[str, list[str]]:
    """Short names of the venues none of whose sources was heard from or failed, by what is being tried there."""
    heard = {feed.source.partition(".")[0] for feed in status.feeds}
    doing: dict[str, str] = {}
    for each in status.awaited:
        name = each.source.partition(".")[0]
        if name not in heard and name not in ASIDE:
            doing[name] = each.doing if each.source.endswith(".ws") else doing.get(name, each.doing)
    order = [*BASIS, *doing]
    found: dict[str, list[str]] = {}
    for name in sorted(doing, key=order.index):
        found.setdefault(doing[name], []).append(short(name))
    return found


def waited_ns(status: Status) -> int:
    """For how long they have been waited for; 0 while that is no time."""
    longest = max((each.since_ns for each in status.awaited), default=0)
    return longest if longest >= LONG_NS else 0
