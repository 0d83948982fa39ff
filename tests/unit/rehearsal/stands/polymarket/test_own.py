"""The stand-in as the stage's own Polymarket frames make it: no market in Kalshi's wake, and the venue's own ends."""

import json

import msgspec
import pytest
from polystall import LADDER, WINDOW, Stall, record

from cockpit.domain.units import ASK, BID, PRICE, QTY, SECOND, UNDERLYING
from cockpit.rehearsal.agents import Crowding
from cockpit.rehearsal.courier import Arrival
from cockpit.rehearsal.listing import Ladder
from cockpit.rehearsal.pit import LOT
from cockpit.rehearsal.polymarket.market import PROPOSED, RESOLVED, TRADING
from cockpit.rehearsal.post import GAMMA, WS
from cockpit.rehearsal.profiles import BTC, CLOSE_NS, CRYPTO, MAKERS
from cockpit.rehearsal.stands.polymarket import heard
from cockpit.rehearsal.twins import Doubled, Twins
from cockpit.rehearsal.world import World
from cockpit.rehearsal.write import frames

PROFILE = msgspec.structs.replace(
    CRYPTO,
    assets=(BTC,),
    crowding=Crowding(rate=0.5),
    ladders=(Ladder("BTC", 50 * UNDERLYING, above=2, updown=True),),
    twins=Twins((Doubled("BTC", 50 * UNDERLYING, above=2),), MAKERS[:1], Crowding(rate=2.0), 5.0),
)


class Stage:
    """A stall that a world is played to."""

    def __init__(self):
        self.stall = Stall()
        self.world = World(5, 2.6, PROFILE)
        self.frames = frames(self.world)
        self.stall.clock.at = self.world.start

    def play(self, until):
        """Everything that arrives before a moment."""
        for arrival in self.frames:
            if arrival.t >= until:
                return
            self.stall.clock.at = max(self.stall.clock.at, arrival.t)
            self.stall.venue.take(arrival)


@pytest.fixture
def stage():
    return Stage()


def test_the_venues_own_markets_and_no_others(stage):
    stage.play(stage.world.start + 5 * SECOND)
    state = stage.stall.state
    assert state.markets.keys() == stage.world.twins.keys()
    assert [group.event.recurrence for group in state.groups.values()] == ["hourly", "15m"]
    for market in state.markets.values():
        pit = stage.world.twins[market.condition]
        assert (market.terms.low, market.terms.family) == (pit.terms.low, pit.terms.family)
        assert (market.terms.open_ns, market.terms.close_ns) == (pit.terms.open_ns, pit.terms.close_ns)
        assert "Kalshi" not in market.group.event.rules


def test_markets_that_followed_kalshi_are_gone_as_soon_as_the_venue_speaks(stage):
    stall = stage.stall
    stall.list(WINDOW, LADDER)
    stall.book(LADDER, {"0.4000": "10.00"}, {"0.5500": "7.00"})
    assert all("Kalshi" in market.group.event.rules for market in stall.state.markets.values())
    stage.play(stage.world.start + SECOND)
    assert stall.state.markets.keys() == stage.world.twins.keys()
    assert not {token for market in stall.state.markets.values() for token in market.tokens} - set(
        stall.state.teller.tokens
    )
    stall.rest({"markets": [record(LADDER)]})
    assert stall.state.markets.keys() == stage.world.twins.keys()


def test_books_are_the_worlds(stage):
    stage.play(CLOSE_NS + 5 * SECOND)
    for name, market in stage.stall.state.markets.items():
        exchange = stage.world.twins[name].exchange
        bids, asks = market.sides(yes=True)
        assert dict(bids) == {price: qty // LOT for price, qty in exchange.levels(BID)}
        assert dict(asks) == {price: qty // LOT for price, qty in exchange.levels(ASK)}
        assert sum(deal.size for deal in market.deals) * LOT <= exchange.volume
    assert any(market.deals for market in stage.stall.state.markets.values())


def test_a_client_is_told_what_the_world_tells(stage):
    stage.play(stage.world.start + 5 * SECOND)
    token = next(iter(stage.stall.state.markets.values())).tokens[0]
    ear = stage.stall.client(token, custom=True)
    (book,) = ear.drain()
    sides = {each: {level["price"]: level["size"] for level in book[each]} for each in ("bids", "asks")}
    stage.play(stage.world.start + 60 * SECOND)
    stage.stall.flush()
    heard_ = ear.drain()
    assert {each["event_type"] for each in heard_} >= {"price_change", "last_trade_price", "book"}
    for each in heard_:
        for change in each.get("price_changes", ()):
            if change["asset_id"] == token:
                side = sides["bids" if change["side"] == "BUY" else "asks"]
                side[change["price"]] = change["size"]
                if change["size"] == "0":
                    del side[change["price"]]
    market = stage.stall.state.teller.tokens[token][0]
    assert sum(map(len, sides.values())) == sum(map(len, market.sides(yes=True)))


def test_it_ends_as_the_world_says(stage):
    stage.play(CLOSE_NS + 30 * SECOND)
    phases = {market.terms.family: market.phase for market in stage.stall.state.markets.values()}
    assert phases == {"above": PROPOSED, "updown": RESOLVED}
    stage.play(CLOSE_NS + 80 * SECOND)
    for name, market in stage.stall.state.markets.items():
        assert market.phase == RESOLVED
        assert market.paid == (PRICE if stage.world.twins[name].pays() else 0)
    assert all(group.closed for group in stage.stall.state.groups.values())


async def test_its_answers_are_of_these_markets(stage):
    stage.play(stage.world.start + 20 * SECOND)
    status, told = await stage.stall.get("gamma/events/keyset", tag_slug="crypto")
    assert status == 200
    listed = [market for event in told["events"] for market in event["markets"]]
    assert {market["conditionId"] for market in listed} == stage.world.twins.keys()
    page = next(json.loads(a.payload) for a in frames(World(5, 2.6, PROFILE)) if a.source == GAMMA)
    first = {m["conditionId"]: m for event in page["events"] for m in event["markets"]}
    moving = {
        "volume",
        "liquidity",
        "bestBid",
        "bestAsk",
        "spread",
        "outcomePrices",
        "lastTradePrice",
        "updatedAt",
    }
    for market in listed:
        fixed = {k: v for k, v in market.items() if not any(k.startswith(each) for each in moving)}
        assert fixed == {key: first[market["conditionId"]][key] for key in fixed}
    status, terms = await stage.stall.get(f"clob/clob-markets/{listed[0]['conditionId']}")
    assert (status, terms["c"]) == (200, listed[0]["conditionId"])


# ---------------------------------------------------------------------- odd frames


def venue_says(stall, source, payload, url=None):
    stall.venue.take(Arrival(stall.clock(), source, payload, url))


@pytest.mark.parametrize(
    "payload",
    [
        b"PONG",
        b"[]",
        b"[1]",
        b"{}",
        b'{"event_type":"book","asset_id":"1"}',
        b'{"event_type":"price_change","price_changes":[{"asset_id":"7","price":"x","size":"1","side":"BUY"}]}',
        b'{"event_type":"last_trade_price","asset_id":"7","price":"0.5","size":"","side":"BUY"}',
        b'{"event_type":"tick_size_change","asset_id":"7","new_tick_size":"none"}',
        b'{"event_type":"market_resolved","winning_asset_id":""}',
    ],
)
def test_what_cannot_be_read_is_passed_over(stage, payload):
    stage.play(stage.world.start + 5 * SECOND)
    stall = stage.stall
    before = [market.sides(yes=True) for market in stall.state.markets.values()]
    token = next(iter(stall.state.markets.values())).tokens[0].encode()
    venue_says(stall, WS, payload.replace(b'"7"', b'"' + token + b'"'))
    venue_says(stall, GAMMA, payload, "https://gamma-api.polymarket.com/events/keyset?x=1")
    assert [market.sides(yes=True) for market in stall.state.markets.values()] == before
    assert {market.phase for market in stall.state.markets.values()} == {TRADING}


@pytest.mark.parametrize("path", ["/events/slug/e", "/events", "/events/keyset", "/markets/m", "/markets"])
def test_listings_of_every_kind_are_read(path):
    market = {
        "id": "1",
        "conditionId": "0xa",
        "question": "A?",
        "slug": "a",
        "outcomes": '["Yes", "No"]',
        "clobTokenIds": '["11", "22"]',
        "endDate": "2026-12-03T20:00:00Z",
        "orderPriceMinTickSize": 0.001,
    }
    event = {"id": "e1", "slug": "a-thing", "title": "Thing", "tags": [], "markets": [market]}
    within = {key: value for key, value in event.items() if key != "markets"}
    body = {
        "/events/slug/e": event,
        "/events": [event],
        "/events/keyset": {"events": [event]},
        "/markets/m": market | {"events": [within]},
        "/markets": [market | {"events": [within]}],
    }[path]
    stall = Stall()
    venue_says(stall, GAMMA, json.dumps(body).encode(), f"https://gamma-api.polymarket.com{path}")
    (found,) = stall.state.markets.values()
    assert (found.group.event.slug, found.terms.family, found.book.tick) == ("a-thing", "", 10)
    assert found.terms.close_ns == 1_796_328_000 * SECOND


async def test_a_market_of_no_known_family_can_be_asked_for():
    stall = Stall()
    market = {
        "id": "1",
        "conditionId": "0xa",
        "outcomes": '["Yes","No"]',
        "clobTokenIds": '["11","22"]',
        "slug": "a",
    }
    market |= {"startDate": "2026-12-01T00:00:00Z", "endDate": "2026-12-03T20:00:00Z"}
    event = {"id": "e1", "slug": "thing", "markets": [market]}
    venue_says(stall, GAMMA, json.dumps(event).encode(), "https://x/events/slug/thing")
    for path in ("gamma/events/slug/thing", "gamma/markets/1", "clob/markets/0xa"):
        status, _ = await stall.get(path)
        assert status == 200


def test_numbers_of_the_wire():
    assert heard.price(".48") == 4_800
    assert (heard.shares("12.345678"), heard.shares("7")) == (1_234, 700)
    assert heard.units(msgspec.Raw(b"84213.5")) == 8_421_350_000_000
    assert heard.units(msgspec.Raw(b"null")) is None
    assert heard.stamp("1796328000123", 5) == 1_796_328_000_123_000_000
    assert heard.stamp("", 5) == 5
    assert 500 * QTY // LOT == 50_000
