"""The program as a person runs it: ended by signals, killed, on a full disk; and nothing secret anywhere."""

import asyncio
import contextlib
import errno
import io
import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest
import zstandard
from house import OFF, SERIES, House, lines, now, verified

from cockpit.cli.config import shown
from cockpit.domain.commands import PlaceManual
from cockpit.domain.errors import OutputError
from cockpit.domain.units import SECOND
from cockpit.engine.engine import restore
from cockpit.rehearsal.stands.faults import Faults
from cockpit.runtime import recorder
from cockpit.runtime.journal import Journal
from cockpit.runtime.reader import SessionFile
from cockpit.settings.tree import read

COCKPIT = [sys.executable, "-m", "cockpit"]


def environment(folder):
    return {
        **os.environ,
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
        "XDG_DATA_HOME": str(folder),
        "TERM": "xterm-256color",
    }


def children(pid):
    """Processes whose parent is ``pid``."""
    found = []
    for each in Path("/proc").iterdir():
        if each.name.isdigit():
            with contextlib.suppress(OSError):
                stat = (each / "stat").read_text()
                if int(stat.rpartition(")")[2].split()[1]) == pid:
                    found.append(int(each.name))
    return found


def wait_for(condition, seconds=20.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def recording(path, seconds=2.5):
    """Whether a recording has so much in sealed blocks."""
    try:
        index = SessionFile(path).index
    except Exception:  # noqa: BLE001  half a first line is no session yet
        return False
    return len(index) > 1 and index[-1].last_t - index[0].first_t >= seconds * SECOND


@pytest.fixture
def program(tmp_path):
    """A headless rehearsal that records, and where."""
    out = tmp_path / "run.jsonl.zst"
    command = [*COCKPIT, "rehearse", "--headless", "--record", str(out)]
    with subprocess.Popen(
        command,
        env=environment(tmp_path),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as made:
        wait_for(lambda: made.poll() is not None or recording(out))
        stands = children(made.pid)
        assert len(stands) == 1
        yield made, out, stands[0]
        made.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_sealed(program, number):
    made, out, stands = program
    made.send_signal(number)
    _, told = made.communicate(timeout=10)
    assert made.returncode == 0, told
    assert b"Traceback" not in told
    wait_for(lambda: not Path(f"/proc/{stands}").exists())
    session = verified(out)
    assert session.frames > 10
    file = SessionFile(out)
    for _ in file.blocks():
        pass
    assert file.recovered is not None
    assert not file.recovered.reason


def test_kill_nine_loses_a_second_at_most(program):
    made, out, stands = program
    last = time.time_ns()
    made.kill()
    made.wait(10)
    wait_for(lambda: not Path(f"/proc/{stands}").exists())
    told = lines(out)
    assert last - told[-1].t < 1.6 * SECOND
    session = verified(out)
    assert session.digests >= 1


def test_a_terminal_that_goes_away_ends_it_sealed(tmp_path):
    out = tmp_path / "run.jsonl.zst"
    pid, master = pty.fork()
    if pid == 0:
        os.environ.update(environment(tmp_path))
        os.execv(sys.executable, [*COCKPIT, "rehearse", "--record", str(out)])
    seen = b""
    end = time.monotonic() + 20
    while not recording(out) or b"Edges" not in seen:
        assert time.monotonic() < end
        seen += os.read(master, 65536)
    os.close(master)
    ended, status = 0, 0
    end = time.monotonic() + 10
    while not ended:
        assert time.monotonic() < end
        ended, status = os.waitpid(pid, os.WNOHANG)
        time.sleep(0.02)
    assert os.WIFEXITED(status) or os.WTERMSIG(status) == signal.SIGHUP
    verified(out)


# ---------------------------------------------------------------------------------------- a full disk


async def test_a_full_disk_stops_the_recording_and_nothing_else(tmp_path, monkeypatch):
    from cockpit.runtime import reel

    monkeypatch.setattr(reel, "AGAIN_NS", SECOND)
    real = recorder.create
    async with House(tmp_path) as house:
        await house.warm()
        full = []

        class Full(io.FileIO):
            def write(self, data):
                if full:
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                return super().write(data)

        def create(path, *, overwrite=False):
            real(path, overwrite=overwrite).close()
            return Full(path, "ab")

        monkeypatch.setattr(recorder, "create", create)
        house.live._begin_recording()
        full.append(True)
        await house.until(lambda: any("NOT RECORDED" in note for note in house.live.notes()))
        assert any("No space left" in note for note in house.live.notes())
        frames = house.live.session.frames
        await house.until(lambda: house.live.session.frames > frames + 50)
        assert house.sound()
        full.clear()
        await house.until(lambda: not house.live.notes())
        await house.check_books()
        newest = house.live._reel.recorder.path
    assert newest != house.path
    await asyncio.to_thread(verified, house.path)
    await asyncio.to_thread(verified, newest)


async def test_files_are_begun_anew_by_size_and_each_replays_alone(tmp_path):
    async with House(tmp_path, record=True) as house:
        await house.warm()
        for _ in range(3):
            await asyncio.sleep(0.4)
            house.live._begin_recording()
        await asyncio.sleep(0.4)
        await house.check_books()
    files = list(tmp_path.glob("*.jsonl.zst"))
    assert len(files) == 4
    for path in files:
        made = await asyncio.to_thread(verified, path)
        assert not made.faults
    made = await asyncio.to_thread(verified, house.live._reel.recorder.path)
    assert made.engine.opening() == house.live._engine.opening()


# ---------------------------------------------------------------------------------------- secrets


def test_config_show_hides_the_key_id():
    settings = read({"kalshi": {"key_id": "marker-1234", "key_file": "/somewhere/key.pem"}}, "test")
    text = shown(settings)
    assert "marker-1234" not in text
    assert 'key_id = "(set)"' in text


def test_nothing_secret_leaves_the_program(tmp_path):
    """A keyed run with faults: its output, its files and the settings it shows hold neither key nor signature."""
    out = tmp_path / "run.jsonl.zst"
    command = [
        *COCKPIT,
        "rehearse",
        "--headless",
        "--faults",
        "rest-401",
        "--record",
        str(out),
        "--seconds",
        "4",
    ]
    done = subprocess.run(command, env=environment(tmp_path), capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    written = b"".join(
        zstandard.ZstdDecompressor().stream_reader(path.read_bytes(), read_across_frames=True).read()
        if path.suffix == ".zst"
        else path.read_bytes()
        for path in tmp_path.rglob("*")
        if path.is_file()
    )
    for text in (done.stdout, done.stderr, written):
        assert b"5ea5e11e-0000-4000-8000-000000000001" not in text
        assert b"PRIVATE KEY" not in text
        assert not re.search(rb"KALSHI-ACCESS", text, re.IGNORECASE)
        assert b"rehearsal-rsa.pem" not in text
    assert b"kalshi.ws" in written


def test_addresses_must_be_encrypted_unless_they_are_this_machine():
    from cockpit.domain.errors import SettingsError

    for bad in (
        "http://venue.test/v2",
        "ws://venue.test",
        "https://user:secret@venue.test",
        "https://venue.test?key=1",
        "http://127.0.0.1.evil.test:80",
    ):
        with pytest.raises(SettingsError):
            read({"kalshi": {"rest": bad}}, "test")
    read({"kalshi": {"rest": "http://127.0.0.1:8080/v2"}}, "test")


# ---------------------------------------------------------------------------------------- the profile


@pytest.fixture
def venue(tmp_path):
    """Stand-ins in a process of their own, and a settings file that points `cockpit live` at them."""
    command = [
        sys.executable,
        "-m",
        "cockpit.rehearsal.stands",
        "--seed",
        "3",
        "--profile",
        "demo",
        "--folder",
        str(tmp_path),
    ]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as made:
        places = json.loads(made.stdout.readline())
        kalshi = {"rest": places["kalshi"]["rest"], "socket": places["kalshi"]["socket"], "series": SERIES}
        chosen = read({"kalshi": kalshi} | OFF, "test")
        path = tmp_path / "settings.toml"
        path.write_text(chosen.toml())
        key = {
            "COCKPIT_KALSHI_KEY_ID": places["kalshi"]["key_id"],
            "COCKPIT_KALSHI_KEY_FILE": places["kalshi"]["key_file"],
        }
        yield path, environment(tmp_path) | key
        made.stdin.close()


def journal_of(folder):
    return folder / "cockpit" / "default" / "journal.sqlite3"


def test_live_goes_on_from_its_account_after_kill_nine_and_one_holds_the_pen(tmp_path, venue):
    path, env = venue
    command = [*COCKPIT, "--settings", str(path), "live", "--headless"]
    sessions = tmp_path / "cockpit" / "default" / "sessions"
    with subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE) as first:
        wait_for(lambda: any(recording(each) for each in sessions.glob("*.zst")))
        second = subprocess.run(
            [*command, "--seconds", "2"], env=env, capture_output=True, timeout=30, check=False
        )
        assert second.returncode == 0
        assert b"opening read only" in second.stderr
        assert b"READ ONLY" in second.stderr or b"recorded: nothing" in second.stderr
        first.kill()
    with Journal(journal_of(tmp_path), read_only=True) as journal:
        seq, ts = journal.committed()
        account = journal.account()
    assert seq > 0
    state = restore(account)
    assert state is not None
    assert ts == state.now
    third = subprocess.run(
        [*command, "--seconds", "3"], env=env, capture_output=True, timeout=30, check=False
    )
    assert third.returncode == 0, third.stderr
    with Journal(journal_of(tmp_path), read_only=True) as journal:
        after = restore(journal.account())
    assert after is not None
    assert after.now > state.now
    assert after.numbered >= state.numbered
    files = sorted(sessions.glob("*.zst"))
    assert len(files) == 2
    for each in files:
        verified(each)
    assert all((each.stat().st_mode & 0o077) == 0 for each in [*files, journal_of(tmp_path)])


def test_check_and_markets_and_record(tmp_path, venue):
    path, env = venue
    checked = subprocess.run(
        [*COCKPIT, "--settings", str(path), "check", "--json"],
        env=env,
        capture_output=True,
        timeout=60,
        check=False,
    )
    findings = {each["what"]: each for each in json.loads(checked.stdout)}
    assert checked.returncode == 0, checked.stdout
    assert {
        "settings",
        "disk",
        "profile",
        "kalshi key",
        "clock",
        "kalshi.rest",
        "kalshi.ws",
    } <= findings.keys()
    assert all(each["state"] == "ok" for each in findings.values()), findings
    listed = subprocess.run(
        [*COCKPIT, "--settings", str(path), "markets", "--json"],
        env=env,
        capture_output=True,
        timeout=60,
        check=False,
    )
    rows = [json.loads(line) for line in listed.stdout.splitlines()]
    assert len(rows) >= 10
    assert {row["venue"] for row in rows} == {"kalshi"}
    out = tmp_path / "own.jsonl.zst"
    recorded = subprocess.run(
        [*COCKPIT, "--settings", str(path), "record", "-o", str(out), "--seconds", "6"],
        env=env,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert recorded.returncode == 0
    assert b"kalshi.ws" in recorded.stderr
    assert b"/s" in recorded.stderr
    assert verified(out).frames > 20


def test_check_says_what_is_wrong(tmp_path):
    env = environment(tmp_path)
    key = tmp_path / "key.pem"
    key.write_text("x")
    key.chmod(0o644)
    bad = subprocess.run(
        [*COCKPIT, "check"],
        env=env | {"COCKPIT_KALSHI_KEY_ID": "marker-77", "COCKPIT_KALSHI_KEY_FILE": str(key)},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert bad.returncode == 1
    assert b"chmod 600" in bad.stdout
    assert b"marker-77" not in bad.stdout + bad.stderr
    path = tmp_path / "broken.toml"
    path.write_text("[kalshi]\nwatch = 'many'\n")
    broken = subprocess.run(
        [*COCKPIT, "--settings", str(path), "check"], env=env, capture_output=True, timeout=60, check=False
    )
    assert broken.returncode == 1
    assert b"kalshi.watch" in broken.stdout


def test_check_offline_says_so(tmp_path):
    closed = "http://127.0.0.1:9"
    chosen = read({"kalshi": {"rest": f"{closed}/v2"}} | OFF, "test")
    path = tmp_path / "settings.toml"
    path.write_text(chosen.toml())
    done = subprocess.run(
        [*COCKPIT, "--settings", str(path), "check"],
        env=environment(tmp_path),
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert b"connection refused" in done.stdout
    assert b"offline" in done.stdout


def test_config_writes_shows_and_finds(tmp_path):
    env = environment(tmp_path)

    def config(*arguments):
        return subprocess.run(
            [*COCKPIT, "config", *arguments], env=env, capture_output=True, timeout=60, check=False
        )

    path = Path(config("path").stdout.decode().strip())
    assert config("init").returncode == 0
    assert (path.stat().st_mode & 0o077) == 0
    assert config("init").returncode == 2
    assert config("init", "--force").returncode == 0
    assert tomllib.loads(config("show").stdout.decode()) == tomllib.loads(path.read_text())


# ---------------------------------------------------------------------------------------- ends and clocks


async def test_a_clock_an_hour_ahead_is_corrected_before_anything_is_stamped(tmp_path):
    async with House(tmp_path, wall=lambda: now() + 3600 * SECOND, faults=Faults(delay_s=0.3)) as house:
        await house.warm()
        assert abs(house.state.now - now()) < 3 * SECOND
        before = house.state.now
        await house.until(lambda: house.state.now > before + SECOND)
    assert all(abs(frame.t - now()) < 120 * SECOND for frame in lines(house.path))


async def test_time_that_ran_ahead_begins_anew_in_a_recording_of_its_own(tmp_path):
    async with House(tmp_path) as house:
        await house.warm()
        house.live._clock.compare = lambda _: False
        house.live._clock.offset = 3600 * SECOND
        await house.until(lambda: house.state.now > now() + 3000 * SECOND)
        house.live._clock.offset = 0
        await house.until(lambda: abs(house.state.now - now()) < 3 * SECOND)
        before = house.state.now
        await house.until(lambda: house.state.now > before + 2 * SECOND and len(house.sound()) >= 5)
        await house.check_books()
        newest = house.live._reel.recorder.path
    assert newest != house.path
    made = await asyncio.to_thread(verified, newest)
    assert made.engine.opening() == house.live._engine.opening()


async def test_with_a_full_disk_the_account_is_still_written_at_the_end(tmp_path):
    async with House(tmp_path, journal=True) as house:
        await house.warm()
        frames = house.live.session.frames

        def full(*_):
            raise OutputError("no space")

        house.live.session._recorder.digest = full
        house.live.close()
    with Journal(tmp_path / "journal", read_only=True) as journal:
        seq, _ = journal.committed()
    assert seq >= frames


async def test_after_a_fault_of_ours_nothing_is_done_believed_or_stored(tmp_path):
    async with House(tmp_path, journal=True) as house:
        await house.warm()
        name = house.sound()[0]
        stored = []
        house.live._journal.commit = lambda *given: stored.append(given)

        def broken(_):
            raise ValueError("-".join(("marker", "secret")))

        house.live._engine.process = broken
        async with asyncio.timeout(10):
            while not house.live.status().fault:
                await asyncio.sleep(0.01)
        assert house.live.status().fault == "Internal fault (ValueError)"
        assert "marker-secret" not in house.live.traceback
        assert "broken" in house.live.traceback
        assert not house.sound()
        house.live.send(PlaceManual(0, name, 1, 4_000, 1_000_000))
        house.live.close()
        assert not stored


def test_no_recording_holds_the_screens_settings():
    settings = read({"screen": {"hook": ["notify", "https://chat.test/marker-token"]}}, "test")
    assert "marker-token" not in str(settings.public())
