"""The whole live mode under load, over real loopback sockets and a real terminal.

Stand-in venues play a dense session in a process of their own. The cockpit runs in another on an 80x24 terminal, with
six lanes, its recording and its journal on. Here keys are pressed, and how soon the cursor moves is measured.

Figures are printed, none that depends on the machine is asserted; that nothing was dropped, doubted or misread is, and
that the recording replays to the same digests. A few seconds of a light load by default; the whole of it by

    COCKPIT_BENCH=full pytest tests/bench/test_bench_live.py -s

which plays 10,000 frames of the session a second for a minute, then as many as the stand-ins can.
"""

import json
import os
import statistics
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from live_load import write_load
from live_terminal import Terminal

from cockpit.runtime.journal import Journal
from cockpit.runtime.reader import SessionFile
from cockpit.runtime.replay import batches, check_digests, engine, run_quietly, session
from cockpit.settings.tree import read

FULL = os.environ.get("COCKPIT_BENCH") == "full"
RATE, SECONDS = (10_000, 60.0) if FULL else (3_000, 3.0)
CEILING_S = 20.0
START_S = 15.0
"""Of load before the measurement: the cockpit starts meanwhile."""
LANES = ("V10", "V11", "V12", "V14", "V15", "probe")
KEY_S = 0.35 if FULL else 0.1
MANY = 1_000_000
"""As many a second as the stand-ins can."""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    """The session that is played."""
    path = tmp_path_factory.mktemp("load") / "load.jsonl.zst"
    seconds = START_S + SECONDS + (2 * CEILING_S if FULL else 0)
    count = write_load(path, RATE, seconds)
    assert set(count) == {"kalshi.ws", "kalshi.rest", "coinbase.ws", "kraken.ws"}
    return path


@contextmanager
def stands(path, rate):
    """The stand-ins in a process of their own: where they are, and the process."""
    command = [sys.executable, "-m", "cockpit.rehearsal.stands", "--session", str(path), "--rate", str(rate)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            yield json.loads(process.stdout.readline()), process
        finally:
            process.stdin.close()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()


def worked(pid):
    """CPU seconds of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def press_keys(terminal, seconds):
    """Five rows down, five up, at uneven times; seconds from each press to the moved cursor."""
    end, taken = terminal.now() + seconds, []
    while terminal.now() < end:
        terminal.run(KEY_S * (0.5 + len(taken) * 0.618 % 1))
        took = terminal.press(b"j" if len(taken) % 10 < 5 else b"k")
        assert took is not None, "a key moved nothing within five seconds"
        taken.append(took)
    return taken


def drive(path, rate, seconds, folder):
    """Play, press, end; what was seen from outside and inside."""
    with stands(path, rate) as (places, process):
        settings = {"lab": {"lanes": LANES}, "record": {"keep_free_mb": 0}}
        plan = {"places": places, "settings": settings}
        with Terminal(plan, folder) as terminal:
            assert terminal.run(30, lambda: terminal.told), terminal.screen.text()
            for _ in range(4):  # by name: rows stay where they are
                terminal.run(0.15)
                terminal.send(b"s")
            terminal.run(2.0 if FULL else 0.5)
            assert terminal.press(b"j") is not None
            begun, written, busy = terminal.now(), terminal.bytes, worked(process.pid)
            taken = press_keys(terminal, seconds)
            span = (begun, terminal.now())
            outside = {
                "keys": taken,
                "bytes": (terminal.bytes - written) / (span[1] - span[0]),
                "stands": (worked(process.pid) - busy) / (span[1] - span[0]),
            }
            ready = terminal.told[0]
            inside = terminal.end()
    assert process.returncode == 0
    return span, outside, ready, inside


def per_second(samples, at):
    """What a sample counts, a second."""
    return (at(samples[-1]) - at(samples[0])) / (samples[-1][0] - samples[0][0])


def late(values, share=0.95):
    """A high quantile."""
    return sorted(values)[int(len(values) * share)]


def figures(span, outside, inside, recorded):
    """The lines that are printed."""
    samples = [each for each in inside["samples"] if span[0] <= each[0] <= span[1]]
    sources = samples[-1][1]
    rates = {name: per_second(samples, lambda s, name=name: s[1].get(name, 0)) for name in sources}
    frames = per_second(samples, lambda s: sum(s[1].values()))
    cpu = per_second(samples, lambda s: s[2])
    keys, held = outside["keys"], [each[4] for each in samples]
    busiest = sorted(rates.items(), key=lambda each: -each[1])
    yield (
        f"{frames:>9,.0f} frames/s taken for {span[1] - span[0]:.0f} s from {inside['markets']} books: "
        + ", ".join(f"{name} {rate:,.0f}" for name, rate in busiest if rate >= 1)
    )
    yield f"          {cpu:.2f} of a core ({cpu / frames * 1e6:.0f} us a frame), the stand-ins {outside['stands']:.2f}"
    yield f"{inside['most']:>9,} frames waited at most, {sum(inside['shed'].values())} shed"
    yield (
        f"          key to paint: median {statistics.median(keys) * 1e3:.1f} ms, p95 {late(keys) * 1e3:.1f} ms, "
        f"most {max(keys) * 1e3:.1f} ms of {len(keys)}; {outside['bytes']:,.0f} B/s to the terminal"
    )
    yield f"          the loop came back late by {late(held) * 1e3:.1f} ms at p95, {max(held) * 1e3:.1f} ms at most"
    for name, spent in inside["spent"].items():
        took = [seconds * 1e3 for at, seconds in spent if span[0] <= at <= span[1]]
        if took:
            yield (
                f"          {name}: {len(took)} times, median {statistics.median(took):.2f} ms, "
                f"p95 {late(took):.2f} ms, most {max(took):.2f} ms"
            )
    yield (
        f"          account {inside['opening'] / 1e6:.2f} MB, recorded {recorded / 1e6:.1f} MB, "
        f"memory {inside['rss'] / 1e6:.0f} MB, orders {inside['orders']}"
    )


def check(inside, ready):
    """Nothing was dropped, misread, or doubted while it was watched, once all books stood."""
    assert not inside["fault"], inside["fault"]
    assert inside["shed"] == {}
    assert inside["faults"] == {}, inside["first_fault"]
    let_go = sum(each.endswith(": no longer watched") for each in inside["doubts"])
    assert inside["doubted"] - ready["doubted"] <= let_go, inside["doubts"]
    assert not inside["notes"]
    assert inside["committed"][0] == inside["frames"]


def check_recording(path, inside):
    """It is whole, and replays to what happened, down to the account in the journal."""
    file = SessionFile(path)
    made = session(file, engine(file, read(file.header.settings, "header")), None, verify=True)
    run_quietly(made, batches(file), None)
    check_digests(made, path)
    assert made.events == inside["events"]
    assert not file.recovered.reason
    with Journal(path.parents[1] / "journal.sqlite3", read_only=True) as journal:
        assert journal.account() == made.engine.opening()


@pytest.mark.parametrize(
    ("rate", "seconds"),
    [
        pytest.param(RATE, SECONDS, id="steady"),
        pytest.param(
            MANY,
            CEILING_S,
            id="ceiling",
            marks=pytest.mark.skipif(not FULL, reason="with COCKPIT_BENCH=full"),
        ),
    ],
)
def test_live_under_load(rate, seconds, loaded, tmp_path, capsys):
    span, outside, ready, inside = drive(loaded, rate, seconds, tmp_path)
    (recording,) = tmp_path.rglob("*.jsonl.zst")
    with capsys.disabled():
        print()
        for line in figures(span, outside, inside, recording.stat().st_size):
            print(line)
    check(inside, ready)
    check_recording(recording, inside)
