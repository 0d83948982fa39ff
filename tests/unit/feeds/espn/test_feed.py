"""The feed as a whole: what it refuses, what it survives, what it remembers."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.domain.errors import FeedError
from cockpit.domain.events import Event, GamePast, GameSeen
from cockpit.domain.games import Game
from cockpit.feeds.base import Feed, Frame, Venue
from cockpit.feeds.espn.feed import EspnFeed
from cockpit.feeds.espn.status import length_ms

from .payloads import (  # noqa: TID252  the tests are no package
    ALL,
    MINUTE,
    NBA,
    NFL,
    T0,
    Site,
    at,
    closes,
    event,
    numbers,
    play,
    pre,
    scoreboard,
    status,
    summary,
    words,
)

BOARD = f"{NBA}/scoreboard"
SUMMARY = f"{NBA}/summary?event=401700001"
SITUATION = {
    "lastPlay": {
        "id": "5",
        "type": {"id": "92", "text": "Jump Shot"},
        "scoreValue": 2,
        "team": {"id": "28"},
        "probability": {"homeWinPercentage": 0.61},
    },
    "possession": "28",
    "down": 1,
}
SHAPES: tuple[tuple[str, Any], ...] = (
    (BOARD, scoreboard(event(odds=[words()], situation=SITUATION), pre(number="2", odds=[closes()]))),
    (BOARD, scoreboard(event(standing=status("post", 5), odds=[numbers()]))),
    (f"{NFL}/scoreboard?dates=20270115", scoreboard(event(away=("DAL", "6"), home=("WSH", "28"), situation=SITUATION))),
    (BOARD, scoreboard(event(standing=status("post", None, None, None, "STATUS_POSTPONED", completed=False)))),
    (
        SUMMARY,
        summary(
            at(1, 60.0, 2, 3),
            [numbers(), closes()],
            [play(n, f"2027-01-16T00:0{n}:00Z", 1, f"{9 - n}:00", n, n) for n in range(1, 6)],
            [(n, 0.1 * n) for n in range(1, 6)],
        ),
    ),
)  # fmt: skip


def exact(events: Any) -> None:
    """Integers where integers belong, and within what they can be."""
    for each in events:
        assert isinstance(each, GameSeen | GamePast)
        if isinstance(each, GamePast):
            for one in each.moments:
                assert all(
                    type(n) is int for n in (one.ts, one.period, one.clock_ms, one.away_score, one.home_score)
                )
                assert one.said is None or 0 <= one.said <= 10_000
            continue
        game = each.game
        assert msgspec.json.decode(msgspec.json.encode(game), type=Game) == game
        for n in (game.start_ns, game.period, game.clock_ms, game.away_score, game.home_score, game.ball):
            assert type(n) is int
        assert 0 <= game.clock_ms <= length_ms(game.league, game.period, playoffs=game.playoffs)
        assert all(type(n) is int for n in (*game.away_periods, *game.home_periods))
        line = game.line
        if line is not None:
            assert all(n is None or type(n) is int for n in (line.spread, line.total, line.home, line.away))


def offer(url: str, data: bytes) -> list[Event] | None:
    """What a fresh feed makes of bytes: events, or None where it refuses them."""
    feed = EspnFeed(teams=ALL)
    try:
        told = feed.receive(Frame(0, T0 + 10 * MINUTE, "espn.site", msgspec.Raw(data), u=url, st=200))
    except FeedError:
        return None
    exact(told)
    feed.recall(feed.memory())
    return list(told)


def test_it_is_a_feed_and_no_venue() -> None:
    feed: Feed = EspnFeed(teams=ALL)
    assert not isinstance(feed, Venue)
    assert (feed.name, feed.budget.per_s, feed.budget.burst) == ("espn", 2.0, 4.0)
    feed.reset("espn.site")
    assert feed.outgoing("espn.site") == []


def test_a_recording_is_read_without_anything_having_been_asked() -> None:
    for url, shape in SHAPES:
        assert offer(url, msgspec.json.encode(shape))


def test_every_game_of_an_answer_is_told_each_time() -> None:
    site = Site()
    for _ in range(3):
        assert [each.id for each in site.games(pre(number="1"), at(1, 5.0, 2, 2, number="2"))] == [
            "nba 1",
            "nba 2",
        ]


def test_a_game_named_twice_is_told_once() -> None:
    site = Site()
    assert len(site.games(pre(), pre(), pre(number="2"))) == 2
    assert site.feed.census["dropped:game named twice"] == 1


def test_one_that_cannot_be_read_spares_the_others() -> None:
    site = Site()
    assert [each.id for each in site.games(pre(score=("x", "0")), pre(number="2"), {"id": None})] == ["nba 2"]
    assert sum(n for key, n in site.feed.census.items() if key.startswith("unreadable")) == 2
    with pytest.raises(FeedError, match="not a number"):
        site.games(pre(score=("x", "0")))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", 0), (b"no route to host", 0), (b'{"events":[]}', 404), (b"{}", 403), (b"{}", 500), (b"{}", 204),
        (b"<!DOCTYPE html><html></html>", 200), (b"", 200), (b'{"events":[', 200), (b"[]", 200), (b"{}", 200),
        (b'{"events":null}', 200), (b'{"code":404,"detail":"http error: not found"}', 200), (b"[" * 100_000, 200),
    ],
)  # fmt: skip
def test_what_is_no_answer_is_refused(data: bytes, code: int) -> None:
    for url in (BOARD, SUMMARY):
        with pytest.raises(FeedError):
            Site().answer(data, url, code)


@pytest.mark.parametrize(
    "url", [None, "", "https://site.test/", "http://[", "https://site.test/apis/site/v2/x", f"{NBA}"]
)
def test_what_is_no_question_of_this_site(url: str | None) -> None:
    frame = Frame(0, T0, "espn.site", msgspec.Raw(b'{"events":[]}'), u=url, st=200)
    with pytest.raises(FeedError):
        EspnFeed(teams=ALL).receive(frame)


def test_other_sources_leagues_and_endpoints() -> None:
    site = Site()
    with pytest.raises(FeedError, match="does not read"):
        site.feed.receive(Frame(0, T0, "espn.ws", msgspec.Raw(b"{}")))
    for url in (BOARD.replace("nba", "wnba"), f"{NBA}/teams"):
        assert site.answer({"events": []}, url) == []
    assert site.feed.census == {"url:another league scoreboard": 1, "url:nba teams": 1}


def test_memory_makes_another_feed_go_on() -> None:
    """Guards, lines, questions asked and the cadence: all of it, to the byte."""
    site, other = Site(), Site()
    site.games(at(2, 60.0, 50, 45), pre(number="2", odds=[numbers()]), url=f"{BOARD}?dates=20270115")
    site.asked()
    other.feed.recall(site.feed.memory())
    other.t = site.t
    assert other.feed.memory() == site.feed.memory()
    assert other.polls() == site.polls()
    for each in (site, other):
        told = each.games(at(2, 70.0, 50, 45), pre(number="2"), url=f"{BOARD}?dates=20270115")
        assert [game.id for game in told] == ["nba 2"]
        assert told[0].line is not None
        assert len(each.answer(b"", f"{BOARD}?dates=20270115", st=304)) == 2
        assert each.asked() == []
    with pytest.raises(msgspec.MsgspecError):
        other.feed.recall(b"[]")


# ---------------------------------------------------------------------- whatever may come


def paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where something stands in a body."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(each for key, one in inner for each in paths(one, (*path, key)))]


def changed(shape: Any, path: tuple[Any, ...], value: Any) -> Any:
    """A body with another value in one place."""
    whole = json.loads(json.dumps({"": shape}))
    place = whole
    for key in ("", *path)[:-1]:
        place = place[key]
    place[("", *path)[-1]] = value
    return whole[""]


ODD = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=8),
    st.sampled_from(["", "OFF", "EVEN", "PK", "0.0", "-1", "1e400", "9" * 30, "NaN", "TBD", "0001-01-01T00:00Z", {}, [], [None]]),
)  # fmt: skip


@settings(max_examples=400)
@given(st.data())
def test_any_value_anywhere_is_events_or_refused(data: st.DataObject) -> None:
    url, shape = data.draw(st.sampled_from(SHAPES))
    for _ in range(data.draw(st.integers(1, 3))):
        shape = changed(shape, data.draw(st.sampled_from(paths(shape))), data.draw(ODD))
    offer(url, json.dumps(shape).encode())


@settings(max_examples=200)
@given(st.data())
def test_any_bytes_are_events_or_refused(data: st.DataObject) -> None:
    url, shape = data.draw(st.sampled_from(SHAPES))
    whole = bytearray(msgspec.json.encode(shape))
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    offer(url, bytes(whole))


@pytest.mark.parametrize("n", range(len(SHAPES)))
def test_what_is_cut_short_is_refused(n: int) -> None:
    url, shape = SHAPES[n]
    whole = msgspec.json.encode(shape)
    for end in range(0, len(whole), max(1, len(whole) // 60)):
        assert offer(url, whole[:end]) is None


@settings(max_examples=100)
@given(
    st.lists(
        st.tuples(
            st.integers(1, 6),
            st.integers(0, 720),
            st.integers(0, 9),
            st.integers(0, 9),
            st.sampled_from(["in", "pre", "post"]),
        ),
        max_size=12,
    )
)
def test_whatever_order_answers_come_in(answers: list[tuple[int, int, int, int, str]]) -> None:
    """What is told is exact, and never more than four answers in a row are kept from being told."""
    site = Site()
    silent = 0
    for period, clock, away, home, state in answers:
        told = site.games(
            event(score=(str(away), str(home)), standing=status(state, period, float(clock), None))
        )
        silent = 0 if told else silent + 1
        assert silent <= 3
