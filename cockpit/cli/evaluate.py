"""``cockpit simulate`` and ``cockpit evaluate``: what would have been, and how right we are."""

import argparse
import json
from pathlib import Path
from typing import Any

from cockpit.cli.replay import session_settings
from cockpit.cli.talking import narrate, progress, recovered, say


def add_simulate(commands: Any) -> None:
    """``cockpit simulate``."""
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
    engine = replay.engine_for_orders(file, session_settings(args, file), args.latency_ms, len(wishes))
    refusals = Refusals()
    session = replay.session(file, engine, None, listeners=(refusals,))
    with progress("simulate", args.session.stat().st_size) as told:
        batches = merged(replay.batches(file, told), script(wishes))
        replay.run_quietly(session, batches, None)
    narrate(session, file)
    out = results(session, wishes, refusals)
    for wish in wishes:
        if wish.lane in refusals.reasons:
            say(f"{args.orders}: line {wish.line}: refused: {refusals.reasons[wish.lane]}")
    print(json.dumps(out) if args.json else text(out))
    return 0


def add_evaluate(commands: Any) -> None:
    """``cockpit evaluate``."""
    p = commands.add_parser("evaluate", help="measure the program on recordings")
    kinds = p.add_subparsers(dest="what", required=True, metavar="WHAT")
    fills = kinds.add_parser("fills", help="how right the simulated fills are; real orders are the oracle")
    fills.add_argument("sessions", type=Path, nargs="+", metavar="SESSION")
    fills.add_argument("--json", action="store_true", help="print one JSON object")
    fills.set_defaults(run=_evaluate_fills)
    fair = kinds.add_parser("fair", help="score the fair value on recorded sessions, by time left")
    fair.add_argument("sessions", type=Path, nargs="+", metavar="SESSION")
    fair.add_argument("--json", action="store_true", help="print one JSON object")
    fair.set_defaults(run=_evaluate_fair)
    crypto = kinds.add_parser("crypto", help="score the fair value on recorded crypto ladders")
    crypto.add_argument("files", type=Path, nargs="+", metavar="FILE", help="JSON lines, plain or .gz")
    crypto.add_argument("--json", action="store_true", help="print one JSON object")
    crypto.set_defaults(run=_evaluate_crypto)
    matching = kinds.add_parser(
        "matching", help="how well markets of two venues are matched, by labelled pairs"
    )
    matching.add_argument("labels", type=Path, metavar="LABELS.jsonl")
    matching.add_argument("--json", action="store_true", help="print one JSON object")
    matching.set_defaults(run=_evaluate_matching)
    nba = kinds.add_parser("nba", help="score NBA win probabilities on recorded score timelines")
    nba.add_argument(
        "timeline", type=Path, metavar="TIMELINE.csv.gz", help="a row for each play, plain or .gz"
    )
    nba.add_argument(
        "--odds", type=Path, metavar="ODDS.csv.gz", help="closing lines; without it none is known"
    )
    nba.add_argument("--json", action="store_true", help="print one JSON object")
    nba.set_defaults(run=_evaluate_nba)
    _add_mentions(kinds)
    lines = kinds.add_parser("devig", help="score books' closing prices, their margin taken out four ways")
    lines.add_argument("file", type=Path, metavar="FILE.csv.gz", help="a row a game, plain or .gz")
    lines.add_argument("--json", action="store_true", help="print one JSON object")
    lines.set_defaults(run=_evaluate_devig)
    weather = kinds.add_parser("weather", help="score blended temperature forecasts on reported highs")
    weather.add_argument(
        "folder", type=Path, metavar="DIR", help="NAME_nws.csv and NAME_forecasts.csv a station"
    )
    weather.add_argument(
        "--train-before", required=True, metavar="DATE", help="fit before this day, score from it on"
    )
    weather.add_argument("--json", action="store_true", help="print one JSON object")
    weather.set_defaults(run=_evaluate_weather)


def _add_mentions(kinds: Any) -> None:
    p = kinds.add_parser("mentions", help="score base rates of words said on settled mention markets")
    p.add_argument("map", type=Path, metavar="MAP.json.gz", help="settled markets by event, plain or .gz")
    p.add_argument(
        "--train-before",
        required=True,
        metavar="DATE",
        help="learn from what lies before this day, score the rest",
    )
    p.add_argument(
        "--candles", type=Path, metavar="CANDLES.csv.gz", help="the markets' own prices, to be scored beside"
    )
    p.add_argument("--json", action="store_true", help="print one JSON object")
    p.set_defaults(run=_evaluate_mentions)


def _evaluate_fills(args: argparse.Namespace) -> int:
    from cockpit.evaluation.fills import FillReport, by_market, evaluate_fills
    from cockpit.runtime import replay
    from cockpit.runtime.reader import SessionFile

    total = FillReport()
    with progress("evaluate fills", len(args.sessions)) as told:
        for i, path in enumerate(args.sessions):
            file = SessionFile(path)
            for events in by_market(replay.events(file)).values():
                total.add(evaluate_fills(events))
            recovered(file)
            told(i + 1, len(args.sessions))
    if not total.trades:
        say("no trades in these sessions: nothing can be said about fills")
    print(json.dumps(total.as_json()) if args.json else total.as_text())
    return 0


def _evaluate_crypto(args: argparse.Namespace) -> int:
    from cockpit.evaluation.crypto import evaluate_crypto

    with progress("evaluate crypto", len(args.files)) as told:
        report = evaluate_crypto(args.files, told)
    for why in report.passed_over:
        say(f"passed over: {why}")
    print(json.dumps(report.as_json()) if args.json else report.as_text())
    return 0


def _evaluate_matching(args: argparse.Namespace) -> int:
    from cockpit.evaluation.matching import evaluate_matching

    with progress("evaluate matching", args.labels.stat().st_size if args.labels.is_file() else 0) as told:
        report = evaluate_matching(args.labels, told)
    print(json.dumps(report.as_json()) if args.json else report.as_text())
    return 0


def _evaluate_nba(args: argparse.Namespace) -> int:
    from cockpit.evaluation.nba import evaluate_nba

    with progress("evaluate nba", 1) as told:
        report = evaluate_nba(args.timeline, args.odds, told)
    if report.unfinished:
        say(f"left out, as their end is not in the file: {', '.join(report.unfinished)}")
    if args.odds is not None and report.lined < report.n_games:
        say(f"no line for {report.n_games - report.lined} games")
    if not report.n_games:
        say("no finished game in this file: nothing can be scored")
    print(json.dumps(report.as_json()) if args.json else report.as_text())
    return 0


def _evaluate_weather(args: argparse.Namespace) -> int:
    from cockpit.evaluation.weather import evaluate_weather

    with progress("evaluate weather", 1) as told:
        report = evaluate_weather(args.folder, args.train_before, told)
    print(json.dumps(report.as_json()) if args.json else report.as_text())
    return 0


def _evaluate_devig(args: argparse.Namespace) -> int:
    from cockpit.evaluation.devig import evaluate_devig

    report = evaluate_devig(args.file)
    print(json.dumps(report.as_json()) if args.json else report.as_text())
    return 0


def _evaluate_mentions(args: argparse.Namespace) -> int:
    from cockpit.evaluation.mentions import evaluate_mentions

    report = evaluate_mentions(args.map, args.train_before, args.candles)
    if not report.n_markets:
        say("no market settles on or after that day: nothing can be scored")
    print(json.dumps(report.as_json()) if args.json else report.as_text())
    return 0


def _evaluate_fair(args: argparse.Namespace) -> int:
    from cockpit.evaluation.fair import FairReport, moments, paid
    from cockpit.runtime import replay
    from cockpit.runtime.reader import SessionFile
    from cockpit.settings.tree import Settings

    report = FairReport()
    with progress("evaluate fair", len(args.sessions)) as told:
        for i, path in enumerate(args.sessions):
            file = SessionFile(path)
            made = replay.engine(file, Settings().with_lanes(()).without_desk())
            found = moments(made)
            replay.run_quietly(replay.session(file, made, None), replay.batches(file), None)
            report.add(found, paid(made))
            recovered(file)
            told(i + 1, len(args.sessions))
    if not report.markets:
        say("no market of these sessions settles within them: nothing can be scored")
    print(json.dumps(report.as_json()) if args.json else report.as_text())
    return 0
