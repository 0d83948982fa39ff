"""``cockpit import`` and ``cockpit export``: sessions from captures, and out of the house again."""

import argparse
import sys
from pathlib import Path
from typing import Any

from cockpit.cli.talking import progress, recovered, say


def add_import(commands: Any) -> None:
    """``cockpit import``."""
    p = commands.add_parser("import", help="make a session file of newline-delimited captures")
    p.add_argument("files", type=Path, nargs="+", metavar="FILE", help="plain, .gz, .xz, .bz2 or .zst")
    p.add_argument("-o", dest="out", type=Path, required=True, metavar="OUT.jsonl.zst")
    p.add_argument("--source", default="", help="source of every frame, e.g. kalshi.ws")
    p.add_argument("--frame-field", default="frame", help='field that holds the frame; "." is the whole line')
    p.add_argument("--time-field", default="recv_ns", help="field that holds the receive time")
    p.add_argument("--time-unit", choices=("s", "ms", "us", "ns"), default="ns")
    p.add_argument("--url-field", default="url", help="field that holds the URL of a REST answer")
    p.add_argument("--yes-price", action="store_true", help="NO levels are told at YES-equivalent prices")
    p.add_argument(
        "--map",
        type=Path,
        metavar="MAP",
        help="FILEs are minute candles (CSV) of the mention markets of this map",
    )
    p.add_argument("--force", action="store_true", help="replace OUT")
    p.set_defaults(run=_import)


def _import(args: argparse.Namespace) -> int:
    import time

    from cockpit.runtime.candles import import_candles
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
    with progress("import", 1) as told:
        if args.map is None:
            report = import_captures(
                args.files, args.out, form=form, header=header, overwrite=args.force, progress=told
            )
        else:
            report = import_candles(
                args.files, args.map, args.out, header=header, overwrite=args.force, progress=told
            )
    for torn in report.torn:
        say(f"torn: {torn}")
    if report.bad:
        say(f"{report.bad} lines hold no frame and are kept as they are; the first: {report.first_bad}")
    if report.backwards:
        say(f"{report.backwards} lines were stamped earlier than the line before; they carry its time")
    if report.derived:
        say(
            f"{report.derived} quotes were derived by whoever captured them, not quoted: they are passed over"
        )
    if report.unmapped:
        say(f"{report.unmapped} minutes are of markets the map does not have: they are passed over")
    say(f"{report.frames} frames, {args.out} ({', '.join(report.capabilities)})")
    return 0


def add_export(commands: Any) -> None:
    """``cockpit export``."""
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
    from cockpit.runtime.feeds import recorded
    from cockpit.runtime.reader import SessionFile

    file = SessionFile(args.session)
    if args.jsonl == Path("-"):
        for lines in file.texts():
            sys.stdout.buffer.write(lines)
        recovered(file)
        return 0
    if args.jsonl is not None:
        count = export_jsonl(file, args.jsonl)
        recovered(file)
        say(f"{count} lines, {args.jsonl}")
        return 0
    feeds = recorded(file.header.capabilities).feeds
    done = export_parquet(file, args.parquet, feeds)
    recovered(file)
    say(", ".join(f"{name} {rows}" for name, rows in done.rows.items()))
    return 0
