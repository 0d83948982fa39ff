"""Listings: bodies, filters, order, pages."""

import json

import pytest
from polystall import CLOSE, LADDER, OTHER, RANGE, WINDOW, Stall, record, rfc, traded

from cockpit.domain.units import SECOND
from cockpit.rehearsal.stands.polymarket.errors import denial


async def test_a_window_as_the_venue_lists_it():
    stall = traded()
    market = stall.market(WINDOW)
    _, event = await stall.get(f"gamma/events/slug/{market.names.slug}")
    assert event["seriesSlug"] == "btc-up-or-down-15m"
    assert event["eventMetadata"] == {}, "the price to beat is not known yet"
    assert {tag["slug"] for tag in event["tags"]} == {"crypto", "bitcoin", "up-or-down"}
    (body,) = event["markets"]
    assert body["conditionId"] == market.condition
    assert json.loads(body["outcomes"]) == ["Up", "Down"]
    assert json.loads(body["clobTokenIds"]) == list(market.tokens)
    yes, no = json.loads(body["outcomePrices"])
    assert float(yes) + float(no) == pytest.approx(1)
    assert float(yes) == pytest.approx((body["bestBid"] + body["bestAsk"]) / 2)
    assert (body["orderPriceMinTickSize"], body["orderMinSize"]) == (0.01, 5)
    assert body["feeSchedule"] == {"exponent": 1, "rate": 0.07, "takerOnly": True, "rebateRate": 0.2}
    assert (body["closed"], body["acceptingOrders"], body["negRisk"]) == (False, True, False)
    assert body["cryptoMarketConfig"]["twapLookbackSeconds"] == 60
    assert body["eventStartTime"] == rfc(CLOSE - 900 * SECOND)
    assert body["umaResolutionStatuses"] == "[]"
    assert "umaResolutionStatus" not in body
    stall.life(WINDOW, "metadata_updated", floor_strike=84213.55)
    _, event = await stall.get(f"gamma/events/{market.group.id}")
    assert event["eventMetadata"] == {"priceToBeat": 84213.55}


async def test_a_threshold_and_its_event_inside_it():
    stall = traded()
    market = stall.market(LADDER)
    _, body = await stall.get(f"gamma/markets/slug/{market.names.slug}")
    assert (body["groupItemTitle"], body["groupItemThreshold"]) == ("84,200", "0")
    assert body["orderPriceMinTickSize"] == 0.001
    assert body["gameStartTime"] == "2026-11-30 01:00:00+00"
    (event,) = body["events"]
    assert event["slug"] == market.group.event.slug
    assert "markets" not in event
    assert (await stall.get(f"gamma/markets/{market.id}"))[1] == body
    _, tags = await stall.get(f"gamma/markets/{market.id}/tags")
    assert [tag["slug"] for tag in tags] == [tag["slug"] for tag in event["tags"]]


async def test_proposed_then_resolved():
    stall = traded()
    market = stall.market(LADDER)
    stall.life(LADDER, "determined", result="yes")
    _, body = await stall.get(f"gamma/markets/{market.id}")
    assert (body["umaResolutionStatus"], body["closed"]) == ("proposed", False)
    stall.clock.pass_(60)
    stall.life(LADDER, "settled")
    _, body = await stall.get(f"gamma/markets/{market.id}")
    assert (body["umaResolutionStatus"], body["closed"]) == ("resolved", True)
    assert json.loads(body["umaResolutionStatuses"]) == ["proposed", "resolved"]
    assert json.loads(body["outcomePrices"]) == ["1", "0"]
    assert body["closedTime"] == "2026-11-30 00:54:20+00"
    assert "bestBid" not in body


async def test_a_record_alone_can_resolve_and_tells_the_final_price():
    stall = traded()
    stall.list(WINDOW, floor_strike=84000.0)
    stall.list(WINDOW, status="finalized", result="no", expiration_value="83999.12", floor_strike=84000.0)
    market = stall.market(WINDOW)
    _, event = await stall.get(f"gamma/events/slug/{market.names.slug}")
    assert event["closed"] is True
    assert event["eventMetadata"] == {"priceToBeat": 84000, "finalPrice": 83999.12}
    assert json.loads(event["markets"][0]["outcomePrices"]) == ["0", "1"]


async def test_only_what_was_said_to_be_followed_is_listed():
    stall = traded()
    _, events = await stall.get("gamma/events")
    assert len(events) == 3
    assert RANGE not in stall.state._by_ticker
    stall.rest({"market": record("KXFED-26DEC-T4.00")})
    stall.rest({"market": {"ticker": "KXBTCD-26NOV2920-T1.00", "strike_type": "greater", "open_time": rfc(CLOSE), "close_time": rfc(CLOSE)}})  # fmt: skip
    assert len(stall.state.markets) == 3


async def test_closed_ones_are_told_of_when_they_are_asked_for():
    stall = traded()
    stall.settle(LADDER)
    condition = stall.market(LADDER).condition
    for path, key in (("gamma/markets", None), ("gamma/markets/keyset", "markets")):
        for closed, count in (("false", 0), ("true", 1)):
            _, told = await stall.get(path, condition_ids=[condition, "0xno"], closed=closed)
            assert len(told if key is None else told[key]) == count
    _, events = await stall.get("gamma/events", closed="true")
    assert [event["slug"] for event in events] == [stall.market(LADDER).group.event.slug]


async def test_keyset_pages_meet_each_object_once_though_more_are_listed():
    stall = Stall()
    tickers = [f"KXETHD-26NOV2920-T{n}.99" for n in range(2_000, 2_025)]
    stall.list(*tickers)
    seen, cursor = [], None
    for _ in range(10):
        _, page = await stall.get(
            "gamma/markets/keyset", limit=10, **({"after_cursor": cursor} if cursor else {})
        )
        seen += [market["id"] for market in page["markets"]]
        cursor = page.get("next_cursor")
        if len(seen) == 10:
            stall.list("KXETHD-26NOV2920-T5000.99")
        if cursor is None:
            break
    assert "next_cursor" not in page
    assert len(seen) == len(set(seen)) == 26


async def test_order_by_end_either_way_and_by_number():
    stall = traded()
    stall.list("KXSOL15M-26NOV292015", close_time=rfc(CLOSE + 900 * SECOND))
    _, up = await stall.get("gamma/events/keyset", order="endDate", ascending="true", limit=100)
    ends = [event["endDate"] for event in up["events"]]
    assert ends == sorted(ends)
    _, down = await stall.get("gamma/events/keyset", order="endDate", ascending="false")
    assert [event["endDate"] for event in down["events"]] == ends[::-1]
    _, page = await stall.get("gamma/events", limit=2, offset=1)
    assert [event["id"] for event in page] == ["1150001", "1150002"]


async def test_filters():
    stall = traded()
    market, other = stall.market(WINDOW), stall.market(OTHER)

    async def slugs(**query):
        return {event["slug"] for event in (await stall.get("gamma/events", **query))[1]}

    window = market.names.slug
    assert await slugs(tag_slug="up-or-down") == {window}
    assert await slugs(tag_id="235", exclude_tag_id="102127") == {stall.market(LADDER).group.event.slug}
    assert await slugs(tag_id=["235", "102127"], tag_match="all") == {window}
    assert await slugs(slug=window) == {window}
    assert await slugs(id=market.group.id) == {window}
    assert await slugs(tag_slug="sports") == set()
    assert await slugs(end_date_min=rfc(CLOSE + SECOND)) == set()
    assert len(await slugs(end_date_max=rfc(CLOSE), start_date_min="2026-01-01")) == 3
    assert await slugs(start_date_max="2026-01-01") == set()
    _, found = await stall.get("gamma/markets", clob_token_ids=other.tokens[1])
    assert [each["id"] for each in found] == [other.id]


@pytest.mark.parametrize(
    ("path", "query", "status", "word"),
    [
        ("events/slug/none", {}, 404, "slug not found"),
        ("markets/slug/none", {}, 404, "slug not found"),
        ("tags/slug/none", {}, 404, "slug not found"),
        ("events/99", {}, 404, "id not found"),
        ("markets/99", {}, 404, "id not found"),
        ("tags/99", {}, 404, "id not found"),
        ("events/x", {}, 422, "id is invalid"),
        ("events", {"order": "mood"}, 422, "order"),
        ("events", {"closed": "maybe"}, 422, "closed"),
        ("events", {"limit": "x"}, 422, "limit"),
        ("events", {"end_date_min": "soon"}, 422, "end_date_min"),
        ("events/keyset", {"after_cursor": "%%"}, 422, "after_cursor"),
        ("nowhere", {}, 404, "not found"),
    ],
)
async def test_refusals(path, query, status, word):
    told, body = await traded().get(f"gamma/{path}", **query)
    assert told == status
    assert word in body["error"]


async def test_tags():
    stall = traded()
    _, tags = await stall.get("gamma/tags", limit=2)
    assert [tag["slug"] for tag in tags] == ["crypto", "bitcoin"]
    _, tag = await stall.get("gamma/tags/slug/crypto")
    assert (await stall.get(f"gamma/tags/{tag['id']}"))[1] == tag


async def test_other_paths_and_methods():
    stall = traded()
    assert (await stall.get("elsewhere/events"))[0] == 404
    assert (await stall.post("gamma/events", {}))[0] == 405


async def test_what_is_asked_too_often_is_refused_with_a_line_of_text():
    stall = Stall(share=0.01)
    answers = [await stall.get("gamma/tags") for _ in range(3)]
    assert [status for status, _ in answers] == [200, 200, 429]
    assert answers[-1][1] == b"error code: 1015"
    stall.clock.pass_(10.1)
    assert (await stall.get("gamma/tags"))[0] == 200
    assert (await stall.get("gamma/markets"))[0] == 200, "each path has its own limit"


def test_failures_on_purpose():
    assert denial(429).body == b"error code: 1015"
    assert json.loads(denial(503).body) == {"error": "service unavailable"}
