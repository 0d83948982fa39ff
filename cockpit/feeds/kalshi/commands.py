"""What is sent to the exchange's socket: subscriptions, remembered for the next connection, and requests for books."""

from collections.abc import Iterable

import msgspec

from cockpit.feeds.kalshi.sequence import BOOK, TRADES, Sequences

LIFECYCLE = "market_lifecycle_v2"
TICKER = "ticker"
ACCOUNT = ("fill", "user_orders", "market_positions")
"""The account's own channels; they take no markets and carry no numbers."""
INDEX = "cfbenchmarks_value"

REVIVALS = 3
"""Times per connection a subscription the exchange ended is asked for again; then the watchdog reconnects."""

_BY_MARKET = (BOOK, TRADES, TICKER)


class Commands:
    """The outbox. ``use_yes_price`` is stated with every subscription: the exchange's default is to change."""

    def __init__(self, sequences: Sequences, *, use_yes_price: bool) -> None:
        self._sequences = sequences
        self._use_yes_price = use_yes_price
        self._outbox: list[bytes] = []
        self._id = 0
        self._revived = 0
        self._markets: dict[str, dict[str, None]] = {}
        """Channel to the markets wanted on it, in the order they were asked for."""
        self._indices: dict[str, None] = {}
        self._lifecycle = False
        self._account = False
        self._held = False
        """Whether books wait until missed prints are known."""
        self._waiting = False
        """The same for books of subscriptions that go on."""

    def subscribe(self, tickers: Iterable[str], channels: Iterable[str]) -> None:
        """Ask for some markets on some channels; markets already held are left out."""
        fresh: dict[tuple[str, ...], list[str]] = {}
        for ticker in dict.fromkeys(tickers):
            lacking = tuple(c for c in channels if ticker not in self._markets.setdefault(c, {}))
            if lacking:
                fresh.setdefault(lacking, []).append(ticker)
        for wanted, markets in fresh.items():
            for channel in wanted:
                self._markets[channel].update(dict.fromkeys(markets))
            self._send_markets(self._now(wanted), markets)

    def lifecycle(self) -> None:
        """Ask for the lifecycle of all markets; the exchange takes no filter there."""
        if not self._lifecycle:
            self._lifecycle = True
            self._send("subscribe", {"channels": [LIFECYCLE]})

    def account(self) -> None:
        """Ask for what happens to the account."""
        if not self._account:
            self._account = True
            self._send("subscribe", {"channels": list(ACCOUNT)})

    def indices(self, ids: Iterable[str]) -> None:
        """Ask for settlement indices ("BRTI", "ETHUSD_RTI")."""
        fresh = [each for each in dict.fromkeys(ids) if each not in self._indices]
        self._indices.update(dict.fromkeys(fresh))
        if fresh:
            self._send("subscribe", {"channels": [INDEX], "index_ids": fresh})

    def unsubscribe(self, tickers: Iterable[str]) -> None:
        """Let go of some markets on every channel."""
        gone = list(dict.fromkeys(tickers))
        for held in self._markets.values():
            for ticker in gone:
                held.pop(ticker, None)
        for sid, known in self._sequences.sids.items():
            if known.channel in _BY_MARKET and gone:
                self._update(sid, "delete_markets", gone)

    def resnapshot(self, market: str) -> None:
        """Ask for a market's whole book: of the sid that carries it, else by a subscription of its own."""
        if self._held:
            return
        sid = self._sequences.book_sid(market, asked=market in self._markets.get(BOOK, {}))
        if sid is not None:
            self._sequences.want(sid, market)
        else:
            self._markets.setdefault(BOOK, {})[market] = None
            self._send_markets((BOOK,), [market])

    def revive(self, channel: str, markets: list[str]) -> None:
        """Ask again for what the exchange ended, a few times per connection only: it may end it again at once."""
        if channel in _BY_MARKET and markets and self._revived < REVIVALS:
            self._revived += 1
            self._send_markets((channel,), markets)

    def restart(self, *, hold_books: bool = False) -> None:
        """A new connection knows nothing: ask for all that is wanted, and forget what was not sent.

        Args:
            hold_books: books are asked for by `release` only: prints that were missed must be known before them.
        """
        self._held, self._waiting = hold_books, False
        self._outbox.clear()
        self._revived = 0
        together: dict[tuple[str, ...], list[str]] = {}
        for ticker in dict.fromkeys(t for held in self._markets.values() for t in held):
            together.setdefault(tuple(c for c, held in self._markets.items() if ticker in held), []).append(
                ticker
            )
        for channels, markets in together.items():
            self._send_markets(self._now(channels), markets)
        if self._lifecycle:
            self._send("subscribe", {"channels": [LIFECYCLE]})
        if self._indices:
            self._send("subscribe", {"channels": [INDEX], "index_ids": list(self._indices)})
        if self._account:
            self._send("subscribe", {"channels": list(ACCOUNT)})

    def hold(self) -> None:
        """Fresh books of subscriptions that go on are asked for by `release` only."""
        self._waiting = True

    def release(self) -> None:
        """Books may come now."""
        self._waiting = False
        if self._held:
            self._held = False
            if self._markets.get(BOOK):
                self._send_markets((BOOK,), list(self._markets[BOOK]))

    def wanted(self) -> list[str]:
        """The markets whose books are asked for."""
        return list(self._markets.get(BOOK, ()))

    def _now(self, channels: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(c for c in channels if c != BOOK) if self._held else channels

    def drain(self) -> list[bytes]:
        """Everything to send now, once; books wanted of one sid go together."""
        if not self._waiting:
            for sid, markets in self._sequences.wanted.items():
                if markets:
                    self._update(sid, "get_snapshot", list(markets))
            self._sequences.wanted.clear()
        sent, self._outbox = self._outbox, []
        return sent

    def _send_markets(self, channels: tuple[str, ...], markets: list[str]) -> None:
        if not channels:
            return
        params = {"channels": list(channels), "market_tickers": markets, "use_yes_price": self._use_yes_price}
        self._send("subscribe", params)

    def _update(self, sid: int, action: str, markets: list[str]) -> None:
        self._send("update_subscription", {"sids": [sid], "action": action, "market_tickers": markets})

    def _send(self, command: str, params: dict[str, object]) -> None:
        self._id += 1
        self._outbox.append(msgspec.json.encode({"id": self._id, "cmd": command, "params": params}))
