"""Gamma's objects: markets, events, tags; and the matching engine's terms.

Some lists of a market are JSON inside a string, as the venue has them.

Source: listings of autumn 2026. Numbers are exact decimal text; a price that is not there is left out.
"""

from datetime import UTC, datetime
from typing import Any

import msgspec

from cockpit.domain.units import PRICE, SECOND
from cockpit.rehearsal.polymarket.market import PROPOSED, RESOLVED, TRADING, Group, Market
from cockpit.rehearsal.polymarket.messages import LEAST_ORDER, fee_of, price_text, size_text
from cockpit.rehearsal.polymarket.names import Tag, address_of
from cockpit.rehearsal.polymarket.terms import GAME, QUARTER_NS, SPEECH, UPDOWN, amount, iso

Body = dict[str, Any]
_IMAGE = "https://example.invalid/{}.png"
LEGACY_FEE = 1000
_LIVENESS_S = 600
_GAME_DELAY_S = 3
"""How long a taker waits while a game is on."""
_TWAP_S = 60


def number(text: str) -> msgspec.Raw:
    """A JSON number from its exact text."""
    return msgspec.Raw(text.encode())


def listed(values: list[str] | tuple[str, ...]) -> str:
    """A list as the venue puts it: JSON inside a string."""
    return "[" + ", ".join(f'"{value}"' for value in values) + "]"


def spaced(ts: int) -> str:
    """A moment (ns UTC) with a blank and a bare offset, as some times are written."""
    return f"{datetime.fromtimestamp(ts // SECOND, UTC):%Y-%m-%d %H:%M:%S}+00"


def turnover(market: Market) -> str:
    """What has changed hands, in dollars: price units times hundredths of shares are 1e-6 dollars."""
    whole, part = divmod(market.turnover, 1_000_000)
    return f"{whole}.{part:06d}"


def resting(market: Market) -> str:
    """What rests on both sides, in shares."""
    sides = market.sides(yes=True)
    return size_text(sum(size for side in sides for _, size in side))


def market_body(market: Market, *, lone: bool) -> Body:
    """A market; ``lone`` when it does not stand within its event, which then stands within it."""
    body = (
        _identity(market)
        | _times(market)
        | _state(market)
        | _figures(market)
        | _prices(market)
        | _fixed(market)
    )
    if market.terms.family == UPDOWN:
        body |= _window(market)
    elif market.terms.family == GAME:
        body |= _game(market)
    elif market.terms.family == SPEECH:
        body |= {"groupItemTitle": market.names.short}
    else:
        body |= {"gameStartTime": spaced(market.terms.close_ns), "groupItemTitle": market.names.short}
    if lone:
        body["events"] = [event_body(market.group, markets=False)]
    return body


def _identity(market: Market) -> Body:
    event = market.group.event
    image = _IMAGE.format(market.terms.asset.lower())
    return {
        "id": market.id,
        "question": market.names.question,
        "conditionId": market.condition,
        "slug": market.names.slug,
        "resolutionSource": event.source,
        "description": event.rules,
        "image": image,
        "icon": image,
        "outcomes": listed(market.names.outcomes),
        "clobTokenIds": listed(market.tokens),
        "questionID": market.question_id,
        "groupItemThreshold": str(market.group.markets.index(market)),
        "marketMakerAddress": "",
        "submitted_by": address_of("submitter"),
        "resolvedBy": address_of("oracle"),
        "version": "v1",
    }


def _times(market: Market) -> Body:
    terms = market.terms
    opened = iso(terms.open_ns)
    times = {
        "startDate": opened,
        "startDateIso": opened[:10],
        "endDate": iso(terms.close_ns),
        "endDateIso": iso(terms.close_ns)[:10],
        "createdAt": opened,
        "updatedAt": iso(market.closed_ns or market.listed_ns),
        "acceptingOrdersTimestamp": opened,
        "deployingTimestamp": opened,
    }
    if market.phase == RESOLVED:
        times |= {"closedTime": spaced(market.closed_ns), "umaEndDate": iso(market.closed_ns)}
    return times


def _state(market: Market) -> Body:
    said = {PROPOSED: ("proposed",), RESOLVED: ("proposed", "resolved")}.get(market.phase, ())
    closed = market.phase == RESOLVED
    body: Body = {
        "active": True,
        "closed": closed,
        "archived": False,
        # a closed market may still say that it takes orders: what is closed is closed
        "acceptingOrders": not closed or market.condition[-1] in "0123",
        "enableOrderBook": True,
        "umaResolutionStatuses": listed(said),
    }
    if said:
        body["umaResolutionStatus"] = said[-1]
    return body


def _figures(market: Market) -> Body:
    traded, left = turnover(market), resting(market)
    body: Body = {"volume": traded, "liquidity": left}
    body |= dict.fromkeys(("liquidityNum", "liquidityClob"), number(left))
    names = ("volumeNum", "volumeClob", *(f"volume{span}{kind}" for span in _SPANS for kind in ("", "Clob")))
    return body | dict.fromkeys(names, number(traded))


_SPANS = ("24hr", "1wk", "1mo", "1yr")


def _prices(market: Market) -> Body:
    worth = market.worth()
    body: Body = {"outcomePrices": listed((price_text(worth), price_text(PRICE - worth)))}
    bid, ask = market.top()
    if market.phase != RESOLVED:
        if bid:
            body["bestBid"] = number(price_text(bid))
        if ask < PRICE:
            body["bestAsk"] = number(price_text(ask))
        body["spread"] = number(price_text(ask - bid))
    if market.last:
        body["lastTradePrice"] = number(market.last)
    return body


def _fixed(market: Market) -> Body:
    """What is the same for every market of a kind."""
    off: tuple[str, ...] = (
        "new",
        "featured",
        "negRisk",
        "negRiskOther",
        "ready",
        "funded",
        "cyom",
        "clearBookOnStart",
    )
    off += ("manualActivation", "pendingDeployment", "deploying", "rfqEnabled", "holdingRewardsEnabled")
    fee = fee_of(market)
    on = ("restricted", "hasReviewedDates", "approved", "automaticallyActive", "feesEnabled")
    return {
        **dict.fromkeys(off, False),
        **dict.fromkeys(on, True),
        "orderPriceMinTickSize": number(price_text(market.book.tick)),
        "orderMinSize": 5,
        "makerBaseFee": 1000,
        "takerBaseFee": 1000,
        "customLiveness": _LIVENESS_S,
        "umaBond": "250",
        "umaReward": "0.6",
        "comboStatus": "disabled",
        "rewardsMinSize": 50,
        "rewardsMaxSpread": 4.5,
        "competitive": 0.8,
        "feeType": fee.kind,
        "feeSchedule": fee.schedule,
    }


def _game(market: Market) -> Body:
    """What a game's winner has besides: its book is wiped when the game begins."""
    starts = market.terms.starts_ns
    return {
        "clearBookOnStart": True,
        "eventStartTime": iso(starts),
        "gameStartTime": spaced(starts),
        "secondsDelay": _GAME_DELAY_S,
        "sportsMarketType": "moneyline",
    }


def _window(market: Market) -> Body:
    asset = market.terms.asset
    config = {
        "id": f"{asset.lower()}-15m",
        "asset": asset,
        "duration": "15m",
        "twapEnabled": True,
        "twapLookbackSeconds": _TWAP_S,
    }
    starts = iso(market.terms.close_ns - QUARTER_NS)
    return {"eventStartTime": starts, "cryptoMarketConfigId": config["id"], "cryptoMarketConfig": config}


def event_body(group: Group, *, markets: bool) -> Body:
    """An event, with or without its markets."""
    event = group.event
    traded = sum(market.turnover for market in group.markets)
    image = _IMAGE.format(event.tags[1].slug if len(event.tags) > 1 else "event")
    body: Body = {
        "id": group.id,
        "ticker": event.slug,
        "slug": event.slug,
        "title": event.title,
        "description": event.rules,
        "resolutionSource": event.source,
        "startDate": iso(group.open_ns),
        "creationDate": iso(group.open_ns),
        "endDate": iso(group.close_ns),
        "createdAt": iso(group.open_ns),
        "updatedAt": iso(max(market.closed_ns or market.listed_ns for market in group.markets)),
        "image": image,
        "icon": image,
        "active": True,
        "closed": group.closed,
        "volume": number(f"{traded // 1_000_000}.{traded % 1_000_000:06d}"),
        "enableOrderBook": True,
        "commentCount": 0,
        "competitive": 0.8,
        "seriesSlug": event.series,
        "series": [_series(group)],
        "tags": [tag_body(tag) for tag in event.tags],
        **dict.fromkeys(("archived", "new", "featured", "cyom", "negRisk", "enableNegRisk"), False),
        "restricted": True,
    }
    if group.markets[0].terms.family == GAME:
        starts = iso(group.markets[0].terms.starts_ns)
        body |= {"startTime": starts, "eventDate": event.slug[-10:], "ended": group.closed}
    if event.recurrence == "15m":
        body |= {"startTime": iso(group.close_ns - QUARTER_NS), "eventMetadata": _metadata(group.markets[0])}
    if markets:
        body["markets"] = [market_body(market, lone=False) for market in group.markets]
    return body


def _metadata(market: Market) -> Body:
    """What a window began at, and what it ended at; each is missing until it is known."""
    body: Body = {}
    if market.terms.low is not None:
        body["priceToBeat"] = number(amount(market.terms.low))
    if market.phase == RESOLVED and market.final:
        body["finalPrice"] = number(market.final)
    return body


def _series(group: Group) -> Body:
    event = group.event
    title = event.series.replace("-", " ").title()
    return {
        "id": str(10_000 + sum(event.series.encode()) % 900),
        "ticker": event.series,
        "slug": event.series,
        "title": title,
        "seriesType": "single",
        "recurrence": event.recurrence,
        "active": True,
        "closed": False,
        "archived": False,
    }


def tag_body(tag: Tag) -> Body:
    """A tag."""
    return {"id": tag.id, "label": tag.label, "slug": tag.slug, "forceShow": False}


def terms_body(market: Market) -> Body:
    """What the matching engine says of a market; what is false or 0 is left out."""
    body: Body = {
        "t": [{"t": market.token(yes=yes), "o": market.outcome(yes=yes)} for yes in (True, False)],
        "c": market.condition,
        "mos": int(LEAST_ORDER),
        "mts": number(price_text(market.book.tick)),
        "mbf": LEGACY_FEE,
        "tbf": LEGACY_FEE,
        "aot": iso(market.terms.open_ns),
        "ibce": True,
        "r": {"mi": 50, "ma": 4.5, "e": True},
        "fd": {"r": fee_of(market).schedule["rate"], "e": 1, "to": True},
        "v": "v1",
    }
    if market.phase == TRADING:
        body["ao"] = True
    return body
