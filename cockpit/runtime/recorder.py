"""The session file's writer. What arrived is on disk, byte for byte, at most one second later.

A file NAME.jsonl.zst is a run of blocks, so that ``zstdcat | jq`` reads it and no index file is needed. A block is a
skippable zstd frame, which is the block's head and the file's time index, and one independent zstd frame (level 1,
checksum) of JSON lines:

=======  ====  ==============================================================
offset   type  field (little endian)
=======  ====  ==============================================================
0        u32   0x184D2A50, the skippable frame's magic number
4        u32   53, the length of what follows up to the zstd frame
8        u8    1, the version of this head
9        u32   length of the zstd frame
13       u32   length of the lines
17       u32   number of lines
21, 29   u64   ``n`` of the first and of the last line
37, 45   u64   ``t`` of the first and of the last line, ns UTC
53       u32   CRC-32 of the lines
57       u32   CRC-32 of bytes 8 to 56: a damaged head is known from a sound one
=======  ====  ==============================================================

A block holds at most 64 KB of lines (one longer line stands alone) and less than one second of recording time. The
first block holds lines 1 and 2 only, with zeros for ``n`` and ``t``.
"""

import base64
import os
import struct
import zlib
from collections import deque
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from io import FileIO
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

import msgspec
import zstandard

from cockpit.domain.errors import InvariantError, OutputError
from cockpit.domain.units import SECOND
from cockpit.runtime.header import Header, head_lines

BLOCK_BYTES = 65_536
_WAITING = 64
"""Blocks that may wait for the disk (4 MB) before the writer waits for it too."""

_FIELDS = struct.Struct("<IIBIIIQQQQI")
_CRC = struct.Struct("<I")
HEAD_SIZE = _FIELDS.size + _CRC.size
HEAD_PREFIX = struct.pack("<IIB", 0x184D2A50, HEAD_SIZE - 8, 1)

_LONG = 1_000
_ROOM = 500
"""Levels of nesting left free for a reader, whose own call stack may be deeper than the writer's."""

_RAW = msgspec.json.Decoder(msgspec.Raw)


class Head(NamedTuple):
    """A block's head: lengths in bytes, times in ns UTC."""

    compressed: int
    raw: int
    lines: int
    first_n: int
    last_n: int
    first_t: int
    last_t: int
    crc: int

    def pack(self) -> bytes:
        """The skippable frame."""
        fields = _FIELDS.pack(0x184D2A50, HEAD_SIZE - 8, 1, *self)
        return fields + _CRC.pack(zlib.crc32(fields[8:]))

    @classmethod
    def unpack(cls, data: bytes) -> Self | None:
        """The head in a skippable frame; None when it is not one of ours, or damaged."""
        if len(data) != HEAD_SIZE or not data.startswith(HEAD_PREFIX):
            return None
        if zlib.crc32(data[8 : _FIELDS.size]) != _CRC.unpack_from(data, _FIELDS.size)[0]:
            return None
        return cls(*_FIELDS.unpack_from(data)[3:])


class Span(NamedTuple):
    """The ``n`` and ``t`` of the first and the last line of a block."""

    first_n: int = 0
    last_n: int = 0
    first_t: int = 0
    last_t: int = 0


class Recorder:
    """Appends inputs to a session file; a context manager.

    Compression, checksums and file writes run in one worker thread. An error there (a full disk) is raised by the
    next call of any method.

    Raises:
        OutputError: when the file exists (unless ``overwrite``), cannot be created, or can no longer be written.
        InvariantError: when ``opening`` is not one JSON value on one line.
    """

    def __init__(self, path: Path, header: Header, opening: bytes, *, overwrite: bool = False) -> None:
        if not one_json_value(opening):
            raise InvariantError("the opening is not one JSON value on one line")
        self.path = path
        self.size = 0
        """Bytes in the file so far."""
        self._failure = ""
        self._compressor = zstandard.ZstdCompressor(level=1, write_checksum=True)
        self._sources: dict[str, bytes] = {}
        self._lines: list[bytes] = []
        self._raw = self._first_n = self._first_t = self._last_n = self._last_t = 0
        self._file = create(path, overwrite=overwrite)
        self._store([head_lines(header, opening)], 2, Span())
        self._waiting: deque[Future[None]] = deque()
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="recorder")
        if self._failure:
            self.close()

    def write(
        self,
        n: int,
        t: int,
        source: str,
        payload: bytes,
        url: str | None = None,
        status: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Record one input.

        Args:
            n: its sequence number.
            t: when it arrived, ns UTC, never below the line before.
            source: what sent it, such as "kalshi.ws".
            payload: the bytes that arrived; they come back as they are.
            url: HTTP only: what was asked, without secrets.
            status: HTTP only: the answer's status.
            headers: HTTP only: the headers that matter (ETag, Retry-After, Date).
        """
        name = self._sources.get(source) or self._name(source)
        if url is not None or status is not None or headers is not None:
            name += _http(url, status, headers)
        if one_json_value(payload):
            line = b'{"n":%d,"t":%d%b"d":%b}\n' % (n, t, name, payload)
        else:
            line = b'{"n":%d,"t":%d%b%b}\n' % (n, t, name, _not_json(payload))
        self._add(n, t, line)

    def digest(self, n: int, t: int, value: str, upto: int) -> None:
        """Record a check line: ``value`` (hex) covers the effects of all inputs up to number ``upto``."""
        self._add(n, t, b'{"n":%d,"t":%d,"s":"digest","v":"%b","upto":%d}\n' % (n, t, value.encode(), upto))

    def flush(self, *, wait: bool = False) -> None:
        """Seal the current block and hand it to the disk; call this at least once a second.

        Args:
            wait: return only when the operating system has everything written so far.
        """
        if self._failure:
            raise OutputError(self._failure)
        if self._lines:
            span = Span(self._first_n, self._last_n, self._first_t, self._last_t)
            self._submit(self._lines, span)
            self._lines, self._raw = [], 0
        if wait:
            self._drain(0)

    def close(self) -> None:
        """Write what is left and close the file; more calls do nothing."""
        if self._file.closed:
            return
        try:
            self.flush(wait=True)
            os.fsync(self._file.fileno())
        except OSError as error:
            raise OutputError(f"{self.path}: {error.strerror}") from error
        finally:
            self._worker.shutdown()
            self._file.close()
            self._failure = self._failure or f"{self.path}: the recording is closed"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _name(self, source: str) -> bytes:
        name = self._sources[source] = b',"s":%b,' % msgspec.json.encode(source)
        return name

    def _add(self, n: int, t: int, line: bytes) -> None:
        if self._failure:
            raise OutputError(self._failure)
        raw = self._raw + len(line)
        if self._lines and (raw > BLOCK_BYTES or t - self._first_t >= SECOND):
            self.flush()
            raw = len(line)
        if not self._lines:
            self._first_n, self._first_t = n, t
        self._lines.append(line)
        self._raw, self._last_n, self._last_t = raw, n, t

    def _submit(self, lines: list[bytes], span: Span) -> None:
        self._waiting.append(self._worker.submit(self._store, lines, len(lines), span))
        self._drain(_WAITING)

    def _drain(self, allowed: int) -> None:
        """Wait until at most ``allowed`` blocks are unwritten; raises what the worker raised."""
        while self._waiting and (len(self._waiting) > allowed or self._waiting[0].done()):
            self._waiting.popleft().result()
        if self._failure:
            raise OutputError(self._failure)

    def _store(self, lines: list[bytes], count: int, span: Span) -> None:
        """Compress and append one block; after a failed write nothing more is written, so no gap can appear."""
        if self._failure:
            return
        text = b"".join(lines)
        packed = self._compressor.compress(text)
        head = Head(len(packed), len(text), count, *span, zlib.crc32(text)).pack()
        left = memoryview(head + packed)
        try:
            while left:
                written = self._file.write(left)
                self.size += written
                left = left[written:]
        except OSError as error:
            self._failure = f"{self.path}: {error.strerror}"


def create(path: Path, *, overwrite: bool = False) -> FileIO:
    """A new file that only its owner may read, unbuffered.

    Raises:
        OutputError: when it exists already (unless ``overwrite``) or cannot be made.
    """
    try:
        if overwrite:
            path.unlink(missing_ok=True)
        return FileIO(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600))
    except FileExistsError:
        raise OutputError(f"{path}: exists already") from None
    except OSError as error:
        raise OutputError(f"{path}: {error.strerror}") from None


def one_json_value(payload: bytes) -> bool:
    """Whether the bytes are one UTF-8 JSON value on one line with no white space around it.

    Stricter than JSON where a reader of lines needs it: a lone surrogate escape, a carriage return between tokens
    and nesting near the interpreter's recursion limit are refused.
    """
    try:
        _RAW.decode(payload)
        if len(payload) > _LONG and payload.count(b"]") + payload.count(b"}") > _ROOM:
            _RAW.decode(b"[" * _ROOM + payload + b"]" * _ROOM)
        if not payload.isascii():
            # msgspec skips over strings without looking at their encoding
            payload.decode()
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return False
    # in valid JSON the only bytes up to the space are white space, and line ends stand between tokens only
    return payload[0] > 32 and payload[-1] > 32 and b"\n" not in payload and b"\r" not in payload


def _not_json(payload: bytes) -> bytes:
    try:
        return b'"x":%b' % msgspec.json.encode(payload.decode())
    except UnicodeDecodeError:
        return b'"b":"%b"' % base64.b64encode(payload)


def _http(url: str | None, status: int | None, headers: Mapping[str, str] | None) -> bytes:
    fields = {"u": url, "st": status, "h": None if headers is None else dict(headers)}
    given = msgspec.json.encode({key: value for key, value in fields.items() if value is not None})
    return given[1:-1] + b","
