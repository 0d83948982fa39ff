"""The gateway's objects. Source: the venue's documentation and its listings of autumn 2026; all wording is ours."""

from typing import Any

from cockpit.domain.units import ASK, BID, PRICE, PRICE_DIGITS, decimal
from cockpit.rehearsal.polymarket.bodies import number
from cockpit.rehearsal.polymarket.depth import Levels
from cockpit.rehearsal.polymarket.messages import size_text
from cockpit.rehearsal.polymarket.terms import ABOVE, QUARTER_NS, UPDOWN, amount, iso
from cockpit.rehearsal.stands.polymarket_us.index import NAMES
from cockpit.rehearsal.stands.polymarket_us.market import Market, event_of, question_of, title_of

Body = dict[str, Any]
_TYPES = {
    UPDOWN: "ASSET_PRICE_MARKET_TYPE_UP_DOWN",
    ABOVE: "ASSET_PRICE_MARKET_TYPE_ABOVE_BELOW",
}
_RANGE = "ASSET_PRICE_MARKET_TYPE_RANGE"
_IMAGE = "https://example.invalid/{}.png"
_RULES = "Settles on the mean of the sixty index prints of the last minute. Invented for rehearsal."
FEE = "0.0695"


def dollars(price: int) -> Body:
    """A price with its currency, four decimals."""
    return {"value": decimal(price, PRICE_DIGITS, PRICE_DIGITS), "currency": "USD"}


def money(value: int | None) -> Body | None:
    """A strike (1e-8) with its currency."""
    return None if value is None else {"value": amount(value, 2), "currency": "USD"}


def status_of(market: Market, now: int) -> str:
    """Where a market stands; a window that has not begun is called closed, too."""
    if market.paid is not None:
        return "MARKET_STATUS_RESOLVED"
    if market.over(now):
        return "MARKET_STATUS_RESOLVING"
    return "MARKET_STATUS_OPEN" if market.opened(now) else "MARKET_STATUS_CLOSED"


def state_of(market: Market, now: int) -> str:
    """Where its book stands."""
    if market.paid is not None:
        return "MARKET_STATE_TERMINATED"
    if market.over(now):
        return "MARKET_STATE_EXPIRED"
    return "MARKET_STATE_OPEN" if market.opened(now) else "MARKET_STATE_PREOPEN"


def market_body(market: Market, now: int) -> Body:
    """A market."""
    terms = market.terms
    bid, ask = market.top()
    body: Body = {
        "id": str(market.number),
        "question": question_of(terms),
        "slug": market.slug,
        "startDate": iso(terms.open_ns),
        "endDate": iso(terms.close_ns),
        "category": "crypto",
        "image": _IMAGE.format(terms.asset.lower()),
        "description": _RULES,
        "active": True,
        "marketType": "crypto",
        "closed": market.paid is not None,
        "createdAt": iso(terms.open_ns),
        "updatedAt": iso(market.changed_ns),
        "archived": False,
        "hidden": False,
        "manualActivation": False,
        "orderPriceMinTickSize": number(decimal(market.book.tick, PRICE_DIGITS)),
        "minimumTradeQty": 1,
        "feeCoefficient": number(FEE),
        "marketSides": _sides(market),
        "ep3Status": "OPEN" if market.trading else "CLOSED",
        "ep3SyncedAt": iso(now),
        "status": status_of(market, now),
        "assetPriceTerms": _terms(market),
        "title": title_of(terms),
        "titleShort": title_of(terms),
        "subtitle": "",
        "tags": [],
        "comboEnabled": False,
        "bestBidQuote": dollars(bid) if bid else None,
        "bestAskQuote": dollars(ask) if ask < PRICE else None,
    }
    return body | _outcomes(market)


def _labels(market: Market) -> tuple[str, str]:
    return ("Up", "Down") if market.terms.family == UPDOWN else ("Yes", "No")


def _quotes(market: Market) -> tuple[str, str]:
    """What each side costs: one may buy the long side at the ask, the short at a dollar less the bid."""
    bid, ask = market.top()
    return decimal(ask, PRICE_DIGITS, PRICE_DIGITS), decimal(PRICE - bid, PRICE_DIGITS, 3)


def _sides(market: Market) -> list[Body]:
    return [
        {
            "id": str(2 * market.number + place),
            "marketSideType": "MARKET_SIDE_TYPE_INSTRUMENT",
            "identifier": market.slug,
            "description": label,
            "price": quote,
            "marketId": market.number,
            "long": place == 0,
            "quote": {"value": quote, "currency": "USD"},
            "tradable": market.trading,
        }
        for place, (label, quote) in enumerate(zip(_labels(market), _quotes(market), strict=True))
    ]


def _outcomes(market: Market) -> Body:
    """Labels and prices as JSON inside strings; of every other market the labels stand the wrong way round."""
    labels, quotes = _labels(market), _quotes(market)
    if market.number % 2:
        labels = (labels[1], labels[0])
    return {
        "outcomes": f'["{labels[0]}","{labels[1]}"]',
        "outcomePrices": f'["{quotes[0]}","{quotes[1]}"]',
    }


def _terms(market: Market) -> Body:
    """What it settles on. What its kind has no use for is null."""
    terms = market.terms
    updown, above = terms.family == UPDOWN, terms.family == ABOVE
    starts = terms.close_ns - QUARTER_NS if updown else terms.open_ns
    ranged = not updown and not above
    kind = "RANGE_KIND_BETWEEN"
    if terms.low is None or terms.high is None:
        kind = "RANGE_KIND_BELOW" if terms.low is None else "RANGE_KIND_ABOVE"
    return {
        "marketType": _TYPES.get(terms.family, _RANGE),
        "indexSymbol": NAMES[terms.asset],
        "horizon": "15m" if updown else "1h",
        "asset": {"assetClass": "crypto", "symbol": terms.asset},
        "windowStart": iso(starts),
        "windowEnd": iso(terms.close_ns),
        "priceToBeat": money(terms.low) if updown else None,
        "strike": money(terms.low) if above else None,
        "rangeLower": money(terms.low) if ranged else None,
        "rangeUpper": money(terms.high) if ranged else None,
        "rangeKind": kind if ranged else None,
        "settlementPrice": {"value": market.final, "currency": "USD"} if market.final else None,
    }


def _stats(market: Market) -> Body | None:
    if not market.last:
        return None
    shares = size_text(market.traded)
    return {
        "lastTradePx": dollars(market.last),
        "highPx": dollars(market.high),
        "lowPx": dollars(market.low),
        "sharesTraded": shares,
        "openInterest": size_text(market.traded // 2),
    }


def _levels(levels: Levels) -> list[Body]:
    return [{"px": dollars(price), "qty": size_text(size)} for price, size in levels]


def book_body(market: Market, now: int, *, hollow: bool) -> Body:
    """A whole book, its levels in no order; ``hollow`` is a fault that leaves the offers out."""
    data = {
        "marketSlug": market.slug,
        "bids": _levels(market.book.unsorted(BID)),
        "offers": [] if hollow else _levels(market.book.unsorted(ASK)),
        "state": state_of(market, now),
        "stats": _stats(market),
        "transactTime": iso(market.changed_ns),
    }
    return {"marketData": data}


def best_body(market: Market) -> Body:
    """Best prices."""
    bid, ask = market.top()
    bids, asks = market.depth()
    data = {
        "marketSlug": market.slug,
        "bestBid": dollars(bid) if bid else None,
        "bestAsk": dollars(ask) if ask < PRICE else None,
        "bidDepth": bids,
        "askDepth": asks,
        "lastTradePx": dollars(market.last) if market.last else None,
        "sharesTraded": size_text(market.traded),
        "openInterest": size_text(market.traded // 2),
    }
    return {"marketData": data}


def event_body(markets: list[Market], now: int) -> Body:
    """An event, from its markets."""
    first = markets[0]
    slug = event_of(first.terms)
    return {
        "id": str(first.number),
        "slug": slug,
        "title": question_of(first.terms),
        "description": _RULES,
        "category": "crypto",
        "startTime": iso(first.terms.open_ns),
        "endTime": iso(first.terms.close_ns),
        "active": True,
        "closed": all(market.paid is not None for market in markets),
        "archived": False,
        "featured": False,
        "markets": [market_body(market, now) for market in markets],
        "tags": [],
        "series": {"slug": "-".join(slug.split("-")[1:4])},
    }
