"""Milestones: the games the listed markets are on. Source of the shape: the venue's API description, version 3.34.

A game is an event of two markets on structured targets. When it begins is not told of a market: its expected
expiration is three hours later.
"""

from typing import Any

from cockpit.domain.units import SECOND
from cockpit.rehearsal.games.names import milestone_of
from cockpit.rehearsal.stands.asked import Asked
from cockpit.rehearsal.stands.kalshi.errors import Refused, bare
from cockpit.rehearsal.stands.kalshi.listing import Listing, Market, ns_of
from cockpit.rehearsal.wire import Stamps

Body = dict[str, Any]
_LASTS_NS = 3 * 3_600 * SECOND
_SERIES = {
    "KXNBAGAME": ("basketball_game", "basketball_team", "Pro Basketball"),
    "KXNFLGAME": ("football_game", "football_team", "Pro Football"),
}


def milestones(listing: Listing, asked: Asked, now: int) -> list[Body]:
    """What a question lets through; raises Refused for a time that cannot be read."""
    try:
        least = ns_of(asked.first("minimum_start_date")) if asked.first("minimum_start_date") else 0
    except ValueError:
        raise Refused(
            bare("Parameter validation failed for GetMilestones: invalid minimum_start_date")
        ) from None
    found = [
        made for event in listing.events.values() if (made := _milestone(listing, event, now)) is not None
    ]
    return [
        each
        for each in found
        if ns_of(each["start_date"]) >= least
        and asked.first("category") in ("", each["category"])
        and asked.first("type") in ("", each["type"])
        and asked.first("competition") in ("", each["details"]["league"])
        and asked.first("related_event_ticker") in ("", each["primary_event_tickers"][0])
    ]


def _milestone(listing: Listing, event: Body, now: int) -> Body | None:
    """An event's game; None where it is none."""
    ticker = str(event["event_ticker"])
    known = _SERIES.get(str(event["series_ticker"]))
    sides = {market.ticker.rpartition("-")[2]: market for market in listing.of_event(ticker)}
    if known is None or len(sides) != 2:
        return None
    kind, target, league = known
    home = next(code for code in sides if ticker.endswith(code))
    away = next(code for code in sides if code != home)
    start = ns_of(sides[home].body["expected_expiration_time"]) - _LASTS_NS
    stamps = Stamps()
    return {
        "id": milestone_of(ticker),
        "category": "Sports",
        "type": kind,
        "start_date": stamps.text(start),
        "related_event_tickers": [ticker],
        "primary_event_tickers": [ticker],
        "title": event["title"],
        "notification_message": f"{event['title']} begins",
        "details": {
            "away_team_id": _target(sides[away], target),
            "home_team_id": _target(sides[home], target),
            "league": league,
            "main_game_event_ticker": ticker,
            "status": _status(sides[home], start, now),
        },
        "last_updated_ts": sides[home].body["updated_time"],
    }


def _target(market: Market, field: str) -> str:
    return str((market.body.get("custom_strike") or {}).get(field, ""))


def _status(market: Market, start: int, now: int) -> str:
    if now < start:
        return "scheduled"
    return "live" if market.status(now) == "active" else "closed"
