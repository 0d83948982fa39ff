"""REST answers: bodies to events, told apart by the URL's path."""

from collections.abc import Callable
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

import msgspec

from cockpit.domain.errors import FeedError
from cockpit.domain.events import BookSnapshot, Event, ExchangeStatus
from cockpit.feeds.base import Frame, payload
from cockpit.feeds.census import FieldWatch, tally
from cockpit.feeds.exact import instant
from cockpit.feeds.kalshi import account, bodies, history, legacy, markets
from cockpit.feeds.kalshi.errors import described, refusal
from cockpit.feeds.kalshi.hours import hours
from cockpit.feeds.kalshi.markets import VENUE, fee_change
from cockpit.feeds.kalshi.numbers import Numbers
from cockpit.feeds.kalshi.sequence import Sequences
from cockpit.feeds.kalshi.settlements import read_settlements
from cockpit.feeds.kalshi.tape import Recent
from cockpit.feeds.kalshi.watch import Watch

PREFIX = ("trade-api", "v2")

Data = bytes | msgspec.Raw
Read = Callable[["Answer", Any], list[Event]]


class Answer(msgspec.Struct, gc=False):
    """One answer: when it came, what its URL asked for, and its body."""

    ts: int
    parts: tuple[str, ...]
    query: dict[str, list[str]]
    data: Data
    url: str

    @property
    def ticker(self) -> str:
        """The market a ``markets/{ticker}/...`` path names."""
        return self.parts[self.parts.index("markets") + 1]


class Rest:
    """Reads answers one by one. Failures to read are ValueError or RecursionError; refusals are FeedError."""

    def __init__(self, numbers: Numbers, sequences: Sequences, seen: Recent, watch: Watch) -> None:
        self._numbers = numbers
        self._census = numbers.census
        self._sequences = sequences
        self._seen = seen
        self._wanted = watch
        self.books: dict[str, None] = {}
        """Markets whose book was polled last."""
        self.following = ""
        """The URL of the next page of the answer read last; "" when it was the last."""
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
            (("milestones",), bodies.Milestones, self._nothing),
        ]

    def receive(self, frame: Frame) -> list[Event]:
        """The events of one answer.

        Raises:
            FeedError: when the exchange refused.
            ValueError, RecursionError: when the body cannot be read.
        """
        url = urlsplit(frame.u or "")
        parts = _parts(url)
        data = frame.d or payload(frame)
        status = 200 if frame.st is None else frame.st
        self.following = ""
        if status == 304 or (status == 204 and not data):
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
            if _matches(pattern, answer.parts):
                return read(answer, self._body(answer, shape))
        tally(self._census, "url", answer.parts[0] if answer.parts else "missing")
        return []

    def _body(self, answer: Answer, shape: type) -> Any:
        """Decode into a shape. Old order books are the only bodies whose top changed."""
        try:
            return msgspec.json.decode(answer.data, type=shape)
        except msgspec.ValidationError:
            if shape is not bodies.Orderbook:
                raise
            yes, no = legacy.rest_book(answer.data)
            tally(self._census, "legacy", "orderbook")
            return bodies.Orderbook(bodies.BookSides(yes, no))

    def _portfolio(self, answer: Answer) -> list[Event]:
        """The account's own bodies; settlements are read so that a changed shape is noticed."""
        for pattern, read in account.READERS.items():
            if _matches(pattern, answer.parts):
                return [read(answer.ts, answer.data)]
        if answer.parts == ("portfolio", "settlements"):
            read_settlements(answer.data)
        tally(self._census, "url", "/".join(answer.parts[:2]))
        return []

    def _look(self, kind: str, answer: Answer, key: str) -> None:
        if self._watch.due(kind):
            self._watch.look(kind, answer.data, key)

    def _page(self, answer: Answer, cursor: str | None, items: int) -> None:
        """Ask for the page that follows; an empty page is the last whatever its cursor says."""
        if cursor and items and answer.url:
            self.following = self._wanted.more(answer.url, cursor)

    def _markets(self, answer: Answer, body: bodies.Markets) -> list[Event]:
        self._look("market", answer, "markets")
        self._page(answer, body.cursor, len(body.markets))
        for each in body.markets:
            self._wanted.quoted(each.ticker, each.volume_fp, each.yes_bid_dollars, each.yes_ask_dollars)
        return [e for each in body.markets for e in markets.market(answer.ts, each, self._census)]

    def _market(self, answer: Answer, body: bodies.OneMarket) -> list[Event]:
        self._look("market", answer, "market")
        return markets.market(answer.ts, body.market, self._census)

    def _events(self, answer: Answer, body: bodies.Events) -> list[Event]:
        self._look("event", answer, "events")
        self._page(answer, body.cursor, len(body.events))
        return [e for each in body.events for e in markets.event(answer.ts, each, self._census)]

    def _event(self, answer: Answer, body: bodies.OneEvent) -> list[Event]:
        self._look("event", answer, "event")
        return markets.event(answer.ts, body.event, self._census, body.markets)

    def _series_list(self, answer: Answer, body: bodies.SeriesList) -> list[Event]:
        self._look("series", answer, "series")
        return [markets.series(answer.ts, each, self._census) for each in body.series]

    def _series(self, answer: Answer, body: bodies.OneSeries) -> list[Event]:
        self._look("series", answer, "series")
        return [markets.series(answer.ts, body.series, self._census)]

    def _series_fees(self, answer: Answer, body: bodies.SeriesFeeChanges) -> list[Event]:
        return [
            fee_change(
                answer.ts,
                "series",
                each.series_ticker,
                each.fee_type,
                each.fee_multiplier,
                instant(each.scheduled_ts),
                self._census,
            )
            for each in body.series_fee_change_arr
        ]

    def _event_fees(self, answer: Answer, body: bodies.EventFeeChanges) -> list[Event]:
        return [
            fee_change(
                answer.ts,
                "event",
                each.event_ticker,
                each.fee_type_override,
                each.fee_multiplier_override,
                instant(each.scheduled_ts),
                self._census,
            )
            for each in body.event_fee_changes
        ]

    def _orderbook(self, answer: Answer, body: bodies.Orderbook) -> list[Event]:
        return self._book(answer.ts, answer.ticker, body.orderbook_fp)

    def _orderbooks(self, answer: Answer, body: bodies.Orderbooks) -> list[Event]:
        return [e for each in body.orderbooks for e in self._book(answer.ts, each.ticker, each.orderbook_fp)]

    def _book(self, ts: int, ticker: str, sides: bodies.BookSides) -> list[Event]:
        """A polled book, always in NO terms; one the socket carries is left alone: it has no number to join by."""
        bids = self._numbers.levels(sides.yes_dollars, self._numbers.yes)
        asks = self._numbers.levels(sides.no_dollars, self._numbers.no)
        if self._sequences.book_sid(ticker) is not None:
            tally(self._census, "dropped", "polled book under a socket")
            return []
        self.books[ticker] = None
        return [BookSnapshot(ts, 0, ticker, bids, asks)]

    def _trades(self, answer: Answer, body: bodies.Trades) -> list[Event]:
        """Prints, oldest first as they happened; the wire has the newest first. Known ones are left out."""
        self._look("trades", answer, "trades")
        self._page(answer, body.cursor, len(body.trades))
        prints = [history.trade(answer.ts, each, self._numbers) for each in reversed(body.trades)]
        return [each for each in prints if self._seen.first(each.id)]

    def _candles(self, answer: Answer, body: bodies.Candles) -> list[Event]:
        self._look("candlesticks", answer, "candlesticks")
        return self._bars(answer, answer.ticker, body.candlesticks)

    def _batch_candles(self, answer: Answer, body: bodies.BatchCandles) -> list[Event]:
        return [e for each in body.markets for e in self._bars(answer, each.market_ticker, each.candlesticks)]

    def _bars(self, answer: Answer, ticker: str, bars: list[bodies.CandleBody]) -> list[Event]:
        minutes = history.period(answer.query, self._census)
        return [history.candle(answer.ts, ticker, minutes, each, self._numbers) for each in bars]

    def _status(self, answer: Answer, body: bodies.StatusBody) -> list[Event]:
        resume = instant(body.exchange_estimated_resume_time)
        return [ExchangeStatus(answer.ts, VENUE, body.exchange_active, body.trading_active, resume)]

    def _hours(self, answer: Answer, body: bodies.Schedule) -> list[Event]:
        return [hours(answer.ts, body.schedule)]

    def _nothing(self, answer: Answer, body: object) -> list[Event]:
        """Read for its shape alone: no event carries it yet."""
        tally(self._census, "url", "/".join(answer.parts[:2]))
        return []


def _parts(url: SplitResult) -> tuple[str, ...]:
    """A path's parts below the API's root; /historical answers like the rest."""
    parts = tuple(unquote(part) for part in url.path.split("/") if part)
    if parts[:2] == PREFIX:
        parts = parts[2:]
    return parts[1:] if parts[:1] == ("historical",) else parts


def _matches(pattern: tuple[str, ...], parts: tuple[str, ...]) -> bool:
    return len(pattern) == len(parts) and all(
        p in ("*", part) for p, part in zip(pattern, parts, strict=True)
    )
