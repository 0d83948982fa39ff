"""What the socket says: message bodies, encoded once for all who listen. Source: the venue's socket description."""

from typing import Any

import msgspec

from cockpit.domain.units import ASK, BID, MILLISECOND, PRICE, SECOND
from cockpit.rehearsal.stands.kalshi.account import Fill, sides
from cockpit.rehearsal.stands.kalshi.book import Book, Shown
from cockpit.rehearsal.stands.kalshi.listing import Market
from cockpit.rehearsal.stands.kalshi.money import amount
from cockpit.rehearsal.stands.kalshi.reader import Print
from cockpit.rehearsal.wire import Stamps, contracts, dollars

_STAMPS = Stamps()
encode = msgspec.json.Encoder().encode


def delta(market: Market, change: Shown, ts: int, *, yes_price: bool) -> bytes:
    """A level's size change; ``yes_price`` quotes a NO level in YES terms."""
    side, price = own_terms(change.side, change.price, yes_price=yes_price)
    client = change.cause.client_id if change.cause is not None else ""
    more = f',"client_order_id":{encode(client).decode()}' if client else ""
    return (
        f'{{"market_ticker":"{market.ticker}","market_id":"{market.market_id}",'
        f'"price_dollars":"{dollars(price)}","delta_fp":"{contracts(change.qty)}","side":"{side}"{more},'
        f'"ts":"{_STAMPS.text(ts)}","ts_ms":{ts // MILLISECOND}}}'
    ).encode()


def own_terms(side: int, price: int, *, yes_price: bool) -> tuple[str, int]:
    """A YES-terms level in the venue's terms."""
    if side == BID:
        return "yes", price
    return "no", price if yes_price else PRICE - price


def rows(book: Book, side: int, *, yes_price: bool = False) -> list[list[str]]:
    """One side's levels as the venue lists them: worst bid first, best last."""
    pairs = [(*own_terms(side, price, yes_price=yes_price), qty) for price, qty in book.levels(side)]
    return [[dollars(price), contracts(qty)] for _, price, qty in reversed(pairs)]


def snapshot(
    market: Market, book: Book, *, yes_price: bool, empty_sides: bool, missing_side: bool = False
) -> bytes:
    """A whole book.

    Args:
        market: whose.
        book: its book.
        yes_price: quote NO levels in YES terms.
        empty_sides: send the key of an empty side, which the venue leaves out.
        missing_side: a fault: leave the NO side out although it is not empty.
    """
    msg: dict[str, Any] = {"market_ticker": market.ticker, "market_id": market.market_id}
    for key, side in (("yes_dollars_fp", BID), ("no_dollars_fp", ASK)):
        levels = [] if missing_side and side == ASK else rows(book, side, yes_price=yes_price)
        if levels or empty_sides:
            msg[key] = levels
    return encode(msg)


def trade(print_: Print) -> bytes:
    """A print."""
    outcome, book = ("yes", "bid") if print_.taker == BID else ("no", "ask")
    return (
        f'{{"trade_id":"{print_.trade_id}","market_ticker":"{print_.ticker}",'
        f'"yes_price_dollars":"{dollars(print_.price)}","no_price_dollars":"{dollars(PRICE - print_.price)}",'
        f'"count_fp":"{contracts(print_.qty)}","taker_side":"{outcome}","taker_outcome_side":"{outcome}",'
        f'"taker_book_side":"{book}","is_block_trade":{"true" if print_.block else "false"},'
        f'"ts":{print_.ts // SECOND},"ts_ms":{print_.ts // MILLISECOND}}}'
    ).encode()


def ticker(told: dict[str, Any], bid: tuple[int, int] | None, ask: tuple[int, int] | None) -> dict[str, Any]:
    """A ticker as the tape told it, with the quotes of the book that is shown here."""
    bid_price, bid_qty = bid or (0, 0)
    ask_price, ask_qty = ask or (PRICE, 0)
    return {
        **told,
        "yes_bid_dollars": dollars(bid_price),
        "yes_bid_size_fp": contracts(bid_qty),
        "yes_ask_dollars": dollars(ask_price),
        "yes_ask_size_fp": contracts(ask_qty),
    }


def fill(done: Fill) -> bytes:
    """An own fill."""
    body: dict[str, Any] = {
        "trade_id": done.id,
        "order_id": done.order,
        "market_ticker": done.ticker,
        "exchange_index": done.shard,
        "is_taker": done.taker,
        "yes_price_dollars": dollars(done.price),
        "count_fp": contracts(done.qty),
        "fee_cost": amount(done.fee, 6),
        **sides(done.side),
        "purchased_side": sides(done.side)["outcome_side"],
        "post_position_fp": contracts(done.after),
        "ts_ms": done.ts // MILLISECOND,
        "ts": done.ts // SECOND,
        "subaccount": 0,
    }
    return encode(body | ({"client_order_id": done.client_id} if done.client_id else {}))
