"""Transcripts as they lie on a disk, and what was said in one, by a venue's rules.

A transcript is a ``.txt`` or a ``.json`` (``{text, date, speaker, kind, title}``), alone, in a folder or in a tar. A text
may begin with lines like ``Speaker: Kash Patel`` and ``Date: 2026-01-02`` before an empty line or a rule; what it leaves
out is taken from its file's name (``2026-01-02_some_title.txt``), then from whoever imports it.
"""

import re
import tarfile
from collections.abc import Iterable, Iterator
from datetime import date
from hashlib import blake2b
from pathlib import Path

import msgspec

from cockpit.domain.errors import InputError
from cockpit.models.match.mentions import speaker_of
from cockpit.models.mentions.counting import KALSHI, Outcome, Passage, Rules, count, outcome
from cockpit.models.mentions.forms import forms, singulars, words
from cockpit.models.mentions.occasions import kind_of

LARGEST = 8 << 20
"""Bytes of one transcript."""
MOST = 50_000
"""Transcripts in one folder or tar."""
SUFFIXES = (".txt", ".json")
_DAY = re.compile(r"(?<!\d)(20\d\d)-?(\d\d)-?(\d\d)(?!\d)", re.ASCII)
_HEAD = re.compile(r"(title|date|speaker|kind|source)\s*:\s*(.{0,300})", re.IGNORECASE)
_TIMES = re.compile(
    r"\(?(?:at least )?(?<![\w.-])(\d{1,4})\+?\s?(?:or more )?times(?: or more)?\)?|\s\(?(\d{1,4})\+\)?$| x(\d{1,4})$",
    re.ASCII | re.IGNORECASE,
)
_RULE = re.compile(r"[=\-_*]{3,}")
_LABEL = re.compile(
    r"\s*((?:[A-Z][\w.'\u2019-]*)(?: [A-Z][\w.'\u2019-]*){0,4})(?: ?\([^)]{0,40}\))?:(?:\s|$)"
)


class Transcript(msgspec.Struct, frozen=True):
    """What was said on one occasion."""

    text: str
    day: str = ""
    """ISO date; empty where nothing says."""
    speaker: str = ""
    """As markets name them; empty where nothing says."""
    kind: str = ""
    title: str = ""

    @property
    def id(self) -> str:
        """A name by what it says, when and by whom."""
        told = "\x1f".join((self.speaker, self.day, self.text))
        return blake2b(told.encode(errors="replace"), digest_size=12).hexdigest()


class _Json(msgspec.Struct):
    text: str
    date: str = ""
    speaker: str = ""
    kind: str = ""
    title: str = ""


def spoken_by(name: str) -> str:
    """A speaker as markets name them: "President Trump" and "Donald Trump" are both "trump"."""
    return speaker_of(f"What will {name} say during it?") or " ".join(name.casefold().split())


def asked(label: str) -> tuple[list[str], int]:
    """The alternatives a label names, and how often at least: "Crypto / Bitcoin", "Biden (5+ times)", "biden x5"."""
    found = _TIMES.search(label)
    least = int(next(each for each in found.groups() if each)) if found else 1
    parts = _TIMES.sub(" ", label).split("/")
    return [part.strip() for part in parts if part.strip()], max(1, least)


def files_of(path: Path) -> Iterator[tuple[str, bytes]]:
    """The files of a folder or a tar that may be transcripts, by name in order; a file alone is itself.

    Raises:
        InputError: for what cannot be read, is too large, or too many.
    """
    try:
        if path.is_dir():
            found = sorted(each for each in path.rglob("*") if each.suffix in SUFFIXES and each.is_file())
            _few(path, len(found))
            for each in found:
                _small(each, each.stat().st_size)
                yield str(each), each.read_bytes()
        elif ".tar" in path.suffixes or path.suffix == ".tgz":
            yield from _members(path)
        else:
            _small(path, path.stat().st_size)
            yield str(path), path.read_bytes()
    except (OSError, EOFError, tarfile.TarError) as error:
        raise InputError(f"{path}: {error}") from error


def _members(path: Path) -> Iterator[tuple[str, bytes]]:
    """The files of a tar, one at a time as they lie in it; nothing is written anywhere."""
    with tarfile.open(path) as tar:
        found = 0
        for each in tar:
            if not each.isfile() or not each.name.endswith(SUFFIXES):
                continue
            found += 1
            _few(path, found)
            _small(Path(f"{path}:{each.name}"), each.size)
            held = tar.extractfile(each)
            if held is not None:
                yield f"{path}:{each.name}", held.read()


def _few(path: Path, n: int) -> None:
    if n > MOST:
        raise InputError(f"{path}: more than {MOST} files")


def _small(path: Path, size: int) -> None:
    if size > LARGEST:
        raise InputError(f"{path}: {size} bytes are too long for a transcript")


def parse(name: str, data: bytes) -> Transcript | None:
    """A file as a transcript; None for a JSON file that is something else.

    Raises:
        InputError: naming the file, for a day that is none, or text that is not UTF-8.
    """
    stem = Path(name).stem
    if name.endswith(".json"):
        try:
            told = msgspec.json.decode(data, type=_Json)
        except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
            return None
        head = {field: getattr(told, field) for field in ("date", "speaker", "kind", "title")}
        text = told.text
    else:
        try:
            head, text = _headed(data.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            raise InputError(f"{name}: {error}") from None
    title = head.get("title") or _DAY.sub(" ", stem).replace("_", " ").strip(" -")
    return Transcript(
        text=text,
        day=_day(name, head.get("date") or "", stem),
        speaker=spoken_by(head["speaker"]) if head.get("speaker") else "",
        kind=(head.get("kind") or "").strip().casefold() or kind_of(title),
        title=" ".join(title.split())[:300],
    )


def _headed(text: str) -> tuple[dict[str, str], str]:
    """What the first lines say of a text, and the rest of it."""
    head: dict[str, str] = {}
    lines = text.split("\n")
    for i, line in enumerate(lines[:8]):
        found = _HEAD.fullmatch(line.strip())
        if found is None:
            if head and (not line.strip() or _RULE.fullmatch(line.strip())):
                return head, "\n".join(lines[i + 1 :])
            return {}, text
        head[found[1].lower()] = found[2].strip()
    return {}, text


def _day(name: str, stated: str, stem: str) -> str:
    """The day: stated, else in the file's name, else none."""
    found = _DAY.search(stated) if stated else _DAY.search(stem)
    if stated and found is None:
        raise InputError(f"{name}: {stated[:40]!r} is no day (YYYY-MM-DD)")
    if found is None:
        return ""
    try:
        return date(int(found[1]), int(found[2]), int(found[3])).isoformat()
    except ValueError as error:
        if stated:
            raise InputError(f"{name}: {stated[:40]!r}: {error}") from None
        return ""


def passages(told: Transcript) -> list[Passage]:
    """A transcript by who speaks. Where nothing in it names the speaker, all of it is the speaker's.

    A label is up to five capitalised words and a colon at the beginning of a line ("President Trump:", "Question:").
    What stands before the first is nobody's.
    """
    lines = told.text.split("\n")
    labels = [_LABEL.match(line) for line in lines]
    names = {m[1]: spoken_by(m[1]) for m in labels if m is not None}
    if told.speaker and told.speaker not in names.values():
        return [Passage(told.text, told.speaker)]
    found: list[Passage] = []
    speaker = ""
    said: list[str] = []
    for line, label in zip(lines, labels, strict=True):
        if label is None:
            said.append(line)
            continue
        found.append(Passage("\n".join(said), speaker))
        speaker, said = names[label[1]], [line[label.end() :]]
    found.append(Passage("\n".join(said), speaker))
    return [each for each in found if each.text.strip()]


class Heard:
    """A transcript made ready to be asked about many phrases."""

    def __init__(self, told: Transcript) -> None:
        self._speaker = told.speaker
        self._passages = passages(told)
        self._words = [words(each.text) for each in self._passages]
        self._at: dict[str, list[tuple[int, int]]] = {}
        for i, said in enumerate(self._words):
            for j, word in enumerate(said):
                self._at.setdefault(word, []).append((i, j))

    def outcome(self, phrases: Iterable[str], least: int = 1, rules: Rules = KALSHI) -> Outcome:
        """How a market on any of these phrases comes out; closed compounds are not looked for.

        Where one mention is enough only the places are counted in which a phrase may begin.
        """
        wanted = list(phrases)
        where = self._passages if least > 1 else self._near(wanted)
        return outcome(count(where, wanted, rules, self._speaker), least)

    def _near(self, phrases: Iterable[str]) -> list[Passage]:
        """As many words as a phrase has, wherever its first may stand."""
        found: list[Passage] = []
        for phrase in phrases:
            parts = words(phrase)
            for i, j in self._places(parts[0]) if parts else ():
                text = " ".join(self._words[i][j : j + len(parts)])
                found.append(msgspec.structs.replace(self._passages[i], text=text))
        return found

    def _places(self, word: str) -> list[tuple[int, int]]:
        one = (
            singulars(word)
            | {f"{each}'s" for each in singulars(word)}
            | {f"{each}'" for each in singulars(word)}
        )
        shapes = forms(word) | one | {f"{word}{end}" for end in ("st", "nd", "rd", "th")}
        return [place for shape in sorted(shapes) for place in self._at.get(shape, ())]
