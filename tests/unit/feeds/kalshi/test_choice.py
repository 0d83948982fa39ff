"""Which markets are watched where games and ladders want the same room."""

from collections import Counter

import pytest

from cockpit.domain.events import BookSnapshot, EventScheduled, MarketListed
from cockpit.domain.markets import Market, MarketStatus
from cockpit.domain.units import SECOND
from cockpit.feeds.kalshi.choice import LATE_NS, SOON_NS, Choice

NOW = 1_796_000_000 * SECOND
HOUR = 3_600 * SECOND
WEEKS = 14 * 24 * HOUR


def listed(ticker, close, expected=0, event="E"):
    series = ticker.partition("-")[0]
    return MarketListed(NOW, Market(ticker, "kalshi", event=event, series=series, status=MarketStatus.ACTIVE,
                                    close_ns=NOW + close, expected_ns=NOW + expected if expected else 0))  # fmt: skip


def ladder(n, close=HOUR // 2):
    return [listed(f"KXBTCD-{i}", close, close + HOUR // 12) for i in range(n)]


def games(n, expected=2 * HOUR):
    return [
        listed(f"KXNBAGAME-{i}-{side}", WEEKS, expected + i, f"KXNBAGAME-{i}")
        for i in range(n)
        for side in "AH"
    ]


def chosen(events, limit=10, *more):
    choice = Choice(("KXBTCD", "KXNBAGAME"), (), limit, Counter())
    choice.hear([*events, *more], NOW)
    choice.choose()
    return Counter(name.partition("-")[0] for name in choice.chosen), choice


@pytest.mark.parametrize(
    ("rungs", "played", "expected"),
    [
        (50, 10, {"KXBTCD": 5, "KXNBAGAME": 5}),
        (50, 2, {"KXBTCD": 6, "KXNBAGAME": 4}),
        (2, 10, {"KXBTCD": 2, "KXNBAGAME": 8}),
        (50, 0, {"KXBTCD": 10}),
        (0, 10, {"KXNBAGAME": 10}),
        (2, 2, {"KXBTCD": 2, "KXNBAGAME": 4}),
    ],
)
def test_neither_takes_more_than_half_from_the_other(rungs, played, expected):
    assert chosen([*ladder(rungs), *games(played)])[0] == expected


def test_of_games_the_soonest_decided_are_watched():
    _, choice = chosen([*ladder(50), *games(10)])
    assert {n for n in choice.chosen if "GAME" in n} < {
        f"KXNBAGAME-{i}-{side}" for i in range(3) for side in "AH"
    }


def test_games_of_other_days_take_room_only_where_some_is_left():
    far = games(10, expected=SOON_NS + HOUR)
    assert chosen([*ladder(50), *far])[0] == {"KXBTCD": 10}
    assert chosen([*ladder(4), *far])[0] == {"KXBTCD": 4, "KXNBAGAME": 6}


def test_a_game_that_was_put_off_is_none_of_the_next_hours():
    late = games(10, expected=-LATE_NS - SECOND)
    assert chosen([*ladder(50), *late])[0] == {"KXBTCD": 10}
    running_late = games(10, expected=-LATE_NS // 2)
    assert chosen([*ladder(50), *running_late])[0] == {"KXBTCD": 5, "KXNBAGAME": 5}


def test_a_start_the_venue_tells_counts_where_no_result_is_expected_before():
    bare = [listed(f"KXNBAGAME-{i}-A", WEEKS, event=f"KXNBAGAME-{i}") for i in range(10)]
    events = tuple(f"KXNBAGAME-{i}" for i in range(10))
    assert chosen([*ladder(50), *bare])[0] == {"KXBTCD": 10}
    soon = EventScheduled(NOW, "kalshi", events, NOW + HOUR)
    assert chosen([*ladder(50), *bare], 10, soon)[0] == {"KXBTCD": 5, "KXNBAGAME": 5}
    moved = EventScheduled(NOW, "kalshi", events, NOW + 2 * SOON_NS)
    assert chosen([*ladder(50), *games(10)], 10, moved)[0] == {"KXBTCD": 10}


def test_a_game_that_looks_decided_stays_and_a_rung_that_does_goes():
    board = [*ladder(6), *games(3)]
    sure = [BookSnapshot(NOW, 0, each.market.ticker, ((9_850, 1),), ((9_900, 1),)) for each in board]
    _, choice = chosen(board, 6, sure[0], *sure[-6:])
    assert "KXBTCD-0" not in choice.chosen
    assert sum("GAME" in name for name in choice.chosen) == 3


def test_who_is_watched_stays_while_it_is_near_the_best():
    _, choice = chosen(games(10), 4)
    before = choice.chosen
    choice.hear([listed("KXNBAGAME-new-A", WEEKS, HOUR, "KXNBAGAME-new")], NOW)
    choice.choose()
    assert choice.chosen == before


def test_what_is_held_stays_beyond_the_room():
    choice = Choice(("KXBTCD", "KXNBAGAME"), (), 2, Counter())
    choice.keep(["KXNBAGAME-9-A", "KXNBAGAME-9-H", "KXNBAGAME-8-A"])
    choice.hear([*ladder(5), *games(10)], NOW)
    choice.choose()
    assert set(choice.chosen) == {"KXNBAGAME-9-A", "KXNBAGAME-9-H", "KXNBAGAME-8-A"}


def test_starts_of_games_nobody_lists_are_forgotten():
    _, choice = chosen(
        games(1), 4, EventScheduled(NOW, "kalshi", ("KXNBAGAME-0", "KXNBASPREAD-0"), NOW + HOUR)
    )
    assert choice.starts == {"KXNBAGAME-0": NOW + HOUR}
