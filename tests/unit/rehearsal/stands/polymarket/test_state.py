"""How markets come about and follow the stage."""

from polystall import LADDER, RANGE, WINDOW, Stall, record, traded

from cockpit.domain.units import ASK, BID, PRICE, SECOND
from cockpit.rehearsal.courier import Arrival
from cockpit.rehearsal.polymarket.market import PROPOSED, RESOLVED, TRADING
from cockpit.rehearsal.stands.polymarket.routes import Window


def test_frames_may_come_before_the_record():
    early, late = Stall(), Stall()
    for stall in (early, late):
        if stall is late:
            stall.list(WINDOW)
        stall.book(WINDOW, {"0.4000": "10.00"}, {"0.5000": "4.00"})
        stall.delta(WINDOW, "yes", "0.4100", "2.00")
        stall.trade(WINDOW, "0.5000", "1.00")
    market = early.list(WINDOW)
    assert market.sides(yes=True) == late.market(WINDOW).sides(yes=True)
    assert market.sides(yes=True)[0]
    assert (len(market.deals), len(late.market(WINDOW).deals)) == (0, 1)


def test_a_polled_book_is_a_book():
    stall = Stall()
    market = stall.list(LADDER)
    sides = {"yes_dollars": [["0.4000", "10.00"]], "no_dollars": [["0.5000", "4.00"]]}
    stall.rest({"orderbook_fp": sides}, f"https://kalshi/trade-api/v2/markets/{LADDER}/orderbook")
    assert all(market.top())
    before = market.top()
    stall.rest({"orderbooks": [{"ticker": LADDER, "orderbook_fp": {"yes_dollars": [["0.4500", "1.00"]]}}]})
    assert market.top()[0] > before[0]
    assert market.top()[1] == PRICE


def test_the_other_token_mirrors():
    market = traded().market(LADDER)
    bid, ask = market.top()
    assert market.top(yes=False) == (PRICE - ask, PRICE - bid)
    bids, asks = market.sides(yes=True)
    assert market.sides(yes=False) == ([(PRICE - p, n) for p, n in asks], [(PRICE - p, n) for p, n in bids])


def test_a_print_has_the_price_of_the_side_it_took():
    stall = traded()
    market = stall.market(LADDER)
    bid, ask = market.top()
    stall.trade(LADDER, "0.4500", "3.00", "bid")
    stall.trade(LADDER, "0.4000", "3.00", "ask")
    assert [(deal.side, deal.price) for deal in market.deals] == [(BID, ask), (ASK, bid)]
    assert market.turnover == sum(deal.price * deal.size for deal in market.deals)


def test_a_print_beyond_the_last_tick_is_none_here():
    stall = traded()
    market = stall.market(WINDOW)
    for price in ("0.0100", "0.9900"):
        for taker in ("bid", "ask"):
            stall.trade(WINDOW, price, "1.00", taker)
    assert len(market.deals) < 4
    assert all(0 < deal.price < PRICE for deal in market.deals)


def test_other_venues_and_unknown_markets_are_passed_over():
    stall = traded()
    before = [market.sides(yes=True) for market in stall.state.markets.values()]
    stall.venue.take(Arrival(stall.clock(), "coinbase.ws", b'{"type":"orderbook_delta"}', None))
    stall.delta("KXNBAGAME-X", "yes", "0.4000", "1.00")
    stall.delta(RANGE, "yes", "0.4000", "1.00")
    stall.trade("KXBTCD-NOBODY", "0.4000", "1.00")
    stall.life("KXBTCD-NOBODY", "settled")
    assert [market.sides(yes=True) for market in stall.state.markets.values()] == before


def test_a_life_in_order_and_out_of_it():
    stall = traded()
    market = stall.market(WINDOW)
    stall.life(WINDOW, "settled")
    assert market.phase == TRADING, "nobody has said how"
    stall.life(WINDOW, "determined", result="no")
    assert (market.phase, market.paid) == (PROPOSED, 0)
    stall.clock.pass_(9)
    stall.life(WINDOW, "settled")
    assert (market.phase, market.closed_ns) == (RESOLVED, stall.clock())
    stall.clock.pass_(9)
    stall.life(WINDOW, "settled")
    stall.trade(WINDOW, "0.4500", "1.00")
    assert market.closed_ns == stall.clock() - 9 * SECOND
    assert not market.deals


def test_a_window_learns_its_price_to_beat_and_keeps_it():
    stall = Stall()
    market = stall.list(WINDOW)
    assert market.terms.low is None
    stall.list(WINDOW, floor_strike=84213.5)
    stall.list(WINDOW)
    assert market.terms.low == 8_421_350_000_000


def test_a_ladder_without_a_strike_is_not_listed():
    stall = Stall()
    stall.rest({"market": record("KXBTCD-26NOV2920-X")})
    stall.rest({"market": {"ticker": LADDER, "open_time": "soon", "close_time": "later"}})
    assert not stall.state.markets


def test_markets_of_one_expiry_share_an_event():
    stall = Stall()
    stall.list(LADDER, "KXBTCD-26NOV2920-T84299.99")
    (group,) = stall.state.groups.values()
    assert [market.names.short for market in group.markets] == ["84,200", "84,300"]
    assert not group.closed


def test_a_window_of_time_lets_so_many_through():
    window = Window(2, 10 * SECOND)
    assert [window.wait(at * SECOND) for at in (0, 1, 2, 9)] == [0, 0, 9, 2]
    assert [window.wait(at * SECOND) for at in (10, 10, 11)] == [0, 2, 0]


async def test_a_socket_is_only_at_its_path():
    from cockpit.rehearsal.stands.asked import make_asked

    venue = Stall().venue
    assert await venue.greet(make_asked("GET", "/ws/market", {})) is None
    assert (await venue.greet(make_asked("GET", "/ws/user", {}))).status == 404
