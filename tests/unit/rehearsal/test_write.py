"""Session files of rehearsals: what the header says, and that the same seed writes the same bytes anywhere."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cockpit.domain.errors import OutputError
from cockpit.rehearsal.profiles import QUEUE
from cockpit.rehearsal.world import World
from cockpit.rehearsal.write import frames, truth_text, write_session
from cockpit.runtime.reader import SessionFile

ROOT = Path(__file__).parents[3]
HASH = """
import hashlib
from cockpit.rehearsal.profiles import CRYPTO
from cockpit.rehearsal.world import World
from cockpit.rehearsal.write import frames, truth_text
world = World(7, 2.5, CRYPTO)
digest = hashlib.blake2b()
for arrival in frames(world):
    digest.update(repr(arrival).encode())
digest.update(truth_text(world))
print(digest.hexdigest())
"""


def test_a_session_file_holds_the_frames_and_says_it_is_synthetic(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.zst"
    world = write_session(path, 11, 2.6, profile=QUEUE)
    session = SessionFile(path)
    header = session.header
    assert (header.seed, header.created, header.settings) == (11, world.start, {})
    assert header.capabilities == ("synthetic", "world:queue", "pairs:mixed")
    assert session.opening == b"null"
    lines = [line for block in session.blocks() for line in block]
    expected = list(frames(World(11, 2.6, QUEUE)))
    assert [line.n for line in lines] == list(range(1, len(expected) + 1))
    assert [(line.t, line.s, bytes(line.d)) for line in lines] == [
        (a.t, a.source, a.payload) for a in expected
    ]
    rest = [line for line in lines if line.s == "kalshi.rest"]
    assert {line.st for line in rest} == {200}
    assert all(line.u and line.u.startswith("https://") for line in rest)


def test_the_same_arguments_write_the_same_bytes(tmp_path: Path) -> None:
    first, second, other = (tmp_path / f"{name}.jsonl.zst" for name in "abc")
    worlds = [
        write_session(path, seed, 2.6, profile=QUEUE) for path, seed in ((first, 3), (second, 3), (other, 4))
    ]
    assert first.read_bytes() == second.read_bytes()
    assert truth_text(worlds[0]) == truth_text(worlds[1])
    assert first.read_bytes() != other.read_bytes()
    assert truth_text(worlds[0]) != truth_text(worlds[2])


def test_an_existing_file_is_kept_unless_told(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.zst"
    path.write_bytes(b"mine")
    with pytest.raises(OutputError, match="exists"):
        write_session(path, 1, 2.6, profile=QUEUE)
    assert path.read_bytes() == b"mine"
    write_session(path, 1, 2.6, profile=QUEUE, overwrite=True)
    assert SessionFile(path).header.seed == 1


def test_other_processes_and_hash_seeds_make_the_same_world() -> None:
    digests = set()
    for hash_seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-c", HASH]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, cwd=ROOT)
        digests.add(done.stdout)
    assert len(digests) == 1


def test_the_truth_is_one_json_object(mixed: Any) -> None:
    text = truth_text(mixed.world)
    assert text.endswith(b"}\n")
    truth = json.loads(text)
    assert truth["seed"] == 5
    assert len(truth["probes"]) == len(mixed.world.probes)
