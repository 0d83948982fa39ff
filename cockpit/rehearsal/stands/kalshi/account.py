"""The one account behind all keys: cash per shard, positions, fills, settlements. Money units throughout."""

from typing import Any

import msgspec

from cockpit.domain.units import BID, MONEY, PRICE, SECOND
from cockpit.rehearsal.stands.kalshi.listing import Market
from cockpit.rehearsal.stands.kalshi.money import amount, cents
from cockpit.rehearsal.wire import Stamps, contracts, dollars

USER = "00000000-0000-4000-8000-00000000cafe"


class Fill(msgspec.Struct, frozen=True):
    """One fill of an own order; ``after`` is the position it left."""

    id: str
    order: str
    client_id: str
    ticker: str
    shard: int
    side: int
    price: int
    qty: int
    taker: bool
    fee: int
    after: int
    ts: int


class Position(msgspec.Struct):
    """What is held in one market: positive is YES, negative NO; ``cost`` is what the open part has cost."""

    ticker: str
    event: str
    shard: int
    qty: int = 0
    cost: int = 0
    realised: int = 0
    fees: int = 0
    traded: int = 0
    volume: int = 0
    updated: int = 0
    settled: bool = False


class Account:
    """Cash, positions, fills and settlements.

    Args:
        cash: money units by shard. Collateral is per shard: what lies on another one does not help.
    """

    def __init__(self, cash: dict[int, int]) -> None:
        self.cash = dict(cash)
        self.positions: dict[str, Position] = {}
        self.fills: list[Fill] = []
        self.settlements: list[dict[str, Any]] = []
        self._stamps = Stamps()

    def held(self, ticker: str) -> int:
        """The signed position."""
        position = self.positions.get(ticker)
        return position.qty if position is not None and not position.settled else 0

    def cost(self, ticker: str, side: int, price: int, qty: int) -> int:
        """What an order takes out of the cash if it is filled whole: closing costs nothing."""
        held = self.held(ticker)
        opening = qty - min(qty, abs(held)) if held * side < 0 else qty
        return (price if side == BID else PRICE - price) * opening

    def fill(self, fill: Fill, market: Market) -> Fill:
        """Book a fill; returns it with the position it left."""
        position = self.positions.setdefault(fill.ticker, Position(fill.ticker, market.event, market.shard))
        unit = fill.price if fill.side == BID else PRICE - fill.price
        closing = min(fill.qty, abs(position.qty)) if position.qty * fill.side < 0 else 0
        opening = fill.qty - closing
        change = -unit * opening - fill.fee
        if closing:
            part = position.cost * closing // abs(position.qty)
            proceeds = (PRICE - unit) * closing
            position.realised += proceeds - part
            position.cost -= part
            change += proceeds
        position.cost += unit * opening
        position.qty += fill.side * fill.qty
        position.fees += fill.fee
        position.traded += unit * fill.qty
        position.volume += fill.qty
        position.updated = fill.ts
        self.cash[fill.shard] = self.cash.get(fill.shard, 0) + change
        done = msgspec.structs.replace(fill, after=position.qty)
        self.fills.append(done)
        return done

    def settle(self, market: Market, value: int, result: str, now: int) -> bool:
        """Pay a market out at ``value`` per YES (price units); False when nothing was held."""
        position = self.positions.get(market.ticker)
        if position is None or position.settled:
            return False
        yes, no = max(position.qty, 0), max(-position.qty, 0)
        revenue = yes * value + no * (PRICE - value)
        self.settlements.append(
            {
                "ticker": market.ticker,
                "exchange_index": market.shard,
                "event_ticker": market.event,
                "market_result": result,
                "yes_count_fp": contracts(yes),
                "yes_total_cost_dollars": amount(position.cost if yes else 0, 6),
                "no_count_fp": contracts(no),
                "no_total_cost_dollars": amount(position.cost if no else 0, 6),
                "revenue": cents(revenue),
                "settled_time": self._stamps.text(now),
                "fee_cost": amount(0, 6),
                "value": value // 100,
            }
        )
        self.cash[market.shard] = self.cash.get(market.shard, 0) + revenue
        position.realised += revenue - position.cost
        position.cost, position.qty, position.settled, position.updated = 0, 0, True, now
        return True

    # ------------------------------------------------------------------ as it is told

    def balance(self, value: int, now: int) -> dict[str, Any]:
        """The balance; ``value`` is what the positions are worth."""
        total = sum(self.cash.values())
        return {
            "balance": cents(total),
            "balance_dollars": amount(total),
            "portfolio_value": cents(value),
            "updated_ts": now // SECOND,
            "balance_breakdown": [
                {"exchange_index": shard, "balance": amount(cash)}
                for shard, cash in sorted(self.cash.items())
            ],
        }

    def market_position(self, position: Position) -> dict[str, Any]:
        """One position as REST tells it."""
        return {
            "ticker": position.ticker,
            "exchange_index": position.shard,
            "position_fp": contracts(position.qty),
            "market_exposure_dollars": amount(position.cost, 6),
            "total_traded_dollars": amount(position.traded, 6),
            "realized_pnl_dollars": amount(position.realised, 6),
            "fees_paid_dollars": amount(position.fees, 6),
            "last_updated_ts": self._stamps.text(position.updated),
        }

    def event_position(self, event: str, members: list[Position]) -> dict[str, Any]:
        """An event's positions together."""
        return {
            "event_ticker": event,
            "total_cost_dollars": amount(sum(p.traded for p in members), 6),
            "total_cost_shares_fp": contracts(sum(p.volume for p in members)),
            "event_exposure_dollars": amount(sum(p.cost for p in members), 6),
            "realized_pnl_dollars": amount(sum(p.realised for p in members), 6),
            "fees_paid_dollars": amount(sum(p.fees for p in members), 6),
        }

    def fill_body(self, fill: Fill) -> dict[str, Any]:
        """One fill as REST tells it: without the client's id."""
        return {
            "fill_id": fill.id,
            "trade_id": fill.id,
            "order_id": fill.order,
            "ticker": fill.ticker,
            "market_ticker": fill.ticker,
            "exchange_index": fill.shard,
            **sides(fill.side),
            "count_fp": contracts(fill.qty),
            "yes_price_dollars": dollars(fill.price),
            "no_price_dollars": dollars(PRICE - fill.price),
            "is_taker": fill.taker,
            "fee_cost": amount(fill.fee, 6),
            "created_time": self._stamps.text(fill.ts),
            "ts": fill.ts // SECOND,
            "subaccount_number": 0,
        }

    def position_message(self, position: Position) -> dict[str, Any]:
        """One position as the socket tells it."""
        return {
            "user_id": USER,
            "market_ticker": position.ticker,
            "position_fp": contracts(position.qty),
            "position_cost_dollars": amount(position.cost, 6),
            "realized_pnl_dollars": amount(position.realised, 6),
            "fees_paid_dollars": amount(position.fees, 6),
            "position_fee_cost_dollars": amount(position.fees, 6),
            "volume_fp": contracts(position.volume),
        }


def sides(side: int) -> dict[str, str]:
    """An order's direction in the venue's present and past words."""
    outcome, book = ("yes", "bid") if side == BID else ("no", "ask")
    return {"outcome_side": outcome, "book_side": book, "side": outcome, "action": "buy"}


def funds(whole: int) -> int:
    """Whole dollars as money units."""
    return whole * MONEY


def worth(qty: int, price: int) -> int:
    """What a position is worth at a YES price, money units."""
    return qty * price if qty > 0 else -qty * (PRICE - price)
