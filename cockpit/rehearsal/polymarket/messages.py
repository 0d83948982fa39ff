"""What the market socket and the books say, as bytes, written once for all who listen.

Source: the venue's market channel page and its client, autumn 2026. All numbers are text; sizes are absolute. A book's
hash is the SHA-1 of its compact JSON in the order it has here, with the hash itself empty.
"""

from collections.abc import Iterable, Iterator
from hashlib import sha1

import msgspec

from cockpit.domain.units import ASK, BID, MILLISECOND, PRICE, PRICE_DIGITS, decimal
from cockpit.rehearsal.polymarket.depth import Levels
from cockpit.rehearsal.polymarket.market import Deal, Market
from cockpit.rehearsal.polymarket.terms import GAME, SPEECH, iso

SIDES = {BID: "BUY", ASK: "SELL"}
LEAST_ORDER = "5"


class Fee(msgspec.Struct, frozen=True):
    """A fee type with its schedule, as numbers and as a message's text."""

    kind: str
    schedule: dict[str, float | bool]
    told: dict[str, str | bool]


CRYPTO_FEE = Fee(
    "crypto_fees_v2",
    {"exponent": 1, "rate": 0.07, "takerOnly": True, "rebateRate": 0.2},
    {"exponent": "1", "rate": "0.07", "taker_only": True, "rebate_rate": "0.2"},
)
SPORTS_FEE = Fee(
    "sports_fees_v2",
    {"exponent": 1, "rate": 0.05, "takerOnly": True, "rebateRate": 0.15},
    {"exponent": "1", "rate": "0.05", "taker_only": True, "rebate_rate": "0.15"},
)
MENTION_FEE = Fee(
    "mention_fees",
    {"exponent": 1, "rate": 0.04, "takerOnly": True, "rebateRate": 0.25},
    {"exponent": "1", "rate": "0.04", "taker_only": True, "rebate_rate": "0.25"},
)
_PRICES = [decimal(price, PRICE_DIGITS) for price in range(PRICE + 1)]
BOOKS_A_FRAME = 8
encode = msgspec.json.Encoder().encode

Change = tuple[int, int]
"""Side and price of a level of YES."""


def fee_of(market: Market) -> Fee:
    """What a market's takers pay."""
    return {GAME: SPORTS_FEE, SPEECH: MENTION_FEE}.get(market.terms.family, CRYPTO_FEE)


def price_text(price: int) -> str:
    """Price units as dollars, without trailing zeros."""
    return _PRICES[price]


def size_text(size: int) -> str:
    """Hundredths of a share as shares, without trailing zeros."""
    whole, part = divmod(size, 100)
    if not part:
        return str(whole)
    return f"{whole}.{part:02d}".rstrip("0")


def last_text(price: int) -> str:
    """A last price, three decimals as the venue has it."""
    return decimal(price, PRICE_DIGITS, 3)


def rows(levels: Levels) -> str:
    """Levels as JSON."""
    body = ",".join([f'{{"price":"{_PRICES[price]}","size":"{size_text(size)}"}}' for price, size in levels])
    return f"[{body}]"


def book(market: Market, now: int, *, yes: bool, event: bool, whole: bool, hollow: bool = False) -> bytes:
    """A token's whole book.

    Args:
        market: whose.
        now: ns UTC.
        yes: which of its tokens.
        event: as the socket tells it, else as an answer.
        whole: with the fields that its hash covers besides.
        hollow: a fault: leave the asks out although there are some.
    """
    bids, asks = market.sides(yes=yes)
    head = (
        f'"market":"{market.condition}","asset_id":"{market.token(yes=yes)}","timestamp":"{now // MILLISECOND}",'
        '"hash":"'
    )
    first = f'","bids":{rows(bids)},"asks":'
    extra = (
        f',"min_order_size":"{LEAST_ORDER}","tick_size":"{_PRICES[market.book.tick]}","neg_risk":false,'
        f'"last_trade_price":"{market.last}"'
    )
    told = rows(asks)
    digest = sha1(f"{{{head}{first}{told}{extra}}}".encode(), usedforsecurity=False).hexdigest()
    kind = '"event_type":"book",' if event else ""
    shown = "[]" if hollow else told
    return f"{{{kind}{head}{digest}{first}{shown}{extra if whole else ''}}}".encode()


def dumps(books: list[bytes]) -> Iterator[bytes]:
    """The frames that answer a subscription: whole books, several in each."""
    for at in range(0, len(books), BOOKS_A_FRAME):
        yield b"[" + b",".join(books[at : at + BOOKS_A_FRAME]) + b"]"


def price_change(market: Market, changes: Iterable[Change], now: int, number: int) -> bytes:
    """Changed levels of YES, each told of both tokens. ``number`` is what the orders' hashes are made of."""
    tops = [tuple(_PRICES[price] for price in market.top(yes=yes)) for yes in (True, False)]
    entries = []
    for place, (side, price) in enumerate(changes):
        size = size_text(market.book.size(side, price))
        digest = sha1(b"%d|%d" % (number, place), usedforsecurity=False).hexdigest()
        entries += [
            _entry(market.tokens[0], price, size, side, digest, tops[0]),
            _entry(market.tokens[1], PRICE - price, size, -side, digest, tops[1]),
        ]
    return (
        f'{{"market":"{market.condition}","price_changes":[{",".join(entries)}],'
        f'"timestamp":"{now // MILLISECOND}","event_type":"price_change"}}'
    ).encode()


def _entry(token: str, price: int, size: str, side: int, digest: str, top: tuple[str, ...]) -> str:
    return (
        f'{{"asset_id":"{token}","price":"{_PRICES[price]}","size":"{size}","side":"{SIDES[side]}",'
        f'"hash":"{digest}","best_bid":"{top[0]}","best_ask":"{top[1]}"}}'
    )


def last_trade(market: Market, deal: Deal) -> bytes:
    """A print."""
    return (
        f'{{"market":"{market.condition}","asset_id":"{market.token(yes=deal.yes)}",'
        f'"price":"{_PRICES[deal.price]}","size":"{size_text(deal.size)}","fee_rate_bps":"0",'
        f'"side":"{SIDES[deal.side]}","timestamp":"{deal.ts // MILLISECOND}","event_type":"last_trade_price",'
        f'"transaction_hash":"{deal.transaction}"}}'
    ).encode()


def best_bid_ask(market: Market, now: int, *, yes: bool) -> bytes:
    """A token's top of book."""
    bid, ask = market.top(yes=yes)
    return (
        f'{{"market":"{market.condition}","asset_id":"{market.token(yes=yes)}","best_bid":"{_PRICES[bid]}",'
        f'"best_ask":"{_PRICES[ask]}","spread":"{_PRICES[ask - bid]}","timestamp":"{now // MILLISECOND}",'
        '"event_type":"best_bid_ask"}'
    ).encode()


def tick_change(market: Market, before: int, now: int, *, yes: bool) -> bytes:
    """A token's new tick."""
    body = {
        "market": market.condition,
        "asset_id": market.token(yes=yes),
        "old_tick_size": _PRICES[before],
        "new_tick_size": _PRICES[market.book.tick],
        "timestamp": str(now // MILLISECOND),
        "event_type": "tick_size_change",
    }
    return encode(body)


def new_market(market: Market, now: int) -> bytes:
    """A market was listed. Here keys are in snake case and numbers are text; "" is nothing."""
    event = market.group.event
    game = market.terms.family == GAME
    body = {
        "id": market.id,
        "question": market.names.question,
        "market": market.condition,
        "slug": market.names.slug,
        "description": event.rules,
        "assets_ids": market.tokens,
        "outcomes": market.names.outcomes,
        "event_message": _event(market),
        "timestamp": str(now // MILLISECOND),
        "event_type": "new_market",
        "tags": [tag.slug for tag in event.tags],
        "condition_id": market.condition,
        "active": True,
        "clob_token_ids": market.tokens,
        "sports_market_type": "moneyline" if game else "",
        "line": "",
        "game_start_time": iso(market.terms.starts_ns) if game else "",
        "order_price_min_tick_size": _PRICES[market.book.tick],
        "group_item_title": market.names.short,
        "taker_base_fee": "1000",
        "fees_enabled": True,
        "fee_schedule": fee_of(market).told,
    }
    return encode(body)


def resolved(market: Market, now: int) -> bytes:
    """A market's outcome; without a winner where both tokens are paid alike."""
    winner = {PRICE: 0, 0: 1}.get(-1 if market.paid is None else market.paid)
    body = {
        "id": market.id,
        "market": market.condition,
        "assets_ids": market.tokens,
        "winning_asset_id": "" if winner is None else market.tokens[winner],
        "winning_outcome": "" if winner is None else market.names.outcomes[winner],
        "event_message": _event(market),
        "timestamp": str(now // MILLISECOND),
        "event_type": "market_resolved",
        "tags": [tag.slug for tag in market.group.event.tags],
    }
    return encode(body)


def _event(market: Market) -> dict[str, str]:
    event = market.group.event
    return {
        "id": market.group.id,
        "ticker": event.slug,
        "slug": event.slug,
        "title": event.title,
        "description": event.rules,
    }
