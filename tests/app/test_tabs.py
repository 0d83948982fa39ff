"""The first line has every pane's key at any width and in any state."""

import re

import pytest
from app_sample import REPLAYING, STATUS, VIEW, change
from hypothesis import given
from hypothesis import strategies as st

from cockpit.app.line import length
from cockpit.app.panes.registry import PANES
from cockpit.app.scene import Scene
from cockpit.app.tabs import tabs

LIVE = Scene(VIEW, STATUS)
KILLED = Scene(change(VIEW, killed=True), change(STATUS, read_only=True))
OF_THE_PAST = Scene(VIEW, change(REPLAYING, synthetic=True))
SCENES = (LIVE, KILLED, OF_THE_PAST)


def shown(scene, width, active=0, **unread):
    return "".join(text for text, _ in tabs(scene, PANES, active, unread, width))


def test_nine_panes_in_their_order():
    assert [spec.title for spec in PANES] == [
        "Edges", "Spreads", "NBA", "Mentions", "Books", "Weather", "Desk", "Lab", "Feeds",
    ]  # fmt: skip
    assert all(len(spec.brief or spec.short) <= 3 and len(spec.short) <= 4 for spec in PANES)


@pytest.mark.parametrize(
    ("width", "unread", "begins"),
    [
        (120, {}, " 1Edges 2Spreads 3NBA 4Mentions 5Books 6Weather 7Desk 8Lab 9Feeds "),
        (90, {}, " 1Edge 2Sprd 3NBA 4Ment 5Book 6Wthr 7Desk 8Lab 9Feed "),
        (80, {}, " 1Edges 2Spr 3NBA 4Men 5Bks 6Wx 7Dsk 8Lab 9Fds "),
        (80, {"Desk": 3}, " 1Edges 2Spr 3NBA 4Men 5Bks 6Wx 7Dsk+3 8Lab 9Fds "),
        (80, {"Desk": 3, "Feeds": 2}, " 1Edge 2Spr 3NBA 4Men 5Bks 6Wx 7Dsk+3 8Lab 9Fds+2 "),
        (80, {"Desk": 3, "Feeds": 12}, " 1Edg 2Spr 3NBA 4Men 5Bks 6Wx 7Dsk+3 8Lab 9Fds+12 "),
        (80, {"Desk": 13, "Feeds": 12}, " 1Edg2Spr3NBA4Men5Bks6Wx7Dsk+13 8Lab9Fds+12 "),
        (64, {"Desk": 3}, " 1Edges 2 3 4 5 6 7+3 8 9 "),
        (55, {"Desk": 13}, " 1 2 3 4 5 6 7+13 8 9 "),
    ],
)
def test_names_become_shorter_and_keys_stay(width, unread, begins):
    line = shown(LIVE, width, **unread)
    assert line.startswith(begins)
    assert line.endswith("LIVE PAPER  keyed 14:52:07 ET")
    assert len(line) == width


@pytest.mark.parametrize("active", range(9))
def test_the_pane_that_is_shown_is_called_by_its_name(active):
    assert f"{active + 1}{PANES[active].title}" in shown(LIVE, 80, active)


@given(
    st.sampled_from(SCENES), st.integers(80, 200), st.integers(0, 8), st.integers(0, 30), st.integers(0, 9)
)
def test_every_key_is_there_and_the_mode_whole(scene, width, active, fills, doubts):
    line = tabs(scene, PANES, active, {"Desk": fills, "Feeds": doubts}, width)
    assert length(line) <= width
    left = "".join(text for text, _ in line)
    assert [text for text, role in line if role == "key"] == list("123456789")
    assert re.search(r"14:52:07 ET$", left)
    assert scene.status.mode in left
