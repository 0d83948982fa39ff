"""Looked-up rows as frames."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.errors import FeedError
from cockpit.domain.events import PhrasesTold
from cockpit.domain.mentions import EventShare, Occurrence
from cockpit.feeds.base import Feed, Frame
from cockpit.feeds.corpus import SOURCE, CorpusFeed, Rows

ROWS = Rows(
    (("trump", "biden"),),
    (Occurrence("2026-05-01", "E1", "trump", "rally", "biden", said=True),),
    (EventShare("2026-05-01", "E1", "trump", "rally", 3, 5),),
)
BODY = msgspec.json.encode(ROWS)


def offer(data: bytes) -> PhrasesTold | None:
    try:
        (told,) = CorpusFeed().receive(Frame(1, 7, SOURCE, msgspec.Raw(data)))
    except FeedError:
        return None
    assert isinstance(told, PhrasesTold)
    return told


def test_rows_are_told() -> None:
    assert offer(BODY) == PhrasesTold(7, ROWS.phrases, ROWS.occurrences, ROWS.shares)


@pytest.mark.parametrize("change", [(b"2026-05-01", b"2026-15-01"), (b"3,5]", b"9,5]"), (b"true", b"1")])
def test_nonsense_is_refused(change: tuple[bytes, bytes]) -> None:
    assert change[0] in BODY
    assert offer(BODY.replace(*change)) is None


@given(st.integers(0, len(BODY)), st.integers(0, 5), st.binary(max_size=5))
def test_edited_anywhere(at: int, cut: int, put: bytes) -> None:
    told = offer(BODY[:at] + put + BODY[at + cut :])
    assert told is None or all(each.day for each in told.occurrences)


def test_it_asks_for_nothing_and_keeps_nothing() -> None:
    feed: Feed = CorpusFeed()
    assert (feed.requests(), feed.asks(), feed.outgoing("")) == ([], [], [])
    feed.reset("")
    feed.recall(feed.memory())
    with pytest.raises(msgspec.MsgspecError):
        feed.recall(b"{}")
    with pytest.raises(FeedError, match="does not read"):
        feed.receive(Frame(1, 7, "corpus.other"))
