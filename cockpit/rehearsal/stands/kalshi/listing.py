"""Series, events and markets as the stage has told them, completed to what the venue always sends."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

from cockpit.domain.units import MILLISECOND, PRICE, SECOND
from cockpit.domain.units import price as price_of
from cockpit.rehearsal.wire import Stamps, contracts, dollars

Body = dict[str, Any]

STATUSES = {
    "unopened": ("initialized",),
    "open": ("active", "inactive"),
    "paused": ("inactive",),
    "closed": ("closed", "determined", "disputed", "amended"),
    "settled": ("finalized",),
}
"""The filter's words and the records' words for them: two different sets."""

_MARKET: Body = {
    "market_type": "binary",
    "title": "",
    "yes_sub_title": "",
    "no_sub_title": "",
    "settlement_timer_seconds": 60,
    "status": "active",
    "yes_bid_dollars": "0.0000",
    "yes_bid_size_fp": "0.00",
    "yes_ask_dollars": "1.0000",
    "yes_ask_size_fp": "0.00",
    "no_bid_dollars": "0.0000",
    "no_ask_dollars": "1.0000",
    "last_price_dollars": "0.0000",
    "volume_fp": "0.00",
    "volume_24h_fp": "0.00",
    "result": "",
    "can_close_early": True,
    "open_interest_fp": "0.00",
    "notional_value_dollars": "1.0000",
    "previous_yes_bid_dollars": "0.0000",
    "previous_yes_ask_dollars": "0.0000",
    "previous_price_dollars": "0.0000",
    "settlement_bounds_type": "default",
    "expiration_value": "",
    "rules_primary": "",
    "rules_secondary": "",
    "price_level_structure": "linear_cent",
    "price_ranges": [{"start": "0.0000", "end": "1.0000", "step": "0.0100"}],
    "exchange_index": 0,
}
"""Every field a record must have, with what an unknown market has in it."""

_SERIES: Body = {
    "frequency": "custom",
    "title": "",
    "category": "Crypto",
    "categories": ["Crypto"],
    "tags": None,
    "settlement_sources": None,
    "contract_url": "",
    "contract_terms_url": "",
    "fee_type": "quadratic",
    "fee_multiplier": 1,
    "additional_prohibitions": None,
}
_EVENT: Body = {
    "sub_title": "",
    "title": "",
    "collateral_return_type": "",
    "mutually_exclusive": False,
    "settlement_sources": None,
    "strike_period": "",
}
_DAY = 86_400 * SECOND
_STRIKES = ("strike_type", "floor_strike", "cap_strike", "custom_strike", "yes_sub_title")


class Quote:
    """A market's live figures in the venue's units: book tops come from the book, these from tickers and trades."""

    __slots__ = ("last", "open_interest", "volume")

    def __init__(self) -> None:
        self.last = "0.0000"
        self.volume = "0.00"
        self.open_interest = "0.00"


class Market:
    """One market: its record, and its life by the venue's clock."""

    def __init__(self, body: Body, now: int) -> None:
        stamps = Stamps()
        moment = stamps.text(now // SECOND * SECOND)
        later = stamps.text(now // SECOND * SECOND + _DAY)
        times = dict.fromkeys(("created_time", "updated_time", "open_time"), moment)
        times |= dict.fromkeys(("close_time", "latest_expiration_time"), later)
        self.body: Body = {**_MARKET, **times, **body}
        self.ticker = str(body["ticker"])
        digits = blake2b(self.ticker.encode(), digest_size=16).hexdigest()
        self.market_id = f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
        """The venue's other name for it."""
        self.body.setdefault("event_ticker", self.ticker.rpartition("-")[0] or self.ticker)
        self.open_ns = self.close_ns = 0
        self.ranges: list[tuple[int, int, int]] = []
        self.quote = Quote()
        self.dead = False
        """Whether its resting orders have been taken out after the close."""
        self.update({})

    def update(self, changes: Body) -> None:
        """Take over changed fields."""
        self.body |= changes
        self.open_ns, self.close_ns = ns_of(self.body["open_time"]), ns_of(self.body["close_time"])
        self.ranges = [
            (price_of(band["start"]), price_of(band["end"]), price_of(band["step"]))
            for band in self.body["price_ranges"]
        ]

    @property
    def event(self) -> str:
        """Its event's ticker."""
        return str(self.body["event_ticker"])

    @property
    def shard(self) -> int:
        """Which exchange shard it trades on: that is where collateral must be."""
        return int(self.body["exchange_index"])

    def status(self, now: int) -> str:
        """Its status; opening and closing are told by no message, only by the clock."""
        status = str(self.body["status"])
        if status == "initialized" and now >= self.open_ns:
            status = "active"
        return "closed" if status in ("active", "inactive") and now >= self.close_ns else status

    def on_grid(self, price: int) -> bool:
        """Whether an order may have this price."""
        fits = (low <= price <= high and (price - low) % step == 0 for low, high, step in self.ranges)
        return 0 < price < PRICE and any(fits)


class Listing:
    """Everything listed. Bodies that arrive replace what is known and are completed; lifecycle news is returned."""

    def __init__(self) -> None:
        self.series: dict[str, Body] = {}
        self.events: dict[str, Body] = {}
        self.markets: dict[str, Market] = {}

    def add_series(self, body: Body) -> None:
        """A series record."""
        self.series[str(body["ticker"])] = {**_SERIES, **body}

    def add_event(self, body: Body) -> Body | None:
        """An event record; returns the news that it is new."""
        ticker = str(body["event_ticker"])
        fresh = ticker not in self.events
        plain = {key: value for key, value in body.items() if key != "markets"}
        series = ticker.partition("-")[0]
        event = self.events[ticker] = {**_EVENT, "series_ticker": series, **plain}
        if "strike_date" in event:
            event.pop("strike_period", None)
        if event["series_ticker"] not in self.series:
            self.add_series({"ticker": event["series_ticker"], "title": event["title"]})
        return event if fresh else None

    def market(self, ticker: str, now: int) -> Market:
        """A market; one nobody has described yet gets a plain record."""
        found = self.markets.get(ticker)
        if found is None:
            self.add_market({"ticker": ticker}, now)
            found = self.markets[ticker]
        return found

    def add_market(self, body: Body, now: int) -> tuple[str, Body] | None:
        """A market record; returns the news in it, as lifecycle event type and fields, if there is any."""
        ticker = str(body["ticker"])
        known = self.markets.get(ticker)
        if known is None:
            made = self.markets[ticker] = Market(body, now)
            if made.event not in self.events:
                self.add_event({"event_ticker": made.event, "title": made.body["title"]})
            return "created", _created(made)
        before = {key: known.body.get(key) for key in _STRIKES}
        known.update(body)
        after = {key: known.body.get(key) for key in _STRIKES}
        if before == after:
            return None
        return "metadata_updated", {key: value for key, value in after.items() if value is not None}

    def life(self, msg: Body, now: int) -> None:
        """Take a market's lifecycle message over into its record."""
        market = self.market(str(msg.get("market_ticker", "")), now)
        stamps = Stamps()
        match msg.get("event_type"):
            case "determined":
                changes = {"status": "determined", "result": msg.get("result", "")}
                changes["settlement_value_dollars"] = msg.get("settlement_value", "0.0000")
                market.update(changes)
            case "settled":
                settled = stamps.text(int(msg.get("settled_ts", now // SECOND)) * SECOND)
                market.update({"status": "finalized", "settlement_ts": settled})
            case "activated":
                market.update({"status": "active"})
            case "deactivated":
                market.update({"status": "inactive"})
            case "close_date_updated" if "close_ts" in msg:
                market.update({"close_time": stamps.text(int(msg["close_ts"]) * SECOND)})
            case "metadata_updated":
                market.update({key: msg[key] for key in _STRIKES if key in msg})
            case "price_level_structure_updated":
                keys = ("price_level_structure", "price_ranges")
                market.update({key: msg[key] for key in keys if key in msg})
            case _:
                pass
        market.body["updated_time"] = stamps.text(now // MILLISECOND * MILLISECOND)

    def of_event(self, ticker: str) -> list[Market]:
        """An event's markets."""
        return [market for market in self.markets.values() if market.event == ticker]

    def series_of(self, market: Market) -> str:
        """The series a market belongs to, by its event."""
        return str(self.events[market.event]["series_ticker"])

    def fee_terms(self, market: Market) -> tuple[str, float]:
        """Fee type and multiplier in force: the event's own before the series'."""
        event = self.events[market.event]
        series = self.series[self.series_of(market)]
        kind = event.get("fee_type_override") or series["fee_type"]
        multiplier = event.get("fee_multiplier_override")
        return str(kind), float(series["fee_multiplier"] if multiplier is None else multiplier)


def _created(market: Market) -> Body:
    """The fields a new market is announced with."""
    body = market.body
    keys = ("yes_sub_title", "no_sub_title", "rules_primary", "rules_secondary", "can_close_early")
    more = {key: body[key] for key in (*keys, *_STRIKES) if body.get(key) is not None}
    expected = body.get("expected_expiration_time")
    if expected:
        more["expected_expiration_ts"] = ns_of(expected) // SECOND
    more |= {"name": body["yes_sub_title"], "title": body["title"], "event_ticker": market.event}
    return {
        "open_ts": market.open_ns // SECOND,
        "close_ts": market.close_ns // SECOND,
        "exchange_index": market.shard,
        "price_level_structure": body["price_level_structure"],
        "price_ranges": body["price_ranges"],
        "additional_metadata": more,
    }


def record(
    market: Market, now: int, bid: tuple[int, int] | None, ask: tuple[int, int] | None, *, booked: bool
) -> Body:
    """A market's whole record now; its quotes are the book's when there is a book."""
    body = {**market.body, "status": market.status(now)}
    if booked:
        bid_price, bid_qty = bid or (0, 0)
        ask_price, ask_qty = ask or (PRICE, 0)
        body |= {
            "yes_bid_dollars": dollars(bid_price),
            "yes_bid_size_fp": contracts(bid_qty),
            "yes_ask_dollars": dollars(ask_price),
            "yes_ask_size_fp": contracts(ask_qty),
            "no_bid_dollars": dollars(PRICE - ask_price),
            "no_ask_dollars": dollars(PRICE - bid_price),
            "last_price_dollars": market.quote.last,
            "volume_fp": market.quote.volume,
            "volume_24h_fp": market.quote.volume,
            "open_interest_fp": market.quote.open_interest,
        }
    return body


def matching(markets: Iterable[Market], status: str, now: int) -> Iterator[Market]:
    """The markets a status filter lets through; "" lets all through."""
    wanted = STATUSES.get(status)
    return (market for market in markets if wanted is None or market.status(now) in wanted)


def ns_of(text: str) -> int:
    """RFC 3339 text as ns UTC, to the microsecond."""
    moment = datetime.fromisoformat(text)
    seconds = int(moment.replace(microsecond=0, tzinfo=moment.tzinfo or UTC).timestamp())
    return seconds * SECOND + moment.microsecond * 1000
