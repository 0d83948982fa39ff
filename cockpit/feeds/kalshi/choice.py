"""Which markets are watched: of the wanted series, those named, and those somebody of ours is in.

The lifecycle channel tells of every market of the exchange; a stranger is no candidate. What is over is kept until its
outcome is known for good, or until nobody can expect one any more.

Markets come by when they are decided. That is their close, except for a game's, whose close is only a backstop two
weeks later: there it is when the result is expected. Ladders are decided every hour and games of an evening all after
them, so neither takes more than half of the room from the other.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec

from cockpit.domain.events import (
    BookSnapshot,
    Event,
    EventScheduled,
    MarketChanged,
    MarketListed,
    MarketSettled,
    Trade,
)
from cockpit.domain.markets import MarketStatus, SettlementState
from cockpit.domain.units import PRICE, SECOND, price
from cockpit.feeds.census import tally
from cockpit.feeds.kalshi.markets import sound
from cockpit.feeds.kalshi.milestones import is_timed

CHOOSE_NS = 30 * SECOND
"""How often the choice is made anew: prices move, and with them what is near the money."""
AFTER_CLOSE_NS = 2 * SECOND
"""When to look for what follows a market that closed."""
PENDING = 200
"""Most closed markets asked about at once."""
EDGE = 300
"""A mid this near to 0 or 1 (price units) is not a market to make."""
DAY_NS = 86_400 * SECOND
UNHEARD_NS = DAY_NS
"""A market nobody has mentioned for so long is gone."""
SOON_NS = 12 * 3_600 * SECOND
"""A game decided within this is one of the next hours."""
LATE_NS = 12 * 3_600 * SECOND
"""A result that is overdue for so long is not expected at any time: the game was put off."""
AT_ONCE = 3
"""Games asked about by themselves at one choice."""
AGAIN_NS = 3_600 * SECOND
"""How long after that a game is asked about again."""
UNSETTLED_NS = 14 * DAY_NS
"""How long an outcome is waited for: disputes take days."""

_OPEN = (MarketStatus.ACTIVE, MarketStatus.INITIALIZED, MarketStatus.INACTIVE, MarketStatus.UNKNOWN)


class Seen(msgspec.Struct):
    """What matters of a market here. Times ns UTC."""

    event: str = ""
    close_ns: int = 0
    expected_ns: int = 0
    """When the venue expects the result."""
    status: MarketStatus = MarketStatus.UNKNOWN
    final: bool = False
    mid: int = -1
    """Price units; -1 while no book has been seen."""
    volume: str = ""
    printed_ns: int = 0
    """The newest print known, by the venue's clock."""
    heard_ns: int = 0
    """When something was last said of it."""
    over_ns: int = 0
    """When it was first seen to be over; 0 before."""

    def over(self, now: int) -> bool:
        """Whether it trades no more."""
        return self.status not in _OPEN or 0 < self.close_ns <= now

    def decided_ns(self, start: int, now: int) -> int:
        """When it will be decided: a game's by its expected result or, where that is later, its start; 0 for unknown."""
        game = max(self.expected_ns, start)
        backstop = game > 0 and (game < self.close_ns or not self.close_ns)
        return game if backstop and game > now - LATE_NS else self.close_ns


class Choice:
    """Keeps the candidates, and chooses among them."""

    def __init__(
        self, series: Iterable[str], markets: Iterable[str], limit: int, census: Counter[str]
    ) -> None:
        self._census = census
        self.series = tuple(dict.fromkeys(series))
        self._named = tuple(name for name in dict.fromkeys(markets) if self._fit(name))
        self._limit = limit
        self.known: dict[str, Seen] = {}
        self.held: frozenset[str] = frozenset()
        """Markets somebody of ours is in."""
        self.now = 0
        self.starts: dict[str, int] = {}
        """When the games of events begin, ns UTC, as the venue says."""
        self._asked: dict[str, int] = {}
        """When a game's start was asked for by itself."""
        self._stale = True
        self._choose_ns = 0
        self._look_ns = 0
        """When to look for what follows the next market to close; it stands when that market is gone."""
        self.chosen: tuple[str, ...] = ()
        """The markets watched now."""

    def _fit(self, ticker: str) -> bool:
        if sound(ticker):
            return True
        tally(self._census, "ticker", ticker)
        return False

    # ------------------------------------------------------------------ what was heard

    def hear(self, events: Sequence[Event], now: int) -> None:
        """Take note of what some frame said."""
        self.now = max(self.now, now)
        for event in events:
            match event:
                case Trade(market=name):
                    if name in self.known:
                        seen = self.known[name]
                        seen.printed_ns = max(seen.printed_ns, event.ex)
                case BookSnapshot(market=name):
                    if name in self.known:
                        self.known[name].mid = _mid(event)
                case MarketListed():
                    self._listed(event)
                case MarketChanged():
                    self._changed(event)
                case MarketSettled():
                    self._settled(event)
                case EventScheduled():
                    self.starts.update(dict.fromkeys(event.events, event.start_ns))
                case _:
                    pass

    def _listed(self, event: MarketListed) -> None:
        market = event.market
        name = market.ticker
        seen = self.known.get(name)
        if seen is None:
            if not (market.series in self.series or name in self._named or name in self.held):
                return
            if not self._fit(name):
                return
            seen = self.known[name] = Seen(market.event, printed_ns=event.ts)
            self._stale = True
        seen.heard_ns = event.ts
        told = (market.close_ns, market.expected_ns, market.status)
        if (seen.close_ns, seen.expected_ns, seen.status) != told:
            seen.close_ns, seen.expected_ns, seen.status = told
            self._stale = True

    def _changed(self, event: MarketChanged) -> None:
        seen = self.known.get(event.ticker)
        if seen is not None:
            seen.heard_ns = event.ts
            seen.close_ns = event.close_ns or seen.close_ns
            seen.status = event.status or seen.status
            self._stale = True

    def _settled(self, event: MarketSettled) -> None:
        seen = self.known.get(event.ticker)
        final = event.state in (SettlementState.FINAL, SettlementState.VOID)
        if seen is not None and final and not seen.final:
            seen.final = True
            self._stale = True

    def quoted(self, ticker: str, volume: str | None, bid: str | None, ask: str | None) -> bool:
        """What a market's record says of its trading; whether its volume has grown. Odd prices say nothing."""
        seen = self.known.get(ticker)
        if seen is None:
            return False
        if seen.mid < 0 and bid and ask:
            try:
                seen.mid = (price(bid) + price(ask)) // 2
            except ValueError:
                tally(self._census, "quote", "unreadable")
        before = seen.volume
        seen.volume = volume or before
        return bool(before) and seen.volume != before

    def keep(self, held: Iterable[str]) -> bool:
        """Markets that must stay watched; whether they have changed."""
        wanted = frozenset(name for name in held if sound(name))
        changed, self.held = wanted != self.held, wanted
        return changed

    # ------------------------------------------------------------------ the choice

    def closed_since(self) -> bool:
        """Whether a market has closed and it is time to look for what follows."""
        if not self._look_ns or self.now < self._look_ns:
            return False
        self._stale, self._look_ns = True, 0
        return True

    def due(self) -> bool:
        """Whether it is time to choose anew."""
        return self._stale or self.now >= self._choose_ns

    def choose(self) -> None:
        """The soonest decided and nearest to the money; who is watched stays while there is room."""
        self._stale, self._choose_ns = False, self.now + CHOOSE_NS
        self._forget()
        now, known = self.now, self.known
        open_ = [name for name, seen in known.items() if not seen.final and not seen.over(now)]
        must = [n for n in open_ if n in self.held or n in self._named]
        rest = sorted((n for n in open_ if n not in self.held and n not in self._named), key=self._rank)
        games = [name for name in rest if self._game_soon(name)]
        among = set(games)
        others = [name for name in rest if name not in among]
        room = max(0, self._limit - len(must))
        part = min(len(games), max(room // 2, room - len(others)))
        taken = [*self._filled(games, part), *self._filled(others, room - part)]
        self.chosen = tuple(sorted([*must, *taken]))
        if not self._look_ns:
            closes = [known[n].close_ns for n in self.chosen if known[n].close_ns]
            self._look_ns = min(closes) + AFTER_CLOSE_NS if closes else 0

    def _filled(self, ranked: list[str], room: int) -> list[str]:
        """The best of some; who is watched stays while it is near the best."""
        near = set(ranked[: room + room // 2])
        stays = [n for n in self.chosen if n in near][:room]
        kept = set(stays)
        return [*stays, *[n for n in ranked if n not in kept][: room - len(stays)]]

    def _decided_ns(self, seen: Seen) -> int:
        return seen.decided_ns(self.starts.get(seen.event, 0), self.now)

    def _game_soon(self, ticker: str) -> bool:
        """Whether a market is of a game that is on, or of the next hours."""
        seen = self.known[ticker]
        decided = self._decided_ns(seen)
        return decided != seen.close_ns and decided <= self.now + SOON_NS

    def unscheduled(self) -> list[str]:
        """Games watched whose start nobody told, a few at a time and each once an hour."""
        for event in [e for e, asked in self._asked.items() if self.now >= asked + AGAIN_NS]:
            del self._asked[event]
        events = dict.fromkeys(self.known[name].event for name in self.chosen)
        wanted = [e for e in events if is_timed(e) and e not in self.starts and e not in self._asked]
        self._asked.update(dict.fromkeys(wanted[:AT_ONCE], self.now))
        return wanted[:AT_ONCE]

    def _forget(self) -> None:
        """Let go of what is settled, of what is never mentioned again, and of what will not be settled any more."""
        now = self.now
        for name, seen in list(self.known.items()):
            seen.over_ns = (seen.over_ns or now) if seen.over(now) else 0
            unsettled = 0 < seen.over_ns < now - UNSETTLED_NS
            if name not in self.held and (seen.final or unsettled or seen.heard_ns < now - UNHEARD_NS):
                del self.known[name]
        events = {seen.event for seen in self.known.values()}
        self.starts = {event: start for event, start in self.starts.items() if event in events}

    def _rank(self, ticker: str) -> tuple[bool, int, int, str]:
        """What is no market to make comes last; a game's may be one again, and its mid is known while it is watched."""
        seen = self.known[ticker]
        away = abs(seen.mid - PRICE // 2) if seen.mid >= 0 else 0
        return (
            away > PRICE // 2 - EDGE and not self._game_soon(ticker),
            self._decided_ns(seen) or 1 << 62,
            away,
            ticker,
        )

    def unknown(self) -> list[str]:
        """Markets wanted by name that nobody has told of."""
        return [name for name in (*self._named, *sorted(self.held)) if name not in self.known]

    def closed(self) -> list[str]:
        """Markets that trade no more and are not settled for good: those held first, then the newest."""
        chosen = set(self.chosen)
        waiting = [n for n, s in self.known.items() if not s.final and n not in chosen and s.over(self.now)]
        return sorted(waiting, key=lambda n: (n not in self.held, -self.known[n].close_ns, n))[:PENDING]


def _mid(book: BookSnapshot) -> int:
    """The middle of a book; an empty side counts as its end."""
    bid = max((price for price, _ in book.bids), default=0)
    ask = min((price for price, _ in book.asks), default=PRICE)
    return (bid + ask) // 2
