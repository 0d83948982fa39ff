"""``cockpit corpus``: what was said before, imported, shown, and counted in a transcript."""

import argparse
import gzip
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cockpit.cli.talking import clean, progress, say
from cockpit.domain.errors import InputError

if TYPE_CHECKING:
    from cockpit.cli.talking import Progress
    from cockpit.models.mentions.rates import Rate
    from cockpit.runtime.corpus import Added, Corpus, Line, Row
    from cockpit.runtime.transcripts import Transcript

SESSION, LIST, MAP, TRANSCRIPTS = "session", "list", "map", "transcripts"


def add_corpus(commands: Any) -> None:
    """``cockpit corpus``."""
    p = commands.add_parser("corpus", help="what was said at events before: import it, show it, count words")
    what = p.add_subparsers(dest="what", required=True, metavar="WHAT")
    add = what.add_parser("import", help="settled markets, lists, sessions and transcripts into the corpus")
    add.add_argument(
        "files",
        type=Path,
        nargs="+",
        metavar="FILE",
        help="a map of settled markets (.json, .gz), a list (.jsonl), a session (.zst), transcripts (.txt, .json, a folder, .tar.xz)",
    )
    add.add_argument("--speaker", default="", metavar="NAME", help="of transcripts that do not say")
    add.add_argument("--day", default="", metavar="DATE", help="of transcripts that do not say")
    add.set_defaults(run=_import)
    show = what.add_parser("show", help="base rates, and where a phrase was said")
    show.add_argument("phrase", nargs="?", default="", metavar="PHRASE", help='such as "Crypto / Bitcoin"')
    show.add_argument("--speaker", default="", metavar="NAME")
    show.add_argument("--json", action="store_true", help="print one JSON object")
    show.set_defaults(run=_show)
    count = what.add_parser("count", help="how a market on a phrase comes out by a transcript")
    count.add_argument("transcript", type=Path, metavar="TRANSCRIPT", help=".txt or .json")
    count.add_argument("--phrase", required=True, metavar="TEXT", help='such as "Biden (5+ times)"')
    count.add_argument("--rules", choices=("kalshi", "polymarket"), default="kalshi", help="whose")
    count.add_argument("--speaker", default="", metavar="NAME", help="whose words count")
    count.add_argument("--json", action="store_true", help="print one JSON object")
    count.set_defaults(run=_count)
    for each in (add, show):
        each.add_argument("--corpus", type=Path, metavar="FILE", help="instead of the one of the settings")


# ------------------------------------------------------------------------------------------------ import


def _import(args: argparse.Namespace) -> int:
    from cockpit.runtime.corpus import Corpus

    now = time.time_ns()  # noqa: TID251  the command's edge
    if args.day:
        _checked_day(args.day)
    missing = [path for path in args.files if not path.exists()]
    if missing:
        raise InputError(f"{missing[0]}: no such file")
    with _left_as_it_was(_path(args)) as where, Corpus(where) as corpus, corpus.importing():
        for path in args.files:
            with progress(path.name, 1) as told:
                added = _one(corpus, path, args, now, told)
            say(f"{path}: {_words(added)}")
        with progress("transcripts", 1) as told:
            derived = corpus.derive(now, told)
    if derived.new:
        say(
            f"from transcripts: {_words(derived)}; base rates leave them out unless mentions.transcripts is set"
        )
    totals = corpus_totals(args)
    say(
        f"{corpus.path}: {totals['listed']} occurrences of {totals['events']} events, {totals['transcripts']} transcripts"
        f" ({totals['from_transcripts']} occurrences in them)"
    )
    return 0


@contextmanager
def _left_as_it_was(path: Path) -> Iterator[Path]:
    """Around an import: a corpus that was not there is not there after one that failed either."""
    fresh = not path.exists()
    try:
        yield path
    except BaseException:
        for end in ("", "-wal", "-shm") if fresh else ():
            path.with_name(path.name + end).unlink(missing_ok=True)
        raise


def corpus_totals(args: argparse.Namespace) -> dict[str, int]:
    """How much there is by now."""
    from cockpit.runtime.corpus import Corpus

    with Corpus(_path(args), read_only=True) as corpus:
        return corpus.totals()


def _words(added: "Added") -> str:
    told = f"{added.new} new, {added.known} known"
    return told + (
        f", {added.other} that say otherwise than what stands (left as it was)" if added.other else ""
    )


def _path(args: argparse.Namespace) -> Path:
    from cockpit.runtime.corpus import corpus_path
    from cockpit.settings import files

    own: Path | None = args.corpus
    return own or corpus_path(files.load(args.settings))


def _one(corpus: "Corpus", path: Path, args: argparse.Namespace, now: int, told: "Progress") -> "Added":
    """One file into the corpus. Raises InputError."""
    kind = _kind(path)
    if kind == TRANSCRIPTS:
        return corpus.add_transcripts(_transcripts(path, args, told), path.name, now)
    if kind == SESSION and args.corpus is None:
        _refuse_synthetic(path)
    return corpus.add(_rows(path, kind, told), path.name, now)


def _refuse_synthetic(path: Path) -> None:
    """A rehearsal's words are invented: they are no evidence. Raises InputError."""
    from cockpit.runtime.reader import SessionFile

    if "synthetic" in SessionFile(path).header.capabilities:
        raise InputError(
            f"{path}: a synthetic session: what is said in it is invented (--corpus FILE keeps such apart)"
        )


def _kind(path: Path) -> str:
    """What a file is, by its name; a JSON file by what it holds."""
    name = path.name.lower()
    if path.is_dir() or name.endswith((".txt", ".tgz")) or ".tar" in path.suffixes:
        return TRANSCRIPTS
    if name.endswith(".zst"):
        return SESSION
    if name.endswith((".jsonl", ".jsonl.gz")):
        return LIST
    if not name.endswith((".json", ".json.gz")):
        raise InputError(f"{path}: neither a map, a list, a session nor a transcript by its name")
    try:
        with gzip.open(path) if name.endswith(".gz") else path.open("rb") as file:
            held = json.loads(file.read())
    except (OSError, EOFError, ValueError, RecursionError) as error:
        raise InputError(f"{path}: {error}") from None
    return TRANSCRIPTS if isinstance(held, dict) and isinstance(held.get("text"), str) else MAP


def _rows(path: Path, kind: str, told: "Progress") -> "Iterator[Row]":
    """The occurrences of a map, a list or a session. Raises InputError."""
    from cockpit.runtime.corpus import Row
    from cockpit.runtime.settled import listed, settled

    if kind == LIST:
        yield from listed(path, told)
    elif kind == SESSION:
        from cockpit.runtime import replay
        from cockpit.runtime.reader import SessionFile

        yield from settled(replay.events(SessionFile(path)))
    else:
        from cockpit.evaluation.mentions import read_map

        labels = _labels(path)
        yield from (
            Row(each.occurrence, labels.get(each.ticker, ""))
            for each in read_map(path)
            if each.occurrence.speaker
        )


def _labels(path: Path) -> dict[str, str]:
    """Each market's word as the venue writes it; nothing where the map is not one (`read_map` says so)."""
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            held = json.loads(file.read())
        return {
            str(market["ticker"]): str(market["word"])
            for each in held.values()
            for event in each["kalshi_events"]
            for market in event["markets"]
        }
    except (OSError, EOFError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _transcripts(path: Path, args: argparse.Namespace, told: "Progress") -> "Iterator[Transcript]":
    """The transcripts of a file, a folder or a tar, completed by what the person says. Raises InputError."""
    from msgspec.structs import replace

    from cockpit.runtime.transcripts import files_of, parse, spoken_by

    alone = not path.is_dir() and ".tar" not in path.suffixes and path.suffix != ".tgz"
    other: list[str] = []
    for i, (name, data) in enumerate(files_of(path)):
        told(i, i + 1)
        found = parse(name, data)
        if found is not None:
            found = replace(
                found,
                speaker=found.speaker or (spoken_by(args.speaker) if args.speaker else ""),
                day=found.day or args.day,
            )
        if found is not None and found.speaker and found.day and found.text.strip():
            yield found
        elif alone:
            raise InputError(f"{name}: {_lacks(found)}")
        else:
            other.append(f"{name}: {_lacks(found)}")
    if other:
        say(f"passed over: {len(other)} files; the first: {other[0]}")


def _lacks(found: "Transcript | None") -> str:
    if found is None:
        return "no transcript"
    if not found.text.strip():
        return "nothing is said in it"
    what = [f"{what} (--{what})" for what in ("speaker", "day") if not getattr(found, what)]
    return f"no {' and no '.join(what)}"


def _checked_day(text: str) -> None:
    from datetime import date

    try:
        fine = date.fromisoformat(text).isoformat() == text
    except ValueError:
        fine = False
    if not fine:
        raise InputError(f"--day {text!r}: expected YYYY-MM-DD")


# ------------------------------------------------------------------------------------------------ show


def _show(args: argparse.Namespace) -> int:
    from cockpit.runtime.corpus import Corpus
    from cockpit.runtime.transcripts import spoken_by

    path = _path(args)
    if not path.exists():
        raise InputError(f"{path}: there is no corpus yet (`cockpit corpus import FILE...` makes one)")
    speaker = spoken_by(args.speaker) if args.speaker else ""
    with Corpus(path, read_only=True) as corpus:
        if args.phrase:
            return _show_phrase(corpus, args.phrase, speaker, as_json=args.json)
        lines, totals = corpus.lines(speaker), corpus.totals()
    if args.json:
        print(json.dumps(totals | {"phrases": [each._asdict() for each in lines]}))
        return 0
    for each in lines:
        print(clean(_line(each)))
    say(
        f"{totals['listed']} occurrences of {totals['events']} events, {totals['transcripts']} transcripts"
        f" ({totals['from_transcripts']} occurrences in them)"
    )
    return 0


def _line(each: "Line") -> str:
    share = f"{each.said / each.n:.2f}" if each.n else "   -"
    more = f"  transcripts {each.transcripts_said}/{each.transcripts}" if each.transcripts else ""
    return (
        f"{each.speaker:<16} {(each.label or each.phrase)[:40]:<40} {each.said:>4}/{each.n:<4} {share}{more}"
    )


def _show_phrase(corpus: "Corpus", text: str, speaker: str, *, as_json: bool) -> int:
    """One phrase: its rate for each speaker who has it, and where it was said."""
    from cockpit.models.mentions.occasions import OTHER
    from cockpit.models.mentions.rates import Rates, alternatives, key
    from cockpit.runtime.transcripts import asked

    phrase = key(*asked(text))
    wanted = set(alternatives(phrase))
    speakers = sorted(
        {each.speaker for each in corpus.lines(speaker) if wanted & {*alternatives(each.phrase)}}
    )
    told: list[dict[str, object]] = []
    for each in speakers:
        rows, more = corpus.lookup([(each, phrase)]), corpus.lookup([(each, phrase)], transcripts=True)
        known = Rates(rows.occurrences, rows.shares)
        rate, past = known.rate(each, OTHER, phrase, _tomorrow()), known.past(each, phrase, "9999-12-31")
        heard = [one for one in more.occurrences if one not in rows.occurrences]
        told.append(
            {
                "speaker": each, "phrase": phrase, "rate": rate.mean, "error": rate.error, "said": sum(o.said for o in past),
                "n": len(past), "prior": rate.prior, "transcripts_said": sum(o.said for o in heard),
                "transcripts": len(heard),
                "past": [{"day": o.day, "event": o.event, "kind": o.kind, "said": o.said} for o in past],
            }
        )  # fmt: skip
        if not as_json:
            print(clean(_rate_line(each, text, rate, told[-1])))
            for o in past:
                print(clean(f"  {o.day}  {'yes' if o.said else 'no ':<3}  {o.kind:<16} {o.event}"))
    if as_json:
        print(json.dumps({"phrase": phrase, "speakers": told}))
    elif not told:
        say(f"nothing is known of {text!r}" + (f" by {speaker}" if speaker else ""))
    return 0


def _rate_line(speaker: str, text: str, rate: "Rate", told: dict[str, object]) -> str:
    return (
        f"{speaker}, {text}: {rate.mean:.2f} +- {rate.error:.2f}, said at {told['said']} of {told['n']} events,"
        f" shrunk to {rate.prior:.2f}; in {told['transcripts_said']} of {told['transcripts']} transcripts"
    )


def _tomorrow() -> str:
    from cockpit.domain.newyork import local

    today = local(time.time_ns()).date()  # noqa: TID251  the command's edge
    return (today + timedelta(days=1)).isoformat()


# ------------------------------------------------------------------------------------------------ count


def _count(args: argparse.Namespace) -> int:
    from msgspec.structs import replace

    from cockpit.models.mentions.counting import KALSHI, POLYMARKET, count, outcome
    from cockpit.runtime.transcripts import asked, files_of, parse, passages, spoken_by

    if args.transcript.is_dir():
        raise InputError(f"{args.transcript}: one transcript, not a folder")
    ((name, data),) = files_of(args.transcript)
    told = parse(name, data)
    if told is None:
        raise InputError(f"{name}: no transcript")
    phrases, least = asked(args.phrase)
    if not phrases:
        raise InputError(f"--phrase {args.phrase!r}: no word in it")
    speaker = spoken_by(args.speaker) if args.speaker else told.speaker
    rules = KALSHI if args.rules == "kalshi" else POLYMARKET
    found = count(passages(replace(told, speaker=speaker)), phrases, rules, speaker)
    verdict = outcome(found, least)
    if args.json:
        print(
            json.dumps(
                {"outcome": verdict, "sure": found.sure, "doubtful": found.doubtful, "least": least, "phrases": phrases,
                 "rules": args.rules, "speaker": speaker}
            )
        )  # fmt: skip
    else:
        whose = f" by {speaker}" if speaker else " by anybody"
        print(
            clean(
                f"{verdict.upper()}  {found.sure} for sure, {found.doubtful} in doubt, {least} asked for{whose}"
            )
        )
    return 0
