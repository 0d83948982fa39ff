"""Where a market stands and how it ended, as Gamma tells it.

``closed`` is the authority: a market may be active and accept orders beside it. What stands as prices before is a
price; after, it is an outcome only where it is one and nothing, or half each.
"""

from decimal import Decimal

from cockpit.domain.markets import MarketStatus, SettlementState
from cockpit.domain.units import PRICE
from cockpit.feeds.polymarket.bodies import MarketBody, strings

HALF = PRICE // 2

Settled = tuple[SettlementState, int | None]
Prices = tuple[Decimal, Decimal]


def prices_of(body: MarketBody, yes: int) -> Prices | None:
    """What YES and NO are said to be worth, or paid."""
    told = strings(body.outcome_prices)
    if len(told) != 2:
        return None
    pair = [Decimal(text) if _decimal(text) else None for text in told]
    a, b = pair[yes], pair[1 - yes]
    return (a, b) if a is not None and b is not None else None


def _decimal(text: str) -> bool:
    whole, _, part = text.partition(".")
    return text.isascii() and len(text) < 60 and (whole + part).isdigit()


def payout(prices: Prices | None) -> int | None:
    """What one YES pays in price units: a dollar, nothing, or half; None for prices that are no outcome."""
    if prices is None:
        return None
    yes, no = prices
    if {yes, no} == {Decimal(0), Decimal(1)}:
        return PRICE if yes else 0
    return HALF if yes == no == Decimal("0.5") else None


def settlement(body: MarketBody, prices: Prices | None) -> Settled | None:
    """What is known of the outcome. Only a closed market has one: what stands before is a price."""
    if not body.closed:
        return None
    value, word = payout(prices), _oracle(body)
    if word == "disputed":
        return SettlementState.DISPUTED, value
    if value is None:
        return (SettlementState.DETERMINED, None) if word == "resolved" else None
    return (SettlementState.DETERMINED if word == "proposed" else SettlementState.FINAL), value


def _oracle(body: MarketBody) -> str:
    """Where the oracle stands: resolved, disputed, proposed, or "" for nothing said."""
    words = [body.uma_resolution_status or "", body.resolution_status or ""]
    said = next((word for word in words if word in ("resolved", "settled")), None)
    if said:
        return "resolved"
    last = body.uma_resolution_status or next(reversed(strings(body.uma_resolution_statuses)), "")
    return {"requested": "proposed", "challenged": "disputed"}.get(last, last)


def status(body: MarketBody, settled: Settled | None) -> MarketStatus:
    """Where a market stands: what closed it first, then the oracle, then whether orders are taken."""
    if settled is not None:
        return {
            SettlementState.DISPUTED: MarketStatus.DISPUTED,
            SettlementState.FINAL: MarketStatus.FINALIZED,
        }.get(settled[0], MarketStatus.DETERMINED)
    if body.closed:
        return MarketStatus.CLOSED
    word = body.uma_resolution_status or ""
    if word in ("proposed", "disputed", "resolved", "settled"):
        return MarketStatus.DISPUTED if word == "disputed" else MarketStatus.DETERMINED
    return MarketStatus.ACTIVE if accepting(body) else MarketStatus.INACTIVE


def accepting(body: MarketBody) -> bool:
    """Whether orders are taken."""
    words = (body.active, body.accepting_orders, body.enable_order_book)
    return not body.closed and not body.archived and all(word is not False for word in words)
