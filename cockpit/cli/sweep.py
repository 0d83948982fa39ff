"""``cockpit sweep``: one version with many parameters over many sessions."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cockpit.cli.replay import session_settings
from cockpit.cli.talking import progress, recovered, say

if TYPE_CHECKING:
    from cockpit.evaluation.trials import Trial


def add_sweep(commands: Any) -> None:
    """``cockpit sweep``."""
    p = commands.add_parser("sweep", help="one version with many parameters over recorded sessions")
    p.add_argument("sessions", type=Path, nargs="+", metavar="SESSION")
    p.add_argument("--strategy", required=True, metavar="VERSION", help="the version to vary")
    p.add_argument(
        "--set",
        dest="axes",
        action="append",
        default=[],
        metavar="NAME=VALUES",
        help="3..8, 3..8:0.5 or a,b,c",
    )
    p.add_argument("--executor", default="process", metavar="WHERE", help="process, or dask://HOST:PORT")
    p.add_argument("--workers", type=_count, metavar="N", help="processes; as many as processors by default")
    p.add_argument("-o", "--out", type=Path, required=True, metavar="RESULTS.jsonl", help="a line a trial")
    p.add_argument("--json", action="store_true", help="print the table as one JSON object")
    p.set_defaults(run=_sweep)


def _count(text: str) -> int:
    """A whole number from 1 on."""
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r}: a whole number from 1 on")
    return int(text)


def _sweep(args: argparse.Namespace) -> int:
    import msgspec

    from cockpit.evaluation.sweep import executor, results, sweep
    from cockpit.evaluation.sweep_table import table, text

    trials = _trials(args)
    with progress("sweep", len(trials)) as told:
        rows, ran = sweep(trials, args.out, executor(args.executor, args.workers), told)
    say(f"{ran} trials run, {len(trials) - ran} were in {args.out}")
    out = table(rows, results(args.out))
    print(json.dumps(msgspec.to_builtins(out)) if args.json else text(out))
    return 0


def _trials(args: argparse.Namespace) -> "list[Trial]":
    """Every session with the version itself and with each of its parameter sets; a session given twice is one."""
    from cockpit.evaluation.grid import axis, names
    from cockpit.evaluation.trials import session_digest, trial
    from cockpit.runtime.reader import SessionFile

    found = names(args.strategy, [axis(args.strategy, each) for each in args.axes])
    trials: dict[str, Trial] = {}
    for path in args.sessions:
        file = SessionFile(path)
        recovered(file)
        settings = session_settings(argparse.Namespace(settings=args.settings, session=path), file).public()
        digest = session_digest(path)
        made = (trial(path.resolve(), digest, name, settings) for name in found)
        trials.update((each.key, each) for each in made)
    return list(trials.values())
