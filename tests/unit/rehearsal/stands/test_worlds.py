"""Worlds one after another: they begin now, go on from each other's prices, and list what the clock asks for."""

import gc
import json
import weakref
from itertools import pairwise, takewhile

import msgspec
import pytest

from cockpit.domain.units import SECOND, UNDERLYING
from cockpit.rehearsal.agents import Crowding
from cockpit.rehearsal.listing import QUARTER_S
from cockpit.rehearsal.profiles import CRYPTO, DEMO
from cockpit.rehearsal.stands.worlds import HANDOVER_NS, Continued, chain
from cockpit.rehearsal.twins import Doubled, Twins

QUARTER = QUARTER_S * SECOND
CLOSE = 1_796_310_000 * SECOND // QUARTER * QUARTER + QUARTER
QUIET = msgspec.structs.replace(
    CRYPTO,
    ladders=CRYPTO.ladders[:2],
    assets=CRYPTO.assets[:1],
    makers=CRYPTO.makers[:1],
    crowding=msgspec.structs.replace(CRYPTO.crowding, rate=0.05),
    hawk_pace_s=60.0,
    spot_rate=0.05,
)


@pytest.fixture(scope="module")
def frames():
    """From half a minute before a quarter hour to two minutes into the second quarter hour after it."""
    last = CLOSE + QUARTER + 120 * SECOND
    return list(takewhile(lambda arrival: arrival.t < last, chain(5, CLOSE - 30 * SECOND, QUIET)))


def kalshi(frames, kind):
    for arrival in frames:
        if arrival.source == "kalshi.ws":
            frame = json.loads(arrival.payload)
            if frame["type"] == kind:
                yield arrival.t, frame["msg"]


def test_time_never_runs_back_and_begins_in_the_present(frames):
    times = [arrival.t for arrival in frames]
    assert times == sorted(times)
    # less than a minute was left, so the world is half a minute old
    assert CLOSE - 60 * SECOND <= times[0] < CLOSE - 59 * SECOND


def test_a_world_of_any_length_to_the_quarter_hour_can_begin():
    for seconds in (1, 59, 61, 500, 861, 899, 900):
        first = next(chain(1, CLOSE - seconds * SECOND, QUIET))
        assert CLOSE - max(seconds, 60) * SECOND <= first.t < CLOSE


def test_the_index_goes_on_without_a_jump(frames):
    values = [
        (int(data["time"]), float(data["value"]))
        for _, msg in kalshi(frames, "cfbenchmarks_value")
        for data in [json.loads(msg["data"])]
    ]
    stamps = [stamp for stamp, _ in values]
    assert stamps == list(range(stamps[0], stamps[-1] + 1, 1_000)), "one print a second, none twice"
    assert max(abs(b / a - 1) for (_, a), (_, b) in pairwise(values)) < 1e-3


def test_index_averages_are_those_of_the_prints_across_the_seam(frames):
    seen = []
    for _, msg in kalshi(frames, "cfbenchmarks_value"):
        mean = msg["avg_60s_data"]
        if len(seen) >= 60:
            assert float(mean["value"]) == pytest.approx(sum(seen[-60:]) / 60, abs=1e-6)
        seen.append(float(json.loads(msg["data"])["value"]))


def test_the_next_target_is_what_the_last_market_settled_at(frames):
    records = {}
    for arrival in frames:
        if arrival.url and "/markets/KXBTC15M" in arrival.url:
            market = json.loads(arrival.payload)["market"]
            records.setdefault(market["ticker"], []).append(market)
    finals = {m[-1]["close_time"]: m[-1] for m in records.values() if m[-1]["result"]}
    targets = {m[-1]["open_time"]: m[-1]["floor_strike"] for m in records.values() if "floor_strike" in m[-1]}
    assert len(finals) == 2
    for close, final in finals.items():
        assert float(final["expiration_value"]) == targets[close]


def test_markets_are_listed_as_others_settle_and_none_twice(frames):
    listed = {}
    for arrival in frames:
        if arrival.url and "/markets/" in arrival.url:
            market = json.loads(arrival.payload)["market"]
            listed.setdefault(market["ticker"], (arrival.t, market["close_time"]))
    closes = {close for _, close in listed.values()}
    assert len(closes) == 4, "two that close, the one that trades, and the quarter hour after"
    assert sum(ticker.startswith("KXBTCD-") for ticker in listed) == 9
    assert not [ticker for ticker in listed if ticker.count("-") != 2]


def test_every_closed_market_is_determined_and_settled_once(frames):
    told = [(msg["event_type"], msg["market_ticker"]) for _, msg in kalshi(frames, "market_lifecycle_v2")]
    ended = [ticker for kind, ticker in told if kind == "settled"]
    assert len(ended) == len(set(ended)) == 20
    assert sorted(ended) == sorted(ticker for kind, ticker in told if kind == "determined")


def test_of_the_world_before_only_the_settlement_is_told(frames):
    books = {}
    for t, msg in kalshi(frames, "orderbook_delta"):
        books.setdefault(msg["market_ticker"], []).append(t)
    for ticker, times in books.items():
        if "15M" not in ticker and times[0] < CLOSE:
            assert times[-1] < CLOSE + HANDOVER_NS, ticker


def test_a_full_hour_keeps_its_plain_names():
    hour = CLOSE // (4 * QUARTER) * 4 * QUARTER
    events = {
        json.loads(arrival.payload)["event"]["event_ticker"]
        for arrival in takewhile(lambda a: a.t < hour - 299 * SECOND, chain(1, hour - 300 * SECOND, QUIET))
        if arrival.url and "/events/" in arrival.url
    }
    daily = next(event for event in events if event.startswith("KXBTCD-"))
    assert len(daily.partition("-")[2]) == len("26DEC0315")


def test_the_same_seed_gives_the_same_world():
    one, two = chain(3, CLOSE - 90 * SECOND, QUIET), chain(3, CLOSE - 90 * SECOND, QUIET)
    assert [next(one) for _ in range(300)] == [next(two) for _ in range(300)]


def test_a_continued_world_keeps_the_bounds_of_its_profile():
    world = Continued(1, CLOSE - 899 * SECOND, CLOSE, QUIET, None)
    assert world.start == CLOSE - 899 * SECOND
    assert world.end == CLOSE + QUIET.tail_ns
    assert world.profile.warm_ns == SECOND


def test_a_world_that_was_gone_on_from_is_let_go():
    first = Continued(1, CLOSE - 60 * SECOND, CLOSE, QUIET, None)
    second = Continued(2, CLOSE, CLOSE + QUARTER, QUIET, first)
    gone = weakref.ref(first)
    del first
    gc.collect()
    assert gone() is None
    assert second.start > 0


# ---------------------------------------------------------------------- with twins

TWINNED = msgspec.structs.replace(
    QUIET,
    twins=Twins(
        doubled=(Doubled("BTC", 100 * UNDERLYING, above=2),),
        makers=CRYPTO.makers[:1],
        crowding=Crowding(rate=0.3),
        hawk_pace_s=20.0,
    ),
)


@pytest.fixture(scope="module")
def twinned():
    """As above, with Polymarket's markets."""
    last = CLOSE + QUARTER + 120 * SECOND
    return list(takewhile(lambda arrival: arrival.t < last, chain(5, CLOSE - 30 * SECOND, TWINNED)))


def test_with_twins_kalshi_is_the_same(frames, twinned):
    assert [arrival for arrival in twinned if not arrival.source.startswith("polymarket")] == frames


def test_twins_are_listed_as_others_end_and_none_twice(twinned):
    listed = {}
    for arrival in twinned:
        if arrival.url and "/events/keyset" in arrival.url:
            for event in json.loads(arrival.payload)["events"]:
                for market in event["markets"]:
                    assert market["conditionId"] not in listed
                    assert market["id"] not in {each["id"] for each in listed.values()}
                    listed[market["conditionId"]] = market
    assert len(listed) == 3 * 3
    assert len({market["slug"] for market in listed.values()}) == 9
    told = [json.loads(a.payload) for a in twinned if b'"market_resolved"' in a.payload]
    ended = [each["market"] for each in told]
    assert len(ended) == len(set(ended)) == 6
    assert {listed[name]["endDate"] for name in ended} == {
        listed[name]["endDate"] for name in list(listed)[:6]
    }


def test_of_twins_that_ended_only_the_outcome_is_told(twinned):
    books = {}
    for arrival in twinned:
        if arrival.source == "polymarket.ws" and b'"price_change"' in arrival.payload:
            told = json.loads(arrival.payload)
            books.setdefault(told["market"], []).append(arrival.t)
    first = [times[-1] for times in books.values() if times[0] < CLOSE]
    assert first
    assert max(first) < CLOSE + HANDOVER_NS


@pytest.fixture(scope="module")
def played():
    """Two worlds of games and two minutes of a third, from two minutes before a quarter hour."""
    profile = msgspec.structs.replace(QUIET, ladders=QUIET.ladders[:1], games=DEMO.games)
    last = CLOSE + QUARTER + 120 * SECOND
    return list(takewhile(lambda arrival: arrival.t < last, chain(5, CLOSE - 120 * SECOND, profile)))


def test_no_game_hangs_when_its_world_is_over(played):
    """Of what was listed in the first two worlds: everything is closed, determined and settled, and final on both."""
    steps, resolved, seen, listed = {}, {}, {}, set()
    for arrival in played:
        if arrival.t < CLOSE + QUARTER and "GAME" in (arrival.url or "") and "/markets/" in arrival.url:
            listed.add(arrival.url.rpartition("/")[2])
        if arrival.source == "kalshi.ws" and b"market_lifecycle_v2" in arrival.payload:
            msg = json.loads(arrival.payload)["msg"]
            if "GAME" in msg.get("market_ticker", ""):
                steps.setdefault(msg["market_ticker"], []).append(msg["event_type"])
        elif arrival.source == "polymarket.ws" and b"market_resolved" in arrival.payload:
            msg = json.loads(arrival.payload)
            resolved[msg["event_message"]["slug"]] = msg["winning_outcome"]
        elif arrival.source == "espn.site" and "/scoreboard" in arrival.url:
            for event in json.loads(arrival.payload)["events"]:
                status = event["competitions"][0]["status"]["type"]["name"]
                seen.setdefault(event["id"], []).append((arrival.t, status))
    assert len(listed) == 16
    assert {tuple(steps[name]) for name in listed} == {("close_date_updated", "determined", "settled")}
    assert len(resolved) >= 8
    begun = {
        number: told for number, told in seen.items() if told[0][0] < CLOSE + QUARTER and number[:3] == "401"
    }
    assert [told[-1][1] for told in begun.values()] == ["STATUS_FINAL"] * 8
    assert {number for number in seen if number[:3] == "402"} == {next(n for n in seen if n[:3] == "402")}


def test_a_world_that_begins_late_begins_its_games_in_their_course(played):
    first = next(a for a in played if a.source == "espn.site" and "basketball/nba/scoreboard" in a.url)
    periods = [e["competitions"][0]["status"]["period"] for e in json.loads(first.payload)["events"]]
    assert sorted(periods)[0] == 0
    assert sorted(periods)[1:] == [4, 4, 4]


def test_books_of_games_end_with_their_world(played):
    """Nothing is told of a book after the handover that is not of the next world's."""
    listed = {}
    for arrival in played:
        if arrival.source == "kalshi.rest" and "/markets/" in arrival.url and "GAME" in arrival.url:
            listed.setdefault(arrival.url.rpartition("/")[2], arrival.t)
    early = {name for name, ts in listed.items() if ts < CLOSE}
    late = [msg["market_ticker"] for t, msg in kalshi(played, "orderbook_delta") if t > CLOSE + HANDOVER_NS]
    assert early
    assert early.isdisjoint(late)
