"""REST answers: bodies to events, told apart by the URL's path."""

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec

from cockpit.domain.errors import FeedError
from cockpit.domain.events import BookSnapshot, Event, ExchangeStatus, Trade
from cockpit.feeds.base import Frame, payload
from cockpit.feeds.census import FieldWatch, tally
from cockpit.feeds.exact import instant
from cockpit.feeds.kalshi import account, bodies, history, legacy, markets
from cockpit.feeds.kalshi.answers import Answer, books_of, matches, parts_of
from cockpit.feeds.kalshi.errors import described, refusal
from cockpit.feeds.kalshi.hours import hours
from cockpit.feeds.kalshi.items import decoded, several
from cockpit.feeds.kalshi.markets import VENUE, event_fees, series_fees
from cockpit.feeds.kalshi.milestones import scheduled
from cockpit.feeds.kalshi.numbers import Numbers
from cockpit.feeds.kalshi.pages import Pages
from cockpit.feeds.kalshi.polled import Polled
from cockpit.feeds.kalshi.sequence import Sequences
from cockpit.feeds.kalshi.settlements import read_settlements
from cockpit.feeds.kalshi.tape import Recent
from cockpit.feeds.kalshi.watch import Watch

Read = Callable[[Answer, Any], list[Event]]


class Rest:
    """Reads answers one by one. Failures to read are ValueError or RecursionError; refusals are FeedError."""

    def __init__(self, numbers: Numbers, sequences: Sequences, seen: Recent, watch: Watch) -> None:
        self._numbers = numbers
        self._census = numbers.census
        self._sequences = sequences
        self._seen = seen
        self._wanted = watch
        self.polled = Polled()
        self.pages = Pages(numbers.census, seen)
        self.following = ""
        """The URL of the next page of the answer read last; "" when it was the last."""
        self.answered = False
        """Whether the answer read last was one."""
        self._watch = FieldWatch(numbers.census, bodies.KNOWN)
        self._routes: list[tuple[tuple[str, ...], type, Read]] = [
            (("markets",), bodies.Markets, self._markets),
            (("markets", "trades"), bodies.Trades, self._trades),
            (("trades",), bodies.Trades, self._trades),
            (("markets", "orderbooks"), bodies.Orderbooks, self._orderbooks),
            (("markets", "candlesticks"), bodies.BatchCandles, self._batch_candles),
            (("markets", "*"), bodies.OneMarket, self._market),
            (("markets", "*", "orderbook"), bodies.Orderbook, self._orderbook),
            (("markets", "*", "candlesticks"), bodies.Candles, self._candles),
            (("series", "*", "markets", "*", "candlesticks"), bodies.Candles, self._candles),
            (("events",), bodies.Events, self._events),
            (("events", "multivariate"), bodies.Events, self._events),
            (("events", "fee_changes"), bodies.EventFeeChanges, self._event_fees),
            (("events", "*"), bodies.OneEvent, self._event),
            (("series",), bodies.SeriesList, self._series_list),
            (("series", "fee_changes"), bodies.SeriesFeeChanges, self._series_fees),
            (("series", "*"), bodies.OneSeries, self._series),
            (("exchange", "status"), bodies.StatusBody, self._status),
            (("exchange", "schedule"), bodies.Schedule, self._hours),
            (("milestones",), bodies.Milestones, self._milestones),
        ]

    def receive(self, frame: Frame) -> list[Event]:
        """The events of one answer.

        Raises:
            FeedError: when the exchange refused.
            ValueError, RecursionError: when the body cannot be read.
        """
        self.following, self.answered = "", True
        try:
            told = self._receive(frame)
        except (FeedError, ValueError, RecursionError) as error:
            self.answered = False
            told = self.pages.failed(frame.t, frame.u or "") + self._late(frame.t)
            if not told:
                raise
            tally(self._census, "unreadable", error)
            return told
        return told + self._late(frame.t)

    def _late(self, now: int) -> list[Event]:
        """What follows from time having passed: kept pages are told, books that nobody read again are doubted."""
        return [*self.pages.late(now), *self.polled.stale(now)]

    def _receive(self, frame: Frame) -> list[Event]:
        url = urlsplit(frame.u or "")
        parts = parts_of(url)
        data = frame.d or payload(frame)
        status = 200 if frame.st is None else frame.st
        if status == 304:
            for ticker in books_of(parts, url.query):
                self.polled.same(frame.t, ticker)
            return []
        if status == 204 and not data:
            return []
        if not status:
            raise FeedError(f"not answered: {bytes(data)[:80].decode(errors='replace')}")
        if status >= 400 and parts != ("exchange", "status"):
            self._refused(parts, status)
            raise FeedError(refusal(data, status))
        answer = Answer(frame.t, parts, parse_qs(url.query, max_num_fields=1_000), data, frame.u or "")
        try:
            return self._read(answer)
        except ValueError as error:
            said = described(data)
            if said is None and status < 400:
                raise
            raise FeedError(said or refusal(data, status)) from error

    def _refused(self, parts: tuple[str, ...], status: int) -> None:
        """Many books in one answer are not everybody's: some versions of the exchange want a key for them."""
        if parts == ("markets", "orderbooks") and status in (401, 403, 404):
            self._wanted.one_by_one()

    def _read(self, answer: Answer) -> list[Event]:
        if answer.parts[:1] == ("portfolio",):
            return self._portfolio(answer)
        for pattern, shape, read in self._routes:
            if matches(pattern, answer.parts):
                return read(answer, self._body(answer, shape))
        tally(self._census, "url", answer.parts[0] if answer.parts else "missing")
        return []

    def _body(self, answer: Answer, shape: type) -> Any:
        """Decode into a shape. Old order books are the only bodies whose top changed."""
        try:
            return decoded(answer.data, shape, self._census)[0]
        except msgspec.ValidationError:
            if shape is not bodies.Orderbook:
                raise
            yes, no = legacy.rest_book(answer.data)
            tally(self._census, "legacy", "orderbook")
            return bodies.Orderbook(bodies.BookSides(yes, no))

    def _portfolio(self, answer: Answer) -> list[Event]:
        """The account's own bodies; settlements are read so that a changed shape is noticed."""
        for pattern, read in account.READERS.items():
            if matches(pattern, answer.parts):
                event = read(answer.ts, answer.data, self._census)
                if pattern not in account.PAGED:
                    return [event]
                return self._page(answer, account.cursor(answer.data), [event], together=True)
        if answer.parts == ("portfolio", "settlements"):
            read_settlements(answer.data, self._census)
        tally(self._census, "url", "/".join(answer.parts[:2]))
        return []

    def _look(self, kind: str, answer: Answer, key: str) -> None:
        if self._watch.due(kind):
            self._watch.look(kind, answer.data, key)

    def _page(
        self, answer: Answer, cursor: str | None, events: Sequence[Event], *, together: bool = False
    ) -> list[Event]:
        """What a page lets be told; the one that follows is asked for."""
        told = self.pages.take(
            answer.ts, answer.url, events, following=bool(cursor and answer.url), together=together
        )
        if self.pages.more and cursor:
            self.following = self._wanted.more(answer.url, cursor)
        return told

    def _markets(self, answer: Answer, body: bodies.Markets) -> list[Event]:
        self._look("market", answer, "markets")
        for each in body.markets:
            self._wanted.quoted(each.ticker, each.volume_fp, each.yes_bid_dollars, each.yes_ask_dollars)
        listed = several(
            body.markets, lambda each: markets.market(answer.ts, each, self._census), self._census
        )
        return self._page(answer, body.cursor if body.markets else None, listed)

    def _market(self, answer: Answer, body: bodies.OneMarket) -> list[Event]:
        self._look("market", answer, "market")
        return markets.market(answer.ts, body.market, self._census)

    def _events(self, answer: Answer, body: bodies.Events) -> list[Event]:
        self._look("event", answer, "events")
        listed = several(body.events, lambda each: markets.event(answer.ts, each, self._census), self._census)
        return self._page(answer, body.cursor if body.events else None, listed)

    def _event(self, answer: Answer, body: bodies.OneEvent) -> list[Event]:
        self._look("event", answer, "event")
        return markets.event(answer.ts, body.event, self._census, body.markets)

    def _series_list(self, answer: Answer, body: bodies.SeriesList) -> list[Event]:
        self._look("series", answer, "series")
        return several(
            body.series, lambda each: [markets.series(answer.ts, each, self._census)], self._census
        )

    def _series(self, answer: Answer, body: bodies.OneSeries) -> list[Event]:
        self._look("series", answer, "series")
        return [markets.series(answer.ts, body.series, self._census)]

    def _series_fees(self, answer: Answer, body: bodies.SeriesFeeChanges) -> list[Event]:
        return several(
            body.series_fee_change_arr,
            lambda each: [series_fees(answer.ts, each, self._census)],
            self._census,
        )

    def _event_fees(self, answer: Answer, body: bodies.EventFeeChanges) -> list[Event]:
        return several(
            body.event_fee_changes, lambda each: [event_fees(answer.ts, each, self._census)], self._census
        )

    def _orderbook(self, answer: Answer, body: bodies.Orderbook) -> list[Event]:
        return self._sound(answer.ts, answer.ticker, body.orderbook_fp)

    def _orderbooks(self, answer: Answer, body: bodies.Orderbooks) -> list[Event]:
        return several(
            body.orderbooks, lambda each: self._sound(answer.ts, each.ticker, each.orderbook_fp), self._census
        )

    def _sound(self, ts: int, ticker: str, sides: bodies.BookSides) -> list[Event]:
        """A polled book; one that was believed and cannot be read now is doubted."""
        try:
            return self._book(ts, ticker, sides)
        except ValueError as error:
            doubts = self.polled.doubt(ts, ticker, "book cannot be read")
            if not doubts:
                raise
            tally(self._census, "unreadable", error)
            return list(doubts)

    def _book(self, ts: int, ticker: str, sides: bodies.BookSides) -> list[Event]:
        """A polled book, always in NO terms; one the socket carries is left alone: it has no number to join by."""
        bids = self._numbers.levels(sides.yes_dollars, self._numbers.yes)
        asks = self._numbers.levels(sides.no_dollars, self._numbers.no)
        if self._sequences.book_sid(ticker) is not None:
            self.polled.books.pop(ticker, None)
            tally(self._census, "dropped", "polled book under a socket")
            return []
        if not markets.sound(ticker):
            raise ValueError("not a ticker")
        self.polled.read(ts, ticker)
        return [BookSnapshot(ts, 0, ticker, bids, asks)]

    def _trades(self, answer: Answer, body: bodies.Trades) -> list[Event]:
        """Prints, oldest first as they happened; the wire has the newest first. Known ones are left out.

        Those asked for from a moment on (``min_ts``) are told when all their pages have come.
        """
        self._look("trades", answer, "trades")
        items = body.trades
        prints = several(
            items[::-1], lambda each: [history.trade(answer.ts, each, self._numbers)], self._census
        )
        ours = [each for each in prints if self._asked_for(answer, each)]
        together = "min_ts" in answer.query
        if not together:
            ours = [each for each in ours if self._seen.first(each.id)]
        return self._page(answer, body.cursor if items else None, ours, together=together)

    def _asked_for(self, answer: Answer, print_: Trade) -> bool:
        """Whether a print is of the market that was asked about; without one, of a market whose book is told here."""
        named = answer.query.get("ticker")
        if named:
            return print_.market in named
        ours = print_.market in self.polled.books or self._sequences.carries(print_.market)
        if not ours:
            tally(self._census, "dropped", "print of a market nobody follows")
        return ours

    def _candles(self, answer: Answer, body: bodies.Candles) -> list[Event]:
        self._look("candlesticks", answer, "candlesticks")
        return self._bars(answer, answer.ticker, body.candlesticks)

    def _batch_candles(self, answer: Answer, body: bodies.BatchCandles) -> list[Event]:
        return several(
            body.markets, lambda each: self._bars(answer, each.market_ticker, each.candlesticks), self._census
        )

    def _bars(self, answer: Answer, ticker: str, bars: list[bodies.CandleBody]) -> list[Event]:
        minutes = history.period(answer.query, self._census)
        return several(
            bars, lambda each: [history.candle(answer.ts, ticker, minutes, each, self._numbers)], self._census
        )

    def _status(self, answer: Answer, body: bodies.StatusBody) -> list[Event]:
        resume = instant(body.exchange_estimated_resume_time)
        return [ExchangeStatus(answer.ts, VENUE, body.exchange_active, body.trading_active, resume)]

    def _hours(self, answer: Answer, body: bodies.Schedule) -> list[Event]:
        return [hours(answer.ts, body.schedule)]

    def _milestones(self, answer: Answer, body: bodies.Milestones) -> list[Event]:
        games = several(body.milestones, lambda each: scheduled(answer.ts, each), self._census)
        return self._page(answer, body.cursor if body.milestones else None, games)
