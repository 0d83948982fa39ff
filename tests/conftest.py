"""No network, no home directory; and invented frames in the venues' documented shapes."""

import json
import socket
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from cockpit.runtime.header import make_header
from cockpit.runtime.recorder import Recorder

T0 = 1_796_000_000_000_000_000
"""A moment in late 2026, ns UTC."""
TICKER = "KXTEST-26DEC0112-T100"


@pytest.fixture(autouse=True)
def _no_outside(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    home = tmp_path_factory.getbasetemp() / "home"
    home.mkdir(exist_ok=True)
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(home))
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and str(address[0]) not in ("127.0.0.1", "::1"):
            raise AssertionError(f"a test tried to reach {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


class Wire:
    """Kalshi frames of one market as (recv_ns, source, payload, url), times in ms after T0, prices in dollars."""

    def __init__(self, ticker: str = TICKER) -> None:
        self.ticker = ticker
        self.frames: list[tuple[int, str, bytes, str | None]] = []
        self._seq = {1: 0, 2: 0}

    def market(self, ms: float, **fields: Any) -> "Wire":
        body = {
            "ticker": self.ticker,
            "event_ticker": self.ticker.rpartition("-")[0],
            "market_type": "binary",
            "status": "active",
            "result": "",
            "price_ranges": [{"start": "0.0000", "end": "1.0000", "step": "0.0100"}],
            **fields,
        }
        url = f"/trade-api/v2/markets/{self.ticker}"
        self._add(ms, "kalshi.rest", {"market": body}, url)
        return self

    def snapshot(self, ms: float, yes: dict[str, str], no: dict[str, str]) -> "Wire":
        msg: dict[str, Any] = {"market_ticker": self.ticker, "market_id": "m"}
        if yes:
            msg["yes_dollars_fp"] = [list(level) for level in yes.items()]
        if no:
            msg["no_dollars_fp"] = [list(level) for level in no.items()]
        self._add(ms, "kalshi.ws", self._message("orderbook_snapshot", 1, msg))
        return self

    def delta(self, ms: float, side: str, price: str, change: str) -> "Wire":
        msg = {
            "market_ticker": self.ticker, "market_id": "m", "price_dollars": price, "delta_fp": change,
            "side": side, "ts_ms": self._at(ms) // 1_000_000,
        }  # fmt: skip
        self._add(ms, "kalshi.ws", self._message("orderbook_delta", 1, msg))
        return self

    def trade(self, ms: float, yes_price: str, count: str, taker: str, **fields: Any) -> "Wire":
        msg = {
            "trade_id": f"t{len(self.frames)}", "market_ticker": self.ticker, "yes_price_dollars": yes_price,
            "no_price_dollars": f"{1 - float(yes_price):.4f}", "count_fp": count, "taker_outcome_side": taker,
            "taker_book_side": "bid" if taker == "yes" else "ask", "ts_ms": self._at(ms) // 1_000_000, **fields,
        }  # fmt: skip
        self._add(ms, "kalshi.ws", self._message("trade", 2, msg))
        return self

    def raw(self, ms: float, source: str, payload: bytes) -> "Wire":
        self.frames.append((self._at(ms), source, payload, None))
        return self

    def _message(self, kind: str, sid: int, msg: dict[str, Any]) -> dict[str, Any]:
        self._seq[sid] += 1
        return {"type": kind, "sid": sid, "seq": self._seq[sid], "msg": msg}

    def _add(self, ms: float, source: str, value: object, url: str | None = None) -> None:
        self.frames.append((self._at(ms), source, json.dumps(value).encode(), url))

    @staticmethod
    def _at(ms: float) -> int:
        return T0 + int(ms * 1_000_000)


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write frames as a session file."""

    def put(
        frames: Iterable[tuple[int, str, bytes, str | None]],
        name: str = "session.jsonl.zst",
        capabilities: Iterable[str] = (),
        settings: dict[str, Any] | None = None,
    ) -> Path:
        path = tmp_path / name
        header = make_header(created=T0, settings=settings or {}, capabilities=capabilities)
        with Recorder(path, header, b"null") as recorder:
            for n, (t, source, payload, url) in enumerate(frames, start=1):
                recorder.write(n, t, source, payload, url=url)
        return path

    return put
