"""A program in a terminal of its own, and what stands on that terminal's screen."""

import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path
from typing import Self

CHILD = Path(__file__).with_name("live_child.py")
SIZE = (80, 24)
PARTS = re.compile(rb"\x1b\[([?\d;$]*)([A-Za-z])|\x1b\][^\x07]*\x07|[^\x1b]+")
"""What the cockpit writes: control sequences, titles, text."""
ASKED, ANSWER = b"\x1b[?2026$p", b"\x1b[?2026;2$y"
"""Whether updates can be held together, and that they can."""


class Screen:
    """Cells, as far as cursor addresses and text make them; colours are passed over."""

    def __init__(self) -> None:
        self.cells = [[" "] * SIZE[0] for _ in range(SIZE[1])]
        self._at = [0, 0]
        self._left = b""

    def feed(self, data: bytes) -> None:
        """Take bytes as they come; a sequence that is cut off waits for its end."""
        data = self._left + data
        cut = data.rfind(b"\x1b[?2026l") + 8
        data, self._left = (data[:cut], data[cut:]) if cut > 7 else (b"", data)
        for part in PARTS.finditer(data):
            if part[2] == b"H":
                row, _, column = part[1].partition(b";")
                self._at = [int(row or 1) - 1, int(column or 1) - 1]
            elif part[2] is None and not part[0].startswith(b"\x1b"):
                self._write(part[0].decode(errors="replace"))

    def _write(self, text: str) -> None:
        row, column = self._at
        if row < SIZE[1]:
            self.cells[row][column : column + len(text)] = text
            del self.cells[row][SIZE[0] :]
        self._at[1] += len(text)

    def line(self, row: int) -> str:
        """One line's text."""
        return "".join(self.cells[row])

    def text(self) -> str:
        """All lines."""
        return "\n".join(self.line(row).rstrip() for row in range(SIZE[1]))

    @property
    def cursor(self) -> tuple[int, str]:
        """The row that is marked, and what begins there."""
        found = next((row for row in range(4, 20) if self.cells[row][0] == ">"), -1)
        return found, self.line(found)[3:28] if found >= 0 else ""


def environment(folder: Path) -> dict[str, str]:
    """What a program in a modern terminal finds, its home a folder of the test's."""
    made = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
    made |= {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    return {name: value for name, value in made.items() if name not in ("NO_COLOR", "COLUMNS", "LINES")}


class Line:
    """A program in a terminal of its own, 80x24; a context manager."""

    def __init__(self, command: list[str], folder: Path, fds: tuple[int, ...] = ()) -> None:
        self.screen = Screen()
        self.bytes = 0
        """What the program has written."""
        self._master, slave = pty.openpty()
        self._watched = [self._master]
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", SIZE[1], SIZE[0], 0, 0))
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=environment(folder),
            pass_fds=fds,
            start_new_session=True,
        )
        os.close(slave)

    def run(self, seconds: float, until=lambda: False) -> bool:
        """Let it paint for some seconds, or until something holds; whether it does."""
        end = time.monotonic() + seconds
        while not until():
            left = end - time.monotonic()
            if left <= 0 or not self._read(left):
                return until()
        return True

    def _read(self, seconds: float) -> bool:
        """Read what comes first; False when the child has ended."""
        for each in select.select(self._watched, [], [], seconds)[0]:
            try:
                data = os.read(each, 1 << 16)
            except OSError:  # what a terminal says when its program has ended
                return False
            if not (self._painted(data) if each == self._master else self._heard(data)):
                return False
        return True

    def _painted(self, data: bytes) -> bool:
        self.bytes += len(data)
        if ASKED in data:
            os.write(self._master, ANSWER)
        self.screen.feed(data)
        return True

    def _heard(self, data: bytes) -> bool:
        """What came by another way than the terminal; False when no more will."""
        return bool(data)

    @staticmethod
    def now() -> float:
        """The steady clock, the same in the child; seconds."""
        return time.monotonic()

    def send(self, keys: bytes) -> None:
        """Press keys."""
        os.write(self._master, keys)

    def press(self, key: bytes, seconds: float = 5.0) -> float | None:
        """Press a key that moves the cursor; seconds until it has moved, None when it has not."""
        before, started = self.screen.cursor, time.monotonic()
        self.send(key)
        moved = self.run(seconds, lambda: self.screen.cursor != before)
        return time.monotonic() - started if moved else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for each in self._watched:
            os.close(each)


class Terminal(Line):
    """The cockpit of `live_child.py`."""

    def __init__(self, plan: dict, folder: Path) -> None:
        self.told: list[dict] = []
        """What the child reported."""
        self._line = b""
        pipe, theirs = os.pipe()
        super().__init__([sys.executable, str(CHILD), json.dumps(plan), str(theirs)], folder, (theirs,))
        self._watched.append(pipe)
        os.close(theirs)

    def _heard(self, data: bytes) -> bool:
        *lines, self._line = (self._line + data).split(b"\n")
        self.told += map(json.loads, lines)
        return bool(data)

    def end(self, seconds: float = 30.0) -> dict:
        """Ask it to end; its last report."""
        said = len(self.told)
        os.kill(self.process.pid, signal.SIGTERM)
        self.run(seconds, lambda: len(self.told) > said)
        self.process.wait(seconds)
        return self.told[-1]
