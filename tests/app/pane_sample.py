"""A fuller day than the shell's own sample: several lanes, legs, orders, fills, notes, a chart, and a recording."""

import math

from app_sample import DAY, EVENT, HOUR, MINUTE, NOW, ROWS, SPOTS, STATUS, TICKETS, change, dollars, order

from cockpit.app.panes.registry import PANES
from cockpit.domain.lab import LaneView, WinRate
from cockpit.domain.status import FeedLine, Marker, Playback, Status
from cockpit.domain.units import ASK, BID, MILLISECOND, MONEY, QTY, SECOND, UNDERLYING
from cockpit.domain.view import (
    Band,
    DeskView,
    Detail,
    EventView,
    FillView,
    Level,
    Note,
    Point,
    PositionView,
    RungView,
    View,
)

BTC, RANGE = f"{EVENT}-T84000", "KXBTC-26DEC0115-B84375"
BOS, TARIFF = "KXNBAGAME-26DEC01BOSNYK-BOS", "KXTRUMPSAY-26DEC01-TARIFF"
ETH = "KXETHD-26DEC0115-T3020"


def held(market, label, event, qty, average, mid2, fair, money, settles_ns=473 * SECOND, **more):
    """A position; prices in YES cents, money as (open, liquidation, worst) in dollars."""
    open_, liquidation, worst = (dollars(part) for part in money)
    return PositionView(
        market, label, event, qty * QTY, round(average * 100), round(mid2 * 200), Band(*fair), open_, liquidation, worst,
        NOW + settles_ns, **more,
    )  # fmt: skip


def rung(low, high, pnl, here=False):
    """A rung of the BTC event: strikes in dollars, as the engine cuts them."""
    return RungView(
        None if low is None else low * UNDERLYING + 1, None if high is None else high * UNDERLYING, "", dollars(pnl), here
    )  # fmt: skip


POSITIONS = (
    EventView(EVENT, "BTC 3pm", dollars(-105.9), dollars(250), (
        held(BTC, "BTC >84,000 3pm", EVENT, 150, 84.2, 87, (0.84, 0.87, 0.9), (4.2, 1.44, -126.3)),
        held(RANGE, "BTC 84,250-84,500 3pm", EVENT, -60, 34, 37, (0.35, 0.37, 0.39), (-1.8, -3.39, -39.6))), (
        rung(None, 84_000, -105.9), rung(84_000, 84_250, 44.1, here=True), rung(84_250, 84_500, -15.9),
        rung(84_500, None, 44.1))),
    EventView("KXNBAGAME-26DEC01BOSNYK", "Boston at New York", dollars(-44), dollars(250), (
        held(BOS, "BOS@NYK BOS", "KXNBAGAME-26DEC01BOSNYK", 80, 55, 59, (0.64, 0.67, 0.7), (3.2, 1.04, -44.0), 7 * HOUR),), (
        RungView(None, None, "worst", dollars(-44)), RungView(None, None, "best", dollars(36)))),
    EventView("KXTRUMPSAY-26DEC01", "Trump tonight", dollars(-9.3), dollars(250), (
        held(TARIFF, "Trump 'tariff' 8pm", "KXTRUMPSAY-26DEC01", -50, 81.5, 81.5, (0.68, 0.73, 0.77), (0.0, -1.24, -9.3),
             5 * HOUR, state="disputed"),), ()),
)  # fmt: skip

WORKING = (
    order("desk-40", ETH, "ETH >3,020 3pm", fill=0.41, low=0.02, state="working",
          story=("behind 310 when it arrived; rule fifo", "printed at its price 180; cancels ahead 46",
                 "still ahead: tail 130, fifo 84")),
    order("desk-38", BOS, "BOS@NYK BOS", side=ASK, price=6100, qty=80 * QTY, left=80 * QTY, ahead=55 * QTY,
          entry_ahead=55 * QTY, level=135 * QTY, fill=0.22, tag="EXIT", state="working", sent_ns=NOW - 44 * SECOND,
          live_ns=NOW - 43 * SECOND, expires_ns=NOW + 256 * SECOND),
    order("desk-37", "KXBTCD-26DEC0117-T84250", "BTC >84,250 5pm", side=ASK, price=4100, qty=100 * QTY, left=60 * QTY,
          ahead=880 * QTY, entry_ahead=900 * QTY, level=1200 * QTY, fill=0.03, low=0.01, state="working",
          sent_ns=NOW - 590 * SECOND, live_ns=NOW - 589 * SECOND, expires_ns=NOW + 10 * SECOND),
    order("desk-41", BTC, "BTC >84,000 3pm", price=8600, qty=100 * QTY, left=100 * QTY, ahead=240 * QTY, state="sent",
          sent_ns=NOW - 200 * MILLISECOND, live_ns=0, entry_ahead=0, level=240 * QTY, fill=0.38, low=0.05),
)  # fmt: skip


def fill(ago, name, market, label, side, price, qty, cause, entry, fee, marks, **more):
    """A fill so many seconds ago; mark-outs in cents."""
    twice = tuple(None if mark is None else round(mark * 200) for mark in marks)
    return FillView(
        NOW - ago * SECOND, name, "desk", market, label, side, price, qty * QTY, cause, "fifo", entry * QTY, dollars(fee),
        twice, **more,
    )  # fmt: skip


FILLS = (
    fill(20, "desk-39", ETH, "ETH >3,020 3pm", BID, 5200, 30, "queue", 310, 0, (0.5, None, None)),
    fill(156, "desk-36", BTC, "BTC >84,000 3pm", BID, 8600, 150, "through", 0, 0, (-0.5, -1.0, 2.8)),
    fill(665, "desk-33", BOS, "BOS@NYK BOS", BID, 5500, 80, "queue", 112, 0.35, (0.5, 1.0, 2.0)),
    fill(792, "desk-31", RANGE, "BTC 84,250-84,500 3pm", ASK, 3400, 60, "through", 40, 0, (-1.0, -2.0, -3.0), gap=True),
    fill(792, "desk-31", RANGE, "BTC 84,250-84,500 3pm", ASK, 3400, 10, "through", 40, 0, (None, None, None)),
)  # fmt: skip

DESK = DeskView(
    realised=dollars(31.42), open=dollars(5.6), liquidation=dollars(-2.15), fees=dollars(2.18), net=dollars(134.84),
    net_liquidation=dollars(127.09), day_net=dollars(34.84), day_liquidation=dollars(27.09), flat=dollars(35.12), by_rule=(dollars(-4.1), dollars(29.75), dollars(34.84), dollars(61.2)),
    cash=dollars(1846.09), orders_cost=dollars(121.4), positions_cost=dollars(219.15), at_risk=dollars(377),
    total_cap=dollars(2000), loss_left=dollars(250), bankroll=dollars(2500), events=POSITIONS, working=WORKING, fills=FILLS,
)  # fmt: skip

UNSURE = "cannot tell yet"
LANES = (
    LaneView("desk", "V15", True, "", 41, 38, 36, 2, (0.03, 0.12, 0.14, 0.4), 9, dollars(34.84), dollars(35.12),
             DESK.by_rule, dollars(2.18), 0.061, 0.011, 0.24, 6, 0.058, 470 * QTY,
             WinRate(4, 6, 0.3, 0.903, 0.62, dollars(12.4), dollars(20.3)), (-0.005, -0.002, 0.011), "fifo", working=4, verdict=UNSURE),
    LaneView("mirror", "V15", True, "", 41, 41, 41, 0, (0.04, 0.15, 0.17, 0.44), 11, dollars(28.1), dollars(28.6),
             (dollars(-6), dollars(22), dollars(28.1), dollars(55)), dollars(2.6), 0.06, 0.004, 0.1, 6, 0.058, 520 * QTY,
             WinRate(3, 6, 0.188, 0.812, 0.6, dollars(14), dollars(21)), (-0.006, -0.004, 0.002), "fifo", working=2, verdict=UNSURE),
    LaneView("what-if", "", True),
    LaneView("V11", "V11", True, "", 912, 880, 861, 19, (0.06, 0.2, 0.22, 0.51), 190, dollars(-1210.5), dollars(-1188),
             (dollars(-900), dollars(-1150), dollars(-1210.5), dollars(-1400)), dollars(61.2), 0.032, -0.021, -0.6, 44, 0.033,
             9100 * QTY, WinRate(15, 44, 0.219, 0.489, 0.51, dollars(21), dollars(30.4)), (-0.004, -0.011, -0.018), "mixed", working=7, verdict="losing"),
    LaneView("V14", "V14", True, "", 3, 3, 3, 0, (0.0, 0.0, 0.0, 0.0), 0, verdict=UNSURE, by_rule=(0, 0, 0, 0)),
    LaneView("V15-tight", "V15", False, "ZeroDivisionError: float division", 12, 12, 12, 0, (0.0, 0.1, 0.1, 0.3), 1,
             dollars(1.2), dollars(1.2), (0, dollars(1.2), dollars(1.2), dollars(3)), verdict="failed"),
)  # fmt: skip

NO_TRADES = tuple(
    change(
        lane,
        filled=(lane.filled[0], None, None, None),
        by_rule=(lane.by_rule[0], None, None, None),
        markouts=(None, None, None),
    )
    for lane in LANES
)

NOTES = (
    Note(88, NOW - 900 * SECOND, "settled", "BTC >83,500 2pm determined at 100c: +12.30", f"{EVENT}-T83500"),
    Note(89, NOW - 700 * SECOND, "lease", "5 min, 2 ticks, 50.00 at risk"),
    Note(90, NOW - 400 * SECOND, "doubt", "ETH >3,040 3pm: book in doubt, gap of 3 in the sequence", "KXETHD-26DEC0115-T3040", loud=True),
    Note(91, NOW - 156 * SECOND, "fill", "desk-36 BUY YES 150 @ 86c BTC >84,000 3pm (through)", BTC, loud=True),
    Note(92, NOW - 100 * SECOND, "refused", "Approve: edge gone"),
    Note(93, NOW - 40 * SECOND, "cap", "event cap at 82 %: BTC 3pm", loud=True),
    Note(94, NOW - 9 * SECOND, "ticket", "D-41 V15 BUY YES 100 @ 86c BTC >84,000 3pm", BTC, loud=True),
)  # fmt: skip


def walk(n: int, seconds: int = 1) -> tuple[Point, ...]:
    """A market that rises while its fair value stays above it; some seconds have no ask or no fair value."""
    points = []
    for i in range(n):
        ts = NOW - (n - i) * seconds * SECOND
        middle = 0.78 + 0.1 * i / n + 0.015 * math.sin(i / 17)
        bid = round(middle * 100) * 100
        fair = 0.86 + 0.06 * i / n + 0.01 * math.sin(i / 29)
        values = () if i % 97 == 5 else (fair - 0.03, fair, fair + 0.03)
        points.append(Point(ts, bid, 0 if 40 < i < 60 else bid + 200, *values))
    return tuple(points)


ENDED = (
    order("desk-36", BTC, "BTC >84,000 3pm", price=8600, qty=150 * QTY, left=0, state="filled", ahead=0, entry_ahead=0,
          story=("behind 0 when it arrived; rule fifo", "printed at its price 420; cancels ahead 0",
                 "still ahead: tail 0, fifo 0", "cross: 150 filled (through)", "fifo: 150 filled (through)", "ended: filled")),
    order("desk-28", BTC, "BTC >84,000 3pm", price=8400, qty=50 * QTY, left=50 * QTY, state="cancelled",
          story=("behind 500 when it arrived; rule fifo", "printed at its price 20; cancels ahead 130",
                 "still ahead: tail 480, fifo 350", "ended: expired")),
)  # fmt: skip

LEVELS = (
    *(Level(price, 0, qty * QTY) for price, qty in ((9900, 2500), (9600, 800), (9500, 120), (9100, 75), (9000, 60), (8900, 310), (8800, 90))),
    Level(8600, 240 * QTY, 0, (("desk-41", 100 * QTY, 240 * QTY),)),
    *(Level(price, qty * QTY, 0) for price, qty in ((8500, 75), (8400, 810), (8300, 0), (8200, 1400), (8000, 12_500))),
)  # fmt: skip

DETAIL = Detail(
    ROWS[0], "Bitcoin price above $84,000.00 at 3pm EST on Dec 1, 2026?",
    "If the simple average of the sixty seconds of CF Benchmarks' BRTI before 3 PM EST is above 84000 at 3 PM EST on Dec 1, "
    "2026, then the market resolves to Yes. Not all cryptocurrency price data is the same: only BRTI counts.",
    "quadratic x 1 (series record)", "fifo: 97 % of 212 cancels match one known order", LEVELS, walk(600),
    (("spot", 84213.4), ("index error", 9.5), ("age", 0.4), ("sigma", 0.412), ("sigma error", 0.12), ("seconds", 473.0),
     ("effective seconds", 453.2), ("prints known", 0.0), ("mean", 84213.4), ("sd", 131.2), ("z low", -1.62),
     ("P normal", 0.9474), ("P t5", 0.9401), ("band vol", 0.021), ("band index", 0.012), ("band age", 0.002),
     ("band tail", 0.006), ("band residual", 0.01)),
    (WORKING[3], *ENDED), ("event cap: worst case -250.00 reached",),
)  # fmt: skip

BARE = Detail(ROWS[-2], "Ethereum above 3,040?", "", "quadratic x 1 (fallback)", "tail: no cancels yet", (), (), (), (),
              ("book in doubt: gap of 3 in the sequence",))  # fmt: skip

VIEW = View(
    ts=NOW, spots=SPOTS, rows=ROWS, tickets=TICKETS, desk=DESK, lanes=LANES, notes=NOTES, away_ns=580 * SECOND, threshold=0.05,
)  # fmt: skip

FEEDS = (
    FeedLine("kalshi.ws", 300 * MILLISECOND, 10_412_002, 1184.0, gaps=1),
    FeedLine("kalshi.rest", 12 * SECOND, 840, 0.2),
    FeedLine("polymarket.ws", 600 * MILLISECOND, 4_000, 30.0),
    FeedLine("coinbase.ws", 200 * MILLISECOND, 9_000, 40.0, faults=2, note="2 unreadable"),
    FeedLine("espn", 94 * SECOND, 12, 0.0, up=False, note="503 service unavailable, next try in 8 s"),
)

WHYS = tuple(
    change(row, why=why)
    for row, why in zip(
        ROWS,
        ("", "", "", "low side of the band has no edge", "", "low side of the band has no edge", "LOW under 5c",
         "no model of ours", "low side of the band has no edge", "edge too large to be true", "book in doubt", "fair value stale"),
        strict=True,
    )
)  # fmt: skip

PLAYBACK = Playback(
    NOW - 40 * MINUTE, NOW + 20 * MINUTE, NOW, 10.0, paused=False,
    markers=(Marker(NOW - 39 * MINUTE, "ticket"), Marker(NOW - 10 * MINUTE, "ticket"), Marker(NOW - 10 * MINUTE + SECOND, "fill"),
             Marker(NOW - 10 * MINUTE + 2 * SECOND, "doubt"), Marker(NOW - 3 * MINUTE, "doubt"), Marker(NOW + 34 * SECOND, "ticket"),
             Marker(NOW + 15 * MINUTE, "fill")),
    scanned=True,
)  # fmt: skip
REPLAYING = Status("REPLAY", name="btc-hour.jsonl.zst", feeds=FEEDS, playback=PLAYBACK, hindsight=True)
LIVE = change(STATUS, feeds=FEEDS, name="2026-12-01")
QUIET = View(ts=NOW)
LONG_AGO = NOW - 3 * DAY
RICH = 10**6 * MONEY


# ---------------------------------------------------------------------------------------------- the pane on the screen


async def show_pane(desk, title):
    """Go to a pane by its name and let it find its size."""
    desk.app.show_pane(next(i for i, spec in enumerate(PANES) if spec.title == title))
    for _ in range(3):
        await desk.settle()
    return desk.app.frame.plain_pane


async def press(desk, *keys):
    """Press keys, and let what they moved find its place."""
    await desk.press(*keys)
    await desk.settle()


def pane_text(desk):
    """The rows of the pane that keys act on, and the line that says how to read it."""
    pane = desk.app.frame.pane(desk.app._extras())
    region = pane.region
    rows = desk.text().splitlines()[region.y : region.bottom]
    assert all(len(row) <= desk.app.size.width for row in rows)
    inside = [row[region.x : region.right].rstrip() for row in rows]
    return "\n".join([*inside, f"-- {pane.legend()}"]) + "\n"
