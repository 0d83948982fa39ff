"""A game as Kalshi lists it: one event that only one side can win, with a market for either. All wording is ours.

Source of the shapes: the venue's records of 2026. The close is two weeks off and moves to the result; who times by a
game's end goes by the expected expiration, three hours after the start.
"""

from collections.abc import Iterable
from urllib.parse import urlencode

import msgspec

from cockpit.domain.markets import EventGroup, Market, MarketStatus, Series
from cockpit.domain.units import RATIO, SECOND
from cockpit.models.teams import Team
from cockpit.rehearsal.games.floors import DAY_NS, OPEN_NS
from cockpit.rehearsal.games.names import (
    PRO,
    SPORTS,
    event_of,
    milestone_of,
    series_of,
    side_of,
    spoken_day,
    target_of,
)
from cockpit.rehearsal.games.play import Tie
from cockpit.rehearsal.rest import BASE, Settled, market_record, series_record
from cockpit.rehearsal.wire import Stamps, Top

EXPECTED_NS = 3 * 3_600 * SECOND
BACKSTOP_NS = 14 * DAY_NS
SHARD = 0
_SOURCE = {"name": "the Governing League", "url": "https://example.invalid/scores"}


def series(league: str) -> Series:
    """A league's series; its makers pay a fee."""
    return Series(
        ticker=series_of(league),
        venue="kalshi",
        title=f"{PRO[league]} Game",
        category="Sports",
        frequency="custom",
        fee_type="quadratic_with_maker_fees",
        fee_multiplier=RATIO,
    )


def series_body(each: Series) -> bytes:
    """The answer to a request for a series."""
    return msgspec.json.encode({"series": series_record(each, SHARD, _SOURCE)})


def event(tie: Tie) -> EventGroup:
    """A game's event."""
    league = tie.home.league
    return EventGroup(
        ticker=event_of(tie),
        venue="kalshi",
        series=series_of(league),
        title=f"{side_of(tie.away)} at {side_of(tie.home)}",
        subtitle=f"{tie.away.code} at {tie.home.code} ({spoken_day(tie).partition(',')[0]})",
        exclusive=True,
        collateral="MECNET",
    )


def market(tie: Tie, team: Team) -> Market:
    """The market on one side."""
    league, side = tie.home.league, side_of(team)
    pair = f"{side_of(tie.away)} at {side_of(tie.home)}"
    game = f"the {pair} {PRO[league].lower()} game first set for {spoken_day(tie)}"
    level = " A tie pays half a dollar to either side." if league == "nfl" else ""
    return Market(
        ticker=f"{event_of(tie)}-{team.code}",
        venue="kalshi",
        event=event_of(tie),
        series=series_of(league),
        title=f"Will {side} win the {pair} {PRO[league]} game?",
        subtitle=side,
        status=MarketStatus.ACTIVE,
        open_ns=tie.scheduled - OPEN_NS,
        close_ns=tie.scheduled + BACKSTOP_NS,
        expected_ns=tie.scheduled + EXPECTED_NS,
        strike_type="structured",
        custom=((f"{SPORTS[league]}_team", target_of(team)),),
        rules=f"Pays if {side} win {game}, overtime included.{level}",
        rules_secondary=(
            "Put off by two days at most, the game still counts; called off, the market pays a fair price. "
            "Invented for rehearsal."
        ),
        shard=SHARD,
    )


def market_body(
    each: Market, top: Top, updated: int, settled: Settled | None = None, winner: str = ""
) -> bytes:
    """The answer to a request for one market; ``winner`` is the side that has won."""
    return msgspec.json.encode({"market": _record(each, top, updated, settled, winner)})


def event_body(each: EventGroup, markets: list[tuple[Market, Top]], updated: int) -> bytes:
    """The answer to a request for one event; its markets stand beside it."""
    league = each.series.removeprefix("KX").removesuffix("GAME").lower()
    body = {
        "event": {
            "category": "Sports",
            "collateral_return_type": each.collateral,
            "event_ticker": each.ticker,
            "exchange_index": SHARD,
            "last_updated_ts": Stamps().text(updated),
            "mutually_exclusive": each.exclusive,
            "product_metadata": {"competition": PRO[league], "competition_scope": "Game"},
            "series_ticker": each.series,
            "settlement_sources": [_SOURCE],
            "strike_period": "",
            "sub_title": each.subtitle,
            "title": each.title,
        },
        "markets": [_record(market, top, updated) for market, top in markets],
    }
    return msgspec.json.encode(body)


def milestones_url(league: str, now: int) -> str:
    """The question for a league's games from the day before on (UTC)."""
    since = Stamps().text((now // DAY_NS - 1) * DAY_NS)
    fields = {
        "limit": 200,
        "category": "Sports",
        "type": f"{SPORTS[league]}_game",
        "minimum_start_date": since,
    }
    return f"{BASE}/milestones?{urlencode(fields)}"


def milestones_body(games: Iterable[tuple[str, Tie]], updated: int) -> bytes:
    """The answer: which events hang on which game, and when it begins; each game with the score source's number."""
    told = [_milestone(number, tie, updated) for number, tie in games]
    return msgspec.json.encode({"cursor": "", "milestones": told})


def _milestone(number: str, tie: Tie, updated: int) -> dict[str, object]:
    league, ticker = tie.home.league, event_of(tie)
    title = f"{side_of(tie.away)} at {side_of(tie.home)}"
    return {
        "category": "Sports",
        "details": {
            "away_team_id": target_of(tie.away),
            "home_team_id": target_of(tie.home),
            "league": PRO[league],
            "main_game_event_ticker": ticker,
            "status": "scheduled" if updated < tie.scheduled else "live",
        },
        "id": milestone_of(ticker),
        "last_updated_ts": Stamps().text(updated),
        "notification_message": f"{title} begins",
        "primary_event_tickers": [ticker],
        "related_event_tickers": [ticker],
        "source_ids": {"espn": number},
        "start_date": Stamps().text(tie.scheduled),
        "title": title,
        "type": f"{SPORTS[league]}_game",
    }


def _record(
    each: Market, top: Top, updated: int, settled: Settled | None = None, winner: str = ""
) -> dict[str, object]:
    record = market_record(each, top, updated, settled)
    record["early_close_condition"] = "Closes and expires once there is a winner."
    record["expiration_value"] = winner
    return record
