"""What the feed tells follows from the frames alone: a reader that watches, keeps and asks says what one that does not says."""

from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.domain.errors import FeedError
from cockpit.domain.units import SECOND
from cockpit.feeds.base import Frame
from cockpit.feeds.kalshi.feed import KalshiFeed, Wants

from .questions import REST, T0, body  # noqa: TID252  the tests are no package

NAMES = ("S-E-1", "S-E-2", "X-E-1")


def trade(name: str, number: int) -> dict[str, Any]:
    return {"trade_id": f"t{number}", "ticker": name, "market_ticker": name, "yes_price_dollars": "0.5",
            "count_fp": "1.00", "taker_side": "yes"}  # fmt: skip


class Pair:
    """A live feed and a reader of its recording."""

    def __init__(self, *, keyed: bool) -> None:
        self.live = KalshiFeed(wants=Wants(rest=REST, series=("S",), watch=1, keyed=keyed, account=keyed))
        self.reader = KalshiFeed()
        self.t = T0
        self.seq: dict[int, int] = {}

    def both(self, source: str, data: Any, **http: Any) -> None:
        raw = data if isinstance(data, bytes) else msgspec.json.encode(data)
        told: list[Any] = []
        for feed in (self.live, self.reader):
            try:
                told.append(list(feed.receive(Frame(0, self.t, source, msgspec.Raw(raw), **http))))
            except FeedError as error:
                told.append(str(error))
        assert told[0] == told[1]
        assert self.live.memory() == self.reader.memory()

    def rest(self, path: str, data: Any, status: int) -> None:
        self.both("kalshi.rest", data, u=path if path.startswith("http") else REST + path, st=status)

    def tell(self, sid: int, kind: str, msg: Any, skip: int) -> None:
        self.seq[sid] = self.seq.get(sid, 0) + 1 + skip
        self.both("kalshi.ws", {"type": kind, "sid": sid, "seq": self.seq[sid], "msg": msg})

    def link(self, source: str) -> None:
        assert list(self.live.lost(source, self.t)) == list(self.reader.lost(source, self.t))
        for feed in (self.live, self.reader):
            feed.reset(source)
        self.seq.clear()

    def step(self, what: int, a: int, b: int) -> None:
        self.t += (0, SECOND, 4 * SECOND, 40 * SECOND)[b % 4]
        name, status = NAMES[a % 3], (200, 200, 200, 304, 429, 0)[a % 6]
        book = {"yes_dollars": [["0.4000", ("5.00", "0.00")[b == 3]]], "no_dollars": []}
        cursor = ("", "c")[a % 2]
        match what:
            case 0:
                markets = [body(each, volume=str(b), bid=("0.4", "x")[a % 2]) for each in NAMES]
                self.rest("/markets?tickers=x", {"markets": markets, "cursor": cursor}, status)
            case 1:
                books = [
                    {"ticker": each, "orderbook_fp": book if each == name else {}} for each in NAMES[: b + 1]
                ]
                self.rest("/markets/orderbooks?tickers=S-E-1&tickers=S-E-2", {"orderbooks": books}, status)
            case 2:
                self.rest(f"/markets/{name}/orderbook", {"orderbook_fp": book}, status)
            case 3:
                prints = [trade(name, a), {**trade(name, b), "count_fp": 5}, trade("other", b)]
                page = ("", "&cursor=c", "&cursor=d")[b % 3]
                path = f"/markets/trades?limit=3&min_ts=1&ticker={name}{page}"
                self.rest(path, {"trades": prints, "cursor": cursor}, status)
            case 4:
                for poll in self.live.asks():
                    self.rest(poll.url, {"trades": [trade(name, a + b)], "cursor": cursor}, status)
            case 5:
                held = [{"ticker": name, "position_fp": ("1.00", "x")[b == 3]}]
                page = ("", "&cursor=c")[b % 2]
                self.rest(
                    f"/portfolio/positions?limit=1{page}",
                    {"market_positions": held, "cursor": cursor},
                    status,
                )
            case 6:
                sides = {"market_ticker": name, "yes_dollars_fp": [["0.4000", "5.00"]]}
                self.tell(1, "orderbook_snapshot", sides, b == 3)
            case 7:
                self.tell(2, "trade", {**trade(name, a), "trade_id": f"w{a}{b}"}, b == 3)
            case 8:
                self.tell(1, "ok", {"market_tickers": list(NAMES[: a % 4])}, 0)
            case 9:
                self.link(("kalshi.ws", "kalshi.rest")[b % 2])
            case 10:
                self.live.keep(NAMES[: a % 4])
                self.live.outgoing("kalshi.ws")
                self.live.resnapshot(name)
            case _:
                self.live.missed([name], self.t)
                memory = self.live.memory()
                self.live.recall(memory)
                self.reader = KalshiFeed()
                self.reader.recall(memory)
        assert self.live.requests()


STEPS = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11), st.integers(0, 3)), max_size=50)


@given(st.booleans(), STEPS)
@settings(max_examples=150, deadline=None)
def test_what_is_told_does_not_depend_on_who_asks(keyed: bool, steps: list[tuple[int, int, int]]) -> None:
    pair = Pair(keyed=keyed)
    for step in steps:
        pair.step(*step)
