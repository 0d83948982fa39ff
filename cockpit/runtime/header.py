"""The first two lines of a session file: what recorded it, and the engine state it starts from.

Line 1 is the header, line 2 the opening. Every session file, also one of a rotated series, begins with both, so that
a replay needs nothing but the file.
"""

import sys
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any

import msgspec

from cockpit.domain.errors import SessionError

FORMAT = 1
"""The newest session format this program reads, and the one it writes."""


class Header(msgspec.Struct, frozen=True, kw_only=True, tag_field="s", tag="header"):
    """Line 1: who recorded, with what, and what the recording can and cannot show.

    ``created`` and ``clock_offset`` are ns (the offset is what to add to the local clock to get true UTC).
    ``settings`` never holds a secret. ``capabilities`` are words such as "no_trades", "polled", "synthetic",
    "use_yes_price", "imported".
    """

    format: int = FORMAT
    program: str = "cockpit"
    version: str
    python: str
    numpy: str
    scipy: str
    created: int
    settings: dict[str, Any]
    settings_hash: str
    seed: int
    clock_offset: int
    capabilities: tuple[str, ...] = ()


class _Kind(msgspec.Struct):
    """As much of line 1 as any format has."""

    s: str
    format: int


class _Opening(msgspec.Struct, tag_field="s", tag="opening"):
    """Line 2."""

    d: msgspec.Raw


def make_header(
    *,
    created: int,
    settings: Mapping[str, Any],
    seed: int = 0,
    clock_offset: int = 0,
    capabilities: Iterable[str] = (),
) -> Header:
    """A header for this program on this machine.

    Args:
        created: ns UTC.
        settings: plain JSON values, without secrets.
        seed: of every generator the session uses.
        clock_offset: ns to add to the local clock.
        capabilities: words; see `Header`.
    """
    return Header(
        version=installed("cockpit"),
        python=f"{sys.version_info.major}.{sys.version_info.minor}",
        numpy=installed("numpy"),
        scipy=installed("scipy"),
        created=created,
        settings=dict(settings),
        settings_hash=settings_hash(settings),
        seed=seed,
        clock_offset=clock_offset,
        capabilities=tuple(capabilities),
    )


def settings_hash(settings: Mapping[str, Any]) -> str:
    """BLAKE2b (16 bytes, hex) over the settings as JSON with sorted keys."""
    return blake2b(msgspec.json.encode(dict(settings), order="sorted"), digest_size=16).hexdigest()


def installed(package: str) -> str:
    """The version of an installed package, read from its metadata without importing it; "" when absent."""
    from importlib import metadata

    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def head_lines(header: Header, opening: bytes) -> bytes:
    """Lines 1 and 2. ``opening`` must be one JSON value on one line; the recorder checks it."""
    return b'%b\n{"s":"opening","d":%b}\n' % (msgspec.json.encode(header), opening)


def read_head(text: bytes, path: Path) -> tuple[Header, bytes, bytes]:
    """The header, the opening's bytes, and the text that follows line 2.

    Raises:
        SessionError: when the text is not the beginning of a session this program can read.
    """
    first, newline, rest = text.partition(b"\n")
    second, end, rest = rest.partition(b"\n")
    header = _read_header(first, path)
    if not (newline and end):
        raise SessionError(f"{path}: torn inside its first two lines")
    try:
        opening = msgspec.json.decode(second, type=_Opening)
    except msgspec.MsgspecError as error:
        raise SessionError(f"{path}: line 2 is not an opening ({error})") from None
    return header, bytes(opening.d), rest


def _read_header(line: bytes, path: Path) -> Header:
    try:
        kind = msgspec.json.decode(line, type=_Kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise SessionError(f"{path}: no header line; not a session file") from None
    if kind.s != "header":
        raise SessionError(f"{path}: no header line; not a session file")
    if kind.format > FORMAT:
        raise SessionError(f"{path}: format {kind.format} is newer than this program reads ({FORMAT})")
    if kind.format < 1:
        raise SessionError(f"{path}: unknown format {kind.format}")
    try:
        return msgspec.json.decode(line, type=Header)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise SessionError(f"{path}: bad header ({error})") from None
