"""The screen comes first: it is up while sources hang, and whoever leaves then is let go at once."""

import os
import signal
import socket
import sys
import threading
import time
from pathlib import Path

import pytest
from house import OFF, verified

from cockpit.settings.tree import read

sys.path.insert(0, str(Path(__file__).parents[1] / "bench"))

from live_terminal import Line  # found in the folder beside this one

SLOW_S = 3.0
"""For a busy machine; the program itself takes a fraction of it."""


@pytest.fixture
def mute(tmp_path):
    """Settings that point Kalshi at a socket which accepts and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        held = []

        def accept():
            while True:
                try:
                    held.append(server.accept()[0])
                except OSError:
                    return

        thread = threading.Thread(target=accept)
        thread.start()
        port = server.getsockname()[1]
        kalshi = {"rest": f"http://127.0.0.1:{port}/v2", "socket": f"ws://127.0.0.1:{port}/ws"}
        path = tmp_path / "settings.toml"
        path.write_text(read({"kalshi": kalshi} | OFF, "test").toml())
        yield path, held
        server.shutdown(socket.SHUT_RDWR)
        thread.join()
        for each in held:
            each.close()


def live(path, folder, *more):
    return Line([sys.executable, "-m", "cockpit", "--settings", str(path), "live", *more], folder)


def ends(line, number=0):
    """Let it go, by key or by signal; it must end by itself, soon and cleanly."""
    left = time.monotonic()
    if number:
        line.process.send_signal(number)
    else:
        line.send(b"qq")
    line.run(10.0, lambda: line.process.poll() is not None)
    assert line.process.wait(5.0) == 0
    assert time.monotonic() - left < SLOW_S


@pytest.mark.parametrize("number", [0, signal.SIGTERM, signal.SIGHUP], ids=["key", "SIGTERM", "SIGHUP"])
def test_the_screen_is_up_while_a_source_hangs_and_lets_go(tmp_path, mute, number):
    path, held = mute
    with live(path, tmp_path) as line:
        assert line.run(20.0, lambda: "K asking" in line.screen.text()), line.screen.text()
        told = line.screen.text()
        assert "LIVE PAPER" in told
        assert "DAY net +0.00" in told
        assert "no markets yet: K asking" in told
        assert line.run(5.0, lambda: bool(held))
        ends(line, number)
    assert not list(tmp_path.rglob("*.zst"))


def test_keys_work_while_it_hangs_and_the_recording_is_sealed(tmp_path, mute):
    path, _ = mute
    out = tmp_path / "run.jsonl.zst"
    with live(path, tmp_path, "--record", str(out)) as line:
        assert line.run(20.0, lambda: "asking" in line.screen.text())
        line.send(b"9")
        assert line.run(5.0, lambda: "SOURCES" in line.screen.text()), line.screen.text()
        assert line.run(20.0, lambda: "REC run.jsonl.zst" in line.screen.text().replace("REC  ", "REC "))
        assert line.run(20.0, lambda: out.exists() and out.stat().st_size > 500)
        ends(line)
    assert verified(out).frames > 0


def test_leaving_while_the_stand_ins_start_leaves_none_behind(tmp_path):
    with Line([sys.executable, "-m", "cockpit", "rehearse"], tmp_path) as line:
        assert line.run(20.0, lambda: "stand-ins starting" in line.screen.text()), line.screen.text()
        ends(line, signal.SIGTERM)
        born = Path("/proc").glob("[0-9]*/environ")
        mark = f"HOME={tmp_path}".encode()
        assert not [each for each in born if _has(each, mark)]


def _has(path, mark):
    try:
        return path.stat().st_uid == os.getuid() and mark in path.read_bytes().split(b"\0")
    except OSError:
        return False


def test_what_cannot_open_is_said_when_the_screen_is_gone(tmp_path):
    with Line([sys.executable, "-m", "cockpit", "rehearse", "--world", "nowhere"], tmp_path) as line:
        line.run(20.0, lambda: line.process.poll() is not None)
        assert line.process.wait(5.0) == 3
