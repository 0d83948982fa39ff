"""Drives a stand-in with the venue's own client; runs in an environment of its own.

Usage: drive_polymarket_client.py PLACES, a JSON object of gamma, clob, data and socket. Prints one JSON object of what
was found; any difference between what the client requires and what it got raises here.
"""

import asyncio
import json
import sys
from dataclasses import replace
from decimal import Decimal

from polymarket import AsyncPublicClient
from polymarket._internal.actions.orders.market_data import (
    fetch_market_info,
    fetch_neg_risk,
    fetch_tick_size,
    resolve_condition_by_token,
)
from polymarket._internal.environment import PRODUCTION_CONFIG, create_environment
from polymarket.errors import RateLimitError, RequestRejectedError
from polymarket.models.clob.requests import PriceRequest
from polymarket.streams import MarketSpec


def environment(places: dict) -> object:
    config = replace(
        PRODUCTION_CONFIG,
        gamma_url=places["gamma"],
        clob_url=places["clob"],
        data_url=places["data"],
        clob_market_ws_url=places["socket"],
    )
    return create_environment(name="rehearsal", config=config)


async def listings(client: AsyncPublicClient, found: dict) -> str:
    paginator = client.list_events(tag_slug="crypto", order="endDate", ascending=True, page_size=3)
    pages = [[event.slug for event in page.items] async for page in paginator]
    found["pages"] = pages
    event = await client.get_event(slug=pages[0][0])
    found["event"] = [event.id, len(event.markets), [tag.slug for tag in event.tags]]
    markets = []
    async for page in client.list_markets(page_size=4):
        markets += page.items
    found["markets"] = len(markets)
    found["labels"] = sorted({(m.outcomes.yes.label, m.outcomes.no.label) for m in markets})
    found["fees"] = sorted({str(m.trading.fee_schedule.rate) for m in markets})
    found["ticks"] = sorted({str(m.trading.minimum_tick_size) for m in markets})
    priced = [m for m in markets if m.prices.best_bid and m.prices.best_ask]
    chosen = min(priced, key=lambda m: abs(m.outcomes.yes.price - Decimal("0.5")))
    again = await client.get_market(slug=chosen.slug)
    same = await client.get_market(id=chosen.id)
    assert again.condition_id == same.condition_id == chosen.condition_id
    found["closed"] = len((await client.list_markets(closed=True).first_page()).items)
    found["tag"] = (await client.get_tag(slug="crypto")).label
    await client.get_event_tags(event.id)
    await client.get_market_tags(chosen.id)
    return chosen


async def prices(client: AsyncPublicClient, chosen, found: dict) -> None:
    yes, no = chosen.outcomes.yes.token_id, chosen.outcomes.no.token_id
    book, other = await client.get_order_books(token_ids=[yes, no])
    lone = await client.get_order_book(token_id=yes)
    assert [level.price for level in lone.bids] == [1 - level.price for level in other.asks]
    assert [level.size for level in lone.bids] == [level.size for level in other.asks]
    found["levels"] = [len(book.bids), len(book.asks)]
    found["best_last"] = book.bids[-1].price == max(level.price for level in book.bids)
    bid, ask = book.bids[-1].price, book.asks[-1].price
    assert await client.get_midpoint(token_id=yes) == (bid + ask) / 2
    assert await client.get_spread(token_id=yes) == ask - bid
    assert await client.get_price(token_id=yes, side="BUY") == bid
    assert (await client.get_midpoints(token_ids=[yes, no]))[no] == 1 - (bid + ask) / 2
    assert (await client.get_spreads(token_ids=[yes]))[yes] == ask - bid
    sides = await client.get_prices(requests=[PriceRequest(yes, "BUY"), PriceRequest(yes, "SELL")])
    assert sides[yes] == {"BUY": bid, "SELL": ask}
    await client.get_last_trade_price(token_id=yes)
    await client.get_last_trade_prices(token_ids=[yes, no])
    context = client._ctx
    info = await fetch_market_info(context, condition_id=chosen.condition_id)
    assert info.token_ids == {yes, no}
    assert info.tick_size == await fetch_tick_size(context, token_id=yes) == book.tick_size
    assert await fetch_neg_risk(context, token_id=yes) is False
    assert await resolve_condition_by_token(context, token_id=no) == chosen.condition_id
    found["fee"] = [str(info.fee_info.rate), str(info.fee_info.exponent)]


async def past(client: AsyncPublicClient, chosen, found: dict) -> None:
    page = await client.list_trades(condition_id=chosen.condition_id, page_size=5).first_page()
    found["trades"] = len(page.items)
    found["more_trades"] = page.has_more
    points = await client.list_price_history(
        asset_id=chosen.outcomes.yes.token_id, interval="1h"
    ).first_page()
    found["points"] = len(points.items)


async def refusals(client: AsyncPublicClient, found: dict) -> None:
    for name, call in (
        ("no_slug", client.get_event(slug="there-is-none")),
        ("no_token", client.get_order_book(token_id="123")),
    ):
        try:
            await call
        except RateLimitError:
            raise
        except RequestRejectedError as error:
            found[name] = error.status


async def socket(client: AsyncPublicClient, chosen, found: dict) -> None:
    yes, no = chosen.outcomes.yes.token_id, chosen.outcomes.no.token_id
    heard: dict[str, int] = {}
    handle = await client.subscribe(MarketSpec(token_ids=[yes, no], custom_feature_enabled=True))
    print("listening", flush=True)
    wanted = {"book", "price_change", "last_trade_price", "best_bid_ask"}
    async with asyncio.timeout(60):
        async for event in handle:
            heard[event.type] = heard.get(event.type, 0) + 1
            if wanted <= heard.keys() and "market_resolved" in heard:
                break
    await handle.close()
    found["heard"] = sorted(heard)
    found["dropped"] = client._get_market_manager().dropped_events


async def main(places: dict) -> dict:
    found: dict = {}
    async with AsyncPublicClient(environment(places)) as client:
        chosen = await listings(client, found)
        await prices(client, chosen, found)
        await past(client, chosen, found)
        await refusals(client, found)
        await socket(client, chosen, found)
    return found


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(json.loads(sys.argv[1])))))
