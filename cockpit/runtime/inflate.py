"""Compressed text, piece by piece: what can still be read of a cut or damaged file is read."""

import bz2
import lzma
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

import zstandard

ZSTD = b"\x28\xb5\x2f\xfd"
"""The first bytes of a zstd frame."""
_SKIPPABLE = b"\x50\x2a\x4d\x18"


class Inflater(Protocol):
    """What zlib, bz2, lzma and zstandard decompressors have in common."""

    @property
    def eof(self) -> bool:
        """Whether the compressed stream's end was reached."""
        ...

    @property
    def unused_data(self) -> bytes:
        """What was fed beyond that end."""
        ...

    def decompress(self, data: bytes, /) -> bytes:
        """Feed some bytes, get what they decompress to."""
        ...


def inflate(
    chunks: Iterator[bytes], make: Callable[[], Inflater], drop: Callable[[int, int, str], None]
) -> Iterator[bytes]:
    """Decompress a file of one or more streams; a cut or damaged file yields what can still be read.

    Args:
        chunks: the file's bytes in order.
        make: a fresh decompressor.
        drop: told once (0, bytes not read, reason) when the data end early or are damaged.
    """
    inflater: Inflater | None = None
    place = 0
    for chunk in chunks:
        place += len(chunk)
        # between streams zeros are padding
        while data := chunk if inflater else chunk.lstrip(b"\0"):
            inflater = inflater or make()
            try:
                text = inflater.decompress(data)
            except (OSError, EOFError, zlib.error, lzma.LZMAError, zstandard.ZstdError) as error:
                unread = len(data) + sum(map(len, chunks))
                drop(0, unread, f"damaged compressed data before byte {place} ({error})")
                return
            yield text
            chunk = inflater.unused_data if inflater.eof else b""  # noqa: PLW2901  what is left of it
            inflater = None if inflater.eof else inflater
    if inflater:
        drop(0, 0, f"compressed data end early, at byte {place}")


INFLATERS: dict[bytes, Callable[[], Inflater]] = {
    b"\x1f\x8b": lambda: zlib.decompressobj(wbits=31),
    b"\xfd7zXZ\x00": lzma.LZMADecompressor,
    b"BZh": bz2.BZ2Decompressor,
    ZSTD: lambda: zstandard.ZstdDecompressor().decompressobj(),
    _SKIPPABLE: lambda: zstandard.ZstdDecompressor().decompressobj(),
}
"""First bytes of a compressed file -> its decompressor."""


def whole_lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes regrouped so that each piece ends with a line; only the last may lack its line end."""
    parts: list[bytes] = []
    for chunk in chunks:
        cut = chunk.rfind(b"\n") + 1
        if cut:
            yield b"".join(parts) + chunk[:cut]
            parts = []
        parts.append(chunk[cut:])
    if tail := b"".join(parts):
        yield tail
