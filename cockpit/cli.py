"""The command line. Data goes to standard output, narration and progress to standard error.

Exit codes: 0 ok, 1 a fault of ours, 2 usage or settings, 3 input that cannot be read, 4 not verified.
Everything heavy is imported inside the command that needs it.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cockpit.domain.errors import CockpitError

if TYPE_CHECKING:
    from cockpit.runtime.reader import SessionFile
    from cockpit.runtime.recorder import Recorder
    from cockpit.runtime.session import Session
    from cockpit.settings import Settings

Progress = Callable[[int, int], None]


def entry() -> None:
    """The console script."""
    sys.exit(main(sys.argv[1:]))


def main(argv: Sequence[str]) -> int:
    """Run one command; its exit code."""
    args = _parser().parse_args(argv)
    try:
        code: int = args.run(args)
    except CockpitError as error:
        _say(f"{error.title}: {error}")
        return error.exit_code
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        return 130
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "cockpit", description="A trading cockpit for makers on prediction markets."
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and leave")
    parser.add_argument(
        "--settings", type=Path, metavar="FILE", help="a settings file instead of the usual one"
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_replay(commands)
    _add_import(commands)
    _add_export(commands)
    _add_simulate(commands)
    _add_evaluate(commands)
    _add_rehearse(commands)
    return parser


class _Version(argparse.Action):
    """``--version``, read from the installed package only when asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any, **__: Any) -> None:
        from importlib.metadata import version

        print(f"cockpit {version('cockpit')}")
        parser.exit(0)


# ---------------------------------------------------------------------------------------------- replay


def _add_replay(commands: Any) -> None:
    p = commands.add_parser("replay", help="run a recorded session through the engine again")
    p.add_argument("session", type=Path)
    p.add_argument("--headless", action="store_true", help="no screen")
    p.add_argument("--json", action="store_true", help="print one JSON object")
    p.add_argument("--verify", action="store_true", help="check the effects against the recorded digests")
    p.add_argument("--from", dest="start", metavar="T", help="lanes start at T: ISO time, ns, or +MM:SS")
    p.add_argument("--approve", choices=("recorded", "none", "all"), default="recorded", help="tickets")
    p.add_argument("--lanes", metavar="A,B", help="shadow lanes to run, instead of the recorded ones")
    p.add_argument("--record", type=Path, metavar="OUT", help="record the replay as a session of its own")
    p.set_defaults(run=_replay)


def _replay(args: argparse.Namespace) -> int:
    from cockpit.evaluation.summary import summary, text
    from cockpit.runtime import replay
    from cockpit.runtime.reader import SessionFile

    file = SessionFile(args.session)
    if args.verify:
        _check_verifiable(args)
        replay.check_versions(file)
    settings = _session_settings(args, file)
    session, recorder = _open_session(args, file, settings)
    start = replay.moment(args.start, file) if args.start else None
    with _progress("replay", args.session.stat().st_size) as progress:
        batches = replay.batches(file, progress)
        if start is not None:
            batches = replay.lanes_from(session.engine, batches, start)
        seconds = replay.run_quietly(session, batches, recorder)
    _narrate(session, file)
    if args.verify:
        replay.check_digests(session, args.session)
        _say(f"verified: {session.digests} digests agree")
    out = summary(session, seconds)
    print(json.dumps(out) if args.json else text(out))
    return 0


def _check_verifiable(args: argparse.Namespace) -> None:
    from cockpit.domain.errors import SettingsError

    if args.lanes is not None or args.start or args.approve != "recorded":
        raise SettingsError("--verify replays what was recorded: without --lanes, --from and --approve")


def _session_settings(args: argparse.Namespace, file: "SessionFile") -> "Settings":
    """The recorded settings if the session has them, else the user's; ``--lanes`` on top."""
    from cockpit import settings

    if file.header.settings and args.settings is None:
        chosen = settings.read(file.header.settings, f"{args.session}: header")
    else:
        chosen = settings.load(args.settings)
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


# ---------------------------------------------------------------------------------------------- import, export


def _add_import(commands: Any) -> None:
    p = commands.add_parser("import", help="make a session file of newline-delimited captures")
    p.add_argument("files", type=Path, nargs="+", metavar="FILE", help="plain, .gz, .xz, .bz2 or .zst")
    p.add_argument("-o", dest="out", type=Path, required=True, metavar="OUT.jsonl.zst")
    p.add_argument("--source", default="", help="source of every frame, e.g. kalshi.ws")
    p.add_argument("--frame-field", default="frame", help='field that holds the frame; "." is the whole line')
    p.add_argument("--time-field", default="recv_ns", help="field that holds the receive time")
    p.add_argument("--time-unit", choices=("s", "ms", "us", "ns"), default="ns")
    p.add_argument("--url-field", default="url", help="field that holds the URL of a REST answer")
    p.add_argument("--yes-price", action="store_true", help="NO levels are told at YES-equivalent prices")
    p.add_argument("--force", action="store_true", help="replace OUT")
    p.set_defaults(run=_import)


def _import(args: argparse.Namespace) -> int:
    import time

    from cockpit.runtime.capture import Form, import_captures
    from cockpit.runtime.header import make_header

    form = Form(
        source=args.source,
        frame_field=args.frame_field,
        time_field=args.time_field,
        time_unit=args.time_unit,
        url_field=args.url_field,
    )
    words = ("use_yes_price",) if args.yes_price else ()
    header = make_header(created=time.time_ns(), settings={}, capabilities=words)  # noqa: TID251  the command's edge
    with _progress("import", 1) as progress:
        report = import_captures(
            args.files, args.out, form=form, header=header, overwrite=args.force, progress=progress
        )
    for torn in report.torn:
        _say(f"torn: {torn}")
    if report.bad:
        _say(f"{report.bad} lines hold no frame and are kept as they are; the first: {report.first_bad}")
    if report.backwards:
        _say(f"{report.backwards} lines were stamped earlier than the line before; they carry its time")
    _say(f"{report.frames} frames, {args.out} ({', '.join(report.capabilities)})")
    return 0


def _add_export(commands: Any) -> None:
    p = commands.add_parser("export", help="copy a session to plain JSON lines or to Parquet")
    p.add_argument("session", type=Path)
    group = p.add_mutually_exclusive_group(required=True)
    group.add_argument(
        "--jsonl", type=Path, nargs="?", const=Path("-"), metavar="FILE", help="or standard output"
    )
    group.add_argument("--parquet", type=Path, metavar="DIR")
    p.set_defaults(run=_export)


def _export(args: argparse.Namespace) -> int:
    from cockpit.runtime.export import export_jsonl, export_parquet
    from cockpit.runtime.feeds import Receivers
    from cockpit.runtime.reader import SessionFile

    file = SessionFile(args.session)
    if args.jsonl == Path("-"):
        for lines in file.texts():
            sys.stdout.buffer.write(lines)
        _recovered(file)
        return 0
    if args.jsonl is not None:
        count = export_jsonl(file, args.jsonl)
        _recovered(file)
        _say(f"{count} lines, {args.jsonl}")
        return 0
    feeds = Receivers(file.header.capabilities).feeds
    done = export_parquet(file, args.parquet, feeds)
    _recovered(file)
    _say(", ".join(f"{name} {rows}" for name, rows in done.rows.items()))
    return 0


# ---------------------------------------------------------------------------------------------- simulate, evaluate


def _add_simulate(commands: Any) -> None:
    p = commands.add_parser("simulate", help="what would my order have done?")
    p.add_argument("session", type=Path)
    p.add_argument("--orders", type=Path, required=True, metavar="ORDERS.csv")
    p.add_argument(
        "--latency-ms", type=int, default=0, metavar="MS", help="added to both times of each order"
    )
    p.add_argument("--json", action="store_true", help="print one JSON object")
    p.set_defaults(run=_simulate)


def _count(text: str) -> int:
    """A whole number from 0 on; argparse names the option in its message."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r}: a whole number from 0 on")
    return int(text)


def _simulate(args: argparse.Namespace) -> int:
    from cockpit.evaluation.simulate import Refusals, merged, read_orders, results, script, text
    from cockpit.runtime import replay
    from cockpit.runtime.reader import SessionFile

    wishes = read_orders(args.orders)
    file = SessionFile(args.session)
    engine = replay.engine_for_orders(file, _session_settings(args, file), args.latency_ms, len(wishes))
    refusals = Refusals()
    session = replay.session(file, engine, None, listeners=(refusals,))
    with _progress("simulate", args.session.stat().st_size) as progress:
        batches = merged(replay.batches(file, progress), script(wishes))
        replay.run_quietly(session, batches, None)
    _narrate(session, file)
    out = results(session, wishes, refusals)
    for wish in wishes:
        if wish.lane in refusals.reasons:
            _say(f"{args.orders}: line {wish.line}: refused: {refusals.reasons[wish.lane]}")
    print(json.dumps(out) if args.json else text(out))
    return 0


def _add_evaluate(commands: Any) -> None:
    p = commands.add_parser("evaluate", help="measure the program on recordings")
    kinds = p.add_subparsers(dest="what", required=True, metavar="WHAT")
    fills = kinds.add_parser("fills", help="how right the simulated fills are; real orders are the oracle")
    fills.add_argument("sessions", type=Path, nargs="+", metavar="SESSION")
    fills.add_argument("--json", action="store_true", help="print one JSON object")
    fills.set_defaults(run=_evaluate_fills)


def _evaluate_fills(args: argparse.Namespace) -> int:
    from cockpit.evaluation.fills import FillReport, by_market, evaluate_fills
    from cockpit.runtime import replay
    from cockpit.runtime.reader import SessionFile

    total = FillReport()
    with _progress("evaluate fills", len(args.sessions)) as progress:
        for i, path in enumerate(args.sessions):
            file = SessionFile(path)
            for events in by_market(replay.events(file)).values():
                total.add(evaluate_fills(events))
            _recovered(file)
            progress(i + 1, len(args.sessions))
    if not total.trades:
        _say("no trades in these sessions: nothing can be said about fills")
    print(json.dumps(total.as_json()) if args.json else total.as_text())
    return 0


# ---------------------------------------------------------------------------------------------- rehearse


def _add_rehearse(commands: Any) -> None:
    p = commands.add_parser("rehearse", help="write a synthetic session from a seeded world")
    p.add_argument("-o", dest="out", type=Path, required=True, metavar="OUT.jsonl.zst")
    p.add_argument("--seed", type=int, default=7)
    p.add_argument("--minutes", type=float, default=9.0)
    p.add_argument("--force", action="store_true", help="replace OUT")
    p.set_defaults(run=_rehearse)


def _rehearse(args: argparse.Namespace) -> int:
    from cockpit.rehearsal.write import write_session

    write_session(args.out, args.seed, args.minutes, overwrite=args.force)
    _say(f"{args.out}: {args.out.stat().st_size} bytes, seed {args.seed}")
    return 0


# ---------------------------------------------------------------------------------------------- talking


def _say(text: str) -> None:
    print(text, file=sys.stderr)


def _recovered(file: "SessionFile") -> None:
    """What a damaged or torn file lost."""
    found = file.recovered
    if found is not None and found.reason:
        _say(
            f"{file.path}: {found.frames} frames recovered, {found.bytes_dropped} bytes dropped: {found.reason}"
        )


def _narrate(session: "Session", file: "SessionFile") -> None:
    """What went wrong on the way, if anything did."""
    _recovered(file)
    if session.faults:
        counts = ", ".join(f"{source} {n}" for source, n in sorted(session.faults.items()))
        _say(f"unreadable frames: {counts}; the first: {session.first_fault}")
    tolerated = Counter({what: n for what, n in session.tolerated().items() if " field:" not in what})
    if tolerated:
        _say("passed over: " + ", ".join(f"{what} ({n})" for what, n in tolerated.most_common(8)))
    if session.backwards:
        _say(f"{session.backwards} frames were stamped earlier than the one before")
    if session.breaks:
        _say(
            f"{session.breaks} frames do not follow the one before by number: lines were lost, repeated or moved"
        )
    if session.doubts:
        first = session.doubts[0]
        _say(
            f"doubts: {session.engine.state.doubts}; the first: {first.market} at {first.ts}: {first.reason}"
        )
    if session.engine.config.no_trades:
        _say("no trade stream in this session: only the cross rule can be computed")


@contextmanager
def _progress(what: str, total: int) -> Iterator[Progress]:
    """A progress bar on standard error when that is a terminal; nothing otherwise."""
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done, of: bar.update(task, completed=done, total=of)
