"""Hand-built views and a link that serves them: what the screen tests look at."""

import asyncio
from typing import Any

import msgspec

from cockpit.app.link import Player
from cockpit.domain.commands import Command
from cockpit.domain.games import GameDetail
from cockpit.domain.mentions import PhraseDetail
from cockpit.domain.status import FeedLine, Playback, Status
from cockpit.domain.units import ASK, BID, MILLISECOND, MONEY, QTY, SECOND
from cockpit.domain.view import (
    Band,
    DeskView,
    Detail,
    EdgeRow,
    EventView,
    FillView,
    LeaseView,
    Level,
    Note,
    OrderView,
    PositionView,
    RungView,
    SpotLine,
    TicketView,
    View,
)

NOW = 1_796_154_727 * SECOND
"""14:52:07 in New York on 1 December 2026."""
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
EVENT = "KXBTCD-26DEC0115"


def dollars(value: float) -> int:
    return round(value * 100) * MONEY // 100


def row(ticker: str, label: str, event: str = "E", **fields: Any) -> EdgeRow:
    if "fair" in fields:
        fields["fair"] = Band(*(part / 100 for part in fields["fair"]))
    for name in ("edge", "low"):
        if name in fields:
            fields[name] /= 100
    for name in ("bid", "ask", "price"):
        if name in fields:
            fields[name] = round(fields[name] * 100)
    for name in ("lot", "queue"):
        if name in fields:
            fields[name] = round(fields[name] * QTY)
    return EdgeRow(ticker=ticker, label=label, event=event, series=ticker.partition("-")[0], **fields)


ROWS = (
    row(f"{EVENT}-T84000", "BTC >84,000 3pm", EVENT, bid=86, ask=88, left_ns=473 * SECOND, fair=(91, 94, 97), side=BID,
        price=86, edge=8, low=5, ev=1.29, lot=100, queue=240, mark="T"),
    row("KXNBAGAME-26DEC01BOSNYK-BOS", "BOS@NYK BOS Q3 4:11", bid=58, ask=60, fair=(64, 67, 70), side=BID, price=58,
        edge=9, low=6, ev=1.02, lot=50, queue=55, mark="T"),
    row("KXTRUMPSAY-26DEC01-TARIFF", "Trump 'tariff' 8pm", bid=80, ask=83, left_ns=5 * HOUR + 8 * MINUTE,
        fair=(68, 73, 77), side=ASK, price=83, edge=10, low=6, ev=0.88, lot=40, queue=310, mark="T"),
    row("KXBTC-26DEC0115-B84375", "BTC 84,250-84,500 3pm", "KXBTC-26DEC0115", bid=36, ask=38, left_ns=473 * SECOND,
        fair=(35, 37, 39), edge=0, low=-2, mark="P"),
    row("KXETHD-26DEC0115-T3020", "ETH >3,020 3pm", "KXETHD-26DEC0115", bid=52, ask=54, left_ns=473 * SECOND,
        fair=(54, 56, 58), side=BID, price=52, edge=4, low=2, ev=0.20, lot=120, queue=84, mark="W"),
    row("KXBTCD-26DEC0117-T84250", "BTC >84,250 5pm", bid=46, ask=48, left_ns=2 * HOUR + 7 * MINUTE,
        fair=(44, 48, 52), side=BID, price=46, edge=2, low=-2, queue=910),
    row("KXSOLD-26DEC0117-T138", "SOL >138 5pm", bid=51, ask=55, left_ns=2 * HOUR + 7 * MINUTE, fair=(47, 54, 61),
        edge=3, low=-4, flags=("PROXY",)),
    row("KXFEDDECISION-26DEC-C25", "Fed Dec cut 25 PM ref", bid=61, ask=63, left_ns=17 * DAY, fair=(62, 64, 65),
        side=BID, price=61, edge=3, low=1, ev=0.22, lot=100, queue=4100, mark="x"),
    row("KXBTCD-26DEC0115-T99000", "BTC >99,000 3pm", bid=0.5, ask=1.5, left_ns=473 * SECOND, fair=(0.2, 0.4, 0.7),
        edge=-0.1, low=-0.3),
    row("KXBTCD-26DEC0115-T83750", "BTC >83,750 3pm", EVENT, bid=72, ask=97, left_ns=473 * SECOND, fair=(99, 99, 99),
        side=BID, price=72, edge=27, low=27, ev=27.0, lot=0, queue=12, mark="!", flags=("BLOCK",)),
    row("KXETHD-26DEC0115-T3040", "ETH >3,040 3pm", left_ns=473 * SECOND, fair=(29, 32, 35), mark="?", flags=("DOUBT",)),
    row("KXNBAGAME-26DEC01LALDEN-LAL", "LAL@DEN LAL", bid=44, ask=46, mark="z", flags=("ESPN 94s",)),
)  # fmt: skip

SPOTS = (
    SpotLine("BTC", 84213.40, "BRTI", 400 * MILLISECOND, vol=0.41, move=0.0018),
    SpotLine("ETH", 3021.60, "ETHUSD_RTI", 400 * MILLISECOND, vol=0.55, move=-0.0004),
    SpotLine("SOL", 138.21, "PROXY coinbase", 1100 * MILLISECOND, vol=0.8),
)


def ticket(**fields: Any) -> TicketView:
    usual = {
        "id": "D-41", "rev": 1, "strategy": "V15", "market": f"{EVENT}-T84000", "label": "BTC >84,000 3pm", "side": BID,
        "price": 8600, "qty": 100 * QTY, "raised_ns": NOW - 9 * SECOND, "rev_ns": NOW - 9 * SECOND,
        "expires_ns": NOW + 21 * SECOND, "bid": 8600, "bid_qty": 240 * QTY, "ask": 8800, "ask_qty": 90 * QTY,
        "queue": 240 * QTY, "fair": Band(0.91, 0.94, 0.97), "edge": 0.08, "low": 0.05, "ev": 1.29, "fill": 0.38,
        "fills_n": 212, "adverse": 0.016, "fee": 0, "cost": dollars(86), "win": dollars(14), "break_even": 0.86,
        "worst_before": dollars(-105.9), "worst_after": dollars(-191.9), "cap": dollars(250), "bound": "fixed",
        "since_fair": -0.004, "since_spot": -18.0, "since_queue": 15 * QTY, "realised": 0.011, "realised_n": 31,
    }  # fmt: skip
    return TicketView(**(usual | fields))


TICKETS = (
    ticket(),
    ticket(id="D-42", market="KXNBAGAME-26DEC01BOSNYK-BOS", label="BOS@NYK BOS Q3 4:11", price=5800, qty=50 * QTY,
           bid=5800, bid_qty=55 * QTY, ask=6000, ask_qty=70 * QTY, fee=dollars(0.21), cost=dollars(29), win=dollars(21),
           refusal="event cap: worst case -250.00 reached"),
    ticket(id="D-43", market="KXTRUMPSAY-26DEC01-TARIFF", label="Trump 'tariff' 8pm", side=ASK, price=8300, qty=40 * QTY,
           bid=8000, bid_qty=310 * QTY, ask=8300, ask_qty=150 * QTY, cost=dollars(6.8), win=dollars(33.2), break_even=0.17,
           realised=None, realised_n=0, cap=0),
)  # fmt: skip


def position(
    market: str, label: str, event: str, qty: float, average: int, mid2: int, fair: float, open_: float
) -> PositionView:
    return PositionView(
        market, label, event, round(qty * QTY), average, mid2, Band(fair - 0.02, fair, fair + 0.02), dollars(open_),
        dollars(open_ - 3), dollars(-40), NOW + 473 * SECOND,
    )  # fmt: skip


def order(name: str, market: str, label: str, **fields: Any) -> OrderView:
    usual = {
        "id": name, "ticket": name, "lane": "desk", "market": market, "label": label, "side": BID, "price": 5200,
        "qty": 120 * QTY, "left": 120 * QTY, "ahead": 84 * QTY, "entry_ahead": 310 * QTY, "level": 226 * QTY,
        "rule": "fifo", "state": "live", "sent_ns": NOW - 192 * SECOND, "live_ns": NOW - 191 * SECOND,
        "expires_ns": NOW + 108 * SECOND,
    }  # fmt: skip
    return OrderView(**(usual | fields))


DESK = DeskView(
    realised=dollars(31.42), open=dollars(5.6), liquidation=dollars(-2.15), fees=dollars(2.18), net=dollars(134.84),
    net_liquidation=dollars(127.09), day_net=dollars(34.84), day_liquidation=dollars(27.09), flat=dollars(35.12),
    by_rule=(dollars(-4.1), dollars(29.75), dollars(34.84), None), cash=dollars(1846.09), orders_cost=dollars(121.4),
    positions_cost=dollars(219.15), at_risk=dollars(377), total_cap=dollars(2000), loss_left=dollars(250),
    bankroll=dollars(2500),
    events=(
        EventView(EVENT, "BTC 3pm", dollars(-105.9), dollars(250), (
            position(f"{EVENT}-T84000", ">84,000", EVENT, 150, 8420, 17400, 0.94, 4.2),
            position("KXBTC-26DEC0115-B84375", "84,250-84,500", EVENT, -60, 6600, 12600, 0.37, -1.8)), (
            RungView(None, 84_000 * 10**8, "<84,000", dollars(-105.9)),
            RungView(84_000 * 10**8, 84_250 * 10**8, "to 84,250", dollars(44.1), here=True),
            RungView(84_250 * 10**8, None, "above", dollars(-15.9)))),
        EventView("KXNBAGAME-26DEC01BOSNYK", "BOS@NYK", dollars(-44), dollars(250), (
            position("KXNBAGAME-26DEC01BOSNYK-BOS", "BOS", "KXNBAGAME-26DEC01BOSNYK", 80, 5500, 11800, 0.67, 3.2),), ()),
    ),
    working=(
        order("D-40", "KXETHD-26DEC0115-T3020", "ETH >3,020 3pm"),
        order("D-38", "KXNBAGAME-26DEC01BOSNYK-BOS", "BOS@NYK BOS", side=ASK, price=6100, qty=80 * QTY, left=80 * QTY,
              ahead=55 * QTY, tag="EXIT", sent_ns=NOW - 44 * SECOND),
    ),
    fills=(
        FillView(NOW - 156 * SECOND, "D-36", "desk", f"{EVENT}-T84000", ">84,000", BID, 8600, 150 * QTY, "through", "fifo",
                 0, 0, (-100, -200, 560)),
        FillView(NOW - 665 * SECOND, "D-33", "desk", "KXNBAGAME-26DEC01BOSNYK-BOS", "BOS@NYK BOS", BID, 5500, 80 * QTY,
                 "queue", "fifo", 112 * QTY, dollars(0.35), (100, 200, None)),
    ),
)  # fmt: skip

NOTES = (
    Note(
        1, NOW - 156 * SECOND, "fill", "D-36 filled 150 YES@86 BTC >84,000 3pm", f"{EVENT}-T84000", loud=True
    ),
    Note(
        2, NOW - 9 * SECOND, "ticket", "D-41 BUY YES 100 @ 86c BTC >84,000 3pm", f"{EVENT}-T84000", loud=True
    ),
)

DETAIL = Detail(
    ROWS[0], "Bitcoin above 84,000 at 3pm EST?", "If the average of the 60 seconds before 3pm is above 84000, Yes.",
    "maker $0 (series record)", "fifo: 97 % of 212 cancels match one order",
    (Level(8800, 0, 90 * QTY), Level(8600, 240 * QTY, 0, (("D-41", 100 * QTY, 240 * QTY),))), (),
    (("spot", 84213.4), ("strike", 84000.0), ("vol", 0.41), ("minutes", 7.88), ("index error", 9.5)), (),
)  # fmt: skip

VIEW = View(
    ts=NOW, spots=SPOTS, rows=ROWS, tickets=TICKETS, desk=DESK, notes=NOTES, away_ns=580 * SECOND, threshold=0.05,
)  # fmt: skip

FEEDS = (
    FeedLine("kalshi.ws", 300 * MILLISECOND, 10_000, 80.0, gaps=1),
    FeedLine("polymarket.ws", 600 * MILLISECOND, 4_000, 30.0),
    FeedLine("coinbase.ws", 200 * MILLISECOND, 9_000, 40.0),
    FeedLine("espn", 94 * SECOND, 12, 0.0, note="late"),
)

STATUS = Status("LIVE PAPER", keyed=True, feeds=FEEDS, recording="00:41 212MB")

PLAYBACK = Playback(NOW - HOUR, NOW + HOUR, NOW, 10.0, paused=True, scanned=True)
REPLAYING = Status("REPLAY", feeds=FEEDS, playback=PLAYBACK, hindsight=True)

EMPTY = View(ts=NOW)
LEASE = LeaseView(2, dollars(50), NOW + 200 * SECOND)


def change(value: Any, **fields: Any) -> Any:
    """A frozen value with other fields."""
    return msgspec.structs.replace(value, **fields)


class SamplePlayer:
    """Notes what was asked of it."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []

    def pause(self) -> None:
        self.calls.append(("pause",))

    def resume(self) -> None:
        self.calls.append(("resume",))

    def toggle(self) -> None:
        self.calls.append(("toggle",))

    def speed(self, factor: float) -> None:
        self.calls.append(("speed", factor))

    def step(self) -> None:
        self.calls.append(("step",))

    def seek(self, ts: int) -> None:
        self.calls.append(("seek", ts))

    def next(self, kind: str, back: bool = False) -> None:
        self.calls.append(("next", kind, back))


class SampleLink:
    """Serves one view until it is changed, and keeps what is sent."""

    def __init__(self, view: View = VIEW, status: Status = STATUS, playback: Player | None = None) -> None:
        self.shown = view
        self.state = status
        self.playback = playback
        self.sent: list[Command] = []
        self.focus: list[str] = []
        self.games: dict[str, GameDetail] = {}
        self.phrases: dict[str, tuple[PhraseDetail, Detail]] = {}
        """By the market asked for."""

    @property
    def lane(self) -> str:
        return "what-if" if self.state.hindsight else "desk"

    def view(self, focus: str = "") -> View:
        self.focus.append(focus)
        if focus in self.games:
            return change(self.shown, game=self.games[focus])
        if focus in self.phrases:
            phrase, detail = self.phrases[focus]
            return change(self.shown, phrase=phrase, detail=detail)
        return change(self.shown, detail=DETAIL) if focus == DETAIL.row.ticker else self.shown

    def status(self) -> Status:
        return self.state

    def send(self, command: Command) -> None:
        self.sent.append(command)

    async def run(self) -> None:
        await asyncio.Event().wait()

    def of(self, kind: type) -> list[Any]:
        """What was sent of one kind."""
        return [command for command in self.sent if type(command) is kind]
