"""The world as its recording shows it: settlement from start to end, and what may be asked of its truth."""

import json
from typing import Any

import msgspec
import pytest

from cockpit.domain.units import PRICE, SECOND, UNDERLYING
from cockpit.rehearsal.agents import Crowding
from cockpit.rehearsal.exchange import Cause, Change
from cockpit.rehearsal.happenings import Moved, Ticked
from cockpit.rehearsal.listing import Ladder
from cockpit.rehearsal.profiles import CLOSE_NS, CRYPTO, PROFILES, QUEUE
from cockpit.rehearsal.twins import Doubled, Twins
from cockpit.rehearsal.world import World
from cockpit.rehearsal.write import frames

TWINS = Twins((Doubled("BTC", 100 * UNDERLYING, above=1),), (), Crowding(rate=0.1), 60.0)


def kalshi(walked: Any, kind: str) -> list[dict[str, Any]]:
    frames = (json.loads(a.payload) for a in walked.arrivals if a.source == "kalshi.ws")
    return [frame["msg"] for frame in frames if frame["type"] == kind]


def bodies(walked: Any) -> list[tuple[int, str, dict[str, Any]]]:
    return [(a.t, a.url, json.loads(a.payload)) for a in walked.arrivals if a.source == "kalshi.rest"]


def finals(walked: Any) -> list[tuple[int, str, dict[str, Any]]]:
    """The polls that show a settled market."""
    late = [poll for poll in bodies(walked) if poll[0] > CLOSE_NS]
    return [poll for poll in late if poll[2]["market"]["status"] == "finalized"]


def test_the_recording_begins_with_subscriptions_then_every_book(mixed: Any) -> None:
    first = [json.loads(a.payload)["type"] for a in mixed.arrivals if a.source == "kalshi.ws"]
    count = len(mixed.world.pits)
    assert first[: 5 + count] == ["subscribed"] * 5 + ["orderbook_snapshot"] * count
    snapshots = kalshi(mixed, "orderbook_snapshot")
    assert [msg["market_ticker"] for msg in snapshots] == list(mixed.world.pits)
    traded = [msg for msg in snapshots if "yes_dollars_fp" in msg and "no_dollars_fp" in msg]
    assert len(traded) >= 3
    (unopened,) = [msg for msg in snapshots if "yes_dollars_fp" not in msg and "no_dollars_fp" not in msg]
    assert unopened["market_ticker"] == "KXBTC15M-26DEC031515-15"


def test_everything_listed_is_polled_at_the_start(mixed: Any) -> None:
    early = [url.rpartition("/v2/")[2] for t, url, _ in bodies(mixed) if t < mixed.world.start + SECOND]
    assert [url for url in early if url.startswith("series/")] == [
        "series/KXBTCD",
        "series/KXBTC",
        "series/KXBTC15M",
    ]
    assert len([url for url in early if url.startswith("events/")]) == 4
    assert [url for url in early if url.startswith("markets/")] == [
        f"markets/{name}" for name in mixed.world.pits
    ]


def test_the_settlement_is_the_mean_of_sixty_index_frames(mixed: Any) -> None:
    close_ms = CLOSE_NS // 10**6
    prints = [json.loads(msg["data"]) for msg in kalshi(mixed, "cfbenchmarks_value")]
    cents = [round(float(p["value"]) * 100) for p in prints if close_ms - 60_000 < p["time"] <= close_ms]
    assert len(cents) == 60
    expected = (2 * sum(cents) + 60) // 120
    for _, _, body in finals(mixed):
        assert body["market"]["expiration_value"] == f"{expected // 100}.{expected % 100:02d}"
    closing = next(
        m for m in kalshi(mixed, "cfbenchmarks_value") if json.loads(m["data"])["time"] == close_ms
    )
    window = closing["last_60s_windowed_average_15min"]
    assert window["window_size"] == 60
    assert window["window_start_ts_ms"] == close_ms - 60_000
    assert round(float(window["value"]) * 100) == expected


def test_the_settlement_window_stands_in_the_last_minute_only(mixed: Any) -> None:
    for msg in kalshi(mixed, "cfbenchmarks_value"):
        second = json.loads(msg["data"])["time"] // 1000 % 900
        assert ("last_60s_windowed_average_15min" in msg) == (second == 0 or second > 840)
        if second > 840:
            assert msg["last_60s_windowed_average_15min"]["window_size"] == second - 840
        assert msg["avg_60s_data"]["window_size"] == 60


def test_markets_close_are_determined_and_settled_in_turn(mixed: Any) -> None:
    told = kalshi(mixed, "market_lifecycle_v2")
    closing = [name for name, pit in mixed.world.pits.items() if pit.market.close_ns == CLOSE_NS]
    for name in closing:
        determined, settled = (msg for msg in told if msg["market_ticker"] == name)
        timer = 1 if name.startswith("KXBTC15M") else 60
        assert determined["event_type"] == "determined"
        assert determined["determination_ts"] == CLOSE_NS // SECOND + 7
        assert settled == {
            "market_ticker": name,
            "event_type": "settled",
            "settled_ts": CLOSE_NS // SECOND + 7 + timer,
        }
        final = [
            body["market"]
            for t, _, body in bodies(mixed)
            if t > CLOSE_NS and body["market"]["ticker"] == name
        ]
        assert [market["status"] for market in final] == ["finalized"]
        assert final[0]["result"] == determined["result"]
        assert final[0]["settlement_value_dollars"] == determined["settlement_value"]


def test_results_agree_with_strikes(mixed: Any) -> None:
    assert len(finals(mixed)) == 5
    for _, _, body in finals(mixed):
        market, value = body["market"], float(body["market"]["expiration_value"])
        low = market.get("floor_strike", float("-inf"))
        high = market.get("cap_strike", float("inf"))
        pays = {
            "greater": value > low,
            "greater_or_equal": value >= low,
            "less": value < high,
            "between": low <= value <= high,
        }
        assert market["result"] == ("yes" if pays[market["strike_type"]] else "no")
    ranges = [body["market"]["result"] for _, u, body in finals(mixed) if "/KXBTC-" in u]
    assert ranges.count("yes") == 1


def test_the_next_quarters_target_is_the_last_ones_value_and_comes_late(mixed: Any) -> None:
    name = "KXBTC15M-26DEC031515-15"
    first, second = (body["market"] for _, u, body in bodies(mixed) if u.endswith(f"markets/{name}"))
    assert "floor_strike" not in first
    assert (first["status"], second["status"]) == ("initialized", "active")
    (told,) = [msg for msg in kalshi(mixed, "market_lifecycle_v2") if msg["market_ticker"] == name]
    value = next(body["market"]["expiration_value"] for _, _, body in finals(mixed))
    assert told["floor_strike"] == second["floor_strike"]
    assert told["event_type"] == "metadata_updated"
    assert told["floor_strike"] == pytest.approx(float(value), abs=1e-9)
    moves = [msg for msg in kalshi(mixed, "orderbook_delta") if msg["market_ticker"] == name]
    assert moves
    assert min(msg["ts_ms"] for msg in moves) > CLOSE_NS // 10**6 + 7000


def test_nothing_trades_after_the_close(mixed: Any) -> None:
    for kind in ("orderbook_delta", "trade"):
        for msg in kalshi(mixed, kind):
            assert msg["ts_ms"] * 10**6 < mixed.world.pits[msg["market_ticker"]].market.close_ns


def test_spot_trades_stay_near_the_index(mixed: Any) -> None:
    matches = [json.loads(a.payload) for a in mixed.arrivals if a.source == "coinbase.ws"]
    prices = [float(frame["price"]) for frame in matches if frame["type"] == "match"]
    prints = [float(json.loads(msg["data"])["value"]) for msg in kalshi(mixed, "cfbenchmarks_value")]
    assert len(prices) > 30
    assert min(prints) - 30 < min(prices)
    assert max(prices) < max(prints) + 30
    kraken = [json.loads(a.payload) for a in mixed.arrivals if a.source == "kraken.ws"]
    assert {frame.get("channel", "ack") for frame in kraken} == {"ack", "trade", "ticker"}


def test_books_are_quoted_around_the_true_value() -> None:
    """In markets of the next day, whose value moves little between two looks of a maker."""
    world = World(11, 2.6, QUEUE)
    gaps = []
    for happening in world.happenings():
        if isinstance(happening, Ticked) and "26DEC0417" in happening.market:
            mid = (happening.top.bid + happening.top.ask) / 2
            gaps.append(abs(mid / PRICE - world.fair(happening.market, happening.ts)))
    assert len(gaps) > 50
    assert sum(gaps) / len(gaps) < 0.02


def test_the_truth_knows_values_outcomes_and_fates(mixed: Any) -> None:
    truth = mixed.world.truth()
    assert truth["volatility"].keys() == {"BTC"}
    assert 0.2 < truth["volatility"]["BTC"] < 1.0
    ends = {body["market"]["ticker"]: body["market"]["result"] for _, _, body in finals(mixed)}
    assert {name: "yes" if end["yes"] else "no" for name, end in truth["outcomes"].items()} == ends
    fates = truth["probes"]
    assert {fill[2] for fate in fates for fill in fate["fills"]} == {"queue", "through", "quote"}
    for fate in fates:
        assert sum(fill[1] for fill in fate["fills"]) == fate["qty"] - fate["left"]
        assert all(fate["entered"] < fill[0] < fate["ended_recv"] for fill in fate["fills"])


def test_fair_values_need_a_strike(mixed: Any) -> None:
    world = World(5, 3.0, mixed.world.profile)
    with pytest.raises(ValueError, match="no strike"):
        world.fair("KXBTC15M-26DEC031515-15", world.start)
    with pytest.raises(KeyError):
        world.fair("NONE", world.start)


@pytest.mark.parametrize("minutes", [0.5, 2.4, 16.0])
def test_a_session_holds_the_close(minutes: float) -> None:
    with pytest.raises(ValueError, match="before the close"):
        World(1, minutes)


def test_sizes_identify_most_cancels_but_not_all() -> None:
    """The share of non-trade decreases that match exactly one known order (91 % on real frames)."""
    world = World(11, 4.0, QUEUE)
    told = unique = 0
    for happening in world.happenings():
        if not isinstance(happening, Moved):
            continue
        exchange = world.pits[happening.market].exchange
        for item in happening.tape:
            if isinstance(item, Change) and item.cause in (Cause.CANCEL, Cause.AMEND):
                told += 1
                twins = sum(order.left == -item.qty for order in exchange.orders(item.side, item.price))
                unique += item.cause == Cause.CANCEL and not twins
    assert told > 300
    assert 0.8 < unique / told < 0.97


def test_every_profile_runs_and_names_itself() -> None:
    assert {name: profile.name for name, profile in PROFILES.items()} == {
        "crypto": "crypto",
        "queue": "queue",
        "demo": "demo",
        "pairs": "pairs",
        "games": "games",
        "speech": "speech",
    }
    short = World(3, 2.5, msgspec.structs.replace(CRYPTO, tail_ns=80 * SECOND))
    assert {pit.path.asset.symbol for pit in short.pits.values()} == {"BTC", "ETH", "SOL"}
    count = sum(1 for _ in short.happenings())
    assert count > 1000
    assert {pit.market.series for pit in short.pits.values() if pit.path.asset.symbol == "SOL"} == {
        "KXSOLD",
        "KXSOL15M",
    }


def test_with_twins_everyone_else_does_the_same(twinned: Any) -> None:
    """Frames of all other venues, byte for byte and at the same times, and what is true of them."""
    alone = World(twinned.world.seed, 3.0, msgspec.structs.replace(twinned.world.profile, twins=None))
    others = [arrival for arrival in twinned.arrivals if not arrival.source.startswith("polymarket")]
    assert len(others) < len(twinned.arrivals)
    assert list(frames(alone)) == others
    truth = twinned.world.truth()
    assert truth.pop("polymarket")
    assert truth == alone.truth()


def test_the_truth_of_twins_stands_apart_with_their_likenesses(twinned: Any) -> None:
    world = twinned.world
    told = world.truth()["polymarket"]
    assert told["outcomes"].keys() == told["pairs"].keys() == world.twins.keys()
    for name, pit in world.twins.items():
        like = world.pits[told["pairs"][name]].market
        assert like.close_ns == pit.market.close_ns
        assert told["outcomes"][name]["yes"] == pit.pays()
        if pit.terms.family == "above":
            assert pit.market.floor == like.floor + UNDERLYING // 100
        assert 0.0 <= world.fair(name, world.start) <= 1.0
        assert world.fair(name, CLOSE_NS) == pit.pays()


def test_a_twin_without_a_likeness_says_so() -> None:
    profile = msgspec.structs.replace(
        CRYPTO, twins=TWINS, ladders=(Ladder("BTC", 100 * UNDERLYING, above=1),)
    )
    world = World(1, 2.6, profile)
    assert set(world.truth()["polymarket"]["pairs"].values()) == {None, *list(world.pits)[:1]}
