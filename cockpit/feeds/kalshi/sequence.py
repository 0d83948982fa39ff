"""Which frames to believe: one counter per subscription, shared by all its markets.

``seq`` counts every frame of a ``sid``, answers to commands included (seen in recorded streams: the ``ok`` of an
added market takes a number between two snapshots). What is known of a subscription comes from its frames alone, so
that a replay, which sends no command, doubts the same markets as the live session did.

=================  =====================================================================================
frame              what happens
=================  =====================================================================================
first of a sid     sets the start
``last + 1``       accepted
later              a gap: every market of the sid is in doubt (books), or its prints were missed (trades)
``last`` or less   dropped, except: a snapshot with 1, or of a market not believed, starts the sid anew
=================  =====================================================================================
"""

from collections import Counter
from collections.abc import Iterable

import msgspec

from cockpit.domain.events import BookDoubt
from cockpit.feeds.census import tally

BOOK = "orderbook_delta"
TRADES = "trade"

Doubts = tuple[BookDoubt, ...]
MISSED = "trades missed"
UNWATCHED = "no longer watched"


class Subscription(msgspec.Struct):
    """One sid: its channel ("" while unknown), last number, and markets."""

    channel: str
    last: int
    confirmed: bool = False
    markets: dict[str, str | None] = {}
    """Ticker to itself while its book is believed, "" in doubt, None listed but not yet seen."""


class Sequences:
    """All subscriptions of one connection."""

    def __init__(self, census: Counter[str]) -> None:
        self._census = census
        self.sids: dict[int, Subscription] = {}
        self.wanted: dict[int, dict[str, None]] = {}
        """Markets, by sid, for which a fresh book is to be asked."""

    def reset(self) -> None:
        """A new connection: numbers and sids start anew."""
        self.sids.clear()
        self.wanted.clear()

    def recall(self, sids: dict[int, Subscription]) -> None:
        """Go on from these; whoever holds the old ones looks them up anew."""
        self.sids.clear()
        self.sids.update(sids)

    def open(self, sid: int, channel: str) -> None:
        """A subscription was confirmed. Its first frames may come before that; a second time is a new connection."""
        known = self.sids.get(sid)
        if known is None or known.confirmed:
            known = self.sids[sid] = Subscription(channel, 0)
        known.channel = known.channel or channel
        known.confirmed = True

    def admit(self, ts: int, sid: int, seq: int, channel: str = "") -> Doubts | None:
        """Take one number of a sid; None means the frame was here before. ``seq`` 0 is no number."""
        known = self.sids.get(sid)
        if known is None:
            self.sids[sid] = Subscription(channel, seq)
            return ()
        known.channel = known.channel or channel
        if seq == 0:
            return ()
        if seq == known.last + 1 or not known.last or self._restarts(known, seq, channel):
            known.last = seq
            return ()
        if seq <= known.last:
            tally(self._census, "seq", "duplicate")
            return None
        return self._gap(ts, known, seq)

    def _restarts(self, known: Subscription, seq: int, channel: str) -> bool:
        """Without snapshots a channel shows a new connection by its first number only."""
        if seq != 1 or channel in ("", BOOK) or known.last == 1:
            return False
        known.markets.clear()
        return True

    def snapshot(self, ts: int, sid: int, seq: int, market: str) -> Doubts | None:
        """Take a snapshot's number and believe its book; None means the frame was here before."""
        known = self.sids.get(sid)
        if known is not None and 0 < seq <= known.last and (seq == 1 or not known.markets.get(market)):
            doubts = self._rebase(ts, known, seq, market)
        else:
            admitted = self.admit(ts, sid, seq, BOOK)
            if admitted is None:
                return None
            doubts = admitted
        self.sids[sid].markets[market] = market
        self.wanted.get(sid, {}).pop(market, None)
        return doubts

    def _rebase(self, ts: int, known: Subscription, seq: int, market: str) -> Doubts:
        known.last = seq
        known.channel = BOOK
        if seq == 1:
            known.markets.clear()
            return ()
        tally(self._census, "seq", "rebased")
        return self.doubt(
            ts, [m for m, name in known.markets.items() if name and m != market], "sequence went back"
        )

    def _gap(self, ts: int, known: Subscription, seq: int) -> Doubts:
        tally(self._census, "seq", "gap")
        reason = f"missed {known.last + 1} to {seq - 1}"
        known.last = seq
        if known.channel == TRADES:
            return self.doubt(ts, self.reach(known), MISSED)
        return self.doubt(ts, list(known.markets), reason) if known.channel == BOOK else ()

    def reach(self, known: Subscription) -> list[str]:
        """Markets a subscription's silence leaves in doubt. A missed print may have been of any book held."""
        markets = dict.fromkeys(known.markets)
        if known.channel == TRADES:
            for other in self._books():
                markets.update(dict.fromkeys(other.markets))
        return list(markets)

    def doubt(self, ts: int, markets: Iterable[str], reason: str) -> Doubts:
        """Stop believing the books of some markets and ask for fresh ones."""
        doubts = tuple(BookDoubt(ts, market, reason) for market in markets)
        for sid, known in self.sids.items():
            if known.channel == BOOK:
                for each in doubts:
                    if each.market in known.markets:
                        known.markets[each.market] = ""
                        self.want(sid, each.market)
        return doubts

    def believed(self, sid: int, market: str) -> str | None:
        """The market's name if deltas of its book can be passed on.

        A subscription whose confirmation was never seen was going before the first frame: whoever holds its books
        from then (a rotated session's opening) can go on; whoever does not will ask for them.
        """
        known = self.sids[sid]
        if not known.confirmed and market not in known.markets:
            known.markets[market] = market
        return known.markets.get(market)

    def unbelieved(self, ts: int, sid: int, market: str) -> Doubts:
        """A delta came for a book that is not believed: it is dropped, and the first of its kind raises a doubt."""
        tally(self._census, "dropped", "delta in doubt")
        markets = self.sids[sid].markets
        if markets.get(market) == "":
            return ()
        markets[market] = ""
        return self.doubt(ts, [market], "no snapshot yet")

    def listed(self, ts: int, sid: int, markets: Iterable[str]) -> Doubts:
        """The exchange stated a subscription's full list of markets: what it carried and is not in it stands still."""
        known = self.sids.setdefault(sid, Subscription("", 0))
        before, known.markets = known.markets, {market: known.markets.get(market) for market in markets}
        gone = [market for market, name in before.items() if name and market not in known.markets]
        for market in before.keys() - known.markets.keys():
            self.wanted.get(sid, {}).pop(market, None)
        return self._left(ts, known, gone)

    def _left(self, ts: int, known: Subscription, markets: list[str]) -> Doubts:
        """Books a subscription carries no more, and no other does."""
        if known.channel != BOOK:
            return ()
        gone = [each for each in markets if not any(other.markets.get(each) for other in self._books())]
        return tuple(BookDoubt(ts, market, UNWATCHED) for market in gone)

    def close(self, ts: int, sid: int, reason: str) -> Doubts:
        """A subscription was ended by the exchange: what it carried is in doubt."""
        known = self.sids.pop(sid, None)
        self.wanted.pop(sid, None)
        return () if known is None else self.doubt(ts, self.reach(known), reason)

    def lost(self, ts: int, reason: str) -> Doubts:
        """The connection ended: every book it carried is in doubt, once."""
        books = [m for known in self._books() for m, name in known.markets.items() if name]
        return self.doubt(ts, dict.fromkeys(books), reason)

    def drop(self, ts: int, sid: int) -> Doubts:
        """A subscription ended as asked for: its books are kept up no longer."""
        known = self.sids.pop(sid, None)
        self.wanted.pop(sid, None)
        return (
            () if known is None else self._left(ts, known, [m for m, name in known.markets.items() if name])
        )

    def want(self, sid: int, market: str) -> None:
        """Ask for a fresh book with the next commands; asking twice asks once."""
        self.wanted.setdefault(sid, {})[market] = None

    def book_sid(self, market: str, *, asked: bool = False) -> int | None:
        """The newest sid that carries a market's book; with ``asked``, else the newest that carries any."""
        books = [(market in known.markets, sid) for sid, known in self.sids.items() if known.channel == BOOK]
        carrying = [sid for carries, sid in books if carries] or [sid for _, sid in books if asked]
        return carrying[-1] if carrying else None

    def carries(self, market: str) -> bool:
        """Whether any subscription carries a market."""
        return any(market in known.markets for known in self.sids.values())

    def _books(self) -> list[Subscription]:
        return [known for known in self.sids.values() if known.channel == BOOK]
