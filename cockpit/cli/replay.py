"""``cockpit replay``: a recorded session once more, on the screen or without one."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cockpit.cli.screen import show, speed
from cockpit.cli.talking import narrate, progress, say

if TYPE_CHECKING:
    from cockpit.runtime.reader import SessionFile
    from cockpit.runtime.recorder import Recorder
    from cockpit.runtime.session import Session
    from cockpit.settings.tree import Settings


def add_replay(commands: Any) -> None:
    """``cockpit replay``."""
    p = commands.add_parser("replay", help="run a recorded session through the engine again")
    p.add_argument("session", type=Path)
    p.add_argument("--headless", action="store_true", help="no screen")
    p.add_argument("--json", action="store_true", help="print one JSON object")
    p.add_argument("--verify", action="store_true", help="check the effects against the recorded digests")
    p.add_argument("--from", dest="start", metavar="T", help="lanes start at T: ISO time, ns, or +MM:SS")
    p.add_argument("--approve", choices=("recorded", "none", "all"), default="recorded", help="tickets")
    p.add_argument("--lanes", metavar="A,B", help="shadow lanes to run, instead of the recorded ones")
    p.add_argument("--speed", type=speed, default=1.0, metavar="X", help="on the screen: times as fast")
    p.add_argument("--record", type=Path, metavar="OUT", help="record the replay as a session of its own")
    p.set_defaults(run=_replay)


def _replay(args: argparse.Namespace) -> int:
    from cockpit.evaluation.summary import summary, text
    from cockpit.runtime import replay
    from cockpit.runtime.reader import SessionFile
    from cockpit.settings.files import load

    file = SessionFile(args.session)
    if args.verify:
        _check_verifiable(args)
        replay.check_versions(file)
    settings = session_settings(args, file)
    if _on_screen(args):
        settings = settings.wearing(load(args.settings))
        start = replay.moment(args.start, file) if args.start else None
        return show(
            file, settings, "REPLAY", hindsight=True, approve=args.approve, speed=args.speed, start=start,
            config=args.settings,
        )  # fmt: skip
    session, recorder = _open_session(args, file, settings)
    start = replay.moment(args.start, file) if args.start else None
    with progress("replay", args.session.stat().st_size) as told:
        batches = replay.batches(file, told)
        if start is not None:
            batches = replay.lanes_from(session.engine, batches, start)
        seconds = replay.run_quietly(session, batches, recorder)
    narrate(session, file)
    if args.verify:
        replay.check_digests(session, args.session)
        say(f"verified: {session.digests} digests agree")
    out = summary(session, seconds)
    print(json.dumps(out) if args.json else text(out))
    return 0


def _on_screen(args: argparse.Namespace) -> bool:
    """Whether a person looks on: not with --headless, nor where only a run to the end gives the answer."""
    return not (args.headless or args.json or args.verify or args.record)


def _check_verifiable(args: argparse.Namespace) -> None:
    from cockpit.domain.errors import SettingsError

    if args.lanes is not None or args.start or args.approve != "recorded":
        raise SettingsError("--verify replays what was recorded: without --lanes, --from and --approve")


def session_settings(args: argparse.Namespace, file: "SessionFile") -> "Settings":
    """The recorded settings if the session has them, else the user's; ``--lanes`` on top."""
    from cockpit.settings import files, tree

    if file.header.settings and args.settings is None:
        chosen = tree.read(file.header.settings, f"{args.session}: header")
    else:
        chosen = files.load(args.settings)
    if getattr(args, "lanes", None) is not None:
        chosen = chosen.with_lanes(tuple(name for name in args.lanes.split(",") if name))
    return chosen


def _open_session(
    args: argparse.Namespace, file: "SessionFile", settings: "Settings"
) -> "tuple[Session, Recorder | None]":
    """An engine that starts where the session starts, and a recorder if one was asked for."""
    from cockpit.runtime import replay

    engine = replay.engine(file, settings)
    recorder = None
    if args.record is not None:
        recorder = replay.recorder(args.record, file, settings, engine)
    return replay.session(file, engine, recorder, approve=args.approve, verify=args.verify), recorder
