"""Two-leg trades under whatever comes, in any order: no crash, no hedge too large, and a restart that changes nothing."""

import random

import pytest

from cockpit.domain.commands import (
    Acknowledge,
    Approve,
    CancelOrder,
    ConfirmPair,
    Kill,
    PullMarket,
    Resume,
    Unwind,
)
from cockpit.domain.events import BookDoubt, BookSnapshot, MarketChanged, Tick, Trade
from cockpit.domain.units import ASK, BID, MILLISECOND, PRICE, QTY, SECOND
from cockpit.engine.engine import Engine, restore
from cockpit.engine.views.spreads import Spreads as SpreadsView
from cockpit.engine.views.tickets import TicketViews
from tests.unit.engine.paired import A, B, Two

MARKETS = (A, B)


class Chance:
    """Draws the next input from a seed."""

    def __init__(self, seed, two):
        self.draw = random.Random(seed)
        self.two = two

    def next(self):
        two, draw = self.two, self.draw
        two.t += draw.choice((10, 120, 250, 900)) * MILLISECOND
        market, x = draw.choice(MARKETS), draw.random()
        if x < 0.35:
            return self.book(market)
        if x < 0.58:
            return self.trade(market)
        if x < 0.80:
            return self.approval() or Tick(two.t)
        return self.seldom(market)

    def book(self, market):
        middle = self.draw.randint(35, 65)
        bids = ((middle * 100 - 200, 100 * QTY),) if self.draw.random() > 0.03 else ()
        asks = ((middle * 100 + 200, 100 * QTY),) if self.draw.random() > 0.03 else ()
        return BookSnapshot(self.two.t, self.two.t, market, bids, asks)

    def trade(self, market):
        own = [o for o in self.two.engine.orders.index.values() if o.market == market]
        book = self.two.engine.state.markets[market].book
        side, price = self.draw.choice(((ASK, book.bid), (BID, book.ask)))
        if own and self.draw.random() < 0.8:
            order = self.draw.choice(own)
            side, price = -order.side, order.price
        if not 0 < price < PRICE:
            return Tick(self.two.t)
        return Trade(
            self.two.t,
            self.two.t,
            market,
            price,
            self.draw.choice((1, 3, 105, 200)) * QTY,
            side,
            f"{self.two.t}",
        )

    def approval(self):
        waiting = self.two.tickets
        if not waiting:
            return None
        t, now = self.draw.choice(waiting), self.two.t
        p = self.two.engine.state.tickets.get(t.partner)
        shown = (
            {"partner": p.id, "partner_side": p.side, "partner_price": p.price, "partner_qty": p.qty}
            if p
            else {}
        )
        return Approve(now, t.id, t.side, t.price, t.qty, now - 5 * SECOND, now - 5 * SECOND, **shown)

    def seldom(self, market):
        now, orders = self.two.t, [o.id for o in self.two.engine.orders.index.values()]
        pair = next(iter(self.two.engine.pairs.found.values()), None)
        return self.draw.choice(
            (
                Unwind(now, market),
                PullMarket(now, market) if self.draw.random() < 0.2 else Tick(now),
                CancelOrder(now, self.draw.choice(orders)) if orders else Tick(now),
                Kill(now) if self.draw.random() < 0.2 else Resume(now),
                Resume(now),
                BookDoubt(now, market, "gap"),
                MarketChanged(now, market, close_ns=now + 300 * SECOND)
                if self.draw.random() < 0.05
                else Tick(now),
                ConfirmPair(now, pair.key, pair.rules_hash) if pair else Tick(now),
                Acknowledge(now, pair.name) if pair else Tick(now),
                Acknowledge(now, pair.name) if pair else Tick(now),
            )
        )


def too_much(two):
    """Trades whose orders could hedge more than is, or may still become, naked, though nothing is on its way."""
    orders, out = list(two.engine.orders.index.values()), []
    for name, trade in two.engine.state.cross.trades.items():
        lead, naked = trade.imbalance
        rest = [
            sum(o.remaining for o in orders if o.ticket in trade.legs and o.market == market and not o.end)
            for market in trade.markets
        ]
        if naked and rest[1 - lead] > naked + rest[lead]:
            out.append((name, naked, rest))
    return out


@pytest.mark.parametrize("latency_ms", [0, 250])
@pytest.mark.parametrize("seed", range(4))
def test_whatever_comes(seed, latency_ms):
    two = Two(latency_ms=latency_ms, life_ns=30 * SECOND, rejected_ns=5 * SECOND)
    two.confirm()
    chance = Chance(seed, two)
    twin, left, nakeds, streak = None, 0, 0, 0
    for n in range(900):
        item = chance.next()
        told = two.send(item)
        if twin is not None:
            assert list(twin.process(item)) == told
            left -= 1
            if not left:
                assert twin.opening() == two.engine.opening()
                twin = None
        elif n % 97 == 0:
            twin, left = Engine(two.config, restore(two.engine.opening())), 60
        if n % 31 == 0:  # looking changes nothing
            SpreadsView(two.engine).spreads()
            TicketViews(two.engine).tickets()
        nakeds += any(trade.naked for trade in two.engine.state.cross.trades.values())
        # what is too much is taken back within the second that it takes to be seen
        streak = streak + 1 if too_much(two) else 0
        assert streak < 40, too_much(two)
    assert nakeds > 5
