from collections import Counter

import msgspec

from cockpit.feeds.census import EVERY, LARGEST, LIMIT, FieldWatch, names, tally


class _Thing(msgspec.Struct):
    a: int
    b: int = msgspec.field(name="bee", default=0)


def test_words_are_counted_under_their_topic() -> None:
    census: Counter[str] = Counter()
    tally(census, "status", "odd")
    tally(census, "status", "odd")
    assert census == {"status:odd": 2}


def test_a_foreign_word_is_cut_and_made_printable() -> None:
    census: Counter[str] = Counter()
    tally(census, "type", "\x1b[2J" + "x" * 100)
    assert list(census) == ["type:?[2J" + "x" * 36]


def test_a_source_cannot_fill_the_memory() -> None:
    census: Counter[str] = Counter()
    for number in range(LIMIT + 10):
        tally(census, "type", number)
    assert len(census) == LIMIT + 1
    assert census["other"] == 10
    tally(census, "type", 0)
    assert census["type:0"] == 2


def test_names_are_those_of_the_wire() -> None:
    assert names(_Thing, also="c d") == {"a", "bee", "c", "d"}


def test_the_first_frame_and_each_256th_after_are_due() -> None:
    watch = FieldWatch(Counter(), {})
    due = [number for number in range(2 * EVERY + 1) if watch.due("thing")]
    assert due == [0, EVERY, 2 * EVERY]


def test_unknown_fields_are_counted_in_objects_and_lists() -> None:
    census: Counter[str] = Counter()
    watch = FieldWatch(census, {"thing": frozenset({"a"}), "body": frozenset({"one", "many"})})
    watch.look(
        "thing", b'{"one":{"a":1,"new":2},"many":[{"new":1},7],"extra":0}', "one", "many", around="body"
    )
    assert census == {"field:thing.new": 2, "field:body.extra": 1}


def test_what_cannot_be_read_untyped_is_counted_and_passed_over() -> None:
    census: Counter[str] = Counter()
    watch = FieldWatch(census, {})
    watch.look("thing", b'{"a":"\xff"}', "a")
    watch.look("thing", b"[" * 100_000, "a")
    watch.look("thing", b"[1]", "a")
    assert census == {"field:thing unreadable": 2}


def test_large_bodies_are_not_looked_at() -> None:
    census: Counter[str] = Counter()
    FieldWatch(census, {}).look("thing", b'{"a":{"b":1}}' + b" " * LARGEST, "a")
    assert not census
