"""What the screen costs over a terminal line, measured at the master of a real one.

Figures are printed, none that depends on the machine is asserted. Run with ``pytest tests/bench -s``.
"""

import fcntl
import os
import pty
import select
import signal
import statistics
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

SCENE = Path(__file__).with_name("screen_scene.py")


class Terminal:
    """A program in a terminal of its own; answers the queries a modern one answers."""

    def __init__(self, name: str, changes: int, fps: float, size: tuple[int, int] = (80, 24)) -> None:
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
        for name_ in ("NO_COLOR", "COLUMNS", "LINES"):
            environment.pop(name_, None)
        self.started = time.perf_counter()
        command = [sys.executable, str(SCENE), name, str(changes), str(fps)]
        self.process = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave, env=environment, start_new_session=True
        )
        os.close(slave)

    def read(self, seconds: float, until: bytes = b"") -> bytes:
        """What arrives within some seconds, or up to some text."""
        out = b""
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            if not select.select([self.master], [], [], left)[0]:
                break
            try:
                data = os.read(self.master, 1 << 16)
            except OSError:
                break
            out += data
            if b"\x1b[?2026$p" in data:
                os.write(self.master, b"\x1b[?2026;2$y")
            if until and until in out:
                break
        return out

    def press(self, key: bytes) -> None:
        os.write(self.master, key)

    def close(self) -> None:
        if self.process.poll() is None:
            os.kill(self.process.pid, signal.SIGTERM)
            self.read(0.2)
            self.process.kill()
        self.process.wait()
        os.close(self.master)

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def test_first_screen_and_a_still_one(capsys):
    with Terminal("cockpit", 0, 4) as terminal:
        first = terminal.read(15, until=b"TICKET")
        seconds = time.perf_counter() - terminal.started
        first += terminal.read(0.7)
        still = len(terminal.read(2.0))
    assert b"BTC >84000" in first
    assert b"TICKET" in first
    assert still < len(first)
    with capsys.disabled():
        print(
            f"\nfirst useful paint {seconds:.2f} s, first screen {len(first) / 1000:.1f} kB, still {still / 2:.0f} B/s"
        )


def test_twenty_changes_a_second(capsys):
    with Terminal("cockpit", 5, 4) as terminal:
        terminal.read(15, until=b"TICKET")
        terminal.read(0.5)
        started = time.perf_counter()
        moved = len(terminal.read(2.0))
        seconds = time.perf_counter() - started
    assert moved
    with capsys.disabled():
        print(f"\n20 cell changes/s and a running clock at 80x24: {moved / seconds:.0f} B/s")


def test_key_to_paint(capsys):
    with Terminal("cockpit", 0, 4) as terminal:
        terminal.read(15, until=b"TICKET")
        terminal.read(0.5)
        taken, sizes = [], []
        for i in range(20):
            started = time.perf_counter()
            terminal.press(b"j" if i % 20 < 10 else b"k")
            painted = terminal.read(2.0, until=b"H")
            taken.append((time.perf_counter() - started) * 1000)
            sizes.append(len(painted) + len(terminal.read(0.06)))
    assert all(sizes)
    with capsys.disabled():
        p95 = sorted(taken)[int(len(taken) * 0.95)]
        print(
            f"\nkey to paint: median {statistics.median(taken):.1f} ms, p95 {p95:.1f} ms, {statistics.median(sizes):.0f} B a key"
        )


@pytest.mark.full
def test_against_a_data_table(capsys):
    """A hundred rows of eight columns, twenty changes a frame, all rows visible."""
    rates = {}
    for name in ("grid", "table"):
        with Terminal(name, 20, 10, (180, 110)) as terminal:
            terminal.read(15, until=b"market 09")
            terminal.read(0.5)
            rates[name] = len(terminal.read(1.5)) / 1.5
    assert rates["grid"] > 0
    with capsys.disabled():
        print(
            f"\n20 changes a frame at 10 frames/s, 180x110: LiveGrid {rates['grid'] / 1000:.1f} kB/s, "
            f"DataTable {rates['table'] / 1000:.1f} kB/s, {rates['table'] / rates['grid']:.0f} times"
        )
