"""Sweeps over executors: what is there is not run again, and what a dead worker owed is."""

import os
import signal
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager

import msgspec
import pytest

from cockpit.domain.errors import InputError, InvariantError, OutputError, SettingsError
from cockpit.evaluation.grid import axis, names
from cockpit.evaluation.sweep import TRIES, executor, processes, results, sweep
from cockpit.evaluation.trials import run_trial, session_digest, trial
from cockpit.settings.tree import Settings

PUBLIC = Settings().public()


class Here(Executor):
    """Runs each trial where it is, at once; dies before the numbered ones, counted over all of its kind."""

    def __init__(self, deaths=(), counter=None):
        self.deaths, self.counter = deaths, counter if counter is not None else [0]
        self.dead = False

    def submit(self, work, /, *args, **kwargs):
        future = Future()
        self.counter[0] += 1
        self.dead = self.dead or self.counter[0] in self.deaths
        if self.dead:
            future.set_exception(BrokenProcessPool("gone"))
        else:
            try:
                future.set_result(work(*args, **kwargs))
            except Exception as error:  # noqa: BLE001  as any executor does
                future.set_exception(error)
        return future


@pytest.fixture
def trials(settled):
    paths = [settled("one.jsonl.zst"), settled("two.jsonl.zst", result="no")]
    found = names("probe", [axis("probe", "qty=5..7")])
    return [trial(path, session_digest(path), name, PUBLIC) for path in paths for name in found]


def quiet(_done, _of):
    pass


def plain(rows):
    return [msgspec.structs.replace(row, seconds=0.0) for row in rows]


def test_a_row_a_trial_and_a_rerun_skips_what_is_there(trials, tmp_path):
    out, told = tmp_path / "results.jsonl", []
    rows, ran = sweep(trials[:5], out, Here, lambda done, of: told.append((done, of)))
    assert (len(rows), ran, len(results(out))) == (5, 5, 5)
    assert told == [(i, 5) for i in range(6)]
    again, ran = sweep(trials, out, Here, quiet)
    assert (len(again), ran, len(results(out))) == (8, 3, 8)
    assert again[:5] == rows
    assert [row.key for row in again] == [each.key for each in trials]
    assert {row.session for row in again} == {"one.jsonl.zst", "two.jsonl.zst"}


def test_what_a_dead_worker_owed_is_run_again(trials, tmp_path):
    whole, _ = sweep(trials, tmp_path / "whole.jsonl", Here, quiet)
    counter = [0]
    rows, ran = sweep(trials, tmp_path / "results.jsonl", lambda: Here({3, 9}, counter), quiet)
    assert plain(rows) == plain(whole)
    assert (ran, len(results(tmp_path / "results.jsonl"))) == (8, 8)


def test_three_times_at_most(trials, tmp_path):
    counter = [0]
    with pytest.raises(InvariantError, match="died 3 times over 6 trials"):
        sweep(trials, tmp_path / "out.jsonl", lambda: Here(range(3, 1000), counter), quiet)
    assert len(results(tmp_path / "out.jsonl")) == 2, "what was answered is kept"
    assert counter[0] == 8 + TRIES * 6 - 6


class Mute(Here):
    """Answers nothing, and takes no work once it was waited for: its workers died and nobody was told."""

    def submit(self, work, /, *args, **kwargs):
        if self.dead:
            raise OSError("handle is closed")
        self.dead = work is not int and self.counter[0] == 1
        self.counter[0] += 1
        return Future()


def test_an_executor_that_died_without_a_word(trials, tmp_path, monkeypatch):
    monkeypatch.setattr("cockpit.evaluation.sweep.ASK_S", 0.01)
    pools = iter([Mute(), Here()])
    rows, ran = sweep(trials[:2], tmp_path / "out.jsonl", lambda: next(pools), quiet)
    assert (len(rows), ran) == (2, 2)


def test_a_fault_of_a_trial_is_not_a_workers(trials, tmp_path):
    broken = msgspec.structs.replace(trials[1], session=str(tmp_path / "nowhere.zst"))
    with pytest.raises(InputError, match="nowhere"):
        sweep([trials[0], broken], tmp_path / "out.jsonl", Here, quiet)


def test_a_line_cut_short_is_run_again_and_taken_off(trials, tmp_path):
    out = tmp_path / "out.jsonl"
    rows, _ = sweep(trials[:3], out, Here, quiet)
    out.write_bytes(out.read_bytes()[:-40])
    assert len(results(out)) == 2
    again, ran = sweep(trials[:3], out, Here, quiet)
    assert (plain(again), ran) == (plain(rows), 1)
    assert len(results(out)) == 3


def test_files_that_are_no_results(trials, tmp_path):
    out = tmp_path / "notes.txt"
    out.write_text("shopping\nlist\n")
    with pytest.raises(InputError, match=r"notes.txt: line 1: no result"):
        sweep(trials, out, Here, quiet)
    assert out.read_text() == "shopping\nlist\n"
    with pytest.raises(OutputError, match="nowhere"):
        sweep(trials, tmp_path / "nowhere" / "out.jsonl", Here, quiet)


def test_two_real_processes_one_of_which_is_killed(trials, tmp_path):
    """The first pool's workers are killed for good before they answer; another pool answers in their place."""
    opened = []

    @contextmanager
    def pools():
        with processes(2) as pool:
            if not opened:
                os.kill(pool.submit(os.getpid).result(), signal.SIGKILL)
            opened.append(pool)
            yield pool

    rows, ran = sweep(trials[:2], tmp_path / "out.jsonl", pools, quiet)
    assert (ran, len(opened)) == (2, 2)
    assert plain(rows) == plain(map(run_trial, trials[:2]))


def test_dask_is_another_executor(trials, tmp_path):
    distributed = pytest.importorskip("distributed", reason="the extra `dask` is not installed")
    with distributed.LocalCluster(
        n_workers=1,
        threads_per_worker=2,
        processes=False,
        dashboard_address=None,
        host="127.0.0.1",
        protocol="tcp",
    ) as cluster:
        opened = executor(f"dask://{cluster.scheduler_address}", None)
        rows, ran = sweep(trials, tmp_path / "out.jsonl", opened, quiet)
    assert ran == len(trials)
    assert plain(rows) == plain(map(run_trial, trials))


@pytest.mark.parametrize("spec", ["", "threads", "dask://", "dask:1"])
def test_other_executors_are_refused(spec):
    with pytest.raises(SettingsError, match="--executor"):
        executor(spec, None)
