"""Session files: frames a second written and read, bytes a frame, each beside a plain JSONL way in the same run."""

import json
import random
import time
from pathlib import Path
from statistics import median

import msgspec
import pytest

from cockpit.feeds.base import payload
from cockpit.runtime.header import make_header
from cockpit.runtime.reader import SessionFile
from cockpit.runtime.recorder import Recorder

FRAMES = 60_000
ROUNDS = 3
T0 = 1_790_000_000_000_000_000


def stamp(ns: int) -> str:
    whole, part = divmod(ns // 1_000, 1_000_000)
    return f"2026-09-21T{whole // 3_600 % 24:02}:{whole // 60 % 60:02}:{whole % 60:02}.{part:06}Z"


def deltas() -> list[tuple[int, bytes]]:
    """Invented book changes of twelve markets: random spacing, prices around a walk, half of the sizes round."""
    dice = random.Random(20)
    markets = [
        (
            f"KXTEST15M-26SEP21{k:02}00-{k:02}",
            "-".join(dice.randbytes(size).hex() for size in (4, 2, 2, 2, 6)),
        )
        for k in range(12)
    ]
    centre = [dice.randrange(20, 80) for _ in markets]
    sequence = [0] * 3
    frames, t = [], T0
    for _ in range(FRAMES):
        t += int(dice.expovariate(1 / 2_000_000)) + 1
        k = min(int(dice.expovariate(0.4)), 11)
        centre[k] = min(95, max(5, centre[k] + dice.choice((-1, 0, 0, 0, 0, 0, 0, 1))))
        sequence[k % 3] += 1
        size = dice.choice((5, 10, 25, 50, 100)) if dice.random() < 0.5 else dice.randrange(1, 40_000) / 100
        price = min(99, max(1, centre[k] - int(dice.expovariate(0.2))))
        ex = t - dice.randrange(20_000_000, 90_000_000)
        frame = (
            f'{{"type":"orderbook_delta","sid":{k % 3 + 1},"seq":{sequence[k % 3]},"msg":{{"market_ticker":"{markets[k][0]}",'
            f'"market_id":"{markets[k][1]}","price_dollars":"{price / 100:.4f}",'
            f'"delta_fp":"{dice.choice((-1, 1)) * size:.2f}","side":"{dice.choice(("yes", "no"))}",'
            f'"ts":"{stamp(ex)}","ts_ms":{ex // 1_000_000}}}}}'
        )
        frames.append((t, frame.encode()))
    return frames


def write(path: Path, frames: list[tuple[int, bytes]]) -> float:
    begin = time.perf_counter()
    with Recorder(path, make_header(created=T0, settings={}), b"{}", overwrite=True) as recorder:
        for n, (t, frame) in enumerate(frames, 1):
            recorder.write(n, t, "kalshi.ws", frame)
    return time.perf_counter() - begin


def write_plain(path: Path, frames: list[tuple[int, bytes]]) -> float:
    """The straightforward way: decode, wrap, `json.dumps`, one line."""
    begin = time.perf_counter()
    with path.open("w") as file:
        for n, (t, frame) in enumerate(frames, 1):
            line = json.dumps(
                {"n": n, "t": t, "s": "kalshi.ws", "d": json.loads(frame)}, separators=(",", ":")
            )
            file.write(line + "\n")
    return time.perf_counter() - begin


def read(path: Path) -> float:
    begin = time.perf_counter()
    assert sum(map(len, SessionFile(path).blocks())) == FRAMES
    return time.perf_counter() - begin


def read_plain(path: Path) -> float:
    begin = time.perf_counter()
    with path.open("rb") as file:
        assert sum(json.loads(line)["n"] > 0 for line in file) == FRAMES
    return time.perf_counter() - begin


def test_bench_session_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    frames = deltas()
    session, plain = tmp_path / "s.jsonl.zst", tmp_path / "plain.jsonl"
    rounds = [
        (write(session, frames), write_plain(plain, frames), read(session), read_plain(plain))
        for _ in range(ROUNDS)
    ]
    wrote, wrote_plain, took, took_plain = (median(column) for column in zip(*rounds, strict=True))
    begin = time.perf_counter()
    blocks = len(SessionFile(session).index)
    indexed = time.perf_counter() - begin
    size, plain_size = session.stat().st_size / FRAMES, plain.stat().st_size / FRAMES
    with capsys.disabled():
        print(
            f"\nsession file, {FRAMES} Kalshi-like deltas of {sum(len(f) for _, f in frames) / FRAMES:.0f} B, medians of {ROUNDS}:"
            f"\n  write  {FRAMES / wrote:>9,.0f} frames/s   {wrote_plain / wrote:.1f}x a json.dumps line writer"
            f"\n  read   {FRAMES / took:>9,.0f} lines/s    {took_plain / took:.1f}x json.loads over plain lines"
            f"\n  size   {size:>9.1f} B/frame    {plain_size / size:.1f}x smaller than plain lines"
            f"\n  index  {blocks:>9} blocks     in {indexed * 1e3:.1f} ms"
        )
    # what does not depend on the machine: the size, and that nothing is lost
    assert size <= 70
    assert plain_size / size >= 5
    kept = (line for block in SessionFile(session).blocks() for line in block)
    assert all(bytes(payload(line)) == frame for line, (_, frame) in zip(kept, frames, strict=True))
    assert len(msgspec.json.decode(frames[0][1])["msg"]["market_id"]) == 36
