"""``cockpit rehearse``: a synthetic session from a seeded world."""

import argparse
from pathlib import Path
from typing import Any

from cockpit.cli.talking import say


def add_rehearse(commands: Any) -> None:
    """``cockpit rehearse``."""
    p = commands.add_parser("rehearse", help="write a synthetic session from a seeded world")
    p.add_argument("-o", dest="out", type=Path, required=True, metavar="OUT.jsonl.zst")
    p.add_argument("--seed", type=int, default=7)
    p.add_argument("--minutes", type=float, default=9.0)
    p.add_argument("--force", action="store_true", help="replace OUT")
    p.set_defaults(run=_rehearse)


def _rehearse(args: argparse.Namespace) -> int:
    from cockpit.rehearsal.write import write_session

    write_session(args.out, args.seed, args.minutes, overwrite=args.force)
    say(f"{args.out}: {args.out.stat().st_size} bytes, seed {args.seed}")
    return 0
