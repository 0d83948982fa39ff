"""Hand-built pairs: what the Spreads screen and its dialog are tested with."""

from typing import Any

from app_sample import TICKETS, VIEW, change, dollars, position

from cockpit.domain.pairs import BasketView, DifferenceView, PairDetail, PairView, SpreadsView
from cockpit.domain.units import MILLISECOND, QTY, SECOND
from cockpit.domain.view import EventView


def pair(name: str, label: str, **fields: Any) -> PairView:
    usual = {
        "name": name, "label": label, "a": f"K-{name}", "b": f"0x{name}", "venue_a": "K", "venue_b": "P",
        "state": "confirmed", "relation": "overlap", "polarity": 1, "basis": "SRC+AVG", "haircut": 1.8,
        "bid_a": 5200, "ask_a": 5400, "bid_b": 5600, "ask_b": 5800, "gap": -4.0, "buy": "K",
        "nets": (-1.9, -2.6, None), "rest": 3.2, "ev": 0.11, "lead": "0.4 of 8 h recorded",
        "ages": (300 * MILLISECOND, 900 * MILLISECOND),
    }  # fmt: skip
    return PairView(**(usual | fields))


PAIRS = (
    pair("btc", "BTC >84,000 3pm"),
    pair("naked", "TX-17 House R", basis="SAME", legs="S-2 NAKED 10 for 4s", tickets=("T-3", "T-4"), naked="0xnaked", gap=-9.0, nets=(2.1, 1.4, -0.2),
         rest=8.4, ev=0.9, haircut=0.25, relation="identical"),
    pair("off", "Fed Dec cut 25", basis="SAME", disagree="venues disagree by 5c at the touch", gap=6.5, buy="P",
         nets=(2.2, 1.9, 0.4), lead="P>K 2.0s", relation="identical"),
    pair("works", "CPI Nov >0.3", basis="VOID", legs="S-1 works", tickets=("T-1", "T-2"), gap=1.0, nets=(None, None, None), ev=-0.4),
    pair("new", "ETH >3,020 3pm", state="new", gap=None, bid_b=0, ask_b=10_000, rest=None, ev=None, buy=""),
    pair("changed", "NBA BOS@NYK BOS", state="changed", basis="SAME", gap=0.5),
    pair("doubt", "ETH 15m >3,015 7:45", nets=(None, None, None), rest=None, ev=None, gap=None, buy="", ages=None),
    pair("known", "BTC >85,000 3pm", disagree="venues disagree by 3c at the touch", acknowledged=True),
    pair("refused", "SOL >138 3pm", state="refused"),
    pair("old", "NYC high 61-62", basis="SRC", stale=True, ages=(2 * SECOND, 140 * SECOND)),
)  # fmt: skip

SPREADS = SpreadsView(
    pairs=PAIRS,
    baskets=(BasketView("E", "BTC range 3pm", "K", "all YES", 12, -3.1, 4.0), BasketView("F", "Fed Dec", "P", "all NO", 5, -0.4, 1.2)),
    average=2.31, seconds=4_812, open=1, lifetimes=(3.0, 11.0, 4.0), hidden=1, legs=("T-1", "T-2", "T-3", "T-4"),
)  # fmt: skip

DETAIL = PairDetail(
    PAIRS[0], "Bitcoin price on Dec 1, 2026?", "Bitcoin above 84,000 on December 1, 3PM ET?",
    "If the simple average of the sixty seconds of the index before 3 PM EST is above 83999.99, then Yes. " * 3,
    "Resolves Yes if the close of the BTC/USDT 1 hour candle is higher than the price in the title. " * 4,
    "KXBTCD~bitcoin-multi-strikes-hourly", "abc123",
    (
        DifferenceView("subject", "BTC", "BTC", "same"), DifferenceView("measure", "price", "price", "same"),
        DifferenceView("source", "CF Benchmarks BRTI", "binance BTC/USDT 1h", "differs"),
        DifferenceView("window", "60 s mean", "single", "differs"), DifferenceView("void", "no", "", "silent"),
        DifferenceView("observed", "2026-12-01 20:00:00 UTC", "2026-12-02 03:30:15 UTC", "differs"),
        DifferenceView("rounding", "to the nearest cent of the index as published", "of the BTC/USDT candle closing at 3 PM ET", "differs"),
        DifferenceView("unit", "", "", "silent"), DifferenceView("instant", "Dec 1 3pm ET", "Dec 1 3pm ET", "same"),
    ),
    (("EV above 0 from net c", 41.2), ("naked worst $", -5.5), ("out of K alone c", -4.2), ("out of P alone c", -3.1),
     ("net c", 5.0), ("after basis c", 3.2), ("EV c", 0.11), ("P both %", 0.6), ("size", 10.0), ("capital $", 9.5),
     ("ROI %", 3.3), ("days to payout", 0.2)),
    ("fair 54.1c (51.0-57.2), Kalshi 53.0, Polymarket 57.0: nearer to Kalshi", "Polymarket moved last, 3 s ago"),
)  # fmt: skip

PAIRED = change(VIEW, spreads=SPREADS, pair=DETAIL)

LEGS = {
    "id": "T-5", "strategy": "spread", "label": "K BTC >84,000 3pm", "leg": True, "fair": None, "edge": None, "low": None,
    "ev": None, "partner": "T-6", "partner_terms": "BUY NO 100 @ 44c pm Fed Dec cut 25", "partner_side": -1,
    "partner_price": 5600, "partner_qty": 100 * QTY,
    "reasons": (("after basis", 0.021), ("ev", 0.004), ("p both", 0.006), ("naked worst", 53.0)),
}  # fmt: skip
TWO_LEGS = change(PAIRED, tickets=(change(TICKETS[0], **LEGS),))
"""A ticket of two legs, the first printed in the strip."""

HEDGE = change(
    TICKETS[0], id="T-9", strategy="hedge", label="K BTC >84,000 3pm", leg=True, urgent=True, qty=10 * QTY,
    reasons=(("naked", 10.0), ("naked s", 2.0), ("locks", -0.136)), naked_ns=42 * SECOND, out=dollars(-2.09), replaces="desk-3",
)  # fmt: skip
"""What rests the other leg of one that is naked."""


def held(market: str, qty: float, event: str = "E") -> EventView:
    """An event with one position of that market."""
    return EventView(
        event, event, dollars(-40), 0, (position(market, market, event, qty, 4400, 9000, 0.5, 1.0),), ()
    )
