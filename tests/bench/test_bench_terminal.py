"""The screen's budgets over a real terminal, and over a real ssh line to this machine, in one table.

The demo is started at 80x24 on a pseudo-terminal of its own, and again behind a login on an ssh server that the test
starts for itself. Times are printed, none is asserted; bytes are held against twice their budget. By default a few
seconds of each; longer, three times over (medians are printed), and a rehearsal beside the demo, by

    COCKPIT_BENCH=full pytest tests/bench/test_bench_terminal.py -s
"""

import os
import re
import shlex
import statistics
import sys
import time
from contextlib import nullcontext
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import loopback_ssh
from live_terminal import SIZE, Line, Screen, environment

FULL = os.environ.get("COCKPIT_BENCH") == "full"
ROUNDS, KEYS, WORK_S, PAUSED_S = (3, 60, 15, 8) if FULL else (1, 6, 1, 1)
PROGRAMS = {"demo": ["demo"], "rehearse": ["rehearse"]} if FULL else {"demo": ["demo"]}
KEY_S = 0.2 if FULL else 0.05
TURNS = (5, 9)
"""Rows of the screen at which the way back begins."""
START_S = 60.0
"""How long a rehearsal's stand-ins may take to open."""
SLOWER = 2
"""Steps down from the session's own pace."""
MARK = b"LOGGED-IN"
ABOUT_20 = (14, 26)
"""Visible changes in a second that count as about twenty."""
WORD = re.compile(r"\S+")
KEPT = ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "TERM", "COLORTERM", "PATH", "LANG")
BUDGETS = {
    "login, s": "",
    "screen up, s": "1.0",
    "first market on it, s": "",
    "first screen, kB": "25",
    "paused, B/s": "250",
    "at work, B/s": "",
    "at work, visible changes/s": "",
    "at about 20 changes/s, B/s": "4000",
    "key to paint, median ms": "",
    "key to paint, p95 ms": "50",
    "what ssh reads at work, B/s": "",
}


class Counted(Screen):
    """Counts what a person sees change: words of a line with any letter that differs."""

    changes = 0

    def feed(self, data: bytes) -> None:
        before = ["".join(row) for row in self.cells]
        super().feed(data)
        for row, old in enumerate(before):
            new = self.line(row)
            if old != new:
                self.changes += changed(old, new)


def changed(old: str, new: str) -> int:
    """How many words of a line are others now; one that is gone counts too."""
    differ = {i for i, (a, b) in enumerate(zip(old, new, strict=True)) if a != b}
    spans = [range(*word.span()) for word in WORD.finditer(new)]
    moved = [span for span in spans if differ.intersection(span)]
    gone = [
        span
        for span in (range(*word.span()) for word in WORD.finditer(old))
        if differ.intersection(span) and not any(set(span).intersection(other) for other in spans)
    ]
    return len(moved) + len(gone)


class Program(Line):
    """The cockpit behind a line; ``login`` is the command that leads to where it runs."""

    def __init__(self, arguments: list[str], folder: Path, login: list[str]) -> None:
        command = [sys.executable, "-m", "cockpit", *arguments]
        if login:
            kept = {name: value for name, value in environment(folder).items() if name in KEPT}
            told = shlex.join(["env", *(f"{name}={value}" for name, value in kept.items()), *command])
            command = [*login, f"cd {shlex.quote(str(Path.cwd()))}; printf {MARK.decode()}; exec {told}"]
        self.begun = 0.0 if login else time.monotonic()
        """When the program itself was started; 0 before."""
        super().__init__(command, folder)
        self.screen: Counted = Counted()

    def _painted(self, data: bytes) -> bool:
        if not self.begun:
            head, mark, data = data.partition(MARK)
            assert mark or len(head) < 4096, head
            if not mark:
                return True
            self.begun = time.monotonic()
        return super()._painted(data)

    def leave(self) -> None:
        """As a person does, so that nothing of it is left beside what is measured next."""
        self.send(b"q")
        self.run(0.2)
        self.send(b"q")
        self.run(5.0, lambda: self.process.poll() is not None)
        self.process.wait(5.0)

    def read_by_ssh(self) -> int:
        """Bytes a client has read from its socket, its own keys among them."""
        told = Path(f"/proc/{self.process.pid}/io").read_text()
        return int(re.search(r"rchar: (\d+)", told)[1])


def measure(arguments: list[str], folder: Path, login: list[str]) -> dict[str, float]:
    """One run's figures, by the names of `BUDGETS`."""
    with Program(arguments, folder, login) as line:
        found = first_screens(line)
        if login:
            found["login, s"] = line.begun - line.started
        for _ in range(4):  # by name: rows stay where they are
            line.run(0.15)
            line.send(b"s")
        line.run(3.0 if FULL else 0.3)
        found |= at_work(line, bool(login))
        found |= keys(line)
        if arguments == ["demo"]:
            found |= slowly(line) if FULL else {}
            found |= paused(line)
        line.leave()
    return found


def first_screens(line: Program) -> dict[str, float]:
    """The screen with its mode, money and sources and what those are doing; then the first market on it."""
    assert line.run(START_S, lambda: "\nFEED" in line.screen.text()), line.screen.text()
    found = {"screen up, s": line.now() - line.begun}
    assert line.run(START_S, lambda: line.screen.cursor[0] >= 0), line.screen.text()
    return found | {
        "first market on it, s": line.now() - line.begun,
        "first screen, kB": line.bytes / 1000,
    }


def seconds(line: Program) -> list[tuple[float, float]]:
    """Bytes and visible changes, second by second."""
    found = []
    for _ in range(WORK_S):
        written, changes, since = line.bytes, line.screen.changes, line.now()
        line.run(1.0)
        span = line.now() - since
        found.append(((line.bytes - written) / span, (line.screen.changes - changes) / span))
    return found


def at_work(line: Program, far: bool) -> dict[str, float]:
    """At the session's own pace."""
    begun, read = line.now(), line.read_by_ssh() if far else 0
    rates, moved = zip(*seconds(line), strict=True)
    found = {
        "at work, B/s": statistics.mean(rates),
        "at work, visible changes/s": statistics.mean(moved),
    }
    if far:
        found["what ssh reads at work, B/s"] = (line.read_by_ssh() - read) / (line.now() - begun)
    return found


def slowly(line: Program) -> dict[str, float]:
    """Played as slowly as it goes, for seconds in which about twenty things change."""
    for _ in range(SLOWER):
        line.send(b"[")
        line.run(0.2)
    near = [rate for rate, change in seconds(line) if ABOUT_20[0] <= change <= ABOUT_20[1]]
    return {"at about 20 changes/s, B/s": statistics.mean(near)} if near else {}


def keys(line: Program) -> dict[str, float]:
    """Rows down and up, at uneven times; from each press to the moved cursor."""
    taken = []
    key = b"j"
    for i in range(KEYS):
        line.run(KEY_S * (0.5 + i * 0.618 % 1))
        row = line.screen.cursor[0]
        key = b"j" if row <= TURNS[0] else b"k" if row >= TURNS[1] else key
        took = line.press(key)
        assert took is not None, "a key moved nothing within five seconds"
        taken.append(took * 1000)
    late = sorted(taken)[min(len(taken) - 1, int(len(taken) * 0.95))]
    return {"key to paint, median ms": statistics.median(taken), "key to paint, p95 ms": late}


def paused(line: Program) -> dict[str, float]:
    line.send(b" ")
    assert line.run(5.0, lambda: "paused" in line.screen.text().lower()), line.screen.text()
    line.run(1.0 if FULL else 0.5)
    written, since = line.bytes, line.now()
    line.run(PAUSED_S)
    return {"paused, B/s": (line.bytes - written) / (line.now() - since)}


def medians(rounds: list[dict[str, float]]) -> dict[str, float]:
    names = [name for name in BUDGETS if any(name in each for each in rounds)]
    return {name: statistics.median(each[name] for each in rounds if name in each) for name in names}


def shown(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}" if value < 10 else f"{value:,.0f}"


def table(columns: dict[str, dict[str, float]]) -> list[str]:
    """The figures beside their budgets."""
    heads = ["", "budget", *columns]
    rows = [
        [name, budget, *(shown(each.get(name)) for each in columns.values())]
        for name, budget in BUDGETS.items()
    ]
    widths = [max(len(row[i]) for row in [heads, *rows]) for i in range(len(heads))]
    return [
        "  ".join(
            cell.rjust(w) if i else cell.ljust(w) for i, (cell, w) in enumerate(zip(row, widths, strict=True))
        )
        for row in [heads, *rows]
    ]


def test_budgets_over_a_terminal_and_over_ssh(tmp_path, capsys):
    missing = loopback_ssh.missing()
    (tmp_path / "ssh").mkdir()
    with nullcontext([]) if missing else loopback_ssh.server(tmp_path / "ssh") as login:
        lines = {"terminal": []} if missing else {"terminal": [], "ssh": login}
        taken: dict[str, list[dict[str, float]]] = {}
        for number in range(ROUNDS):
            load = os.getloadavg()[0]
            for name, arguments in PROGRAMS.items():
                for line, way in lines.items():
                    home = tmp_path / f"{name}-{line}-{number}"
                    home.mkdir()
                    taken.setdefault(f"{name}, {line}", []).append(measure(arguments, home, way))
            columns = {name: medians(rounds) for name, rounds in taken.items()}
            with capsys.disabled():
                print(
                    f"\n{SIZE[0]}x{SIZE[1]}, median of {number + 1}, load {load:.1f} to {os.getloadavg()[0]:.1f}"
                )
                print("\n".join(table(columns)), flush=True)
    if missing:
        with capsys.disabled():
            print(f"no ssh line: {missing}")
    for name, found in columns.items():
        assert found["first screen, kB"] < 50, name
        assert found.get("paused, B/s", 0) < 500, name
        assert found["at work, B/s"] < 40_000, name
