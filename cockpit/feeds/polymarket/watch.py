"""Which markets are watched, on which socket, and the messages that say so.

Of every series the soonest to end and nearest to the money comes first, then the second of every series, and so on: a
five-minute window of each coin does not push out the day's ladder. Who is watched stays so until it has ended, since
nothing in the frames would tell that a book is no longer kept up. Both tokens of a market go by one socket.

Games that are on or begin within hours have half of the room before anything else; those of other days wait until they
are near, and what ends in months comes last: both would hold a place for too long.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

import msgspec

from cockpit.domain.units import PRICE, SECOND
from cockpit.feeds.polymarket.catalogue import Known
from cockpit.feeds.polymarket.games import soon

TOKENS = 200
"""Tokens one connection carries: the venue takes 500, those who run many take 200."""
FAR_NS = 30 * 86_400 * SECOND
"""What ends later than this comes after all that ends sooner."""
LINGER_NS = 600 * SECOND
"""How long a market is still listened to after its end: that it has one is news too."""


class Watch:
    """Assigns markets to sockets and fills their outboxes."""

    def __init__(self, source: str, limit: int) -> None:
        self._source = source
        self._limit = limit
        self._held: frozenset[str] = frozenset()
        self._settled: frozenset[str] = frozenset()
        """Those of them whose outcome is final."""
        self._sockets: dict[str, str] = {}
        """Market to its socket."""
        self._tokens: dict[str, tuple[str, str]] = {}
        """Market to its tokens, as subscribed."""
        self._outbox: dict[str, list[bytes]] = {}

    @property
    def markets(self) -> Mapping[str, str]:
        """Watched markets, with their sockets."""
        return self._sockets

    def sockets(self) -> list[str]:
        """Sockets that carry something: an empty subscription would be told of every market there is."""
        return sorted(set(self._sockets.values()), key=lambda source: (len(source), source))

    # ------------------------------------------------------------------ the choice

    def keep(self, markets: Iterable[str]) -> bool:
        """Markets that stay watched whatever their rank; whether they have changed."""
        held = frozenset(markets)
        changed, self._held = held != self._held, held
        return changed

    def ours(self, market: str) -> bool:
        """Whether somebody has an order or a position there."""
        return market in self._held

    def unknown(self, known: Mapping[str, Known]) -> list[str]:
        """Markets to keep that nobody has listed yet; not those whose outcome was known before they were forgotten."""
        return sorted(name for name in self._held - self._settled if name not in known)

    def choose(self, known: Mapping[str, Known], now: int) -> list[str]:
        """Let go of what is over and fill what room there is; the markets that are new."""
        for name in [each for each in self._sockets if self._over(each, known.get(each), now)]:
            self._drop(name)
        open_ = {n: each for n, each in known.items() if n not in self._sockets and _open(each, now)}
        final = {name for name in self._held if name in known and known[name].final}
        self._settled = (self._settled | final) & self._held
        held = [name for name in sorted(self._held) if name in known and name not in final]
        wanted = [*held, *self._wanted(open_, known, now)]
        fresh: list[str] = []
        for name in wanted:
            if name not in self._sockets and (name in self._held or len(self._sockets) < self._limit):
                fresh.append(name)
                self._add(name, known[name])
        self._subscribe(fresh)
        return fresh

    def _wanted(self, open_: Mapping[str, Known], known: Mapping[str, Known], now: int) -> list[str]:
        """What is not watched yet, best first: games up to their half, then all else, then further games."""
        playing = [name for name, each in open_.items() if soon(each.listing.starts_ns, now)]
        playing.sort(key=lambda name: (open_[name].listing.starts_ns, name))
        has = sum(1 for name in self._sockets if known[name].listing.starts_ns)
        part = max(0, self._limit // 2 - has)
        rest = {name: each for name, each in open_.items() if not each.listing.starts_ns}
        watched = Counter(_series(name, known[name]) for name in self._sockets)
        return [*playing[:part], *ranked(rest, watched, now), *playing[part:]]

    def _over(self, name: str, each: Known | None, now: int) -> bool:
        if each is None or each.final:
            return True
        end = each.listing.end_ns
        return name not in self._held and not each.listing.accepting and 0 < end < now - LINGER_NS

    def _add(self, name: str, known: Known) -> None:
        carried: dict[str, int] = {}
        for source in self._sockets.values():
            carried[source] = carried.get(source, 0) + 2
        number = 1
        while carried.get(self._name(number), 0) + 2 > TOKENS:
            number += 1
        self._sockets[name] = self._name(number)
        self._tokens[name] = (known.listing.yes, known.listing.no)

    def _name(self, number: int) -> str:
        return self._source if number == 1 else f"{self._source}{number}"

    def _drop(self, name: str) -> None:
        source = self._sockets.pop(name)
        self._send(source, {"operation": "unsubscribe", "assets_ids": list(self._tokens.pop(name))})

    # ------------------------------------------------------------------ messages

    def _subscribe(self, names: list[str]) -> None:
        by_socket: dict[str, list[str]] = {}
        for name in names:
            by_socket.setdefault(self._sockets[name], []).extend(self._tokens[name])
        for source, tokens in by_socket.items():
            self._send(source, _more(tokens))

    def renew(self, name: str) -> None:
        """Subscribe to a market's YES token anew: its whole book is told again."""
        if name in self._sockets:
            source, token = self._sockets[name], self._tokens[name][0]
            self._send(source, {"operation": "unsubscribe", "assets_ids": [token]})
            self._send(source, _more([token]))

    def restart(self, source: str) -> None:
        """A connection was made: it knows nothing yet."""
        tokens = [token for name, at in self._sockets.items() if at == source for token in self._tokens[name]]
        first = {"type": "market", "assets_ids": tokens, "custom_feature_enabled": True}
        self._outbox[source] = [msgspec.json.encode(first)] if tokens else []

    def drain(self, source: str) -> list[bytes]:
        """What to send now, once."""
        return self._outbox.pop(source, [])

    def _send(self, source: str, message: dict[str, object]) -> None:
        box = self._outbox.setdefault(source, [])
        box.append(msgspec.json.encode(message))
        del box[:-1_000]


def _more(tokens: list[str]) -> dict[str, object]:
    return {"operation": "subscribe", "assets_ids": tokens, "custom_feature_enabled": True}


def ranked(known: Mapping[str, Known], watched: Mapping[str, int], now: int) -> list[str]:
    """Markets by their place within their series, then by end, then by distance from the money.

    ``watched`` counts, by series, those that have their place already.
    """
    series: dict[str, list[tuple[bool, int, int, str]]] = {}
    for name, each in known.items():
        series.setdefault(_series(name, each), []).append((*_merit(each, now), name))
    placed = [
        (far, place, end, away, name)
        for key, members in series.items()
        for place, (far, end, away, name) in enumerate(sorted(members), watched.get(key, 0))
    ]
    return [name for *_, name in sorted(placed)]


def _series(name: str, each: Known) -> str:
    market = each.listing.market
    return market.series or market.event or name


def _merit(each: Known, now: int) -> tuple[bool, int, int]:
    """Whether it ends in months, when (an end that has passed was a guess, and comes last), how far from the money."""
    listing = each.listing
    end = listing.end_ns if listing.end_ns > now else 1 << 62
    return (
        listing.end_ns > now + FAR_NS,
        end,
        abs(listing.mid - PRICE // 2) if listing.mid >= 0 else PRICE // 2,
    )


def _open(each: Known, now: int) -> bool:
    """Whether orders are taken; a market that closes by the clock is not waited for after it."""
    close = each.listing.market.close_ns
    return each.listing.accepting and each.settled is None and not 0 < close <= now
