"""The corpus: what was said at events that are over, by whom, of which phrases; and transcripts. One SQLite file.

    add(rows, source, now)           occurrences, each once
    add_transcripts(told, ...)       texts, each once
    derive(now)                      what transcripts say of the phrases known for their speakers
    lookup(phrases)                  what a run is told (frames of `corpus.rows`)

All writing happens inside `importing`, which is one transaction: all of it, or nothing. An occurrence is one phrase of one
event of one speaker, and the first one heard stands. What comes from a settled market or a list is P(said | listed); what
comes from a transcript is P(said), which is less, so it is kept apart and left out unless it is asked for.
"""

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, Self

from cockpit.domain.errors import InputError, OutputError
from cockpit.domain.mentions import EventShare, Occurrence
from cockpit.feeds.corpus import Rows
from cockpit.models.mentions.counting import Outcome
from cockpit.models.mentions.rates import alternatives
from cockpit.runtime.transcripts import Heard, Transcript, asked
from cockpit.settings.files import data_dir
from cockpit.settings.tree import Settings

APPLICATION = 0x636B7063
"""``application_id`` of a corpus: "ckpc"."""
VERSION = 1
LISTED, TRANSCRIPT = "listed", "transcript"
"""Where an occurrence comes from."""
_BUSY = 5.0
"""Seconds to wait for another process that writes."""
_TABLES = """
    CREATE TABLE occurrences (
        id INTEGER PRIMARY KEY, day TEXT NOT NULL, event TEXT NOT NULL, speaker TEXT NOT NULL, kind TEXT NOT NULL,
        phrase TEXT NOT NULL, said INTEGER NOT NULL, origin TEXT NOT NULL, source TEXT NOT NULL,
        imported_ns INTEGER NOT NULL, UNIQUE (speaker, event, phrase)
    );
    CREATE TABLE parts (
        speaker TEXT NOT NULL, part TEXT NOT NULL, occurrence INTEGER NOT NULL REFERENCES occurrences (id),
        PRIMARY KEY (speaker, part, occurrence)
    ) WITHOUT ROWID;
    CREATE TABLE labels (
        speaker TEXT NOT NULL, phrase TEXT NOT NULL, label TEXT NOT NULL, PRIMARY KEY (speaker, phrase)
    ) WITHOUT ROWID;
    CREATE TABLE shares (
        speaker TEXT NOT NULL, event TEXT NOT NULL, kind TEXT NOT NULL, day TEXT NOT NULL, said INTEGER NOT NULL,
        n INTEGER NOT NULL, origin TEXT NOT NULL, PRIMARY KEY (speaker, event, kind)
    ) WITHOUT ROWID;
    CREATE TABLE transcripts (
        id TEXT PRIMARY KEY, day TEXT NOT NULL, speaker TEXT NOT NULL, kind TEXT NOT NULL, title TEXT NOT NULL,
        text TEXT NOT NULL, source TEXT NOT NULL, imported_ns INTEGER NOT NULL
    ) WITHOUT ROWID;
"""


class Row(NamedTuple):
    """An occurrence, and its phrase as a venue writes it (empty where nobody says)."""

    occurrence: Occurrence
    label: str = ""


class Added(NamedTuple):
    """What an import came to: new ones, ones that were there, and ones that were there and say otherwise."""

    new: int = 0
    known: int = 0
    other: int = 0

    def plus(self, more: "Added") -> "Added":
        """Both together."""
        return Added(self.new + more.new, self.known + more.known, self.other + more.other)


class Line(NamedTuple):
    """One phrase of one speaker in the whole corpus, by where its occurrences come from."""

    speaker: str
    phrase: str
    label: str
    said: int
    n: int
    transcripts_said: int
    transcripts: int


def corpus_path(settings: Settings, root: Path | None = None) -> Path:
    """Where a profile's corpus lies: beside its journal, unless the settings say otherwise."""
    if settings.mentions.corpus:
        return Path(settings.mentions.corpus).expanduser()
    return (root or data_dir()) / settings.profile / "corpus.sqlite3"


def found(settings: Settings) -> "Corpus | None":
    """The corpus to read from; None where there is none.

    Raises:
        InputError: when what lies there is none.
    """
    path = corpus_path(settings)
    return Corpus(path, read_only=True) if path.exists() else None


class Corpus:
    """One corpus; a context manager.

    Raises:
        InputError: by any method, naming the file: when it cannot be opened, read or written, is damaged, is no corpus, or
            is of a newer version than this program's.
        OutputError: when its folder cannot be made.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path = path
        if not read_only:
            _make(path)
        with self._faults("opened"):
            self._db = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rw'}",
                uri=True,
                isolation_level=None,
                timeout=_BUSY,
            )
        try:
            with self._faults("opened"):
                self._prepare(read_only=read_only)
        except BaseException:
            self._db.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    # ------------------------------------------------------------------ writing

    @contextmanager
    def importing(self) -> Iterator[None]:
        """Around everything one import writes: all of it stands, or nothing does."""
        with self._faults("written"):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._share()
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    def add(self, rows: Iterable[Row], source: str, now: int, origin: str = LISTED) -> Added:
        """Occurrences of a source, imported at ``now`` (ns UTC)."""
        new = known = other = 0
        for each, label in rows:
            values = (
                each.day,
                each.event,
                each.speaker,
                each.kind,
                each.phrase,
                each.said,
                origin,
                source,
                now,
            )
            at = self._db.execute(
                "INSERT INTO occurrences (day, event, speaker, kind, phrase, said, origin, source, imported_ns)"
                " VALUES (?,?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING RETURNING id",
                values,
            ).fetchone()
            if label:
                self._db.execute(
                    "INSERT INTO labels VALUES (?,?,?) ON CONFLICT DO NOTHING",
                    (each.speaker, each.phrase, label),
                )
            if at is not None:
                new += 1
                self._db.executemany(
                    "INSERT INTO parts VALUES (?,?,?) ON CONFLICT DO NOTHING",
                    [(each.speaker, part, at[0]) for part in alternatives(each.phrase)],
                )
            elif self._says(each) == each.said:
                known += 1
            else:
                other += 1
        return Added(new, known, other)

    def _says(self, each: Occurrence) -> bool:
        row = self._db.execute(
            "SELECT said FROM occurrences WHERE speaker = ? AND event = ? AND phrase = ?",
            (each.speaker, each.event, each.phrase),
        ).fetchone()
        return bool(row[0])

    def add_transcripts(self, told: Iterable[Transcript], source: str, now: int) -> Added:
        """Transcripts, each with a day and a speaker."""
        new = known = 0
        for each in told:
            made = self._db.execute(
                "INSERT INTO transcripts VALUES (?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING",
                (each.id, each.day, each.speaker, each.kind, each.title, each.text, source, now),
            ).rowcount
            new, known = new + (made == 1), known + (made != 1)
        return Added(new, known)

    def derive(self, now: int, told: Callable[[int, int], object] = lambda _done, _of: None) -> Added:
        """What every transcript says, by Kalshi's rules, of each phrase known for its speaker from elsewhere.

        What was derived before is not derived again; what is in doubt is left out. ``told`` hears of the progress.
        """
        names = [each[0] for each in self._db.execute("SELECT id FROM transcripts ORDER BY id").fetchall()]
        total = Added()
        for i, name in enumerate(names):
            wanted = self._untold(name)
            if wanted:
                each = self._transcript(name)
                source = f"{TRANSCRIPT} {each.day} {each.title}".strip()
                total = total.plus(self.add(_heard(each, wanted), source, now, TRANSCRIPT))
            told(i + 1, len(names))
        return total

    def _untold(self, name: str) -> list[tuple[str, str]]:
        """(phrase, label) known for a transcript's speaker of which it has not been asked."""
        return self._db.execute(
            "SELECT DISTINCT o.phrase, coalesce(l.label, '') FROM occurrences o JOIN transcripts t ON t.speaker = o.speaker"
            " LEFT JOIN labels l ON l.speaker = o.speaker AND l.phrase = o.phrase"
            " WHERE t.id = ? AND o.origin = ? AND NOT EXISTS (SELECT 1 FROM occurrences d WHERE d.speaker = o.speaker"
            " AND d.event = 'transcript ' || t.id AND d.phrase = o.phrase) ORDER BY o.phrase",
            (name, LISTED),
        ).fetchall()

    def _transcript(self, name: str) -> Transcript:
        row = self._db.execute(
            "SELECT text, day, speaker, kind, title FROM transcripts WHERE id = ?", (name,)
        ).fetchone()
        return Transcript(*row)

    def _share(self) -> None:
        """How many phrases of each event were said."""
        self._db.execute("DELETE FROM shares")
        self._db.execute(
            "INSERT INTO shares SELECT speaker, event, kind, min(day), sum(said), count(*), min(origin)"
            " FROM occurrences GROUP BY speaker, event, kind"
        )

    # ------------------------------------------------------------------ reading

    def lookup(self, phrases: Sequence[tuple[str, str]], *, transcripts: bool = False) -> Rows:
        """What is known of some (speaker, phrase), by any of a phrase's alternatives; and all events of the speakers.

        Args:
            phrases: as `cockpit.models.mentions.rates.key` makes them.
            transcripts: whether what transcripts say is told too.
        """
        origins = (LISTED, TRANSCRIPT if transcripts else LISTED)
        kept: dict[int, Occurrence] = {}
        with self._faults("read"):
            for speaker, phrase in phrases:
                for part in alternatives(phrase):
                    for name, day, event, whose, kind, told, said in self._db.execute(
                        "SELECT o.id, o.day, o.event, o.speaker, o.kind, o.phrase, o.said"
                        " FROM parts p JOIN occurrences o ON o.id = p.occurrence WHERE p.speaker = ? AND p.part = ? AND o.origin IN (?, ?)",
                        (speaker, part, *origins),
                    ):
                        kept[name] = Occurrence(day, event, whose, kind, told, said=bool(said))
            shares = [
                EventShare(*row)
                for speaker in sorted({speaker for speaker, _ in phrases})
                for row in self._db.execute(
                    "SELECT day, event, speaker, kind, said, n FROM shares WHERE speaker = ? AND origin IN (?, ?)"
                    " ORDER BY day, event, kind",
                    (speaker, *origins),
                )
            ]
        return Rows(tuple(phrases), tuple(kept[name] for name in sorted(kept)), tuple(shares))

    def lines(self, speaker: str = "") -> list[Line]:
        """Every phrase, of one speaker or of all, the most frequent first."""
        with self._faults("read"):
            rows = self._db.execute(
                "SELECT o.speaker, o.phrase, coalesce(max(l.label), ''), sum(o.said * (o.origin = 'listed')),"
                " sum(o.origin = 'listed') AS n, sum(o.said * (o.origin != 'listed')), sum(o.origin != 'listed')"
                " FROM occurrences o LEFT JOIN labels l ON l.speaker = o.speaker AND l.phrase = o.phrase"
                " WHERE ? IN ('', o.speaker) GROUP BY o.speaker, o.phrase ORDER BY n DESC, o.speaker, o.phrase",
                (speaker,),
            ).fetchall()
        return [Line(*row) for row in rows]

    def totals(self) -> dict[str, int]:
        """How much there is: listed and transcript occurrences, events, transcripts."""
        questions = {
            "listed": "SELECT count(*) FROM occurrences WHERE origin = 'listed'",
            "from_transcripts": "SELECT count(*) FROM occurrences WHERE origin != 'listed'",
            "events": "SELECT count(DISTINCT event) FROM occurrences WHERE origin = 'listed'",
            "transcripts": "SELECT count(*) FROM transcripts",
        }
        with self._faults("read"):
            return {name: int(self._db.execute(sql).fetchone()[0]) for name, sql in questions.items()}

    # ------------------------------------------------------------------ the file

    def _prepare(self, *, read_only: bool) -> None:
        """Know the file for a corpus, or make an empty one into it; nothing is changed before it is known."""
        application, version, held = (
            self._db.execute(question).fetchone()[0]
            for question in (
                "PRAGMA application_id",
                "PRAGMA user_version",
                "SELECT count(*) FROM sqlite_master",
            )
        )
        if application != APPLICATION and (application or version or held or read_only):
            raise InputError(f"{self.path}: a database, but not a corpus")
        if version > VERSION:
            raise InputError(f"{self.path}: version {version} is newer than this program reads ({VERSION})")
        if read_only:
            return
        self._db.execute("PRAGMA journal_mode = WAL")
        if not version:
            self._db.executescript(
                f"BEGIN IMMEDIATE; {_TABLES} PRAGMA application_id = {APPLICATION};"
                f" PRAGMA user_version = {VERSION}; COMMIT"
            )

    @contextmanager
    def _faults(self, done: str) -> Iterator[None]:
        """Tell what goes wrong with the file as an error that names it."""
        try:
            yield
        except sqlite3.Error as error:
            raise InputError(f"{self.path}: the corpus cannot be {done} ({error})") from None


def _make(path: Path) -> None:
    """A new file with mode 0600, in a folder that is its owner's. Raises OutputError."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise OutputError(f"{path}: {error.strerror}") from None


def _heard(told: Transcript, wanted: Iterable[tuple[str, str]]) -> Iterator[Row]:
    """What a transcript says of (phrase, label) for sure."""
    heard = Heard(told)
    for phrase, label in wanted:
        parts, least = asked(label or phrase)
        found = heard.outcome(parts, least)
        if found is not Outcome.AMBIGUOUS:
            one = Occurrence(
                told.day,
                f"{TRANSCRIPT} {told.id}",
                told.speaker,
                told.kind,
                phrase,
                said=found is Outcome.YES,
            )
            yield Row(one)
