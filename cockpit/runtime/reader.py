"""The session file's reader. A torn or damaged file yields every whole block it still holds, and says what is lost.

Three forms are read: blocks as `cockpit.runtime.recorder` writes them; the same lines compressed again by another
program (zstd without heads, read as a stream); and the same lines plain. The form is told by the first bytes, never
by the name. Only blocks give a time index.
"""

import zlib
from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property
from itertools import dropwhile
from pathlib import Path
from typing import BinaryIO

import msgspec
import zstandard

from cockpit.domain.errors import SessionError
from cockpit.feeds.base import Frame
from cockpit.runtime.header import read_head
from cockpit.runtime.inflate import ZSTD, inflate, whole_lines
from cockpit.runtime.recorder import HEAD_PREFIX, HEAD_SIZE, Head

_CHUNK = 16_384


class Line(Frame, gc=False, omit_defaults=True):
    """One line of a session: an input, or (``s`` "digest") a check value over all inputs up to ``upto``."""

    v: str | None = None
    upto: int | None = None


class Block(msgspec.Struct, frozen=True, gc=False):
    """One entry of the time index: where a block starts, and what its lines span (t in ns UTC)."""

    offset: int
    size: int
    lines: int
    first_n: int
    last_n: int
    first_t: int
    last_t: int


class Recovered(msgspec.Struct, frozen=True):
    """What a reading found: "N frames recovered, M bytes dropped".

    ``bytes_dropped`` counts bytes of the file, and of unreadable lines inside a sound block. ``frames_dropped``
    counts the lines known to be lost; of a block whose head is damaged too the number cannot be known.
    ``reason`` names the first fault and its place; "" for a whole file.
    """

    frames: int
    frames_dropped: int
    bytes_dropped: int
    reason: str


class _Tally:
    """The running count behind `Recovered`."""

    def __init__(self) -> None:
        self.frames = self.frames_dropped = self.bytes_dropped = 0
        self.reason = ""

    def drop(self, frames: int, size: int, reason: str) -> None:
        self.frames_dropped += frames
        self.bytes_dropped += size
        self.reason = self.reason or reason

    def done(self) -> Recovered:
        return Recovered(self.frames, self.frames_dropped, self.bytes_dropped, self.reason)


_LINE = msgspec.json.Decoder(Line)
_BAD_LINE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


class SessionFile:
    """A recorded session.

    Blocks are checked before a line of them is handed out. The other forms are checked as far as zstd and JSON go.

    Raises:
        SessionError: when the file is missing, empty, foreign, of a newer format, or torn inside its first lines.
            The message names the file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.recovered: Recovered | None = None
        """What the last finished reading found; None before."""
        try:
            with path.open("rb") as file:
                self._form = _form(file, path)
                first = self._first_lines(file)
        except OSError as error:
            raise SessionError(f"{path}: {error.strerror}") from None
        self.header, self.opening, rest = read_head(first, path)
        self._head_size = len(first) - len(rest)

    @cached_property
    def index(self) -> list[Block]:
        """The whole blocks in file order, from their heads alone; empty for a file without heads."""
        if self._form != "blocks":
            return []
        entries: list[Block] = []
        with self.path.open("rb") as file:
            size = file.seek(0, 2)
            at = _next_head(file, 1)
            while head := head_at(file, at):
                whole = HEAD_SIZE + head.compressed
                if at + whole <= size:
                    span = (head.first_n, head.last_n, head.first_t, head.last_t)
                    entries.append(Block(at, whole, head.lines, *span))
                at = at + whole if head_at(file, at + whole) else _next_head(file, at + 1)
        return entries

    def blocks(self) -> Iterator[list[Line]]:
        """All lines after the opening, in batches as they were written. Sets ``recovered`` at the end."""
        return self._lines(0)

    def seek(self, t: int) -> Iterator[list[Line]]:
        """The lines from the batch that contains time ``t`` (ns UTC) on; nothing when ``t`` is past the end."""
        if self._form != "blocks":
            return dropwhile(lambda lines: lines[-1].t < t, self._lines(0))
        found = bisect_left(self.index, t, key=lambda block: block.last_t)
        return self._lines(self.index[found].offset) if found < len(self.index) else iter(())

    def texts(self) -> Iterator[bytes]:
        """The file's text from line 1 on, whole lines in batches, checked but not decoded."""
        tally = _Tally()
        with self.path.open("rb") as file:
            yield from self._texts(file, 0, tally)
        self.recovered = tally.done()

    def _lines(self, start: int) -> Iterator[list[Line]]:
        tally = _Tally()
        skip = 0 if start else self._head_size
        with self.path.open("rb") as file:
            for text in self._texts(file, start, tally):
                lines = _decode(text[skip:], tally)
                skip = max(0, skip - len(text))
                tally.frames += sum(1 for line in lines if line.v is None)
                if lines:
                    yield lines
        self.recovered = tally.done()

    def _texts(self, file: BinaryIO, start: int, tally: _Tally) -> Iterator[bytes]:
        file.seek(start)
        if self._form == "blocks":
            return _sealed(file, start, tally)
        chunks = iter(lambda: file.read(_CHUNK), b"")
        if self._form == "stream":
            chunks = inflate(chunks, zstandard.ZstdDecompressor().decompressobj, tally.drop)
        return (_ended(text, tally) for text in whole_lines(chunks))

    def _first_lines(self, file: BinaryIO) -> bytes:
        """The file's first pieces, as many as hold two lines."""
        tally = _Tally()
        first = b""
        for text in self._texts(file, 0, tally):
            first += text
            if first.count(b"\n") >= 2 or (self._form == "blocks" and tally.reason):
                break
        if not first or tally.reason:
            raise SessionError(f"{self.path}: torn or damaged inside its first lines, which hold the header")
        return first


def _form(file: BinaryIO, path: Path) -> str:
    """Which of the three forms a file has, by its first bytes."""
    first = file.read(len(HEAD_PREFIX))
    if not first:
        raise SessionError(f"{path}: an empty file")
    if first.startswith(ZSTD):
        return "stream"
    if first.startswith(b"{"):
        return "plain"
    if HEAD_PREFIX.startswith(first) or _next_head(file, 0) < file.seek(0, 2):
        return "blocks"
    if first[1:4] == HEAD_PREFIX[1:4] and first[0] >> 4 == 5:
        return "stream"  # another program's skippable frame comes first
    raise SessionError(f"{path}: neither a zstd file nor JSON lines; not a session file")


def head_at(file: BinaryIO, at: int) -> Head | None:
    """The sound head at a place in a file; None when there is none."""
    file.seek(at)
    return Head.unpack(file.read(HEAD_SIZE))


def _next_head(file: BinaryIO, start: int) -> int:
    """The place of the first sound head from ``start`` on; the file's size when there is none."""
    kept = b""
    file.seek(start)
    while chunk := file.read(_CHUNK):
        window = kept + chunk
        base = file.tell() - len(window)
        found = window.find(HEAD_PREFIX)
        while found >= 0:
            if head_at(file, base + found):
                return base + found
            found = window.find(HEAD_PREFIX, found + 1)
        kept = window[1 - len(HEAD_PREFIX) :]
        file.seek(base + len(window))
    return file.tell()


def _sealed(file: BinaryIO, at: int, tally: _Tally) -> Iterator[bytes]:
    """The text of each sound block from ``at`` on."""
    size = file.seek(0, 2)
    decompressor = zstandard.ZstdDecompressor()
    while at < size:
        head = head_at(file, at)
        text = head and _unseal(file.read(head.compressed), head, decompressor)
        if head and text is not None:
            yield text
            at += HEAD_SIZE + head.compressed
            continue
        following = _next_head(file, at + 1)
        kind = "torn tail" if following == size else "damaged block"
        tally.drop(head.lines if head else 0, following - at, f"{kind} at byte {at}")
        at = following


def _unseal(packed: bytes, head: Head, decompressor: zstandard.ZstdDecompressor) -> bytes | None:
    """The lines of a block; None when it is cut short or damaged."""
    try:
        # a damaged size field would otherwise ask for gigabytes before the checksum could fail
        if zstandard.frame_content_size(packed) != head.raw:
            return None
        text = decompressor.decompress(packed, allow_extra_data=False)
    except zstandard.ZstdError:
        return None
    return text if zlib.crc32(text) == head.crc else None


def _decode(text: bytes, tally: _Tally) -> list[Line]:
    try:
        return _LINE.decode_lines(text)
    except _BAD_LINE:
        return list(_decode_singly(text, tally))


def _decode_singly(text: bytes, tally: _Tally) -> Iterator[Line]:
    for line in text.split(b"\n"):
        try:
            if line.strip():
                yield _LINE.decode(line)
        except _BAD_LINE as error:
            tally.drop(1, len(line) + 1, f"unreadable line ({error}): {line[:60]!r}")


def _ended(text: bytes, tally: _Tally) -> bytes:
    """The same whole lines; a last line without its line end stays only if nothing of it is missing."""
    if text.endswith(b"\n"):
        return text
    try:
        _LINE.decode(text)
    except _BAD_LINE:
        tally.drop(1, len(text), f"torn tail: {text[:60]!r}")
        return b""
    return text + b"\n"
