"""The venue as the stage tells of it: markets from Polymarket's own listings, books and prints from its own messages."""

from collections.abc import Callable
from contextlib import suppress

import msgspec

from cockpit.domain.units import ASK, BID, PRICE
from cockpit.rehearsal.courier import Arrival
from cockpit.rehearsal.polymarket import messages
from cockpit.rehearsal.polymarket.depth import Depth
from cockpit.rehearsal.polymarket.market import MINUTE_NS, RESOLVED, Deal, Group, Ids, Market
from cockpit.rehearsal.polymarket.names import Event, Names
from cockpit.rehearsal.polymarket.terms import ABOVE, GAME, SPEECH, UPDOWN, Terms, amount
from cockpit.rehearsal.post import GAMMA, WS
from cockpit.rehearsal.stands.faults import Clock
from cockpit.rehearsal.stands.polymarket import heard
from cockpit.rehearsal.stands.polymarket.heard import EventBody, MarketBody, Message
from cockpit.rehearsal.stands.polymarket.teller import Teller

SOURCES = frozenset({GAMMA, WS})
_COINS = {"bitcoin": "BTC", "btc": "BTC", "ethereum": "ETH", "eth": "ETH", "solana": "SOL", "sol": "SOL"}
_FAMILIES = {"updown": UPDOWN, "above": ABOVE}
_LEAGUES = frozenset({"nba", "nfl"})


class Own:
    """Keeps the venue's markets as its own frames tell of them.

    Args:
        clock: the stage's time, ns UTC.
        teller: who tells clients.
        markets: by condition; filled here.
        groups: events by slug; filled here.
    """

    def __init__(
        self, clock: Clock, teller: Teller, markets: dict[str, Market], groups: dict[str, Group]
    ) -> None:
        self.heard = False
        """Whether the stage tells of the venue at all."""
        self._now = clock
        self._teller = teller
        self._markets = markets
        self._groups = groups
        self._handlers: dict[str, Callable[[Message, int], None]] = {
            "book": self._book,
            "price_change": self._change,
            "last_trade_price": self._print,
            "tick_size_change": self._step,
            "market_resolved": self._over,
        }

    def take(self, arrival: Arrival) -> None:
        """One of the venue's frames; what of it cannot be read is passed over."""
        self.heard = True
        if arrival.source == GAMMA:
            for event, body in heard.listings(arrival.payload, arrival.url or ""):
                with suppress(*heard.ERRORS):
                    self._listed(event, body)
            return
        for message in heard.messages(arrival.payload):
            handler = self._handlers.get(message.event_type)
            if handler is not None:
                with suppress(*heard.ERRORS):
                    handler(message, arrival.t)

    # ------------------------------------------------------------------ listings

    def _listed(self, event: EventBody, body: MarketBody) -> None:
        market = self._markets.get(body.condition_id) or self._list(event, body)
        meta = event.event_metadata
        if meta is not None:
            low, final = heard.units(meta.price_to_beat), heard.units(meta.final_price)
            if low is not None:
                market.terms = msgspec.structs.replace(market.terms, low=low)
            market.final = market.final if final is None else amount(final)
        if body.uma_resolution_status == "proposed":
            market.propose(None)
        if body.closed:
            paid = heard.price(body.pair(body.outcome_prices)[0])
            market.propose(paid if paid in (0, PRICE // 2, PRICE) else None)
            self._resolve(market)

    def _list(self, event: EventBody, body: MarketBody) -> Market:
        first, second = body.pair(body.outcomes)
        tokens = body.pair(body.clob_token_ids)
        group = self._groups.get(event.slug)
        if group is None:
            group = self._groups[event.slug] = Group(event.id, _event(event))
        names = Names(group.event, body.slug, body.question, body.group_item_title, (first, second))
        ids = Ids(body.id, body.condition_id, body.question_id, tokens)
        depth = Depth(heard.tick(body.order_price_min_tick_size))
        market = Market(ids, names, _terms(event, body), group, depth, self._now())
        group.markets.append(market)
        self._markets[market.condition] = market
        for yes in (True, False):
            self._teller.tokens[market.token(yes=yes)] = (market, yes)
        self._teller.listed(market)
        return market

    # ------------------------------------------------------------------ messages

    def _book(self, message: Message, ts: int) -> None:
        found = self._teller.tokens.get(message.asset_id)
        if found is None or not found[1]:
            return
        market = found[0]
        bids, asks = ([level.read() for level in side] for side in (message.bids, message.asks))
        if {*bids, *asks} != {*market.book.levels(BID), *market.book.levels(ASK)}:
            market.book.replace(bids, asks)
            self._teller.whole(market)
        market.last = message.last_trade_price or market.last
        self._sample(market, ts)

    def _change(self, message: Message, ts: int) -> None:
        for change in message.price_changes:
            market, yes = self._teller.tokens.get(change.asset_id, (None, False))
            if market is not None and yes:
                side, (price, size) = heard.SIDES[change.side], change.read()
                market.book.put(side, price, size)
                self._teller.changed(market, (side, price))
                self._sample(market, ts)

    def _sample(self, market: Market, ts: int) -> None:
        if ts // MINUTE_NS != market.minute:
            market.sample(ts)

    def _print(self, message: Message, ts: int) -> None:
        market, yes = self._teller.tokens.get(message.asset_id, (None, False))
        if market is None or market.phase == RESOLVED:
            return
        price, size = heard.price(message.price), heard.shares(message.size)
        at = heard.stamp(message.timestamp, ts)
        deal = Deal(yes, heard.SIDES[message.side], price, size, at, message.transaction_hash)
        market.note(deal, messages.last_text(price))
        self._teller.dealt(market, deal)

    def _step(self, message: Message, ts: int) -> None:
        market, yes = self._teller.tokens.get(message.asset_id, (None, False))
        if market is not None and yes and self._teller.stepped(market, heard.price(message.new_tick_size)):
            self._teller.whole(market)

    def _over(self, message: Message, ts: int) -> None:
        market, yes = self._teller.tokens.get(message.winning_asset_id, (None, False))
        if market is not None:
            market.propose(PRICE if yes else 0)
            self._resolve(market)

    def _resolve(self, market: Market) -> None:
        if market.resolve(self._now()):
            self._teller.resolved(market)


def _event(body: EventBody) -> Event:
    first = body.series[0] if body.series else None
    return Event(
        slug=body.slug,
        title=body.title,
        series=body.series_slug or (first.slug if first else ""),
        recurrence=first.recurrence if first else "",
        rules=body.description,
        source=body.resolution_source,
        tags=tuple(body.tags),
    )


def _terms(event: EventBody, body: MarketBody) -> Terms:
    """Terms as the slug and the short title tell them; a market that is neither crypto's nor a game's has no family."""
    coin, _, rest = event.slug.partition("-")
    opened, closes = heard.moment(body.start_date), heard.moment(body.end_date)
    if coin in _LEAGUES and body.game_start_time:
        starts = heard.moment(body.game_start_time)
        return Terms(body.slug, coin, GAME, None, None, opened, closes, starts)
    if event.slug.startswith("what-will-"):
        return Terms(body.slug, "mentions", SPEECH, None, None, opened, closes)
    asset = _COINS.get(coin, "")
    family = _FAMILIES.get(rest.partition("-")[0], "") if asset else ""
    low = None
    if family == ABOVE:
        low = heard.units(msgspec.Raw(body.group_item_title.replace(",", "").encode()))
    return Terms(body.slug, asset, family, low, None, opened, closes)
