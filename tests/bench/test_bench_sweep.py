"""A sweep over two processes beside the same trials in one, the better of two rounds; printed, not asserted."""

import time
from pathlib import Path

import pytest

from cockpit.evaluation.grid import axis, names
from cockpit.evaluation.sweep import processes, sweep
from cockpit.evaluation.trials import session_digest, trial
from cockpit.settings.tree import Settings

SESSION = Path(__file__).resolve().parents[2] / "examples" / "demo-seed22.jsonl.zst"


@pytest.mark.full
def test_two_processes(tmp_path):
    digest, settings = session_digest(SESSION), Settings().public()
    found = names("V15", [axis("V15", "threshold=3..6")])
    trials = [trial(SESSION, digest, name, settings) for name in found]
    took = {1: [], 2: []}
    for turn in range(2):
        for workers, times in took.items():
            started = time.perf_counter()
            sweep(
                trials,
                tmp_path / f"{turn}-{workers}.jsonl",
                lambda n=workers: processes(n),
                lambda _done, _of: None,
            )
            times.append(time.perf_counter() - started)
    print()
    for workers, times in took.items():
        seconds, one = min(times), min(took[1])
        print(f"{workers} process(es): {len(trials)} trials in {seconds:6.2f} s   {one / seconds:4.2f}x one")
