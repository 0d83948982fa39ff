"""``cockpit report``: what recorded sessions, or the journal, came to."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cockpit.cli.replay import session_settings
from cockpit.cli.talking import progress, recovered
from cockpit.domain.errors import OutputError, SettingsError

if TYPE_CHECKING:
    from cockpit.evaluation.report_runs import Run


def add_report(commands: Any) -> None:
    """``cockpit report``."""
    p = commands.add_parser(
        "report", help="what sessions or the journal came to, by lane and family of markets"
    )
    p.add_argument("sessions", type=Path, nargs="*", metavar="SESSION")
    p.add_argument("--journal", action="store_true", help="the profile's paper account instead of sessions")
    p.add_argument("--html", type=Path, metavar="FILE", help="write one self-contained page")
    p.add_argument("--json", action="store_true", help="print one JSON object")
    p.add_argument("--csv", type=Path, metavar="DIR", help="write a CSV file a table")
    p.set_defaults(run=_report)


def _report(args: argparse.Namespace) -> int:
    if bool(args.sessions) == args.journal:
        raise SettingsError("give sessions, or --journal")
    from cockpit.evaluation.report import report
    from cockpit.evaluation.report_files import as_json, tables, text
    from cockpit.evaluation.report_html import page

    made = report([_journal(args)] if args.journal else _sessions(args))
    if args.html is not None:
        _write(args.html, page(made))
    if args.csv is not None:
        _folder(args.csv)
        for name, rows in tables(made).items():
            _write(args.csv / name, rows)
    print(json.dumps(as_json(made)) if args.json else text(made))
    return 0


def _sessions(args: argparse.Namespace) -> "list[Run]":
    """Each session once, in the order they were recorded."""
    from cockpit.evaluation.report_runs import run_session
    from cockpit.runtime.reader import SessionFile

    files = [SessionFile(path) for path in dict.fromkeys(args.sessions)]
    files.sort(key=lambda file: next((batch[0].t for batch in file.blocks()), 0))
    runs = []
    for i, file in enumerate(files):
        settings = session_settings(argparse.Namespace(settings=args.settings, session=file.path), file)
        with progress(f"report {file.path.name}", file.path.stat().st_size) as told:
            runs.append(run_session(file, settings, told, fresh=i > 0))
        recovered(file)
    return runs


def _journal(args: argparse.Namespace) -> "Run":
    from cockpit.evaluation.report_runs import run_journal
    from cockpit.settings.files import data_dir, load

    settings = load(args.settings)
    return run_journal(data_dir() / settings.profile / "journal.sqlite3", settings)


def _folder(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{path}: {error.strerror or error}") from None


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise OutputError(f"{path}: {error.strerror or error}") from None
