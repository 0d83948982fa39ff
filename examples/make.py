"""Writes the bundled sessions and the sample corpus anew: `python examples/make.py [folder]`, from the project's folder.

Each session comes from a seed alone, so the same program and numpy write the same bytes. The truth of the queue
session (what every ghost order would have got) stands beside it as JSON.
"""

import sys
from pathlib import Path

import make_corpus

from cockpit.rehearsal.profiles import CRYPTO, DEMO, QUEUE
from cockpit.rehearsal.write import truth_text, write_session

HERE = Path(__file__).parent


def main(folder: Path) -> None:
    """Write everything into a folder."""
    hour = folder / "btc-hour-seed7.jsonl.zst"
    write_session(hour, 7, 8.0, profile=CRYPTO, overwrite=True)
    demo = folder / "demo-seed22.jsonl.zst"
    write_session(demo, 22, 9.0, profile=DEMO, overwrite=True)
    queue = folder / "queue-truth-seed11.jsonl.zst"
    world = write_session(queue, 11, 9.0, profile=QUEUE, overwrite=True)
    truth = folder / "queue-truth-seed11.truth.json"
    truth.write_bytes(truth_text(world))
    corpus = folder / "corpus-sample.jsonl"
    make_corpus.write(corpus)
    for path in (hour, demo, queue, truth, corpus):
        path.chmod(0o644)
        print(f"{path}  {path.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
