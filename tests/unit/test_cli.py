"""Commands as a person types them: exit codes, what goes where, and messages that name the culprit."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from cockpit.cli.main import main

from ..conftest import T0, TICKER  # noqa: TID252  the tests are no package


@pytest.fixture
def session(wire, write):
    wire.market(0).snapshot(1, {"0.4000": "100.00", "0.3900": "50.00"}, {"0.5800": "80.00"})
    for i in range(40):
        wire.delta(400 * i + 100, "yes", "0.3900", "7.00").delta(400 * i + 200, "yes", "0.3900", "-7.00")
    wire.trade(16_500, "0.3900", "50.00", "no")
    return str(write(wire.frames))


def run(capsys, *argv):
    code = main(argv)
    out, err = capsys.readouterr()
    return code, out, err


def test_version_is_quick_and_light():
    code = (
        "import sys; from cockpit.cli.main import main\n"
        "try: main(['--version'])\n"
        "except SystemExit: pass\n"
        "print(sorted({'textual','numpy','scipy','httpx','pydantic','zstandard'} & set(sys.modules)))"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.splitlines()[0].startswith("cockpit ")
    assert answer.stdout.splitlines()[1] == "[]"


def test_usage_errors_are_2(capsys):
    for argv in ([], ["dance"], ["replay"], ["replay", "x", "--approve", "some"]):
        with pytest.raises(SystemExit) as left:
            main(argv)
        assert left.value.code == 2
    capsys.readouterr()


def test_replay_prints_one_object(capsys, session):
    code, out, err = run(capsys, "replay", session, "--headless", "--json", "--lanes", "probe")
    value = json.loads(out)
    assert code == 0
    assert err == ""
    assert value["frames"] == 83
    assert value["markets"] == 1
    assert set(value) >= {
        "frames", "events", "markets", "seconds", "frames_per_second", "digest", "doubts",
        "orphan_commands", "lanes",
    }  # fmt: skip
    lane = value["lanes"]["probe"]
    assert set(lane) >= {
        "tickets",
        "orders",
        "fills",
        "qty",
        "edge_per_trade",
        "fill_rate",
        "pnl_net",
        "open",
    }
    assert lane["orders"] == 8
    assert lane["fills"] == {"cross": 1, "tail": 1, "fifo": 1, "touch": 1}


def test_replay_for_people(capsys, session):
    code, out, _ = run(capsys, "replay", session, "--lanes", "probe", "--headless")
    assert code == 0
    assert out.startswith("83 frames, ")
    assert "probe: 8 orders, 0 refused" in out
    assert all(len(line) <= 80 for line in out.splitlines())


def test_record_and_verify(capsys, session, tmp_path):
    again = str(tmp_path / "again.jsonl.zst")
    assert run(capsys, "replay", session, "--lanes", "probe", "--record", again)[0] == 0
    code, _, err = run(capsys, "replay", again, "--verify", "--headless", "--json")
    assert code == 0
    assert "digests agree" in err
    code, _, err = run(capsys, "replay", session, "--verify")
    assert (code, "no digests" in err) == (4, True)
    code, _, err = run(capsys, "replay", again, "--verify", "--lanes", "probe")
    assert (code, "--verify" in err) == (2, True)
    code, _, err = run(capsys, "replay", session, "--record", again)
    assert (code, "again.jsonl.zst: exists already" in err) == (2, True)


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("missing.zst", None, "No such file"),
        ("empty.zst", b"", "empty"),
        ("text.zst", b"hello", "not a session file"),
        ("json.zst", b'{"a":1}\n', "not a session file"),
        ("newer.zst", b'{"s":"header","format":99}\n{"s":"opening","d":null}\n', "format 99"),
    ],
)
def test_unreadable_sessions_are_3(capsys, tmp_path, name, content, why):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    for argv in (["replay", str(path)], ["evaluate", "fills", str(path)]):
        code, out, err = run(capsys, *argv)
        assert (code, out) == (3, "")
        assert name in err
        assert why in err


def test_settings_errors_are_2(capsys, session, tmp_path):
    bad = tmp_path / "bad.toml"
    bad.write_text("[simulator]\nspeed = 3\n")
    code, _, err = run(capsys, "--settings", str(bad), "replay", session)
    assert code == 2
    assert "bad.toml: simulator.speed" in err
    code, _, err = run(capsys, "replay", session, "--lanes", "V99")
    assert code == 2
    assert "V99" in err


def test_a_torn_session_says_so(capsys, session, tmp_path):
    from pathlib import Path

    torn = tmp_path / "torn.zst"
    torn.write_bytes(Path(session).read_bytes()[:-30])
    code, out, err = run(capsys, "replay", str(torn), "--json")
    assert code == 0
    assert "frames recovered" in err
    assert "bytes dropped" in err
    assert json.loads(out)["frames"] < 83


def test_import_export_and_back(capsys, tmp_path, wire):
    capture = tmp_path / "capture.ndjson"
    wire.market(0).snapshot(1, {"0.4000": "100.00"}, {"0.5800": "80.00"}).delta(2, "yes", "0.4000", "1.00")
    rows = [
        {"at": t // 1_000_000, "event": json.loads(data)}
        for t, source, data, _ in wire.frames
        if source == "kalshi.ws"
    ]
    capture.write_text("".join(json.dumps(row) + "\n" for row in rows))
    out = str(tmp_path / "in.jsonl.zst")
    argv = ["import", str(capture), "-o", out, "--source", "kalshi.ws", "--frame-field", "event"]
    code, _, err = run(capsys, *argv, "--time-field", "at", "--time-unit", "ms")
    assert code == 0
    assert "2 frames" in err
    assert "no_trades" in err
    plain = tmp_path / "plain.jsonl"
    assert run(capsys, "export", out, "--jsonl", str(plain))[0] == 0
    code, printed, _ = run(capsys, "export", out, "--jsonl")
    assert (code, printed) == (0, plain.read_text())
    first = json.loads(run(capsys, "replay", out, "--json")[1])
    second = json.loads(run(capsys, "replay", str(plain), "--json")[1])
    assert first["digest"] == second["digest"]
    tables = tmp_path / "tables"
    assert run(capsys, "export", out, "--parquet", str(tables))[0] == 0
    assert sorted(path.suffix for path in tables.iterdir())[0] == ".parquet"


def test_simulate(capsys, session, tmp_path):
    orders = tmp_path / "orders.csv"
    orders.write_text(
        "ts_ns,market,side,price,qty,cancel_ts_ns\n"
        f"{T0 + 50_000_000},{TICKER},buy_yes,0.40,10,\n{T0 + 50_000_000},{TICKER},buy_yes,0.50,10,\n"
    )
    code, out, err = run(capsys, "simulate", session, "--orders", str(orders), "--json")
    first, second = json.loads(out)["orders"]
    assert code == 0
    assert first["queue_at_entry"] == 100
    assert [fill["cause"] for fill in first["fills"]["cross"]] == ["through"]
    assert second["fills"]["touch"] == []
    code, out, _ = run(capsys, "simulate", session, "--orders", str(orders))
    assert "behind 100; filled cross 10  tail 10  fifo 10  touch 10" in out
    assert "post-only would cross" in out
    code, _, err = run(capsys, "simulate", session, "--orders", str(tmp_path / "none.csv"))
    assert (code, "none.csv" in err) == (3, True)


def test_evaluate_fills(capsys, session):
    code, out, _ = run(capsys, "evaluate", "fills", session, "--json")
    value = json.loads(out)
    assert code == 0
    assert value["decreases"] == {"unique": 40, "multi": 0, "none": 0, "snapshot": 0}
    assert value["cancelled_whole"] == 40
    assert value["exposed"] == 0
    assert "100.00%  exactly one known order" in run(capsys, "evaluate", "fills", session)[1]
    assert value["false_fills"] == {"cross": None, "tail": None, "fifo": None, "touch": None}


def test_a_screen_needs_a_terminal(capsys, session):
    for argv in (["replay", session], ["demo"]):
        code, out, err = run(capsys, *argv)
        assert (code, out) == (3, "")
        assert "no terminal to draw on" in err


def test_a_speed_is_a_number_in_bounds(capsys):
    for text in ("0", "fast", "501", "nan"):
        with pytest.raises(SystemExit):
            main(["demo", "--speed", text])
        assert "a number from 0.25 to 500" in capsys.readouterr().err


def test_the_demo_is_there():
    from cockpit.cli.screen import bundled

    assert bundled().stat().st_size > 100_000


EXAMPLE = str(Path(__file__).resolve().parents[2] / "examples" / "btc-hour-seed7.jsonl.zst")


def test_evaluate_fair(capsys):
    code, out, _ = run(capsys, "evaluate", "fair", EXAMPLE, "--json")
    assert code == 0
    report = json.loads(out)
    assert report["n_markets"] >= 15
    rows = [row for row in report["by_seconds_left"] if row["n_seconds"]]
    assert len(rows) >= 5
    assert all(0 <= row["brier_model"] < 0.25 for row in rows)
    assert all(0 <= row["mid_inside_band"] <= 1 for row in rows)
    text = run(capsys, "evaluate", "fair", EXAMPLE)[1]
    assert f"{report['n_markets']} settled markets" in text


def test_evaluate_fair_of_nothing(capsys, session):
    code, out, err = run(capsys, "evaluate", "fair", session, "--json")
    assert code == 0
    assert json.loads(out)["n_markets"] == 0
    assert "nothing can be scored" in err


def test_evaluate_crypto_names_what_it_cannot_read(capsys, tmp_path):
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"captured_at": "2026-07-03T05:14:40Z", "current": 7}\n')
    code, out, err = run(capsys, "evaluate", "crypto", str(bad))
    assert (code, out) == (3, "")
    assert "bad.jsonl" in err
    assert "line 1" in err
