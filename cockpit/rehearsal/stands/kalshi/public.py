"""What anyone may read: exchange, series, events, markets, books, trades, candles."""

from typing import Any

from cockpit.domain.units import ASK, BID, SECOND
from cockpit.rehearsal.stands.asked import Answer, Asked, json_answer
from cockpit.rehearsal.stands.kalshi.errors import NOT_FOUND, Refused, bare, invalid
from cockpit.rehearsal.stands.kalshi.listing import STATUSES, Market, matching, ns_of
from cockpit.rehearsal.stands.kalshi.messages import rows
from cockpit.rehearsal.stands.kalshi.milestones import milestones
from cockpit.rehearsal.stands.kalshi.routes import (
    Routes,
    cursor_for,
    cursor_of,
    flag,
    limit_of,
    page,
    span_of,
    whole,
)
from cockpit.rehearsal.stands.kalshi.state import State
from cockpit.rehearsal.wire import Stamps

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ALL_DAY = [{"open_time": "00:00", "close_time": "00:00"}]
_THURSDAY = [{"open_time": "00:00", "close_time": "03:00"}, {"open_time": "05:00", "close_time": "00:00"}]
_PERIODS = (1, 60, 1440)
_FAMILIES = (
    ("created", "created_time", ("", "unopened", "open")),
    ("close", "close_time", ("", "closed")),
    ("settled", "settlement_ts", ("", "settled")),
)
"""Time filters of markets: name, field, and the statuses it may stand with."""


class Public:
    """Answers from the venue's state. Source of the shapes: the venue's API description, version 3.34."""

    def __init__(self, state: State, routes: Routes) -> None:
        self._state = state
        self._stamps = Stamps()
        for path, act in (
            ("exchange/status", self._status),
            ("exchange/schedule", self._schedule),
            ("exchange/user_data_timestamp", self._as_of),
            ("series", self._series_list),
            ("series/fee_changes", self._series_fees),
            ("series/*", self._series),
            ("series/*/markets/*/candlesticks", self._candles),
            ("events", self._events),
            ("events/multivariate", self._no_combos),
            ("events/fee_changes", self._event_fees),
            ("events/*", self._event),
            ("markets", self._markets),
            ("markets/trades", self._trades),
            ("markets/orderbooks", self._books),
            ("markets/candlesticks", self._candles_of_many),
            ("markets/*", self._market),
            ("markets/*/orderbook", self._book),
            ("historical/cutoff", self._cutoff),
            ("milestones", self._milestones),
            ("structured_targets", self._no_targets),
            ("incentive_programs", self._no_incentives),
        ):
            routes.add("GET", path, act)

    # ------------------------------------------------------------------ the exchange

    def _status(self, asked: Asked) -> Answer:
        flags = {"exchange_active": True, "trading_active": True, "intra_exchange_transfers_active": True}
        shards = sorted({market.shard for market in self._state.listing.markets.values()} | {0})
        indexed = [{"exchange_index": shard, "description": f"shard {shard}", **flags} for shard in shards]
        return json_answer({**flags, "exchange_index_statuses": indexed})

    def _schedule(self, asked: Asked) -> Answer:
        """All day on every day but Thursday, which has the venue's standing pause; Eastern time."""
        hours = {day: _THURSDAY if day == "thursday" else _ALL_DAY for day in _DAYS}
        week = {"start_time": "2026-01-01T00:00:00Z", "end_time": "2030-01-01T00:00:00Z", **hours}
        return json_answer({"schedule": {"standard_hours": [week], "maintenance_windows": []}})

    def _as_of(self, asked: Asked) -> Answer:
        return json_answer({"as_of_time": self._stamps.text(self._state.now())})

    def _cutoff(self, asked: Asked) -> Answer:
        old = self._stamps.text(self._state.now() // SECOND * SECOND - 90 * 86_400 * SECOND)
        return json_answer(
            dict.fromkeys(("market_settled_ts", "trades_created_ts", "orders_updated_ts"), old)
        )

    def _no_combos(self, asked: Asked) -> Answer:
        return json_answer({"events": [], "cursor": ""})

    def _milestones(self, asked: Asked) -> Answer:
        limit = whole(asked, "limit", 0, "GetMilestones")
        if not 1 <= limit <= 500:
            raise Refused(invalid("GetMilestones", "Limit", "required" if not limit else "lte"))
        found, cursor = page(milestones(self._state.listing, asked, self._state.now()), asked, limit)
        return json_answer({"milestones": found, "cursor": cursor})

    def _no_targets(self, asked: Asked) -> Answer:
        return json_answer({"structured_targets": [], "cursor": ""})

    def _no_incentives(self, asked: Asked) -> Answer:
        return json_answer({"incentive_programs": [], "next_cursor": ""})

    # ------------------------------------------------------------------ series and events

    def _series_list(self, asked: Asked) -> Answer:
        category = asked.first("category")
        found = [s for s in self._state.listing.series.values() if category in ("", s["category"])]
        return json_answer({"series": found})

    def _series(self, asked: Asked, ticker: str) -> Answer:
        found = self._state.listing.series.get(ticker)
        return NOT_FOUND if found is None else json_answer({"series": found})

    def _series_fees(self, asked: Asked) -> Answer:
        return json_answer({"series_fee_change_arr": []})

    def _event_fees(self, asked: Asked) -> Answer:
        limit_of(asked, "GetEventFeeChanges", 100, 1000)
        return json_answer({"event_fee_changes": [], "cursor": ""})

    def _events(self, asked: Asked) -> Answer:
        limit = limit_of(asked, "GetEvents", 200, 200)
        status, series = _status_of(asked, "GetEvents"), asked.first("series_ticker")
        tickers = asked.listed("tickers")
        found = [
            event
            for ticker, event in self._state.listing.events.items()
            if series in ("", event["series_ticker"])
            and (not tickers or ticker in tickers)
            and (not status or self._any(ticker, status))
        ]
        events, cursor = page(found, asked, limit)
        nested = flag(asked, "with_nested_markets")
        bodies = [{**e, "markets": self._of(e["event_ticker"])} if nested else e for e in events]
        return json_answer({"events": bodies, "cursor": cursor})

    def _event(self, asked: Asked, ticker: str) -> Answer:
        event = self._state.listing.events.get(ticker)
        if event is None:
            return NOT_FOUND
        markets = self._of(ticker)
        if flag(asked, "with_nested_markets"):
            return json_answer({"event": {**event, "markets": markets}, "markets": []})
        return json_answer({"event": event, "markets": markets})

    def _any(self, event: str, status: str) -> bool:
        state = self._state
        return any(True for _ in matching(state.listing.of_event(event), status, state.now()))

    def _of(self, event: str) -> list[dict[str, Any]]:
        return [self._state.record(market) for market in self._state.listing.of_event(event)]

    # ------------------------------------------------------------------ markets

    def _markets(self, asked: Asked) -> Answer:
        limit = limit_of(asked, "GetMarkets", 100, 1000)
        state, status = self._state, _status_of(asked, "GetMarkets")
        times = _times_of(asked, status)
        tickers, event = asked.listed("tickers"), asked.first("event_ticker")
        series = asked.first("series_ticker")
        if asked.first("mve_filter") not in ("", "only", "exclude"):
            raise Refused(invalid("GetMarkets", "MveFilter", "oneof"))
        found = [
            market
            for market in matching(state.listing.markets.values(), status, state.now())
            if (not tickers or market.ticker in tickers)
            and event in ("", market.event)
            and series in ("", state.listing.series_of(market))
            and asked.first("mve_filter") != "only"
            and all(_within(market, *time) for time in times)
        ]
        markets, cursor = page(found, asked, limit)
        return json_answer({"markets": [state.record(market) for market in markets], "cursor": cursor})

    def _market(self, asked: Asked, ticker: str) -> Answer:
        return json_answer({"market": self._state.record(self._known(ticker))})

    def _known(self, ticker: str) -> Market:
        market = self._state.listing.markets.get(ticker)
        if market is None:
            raise Refused(NOT_FOUND)
        return market

    def _book(self, asked: Asked, ticker: str) -> Answer:
        self._known(ticker)
        depth = whole(asked, "depth", 0, "GetMarketOrderbook")
        if depth > 100:
            raise Refused(invalid("GetMarketOrderbook", "Depth", "lte"))
        return json_answer({"orderbook_fp": self._sides(ticker, depth)})

    def _books(self, asked: Asked) -> Answer:
        tickers = asked.query.get("tickers", [])
        if not 1 <= len(tickers) <= 100:
            raise Refused(invalid("GetMarketOrderbooks", "Tickers", "max" if tickers else "required"))
        known = [ticker for ticker in tickers if ticker in self._state.listing.markets]
        books = [{"ticker": ticker, "orderbook_fp": self._sides(ticker, 0)} for ticker in known]
        return json_answer({"orderbooks": books})

    def _sides(self, ticker: str, depth: int) -> dict[str, list[list[str]]]:
        """Bids of both sides, worst first: of a depth the best ones are the last."""
        book, keep = self._state.books[ticker], max(depth, 0)
        return {"yes_dollars": rows(book, BID)[-keep:], "no_dollars": rows(book, ASK)[-keep:]}

    # ------------------------------------------------------------------ trades and candles

    def _trades(self, asked: Asked) -> Answer:
        limit = limit_of(asked, "GetTrades", 100, 1000)
        tape = self._state.tape
        block = flag(asked, "is_block_trade") if asked.first("is_block_trade") else None
        span = span_of(asked, "GetTrades")
        found, rest = tape.page(asked.first("ticker"), cursor_of(asked), limit, span, block=block)
        return json_answer({"trades": [tape.body(trade) for trade in found], "cursor": cursor_for(rest)})

    def _candles(self, asked: Asked, series: str, ticker: str) -> Answer:
        market = self._known(ticker)
        if self._state.listing.series_of(market) != series:
            return NOT_FOUND
        return json_answer({"ticker": ticker, "candlesticks": self._bodies(asked, ticker, 5_000)})

    def _candles_of_many(self, asked: Asked) -> Answer:
        tickers = asked.listed("market_tickers")
        if not 1 <= len(tickers) <= 100:
            raise Refused(invalid("BatchGetMarketCandlesticks", "MarketTickers", "max"))
        most = 10_000 // len(tickers)
        known = [ticker for ticker in tickers if ticker in self._state.listing.markets]
        bodies = [{"market_ticker": t, "candlesticks": self._bodies(asked, t, most)} for t in known]
        return json_answer({"markets": bodies})

    def _bodies(self, asked: Asked, ticker: str, most: int) -> list[dict[str, Any]]:
        request = "GetMarketCandlesticks"
        start, end = (whole(asked, name, -1, request) for name in ("start_ts", "end_ts"))
        minutes = whole(asked, "period_interval", 0, request)
        if minutes not in _PERIODS:
            raise Refused(invalid(request, "PeriodInterval", "oneof"))
        if start < 0 or end < start:
            raise Refused(invalid(request, "EndTs", "gtefield"))
        if (end - start) // (minutes * 60) > most:
            raise Refused(bare(f"Parameter validation failed for {request}: too many candlesticks requested"))
        before = flag(asked, "include_latest_before_start")
        return self._state.candles[ticker].bodies(start, end, minutes, before=before)


def _status_of(asked: Asked, request: str) -> str:
    """The status filter; raises Refused for a record's word or two words."""
    status = asked.first("status")
    if status and status not in STATUSES:
        raise Refused(invalid(request, "Status", "oneof"))
    return status


def _times_of(asked: Asked, status: str) -> list[tuple[str, int, int]]:
    """The time filters, as field and bounds in ns; raises Refused for two families, or one that does not go with the status."""
    found: list[tuple[str, int, int]] = []
    for name, field, statuses in _FAMILIES:
        low, high = f"min_{name}_ts", f"max_{name}_ts"
        if asked.first(low) or asked.first(high):
            if status not in statuses:
                raise Refused(bare(f"{name} timestamp filters do not go with status {status}"))
            bounds = (whole(asked, low, 0, "GetMarkets"), whole(asked, high, 1 << 33, "GetMarkets"))
            found.append((field, bounds[0] * SECOND, bounds[1] * SECOND))
    if asked.first("min_updated_ts"):
        others = ("status", "event_ticker", "tickers")
        if any(asked.first(name) for name in others) or asked.first("mve_filter") != "exclude":
            raise Refused(bare("min_updated_ts goes only with mve_filter=exclude and series_ticker"))
        found.append(("updated_time", whole(asked, "min_updated_ts", 0, "GetMarkets") * SECOND, 1 << 63))
    if len(found) > 1:
        raise Refused(bare("timestamp filters of one family only"))
    return found


def _within(market: Market, field: str, low: int, high: int) -> bool:
    text = market.body.get(field)
    return bool(text) and low <= ns_of(str(text)) <= high
