"""``cockpit markets``: what the venues list that the settings ask for."""

import argparse
import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from cockpit.cli.talking import clean, say
from cockpit.domain.units import PRICE, SECOND

if TYPE_CHECKING:
    from cockpit.engine.state import MarketState
    from cockpit.runtime.live import Live

QUIET_S = 2.0
"""Without a new market for this long, the list is taken for whole."""
MOST_S = 20.0
EVERY_S = 0.1


def add_markets(commands: Any) -> None:
    """``cockpit markets``."""
    p = commands.add_parser("markets", help="list the open markets of the venues and series in the settings")
    p.add_argument("--venue", choices=("kalshi", "polymarket", "polymarket_us"), help="of this venue only")
    p.add_argument("--json", action="store_true", help="print one JSON object a line")
    p.set_defaults(run=_markets)


def _markets(args: argparse.Namespace) -> int:
    from cockpit.runtime.launch import Launch, until
    from cockpit.settings import files

    chosen = files.load(args.settings).without_desk().with_lanes(())
    launch = Launch(chosen)
    live = launch.live()
    asyncio.run(until(live, MOST_S, _quiet(live), EVERY_S))
    found = [m for m in live.markets() if m.listed and not m.closed and args.venue in (None, m.market.venue)]
    found.sort(
        key=lambda m: (
            m.market.venue,
            m.market.close_ns,
            m.market.event,
            m.market.floor or 0,
            m.market.ticker,
        )
    )
    for m in found:
        print(json.dumps(_plain(m)) if args.json else _line(m))
    down = [f"{feed.source}: {feed.note}" for feed in live.status().feeds if not feed.up]
    for each in down:
        say(each)
    say(f"{len(found)} open markets")
    return 3 if down and not found else 0


def _quiet(live: "Live") -> Callable[[], bool]:
    """Whether no new market has been listed for a while."""
    known, looks = -1, 0

    def look() -> bool:
        nonlocal known, looks
        n = len(live.markets())
        looks = 0 if n != known else looks + 1
        known = n
        return looks * EVERY_S >= (QUIET_S if n else 3 * QUIET_S)

    return look


def _plain(m: "MarketState") -> dict[str, object]:
    book = m.book
    return {
        "venue": m.market.venue,
        "ticker": m.market.ticker,
        "event": m.market.event,
        "title": m.market.title,
        "subtitle": m.market.subtitle,
        "status": str(m.market.status),
        "close_ns": m.market.close_ns,
        "bid": book.bid / PRICE if m.has_book and book.bid else None,
        "ask": book.ask / PRICE if m.has_book and book.ask < PRICE else None,
    }


def _line(m: "MarketState") -> str:
    plain = _plain(m)
    bid, ask = (f"{100 * p:.1f}" if isinstance(p := plain[side], float) else "-" for side in ("bid", "ask"))
    when = datetime.fromtimestamp(m.market.close_ns // SECOND, UTC) if m.market.close_ns else None
    close = f"{when:%m-%d %H:%MZ}" if when else "-"
    words = clean(" ".join(part for part in (m.market.title, m.market.subtitle) if part))
    return f"{m.market.venue:<13} {clean(m.market.ticker):<34} {close:<12} {bid:>5} {ask:>5}  {words[:80]}"
