"""The live mode against a stand-in venue: what it shows is what the venue has, and its recording replays to the bit."""

import asyncio

import pytest
from house import House, lines, now, verified

from cockpit.domain.units import SECOND
from cockpit.feeds.kalshi import feed as kalshi_feed
from cockpit.rehearsal.stands.faults import PROFILES, Faults


@pytest.mark.parametrize("key", [True, False], ids=["keyed", "polled"])
async def test_books_are_the_venues_and_the_recording_replays(tmp_path, key):
    async with House(tmp_path, key=key) as house:
        await house.warm()
        await asyncio.sleep(1.5)
        truth = await house.check_books()
        assert len(truth) >= 5
        assert not house.doubted()
        status = house.live.status()
        assert status.mode == "REHEARSAL"
        assert status.keyed is key
        assert all(feed.up for feed in status.feeds)
        flags = {flag for row in house.live.view().rows for flag in row.flags}
        assert ("POLLED" in flags) is not key
    made = await asyncio.to_thread(verified, house.path)
    assert made.engine.opening() == house.live._engine.opening()
    assert not made.faults


@pytest.mark.parametrize(
    "name", ["gaps", "duplicate", "reorder", "garbage", "truncated", "huge", "non-utf8", "missing-side"]
)
async def test_spoilt_frames_cost_no_wrong_price(tmp_path, name):
    faults = PROFILES[name]
    every = {
        f: 7 for f in ("lose", "repeat", "swap", "cut", "garbage", "bloat", "noise") if getattr(faults, f)
    }
    async with House(tmp_path) as house:
        await house.warm()
        house.control.set(Faults("custom", missing_side=faults.missing_side, **every))
        if faults.missing_side:
            house.control.act("drop-all")
        await asyncio.sleep(1.5)
        house.control.set("none")
        await house.until(lambda: len(house.sound()) >= 5 and not house.doubted())
        if faults.missing_side:
            house.control.act("drop-all")
            await house.until(
                lambda: house.state.doubts > 0 and not house.doubted() and len(house.sound()) >= 5
            )
        await house.check_books()
    await asyncio.to_thread(verified, house.path)


@pytest.mark.parametrize("action", ["drop-all", "reset-all"])
async def test_a_cut_line_is_doubted_and_comes_back(tmp_path, action):
    async with House(tmp_path) as house:
        await house.warm()
        for _ in range(3):
            before = house.state.doubts
            house.control.act(action)
            await house.until(lambda before=before: house.state.doubts > before)
            await house.until(lambda: not house.doubted() and len(house.sound()) >= 5)
        await house.check_books()
        feed = next(each for each in house.live.status().feeds if each.source == "kalshi.ws")
        assert feed.gaps >= 3
    told = lines(house.path)
    downs = [
        frame.t
        for frame in told
        if frame.s == "link" and b'"FeedDown"' in bytes(frame.d) and b"kalshi.ws" in bytes(frame.d)
    ]
    ups = [
        frame.t
        for frame in told
        if frame.s == "link" and b'"FeedUp"' in bytes(frame.d) and b"kalshi.ws" in bytes(frame.d)
    ]
    for down in downs:
        assert any(0 <= up - down < SECOND for up in ups), "the line is made again within a second"
    await asyncio.to_thread(verified, house.path)


async def test_a_frozen_line_is_found_and_made_again(tmp_path, monkeypatch):
    monkeypatch.setattr(kalshi_feed, "QUIET_NS", SECOND)
    async with House(tmp_path) as house:
        await house.warm()
        before = house.state.doubts
        house.control.act("freeze")
        await house.until(lambda: house.state.doubts > before)  # counted: it may be made again within a blink
        await house.until(lambda: not house.doubted() and len(house.sound()) >= 5)
        await house.check_books()


async def test_pings_answered_and_no_data_is_found(tmp_path, monkeypatch):
    monkeypatch.setattr(kalshi_feed, "QUIET_NS", SECOND)
    async with House(tmp_path) as house:
        await house.warm()
        house.control.set(Faults(silent_after_s=0.0))
        await house.until(lambda: any("silent" in why for why in house.state.down.values()))
        house.control.set("none")
        await house.until(lambda: not house.doubted() and len(house.sound()) >= 5)
        await house.check_books()
    assert any(frame.s == "link" and b"silent" in bytes(frame.d) for frame in lines(house.path))


@pytest.mark.parametrize(
    "name", ["rest-429", "rest-429-after", "rest-5xx", "rest-html", "rest-401", "rest-403", "rest-404"]
)
@pytest.mark.parametrize("key", [True, False], ids=["keyed", "polled"])
async def test_answers_that_are_none_are_survived(tmp_path, name, key):
    async with House(tmp_path, key=key) as house:
        await house.warm()
        house.control.set(PROFILES[name])
        await asyncio.sleep(0.8)
        house.control.set("none")
        if name in ("rest-403", "rest-404", "rest-401"):
            return
        await house.until(lambda: len(house.sound()) >= 5 and not house.doubted())
        await house.check_books()
    await asyncio.to_thread(verified, house.path)


@pytest.mark.parametrize("skew", [-10, 10])
@pytest.mark.parametrize("key", [True, False], ids=["keyed", "polled"])
async def test_ten_seconds_of_skew_cost_nothing(tmp_path, skew, key):
    async with House(tmp_path, key=key, wall=lambda: now() + skew * SECOND) as house:
        await house.warm()
        assert any("clock" in note for note in house.live.notes())
        assert abs(house.state.now - now()) < 3 * SECOND
        await house.check_books()


async def test_slow_answers_are_waited_for(tmp_path):
    async with House(tmp_path, faults=Faults(delay_s=0.3)) as house:
        await house.warm()
        await house.check_books()


async def test_a_venue_that_is_not_there_is_waited_for(tmp_path):
    async with House(tmp_path, faults=PROFILES["accept-and-drop"]) as house:
        await house.until(lambda: any(not feed.up for feed in house.live.status().feeds))
        house.control.set("none")
        await house.warm()
        await house.check_books()


async def test_the_account_is_mirrored_and_its_queues_compared(tmp_path):
    async with House(tmp_path) as house:
        await house.warm()
        await house.until(lambda: house.live.view().accounts)
        name = max(
            house.sound(), key=lambda n: house.state.markets[n].book.size(1, house.state.markets[n].book.bid)
        )
        book = house.state.markets[name].book
        price = sorted(book.bids, reverse=True)[:5][
            -1
        ]  # deep: it is reported more than once before it is filled
        ahead = book.size(1, price)
        terms = {"ticker": name, "side": "bid", "price": f"{price / 10_000:.4f}", "count": "3.00", "client_order_id": "mine-1",
                 "time_in_force": "good_till_canceled", "self_trade_prevention_type": "maker", "post_only": True}  # fmt: skip
        status, placed = await house.order("POST", "", terms)
        assert status == 201, placed
        await house.until(lambda: house.live.view().accounts[0].orders)
        (order,) = house.live.view().accounts[0].orders
        assert (order.market, order.side, order.price, order.left) == (name, 1, price, 3_000_000)
        await house.until(
            lambda: (c := house.live.view().accounts[0].calibration) is not None and c.n >= 2, 60
        )
        (order,) = house.live.view().accounts[0].orders or (order,)
        assert 0 <= order.reported <= 2 * ahead + 10**9
        account = house.live.view().accounts[0]
        assert account.cash > 0
        assert dict(account.shards)
        assert account.calibration.fifo_exact == 1.0
        status, _ = await house.order("DELETE", f"/{placed['order_id']}?market_ticker={name}")
        assert status == 200
        await house.until(lambda: not house.live.view().accounts[0].orders)
    await asyncio.to_thread(verified, house.path)
