import bz2
import gzip
import lzma
from collections.abc import Callable

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from cockpit.runtime.inflate import INFLATERS, Inflater, inflate, whole_lines

PACKERS: list[Callable[[bytes], bytes]] = [
    gzip.compress,
    lzma.compress,
    bz2.compress,
    zstandard.ZstdCompressor(write_checksum=True).compress,
]
TEXT = b"".join(b'{"seq":%d,"noise":"%d"}\n' % (n, n * 7_919 % 10_007) for n in range(3_000))


def maker(data: bytes) -> Callable[[], Inflater]:
    (make,) = (make for magic, make in INFLATERS.items() if data.startswith(magic))
    return make


def read(data: bytes, piece: int = 1_000) -> tuple[bytes, list[tuple[int, str]]]:
    faults: list[tuple[int, str]] = []
    chunks = iter([data[at : at + piece] for at in range(0, len(data), piece)])
    text = b"".join(inflate(chunks, maker(data), lambda _, size, why: faults.append((size, why))))
    return text, faults


@pytest.mark.parametrize("pack", PACKERS)
@pytest.mark.parametrize("piece", [1, 7, 1_000_000])
def test_streams_behind_each_other_and_their_padding_are_read(
    pack: Callable[[bytes], bytes], piece: int
) -> None:
    assert read(pack(b"one\n") + bytes(8) + pack(b"two\n") + pack(b"") + bytes(4), piece) == (
        b"one\ntwo\n",
        [],
    )


@pytest.mark.parametrize("pack", PACKERS)
def test_a_cut_file_yields_what_can_be_read(pack: Callable[[bytes], bytes]) -> None:
    data = pack(TEXT[:30_000]) + pack(TEXT[30_000:])
    for size in range(len(data) * 3 // 4, len(data), 997):
        text, faults = read(data[:size])
        assert len(text) >= 30_000
        assert text == TEXT[: len(text)]
        assert faults == [(0, f"compressed data end early, at byte {size}")]


@pytest.mark.parametrize("pack", PACKERS)
def test_damage_is_told_with_its_place_and_its_cost(pack: Callable[[bytes], bytes]) -> None:
    data = pack(TEXT[:30_000]) + b"neither padding nor a stream" * 200
    text, faults = read(data)
    assert text == TEXT[:30_000]
    ((size, why),) = faults
    assert 28 * 200 - 1_000 <= size <= 28 * 200
    assert why.startswith("damaged compressed data before byte ")


@given(st.lists(st.binary(max_size=12) | st.just(b"\n")))
def test_lines_are_regrouped_without_loss(chunks: list[bytes]) -> None:
    pieces = list(whole_lines(chunks))
    assert b"".join(pieces) == b"".join(chunks)
    assert all(pieces)
    assert all(piece.endswith(b"\n") for piece in pieces[:-1])
    assert all(b"\n" not in piece for piece in pieces[-1:] if not piece.endswith(b"\n"))
