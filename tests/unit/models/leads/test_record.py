"""What a series keeps: change points, joint time, sessions, and nothing without bound."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.units import SECOND
from cockpit.models.leads.record import (
    BREAK_NS,
    FRESH_NS,
    KEEP_NS,
    MAX_POINTS,
    SESSION_GAP_NS,
    SESSION_NS,
    TRIM_AT,
    LeadRecord,
    Session,
    Track,
)

T = 1_800_000_000 * SECOND


def at(seconds: float) -> int:
    return T + round(seconds * SECOND)


def noted(*words: tuple[str, float, float], pair: str = "p") -> LeadRecord:
    record = LeadRecord("S")
    for side, seconds, x in words:
        record.note(pair, side, at(seconds), x)  # type: ignore[arg-type]
    return record


def test_points_are_changes() -> None:
    record = noted(("x", 0, 0.1), ("y", 1, 0.2), ("x", 2, 0.1), ("x", 3, 0.3), ("y", 3, 0.2), ("y", 4, 0.1))
    (track,) = record.tracks
    assert (track.pair, track.session) == ("p", at(0))
    assert (track.x_ns, track.x) == ([at(0), at(3)], [0.1, 0.3])
    assert (track.y_ns, track.y) == ([at(1), at(4)], [0.2, 0.1])
    assert (record.n_x, record.n_y) == (1, 1)


def test_less_than_a_millionth_is_no_change() -> None:
    record = noted(("x", 0, 0.1), ("x", 1, 0.1 + 4e-7), ("x", 2, 0.1 + 2e-6))
    assert record.tracks[0].x == [0.1, 0.100002]


def test_a_change_that_comes_no_later_takes_the_place_of_the_last() -> None:
    record = noted(("x", 5, 0.1), ("x", 5, 0.2), ("x", 4, 0.3))
    assert (record.tracks[0].x_ns, record.tracks[0].x) == ([at(5)], [0.3])


@pytest.mark.parametrize(
    ("words", "joint"),
    [
        ([("x", 0), ("y", 0), ("x", 5), ("y", 5)], 5),
        ([("x", 0), ("x", 5), ("x", 60)], 0),
        ([("x", 0), ("y", 9), ("y", 11), ("y", 30)], 1),
        ([("x", 0), ("y", 0), ("x", 25), ("y", 25), ("x", 26)], 11),
        ([("x", 0), ("y", 0), ("y", 10), ("x", 10), ("y", 20)], 20),
    ],
)
def test_joint_is_what_both_sides_cover(words: Any, joint: float) -> None:
    record = noted(*((side, seconds, 0.0) for side, seconds in words))
    assert record.joint_s == joint


def test_a_quiet_book_on_a_live_stream_counts() -> None:
    record = LeadRecord("S")
    for second in range(31):
        for side in ("x", "y"):
            record.note("p", side, at(0), 0.5, heard=at(second))  # type: ignore[arg-type]
    assert record.joint_s == 30
    assert len(record.tracks[0].x) == 1


def test_pairs_at_one_time_count_once() -> None:
    record = LeadRecord("S")
    for second in range(11):
        for pair in ("p", "q"):
            for side in ("x", "y"):
                record.note(pair, side, at(second), float(second))  # type: ignore[arg-type]
    assert record.joint_s == 10
    assert [track.pair for track in record.tracks] == ["p", "q"]
    assert record.n_x == 20


@given(st.lists(st.tuples(st.sampled_from("xy"), st.integers(0, 15)), max_size=30))
def test_joint_time_is_the_measure_of_both_coverings(words: Any) -> None:
    """Against the coverings laid out second by second; without the silences that begin a track anew."""
    record, now = LeadRecord("S"), 0
    covered: dict[str, set[int]] = {"x": set(), "y": set()}
    for side, after in words:
        now += after
        record.note("p", side, at(now), 0.0)
        covered[side] |= set(range(now, now + FRESH_NS // SECOND))
    joint = {second for second in covered["x"] & covered["y"] if second < now}
    if len(record.tracks) <= 1:
        assert record.joint_s == len(joint)


def test_a_silence_begins_a_track_and_a_long_one_a_session() -> None:
    short, long = BREAK_NS / SECOND + 1, SESSION_GAP_NS / SECOND + 1
    record = noted(
        ("x", 0, 0.0), ("y", 0, 0.0), ("x", short, 1.0), ("y", short, 1.0), ("x", short + long, 2.0)
    )
    assert [len(track.x) for track in record.tracks] == [1, 1, 1]
    assert len({track.session for track in record.tracks}) == len(record.sessions) == 2
    assert record.n_x == 0


def test_one_side_silent_does_not_break_the_other_again_and_again() -> None:
    record = noted(("x", 0, 0.0), *(("y", float(second), second / 7) for second in range(0, 300, 5)))
    assert len(record.tracks) == 2
    assert len(record.tracks[1].y) > 40


def test_a_long_session_is_cut() -> None:
    record = LeadRecord("S")
    for second in range(0, 2 * SESSION_NS // SECOND + 100, 50):
        for side in ("x", "y"):
            record.note("p", side, at(second), float(second))  # type: ignore[arg-type]
    assert [session.start for session in record.sessions] == [T, T + SESSION_NS, T + 2 * SESSION_NS]
    assert len(record.tracks) == 3
    assert {track.session for track in record.tracks} == {session.start for session in record.sessions}


def test_only_the_newest_points_are_kept() -> None:
    record = LeadRecord("S")
    for k in range(TRIM_AT + 50):
        record.note("p", "x", at(k), float(k))
        record.note("p", "y", at(k), float(k // 2))
    (track,) = record.tracks
    assert MAX_POINTS <= len(track.x) <= TRIM_AT
    assert track.x[-1] == TRIM_AT + 49
    assert track.y_ns[0] <= track.x_ns[0] <= track.y_ns[1]
    assert record.n_x == TRIM_AT + 49


def test_old_tracks_make_room_for_new_ones() -> None:
    record = LeadRecord("S")
    for k in range(8):
        for second in range(600):
            for side in ("x", "y"):
                record.note(f"p{k}", side, at(600 * k + second), float(second))  # type: ignore[arg-type]
    record.forget(at(4800))
    assert [track.pair for track in record.tracks] == ["p6", "p7"]
    assert sum(len(track.x) for track in record.tracks) == MAX_POINTS
    assert len(record.tracks[0].x) == MAX_POINTS - 600
    assert record.n_x == 8 * 599


def test_a_week_is_kept() -> None:
    record = noted(("x", 0, 0.0), ("y", 0, 0.0), ("x", 1, 1.0))
    record.forget(at(1) + KEEP_NS)
    assert len(record.tracks) == len(record.sessions) == 1
    record.forget(at(2) + KEEP_NS)
    assert record.tracks == []
    assert record.sessions == []


def test_merging_takes_everything_once() -> None:
    one, two = noted(("x", 0, 0.0), ("y", 0, 0.0), ("x", 5, 1.0)), LeadRecord("S")
    for second in range(9000, 9010):
        two.note("q", "x", at(second), float(second))
        two.note("q", "y", at(second), float(second))
    joint = one.joint_s + two.joint_s
    one.merge(two)
    assert [track.pair for track in one.tracks] == ["p", "q"]
    assert one.joint_s == joint
    again = msgspec.convert(msgspec.to_builtins(one), LeadRecord)
    one.merge(again)
    assert one == again


def test_of_two_of_one_time_the_longer_stays() -> None:
    short = noted(("x", 0, 0.0), ("y", 0, 0.0))
    long = noted(("x", 0, 0.0), ("y", 0, 0.0), ("x", 5, 1.0), ("y", 5, 1.0))
    short.merge(long)
    assert short == long


def test_signs_are_learned_and_counted() -> None:
    sessions = [Session(k, k + 1, sign=sign) for k, sign in enumerate((1, 1, -1, 0, 1, 1, None))]
    record = LeadRecord("S", sessions=sessions)
    assert record.held(1, 5) == (3, 5)
    record.learn([(6, 1), (3, 1)])
    assert record.held(1, 5) == (4, 5)
    assert record.held(-1, 9) == (1, 7)
    assert LeadRecord("T").held(1, 5) == (0, 0)


def test_it_survives_text_and_is_compact() -> None:
    record = noted(("x", 0, 0.1), ("y", 1, 0.2), ("x", 3, 0.3))
    text = msgspec.json.encode(record)
    assert msgspec.json.decode(text, type=LeadRecord) == record
    assert text.startswith(b'["S",[["p",')
    assert isinstance(record.tracks[0], Track)
