"""Drives a stand-in with the venue's own client; runs in an environment of its own, on Python 3.13.

Usage: drive_kalshi_sdk.py REST KEY_ID KEY_FILE. Prints one JSON object of what was found; any difference between what
the client requires and what it got raises here.
"""

import asyncio
import json
import sys
import time
from pathlib import Path

import kalshi_python_async as sdk
from kalshi_python_async.exceptions import (
    ApiException,
    BadRequestException,
    ConflictException,
    NotFoundException,
    UnauthorizedException,
)

PRICE = "0.0100"


def client(rest: str, key_id: str, pem: str) -> sdk.KalshiClient:
    configuration = sdk.Configuration(host=rest)
    configuration.api_key_id = key_id
    configuration.private_key_pem = pem
    return sdk.KalshiClient(configuration)


async def refused(kind: type[ApiException], call) -> str:
    try:
        await call
    except kind as error:
        return str(error.body)
    raise AssertionError(f"not refused as {kind.__name__}")


async def read_public(api, found: dict) -> str:
    found["status"] = (await api.get_exchange_status()).trading_active
    await api.get_exchange_schedule()
    await api.get_series_fee_changes()
    await api.get_user_data_timestamp()
    series = (await api.get_series_list()).series
    found["series"] = (await api.get_series(series_ticker=series[0].ticker)).series.ticker
    events = (await api.get_events(limit=5, with_nested_markets=True)).events
    await api.get_event(event_ticker=events[0].event_ticker)
    await api.get_event_fee_changes()
    pages, cursor = [], None
    while True:
        page = await api.get_markets(limit=2, cursor=cursor, status="open")
        pages.append([market.ticker for market in page.markets])
        cursor = page.cursor
        if not cursor:
            break
    found["pages"] = pages
    market = (await api.get_market(ticker=pages[0][0])).market
    book = (await api.get_market_orderbook(ticker=market.ticker, depth=3)).orderbook_fp
    found["levels"] = [len(book.yes_dollars), len(book.no_dollars)]
    await api.get_market_orderbooks(tickers=[market.ticker])
    found["trades"] = len((await api.get_trades(limit=5)).trades)
    event = next(event for event in events if event.event_ticker == market.event_ticker)
    now = int(time.time())
    ahead = (
        now + 900
    )  # the world may have begun a minute or two after this moment, at most a quarter of an hour
    candles = await api.get_market_candlesticks(
        series_ticker=event.series_ticker, ticker=market.ticker, start_ts=now - 3600, end_ts=ahead,
        period_interval=1,
    )  # fmt: skip
    found["candles"] = len(candles.candlesticks)
    await api.batch_get_market_candlesticks(
        market_tickers=market.ticker, start_ts=now - 3600, end_ts=ahead, period_interval=60
    )
    return market.ticker


async def write_orders(api, ticker: str, found: dict) -> None:
    terms = {
        "ticker": ticker, "side": "bid", "price": PRICE, "count": "5.00",
        "time_in_force": "good_till_canceled", "self_trade_prevention_type": "taker_at_cross",
    }  # fmt: skip
    made = await api.create_order_v2(**terms, client_order_id=f"judge-{time.time_ns()}", post_only=True)
    order = (await api.get_order(order_id=made.order_id)).order
    found["order"] = [order.status.value, order.remaining_count_fp]
    await api.get_order_queue_position(order_id=made.order_id)
    queue = await api.get_order_queue_positions(market_tickers=ticker)
    found["queue"] = [each.order_id == made.order_id for each in queue.queue_positions]
    amended = await api.amend_order_v2(
        order_id=made.order_id, ticker=ticker, side="bid", price="0.0200", count="6"
    )
    found["amended"] = amended.remaining_count
    lower = await api.decrease_order_v2(order_id=made.order_id, reduce_by="2", market_ticker=ticker)
    found["decreased"] = lower.remaining_count
    gone = await api.cancel_order_v2(order_id=made.order_id, market_ticker=ticker)
    found["cancelled"] = gone.reduced_by
    taken = await api.create_order_v2(**(terms | {"price": "0.9900", "time_in_force": "immediate_or_cancel"}))
    found["taken"] = [taken.fill_count, taken.average_fill_price is not None]
    batch = await api.batch_create_orders_v2(orders=[terms, terms | {"price": "0.5555"}])
    found["batch"] = [row.error.code if row.error else "" for row in batch.orders]
    ended = await api.batch_cancel_orders_v2(
        orders=[{"order_id": batch.orders[0].order_id, "market_ticker": ticker}]
    )
    found["batch_cancelled"] = ended.orders[0].reduced_by
    await api.cancel_all_orders()


async def read_private(api, found: dict) -> None:
    balance = await api.get_balance()
    found["shards"] = [each.exchange_index for each in balance.balance_breakdown]
    positions = await api.get_positions()
    found["positions"] = len(positions.market_positions)
    found["fills"] = len((await api.get_fills(limit=10)).fills) > 0
    found["orders"] = len((await api.get_orders()).orders)
    await api.get_settlements()
    await api.get_account_api_limits()
    await api.get_account_endpoint_costs()
    await api.get_portfolio_resting_order_total_value()


async def groups(api) -> None:
    made = await api.create_order_group(contracts_limit=10)
    await api.get_order_groups()
    await api.get_order_group(order_group_id=made.order_group_id)
    await api.update_order_group_limit(order_group_id=made.order_group_id, contracts_limit=20)
    await api.trigger_order_group(order_group_id=made.order_group_id)
    await api.reset_order_group(order_group_id=made.order_group_id)
    await api.delete_order_group(order_group_id=made.order_group_id)


async def failures(api, ticker: str, rest: str, pem: str, found: dict) -> None:
    terms = {
        "ticker": ticker, "side": "bid", "price": PRICE, "count": "1.00",
        "time_in_force": "good_till_canceled", "self_trade_prevention_type": "maker",
    }  # fmt: skip
    found["off_tick"] = await refused(
        BadRequestException, api.create_order_v2(**(terms | {"price": "0.5555"}))
    )
    found["post_only"] = await refused(
        BadRequestException, api.create_order_v2(**(terms | {"price": "0.9900"}), post_only=True)
    )
    made = await api.create_order_v2(**terms, client_order_id="once")
    again = api.create_order_v2(**terms, client_order_id="once")
    found["again"] = await refused(ConflictException, again)
    found["shard"] = await refused(NotFoundException, api.cancel_order_v2(order_id=made.order_id))
    await api.cancel_order_v2(order_id=made.order_id, market_ticker=ticker)
    dead = api.cancel_order_v2(order_id=made.order_id, market_ticker=ticker)
    found["dead"] = await refused(NotFoundException, dead)
    async with client(rest, "11111111-0000-4000-8000-000000000001", pem) as stranger:
        found["stranger"] = await refused(UnauthorizedException, stranger.get_balance())
    too_many = api.get_markets(limit=1001)
    try:
        await too_many
    except BadRequestException as error:
        found["limit"] = str(error.body)
    except ValueError:
        found["limit"] = "refused by the client"


async def main(rest: str, key_id: str, pem: str) -> dict:
    found: dict = {}
    async with client(rest, key_id, pem) as api:
        ticker = await read_public(api, found)
        await write_orders(api, ticker, found)
        await read_private(api, found)
        await groups(api)
        await failures(api, ticker, rest, pem, found)
    return found


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(sys.argv[1], sys.argv[2], Path(sys.argv[3]).read_text()))))
