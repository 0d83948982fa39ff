"""The data API: prints and price history, of which the newer paths put their rows into an envelope with a cursor.

A print has no id: transaction, token and place in it make one. Prices and sizes are JSON numbers here.
"""

import base64
import binascii
from typing import Any

from cockpit.domain.units import SECOND
from cockpit.rehearsal.polymarket.bodies import number
from cockpit.rehearsal.polymarket.market import Deal, Market
from cockpit.rehearsal.polymarket.messages import SIDES, price_text, size_text
from cockpit.rehearsal.polymarket.names import address_of
from cockpit.rehearsal.stands.asked import Answer, Asked, json_answer
from cockpit.rehearsal.stands.polymarket.errors import NOT_FOUND, Refused, clob
from cockpit.rehearsal.stands.polymarket.history import back, count, history
from cockpit.rehearsal.stands.polymarket.routes import Routes
from cockpit.rehearsal.stands.polymarket.state import State

USUAL, MOST = 100, 500
MOST_NEW, MOST_POINTS = 1_000, 10_000
MOST_OFFSET = 10_000

_SNAKE = {
    "proxyWallet": "proxy_wallet",
    "asset": "token_id",
    "conditionId": "condition_id",
    "eventSlug": "event_slug",
    "outcomeIndex": "outcome_index",
    "transactionHash": "transaction_hash",
    "profileImage": "profile_image",
}


class Data:
    """Answers from the venue's state."""

    def __init__(self, state: State) -> None:
        self._state = state
        self.routes = Routes(NOT_FOUND)
        for path, act in (
            ("", self._ok),
            ("trades", self._trades),
            ("v2/trades", self._new_trades),
            ("v2/prices-history", self._history),
        ):
            self.routes.add("GET", path, act)

    def _ok(self, asked: Asked) -> Answer:
        return json_answer({"data": "OK"})

    def _trades(self, asked: Asked) -> Answer:
        limit, offset = count(asked, "limit", USUAL), count(asked, "offset", 0)
        if offset > MOST_OFFSET:
            return clob(400, "max historical trades offset of 10000 exceeded")
        rows = self._found(asked, asked.listed("market"))
        return json_answer(rows[offset : offset + min(limit, MOST)])

    def _new_trades(self, asked: Asked) -> Answer:
        rows = self._found(asked, asked.listed("condition_id"))
        return enveloped([_snaked(row) for row in rows], asked, USUAL, MOST_NEW)

    def _found(self, asked: Asked, conditions: list[str]) -> list[dict[str, Any]]:
        """Prints, newest first."""
        side, events = asked.first("side").upper(), asked.listed("eventId") + asked.listed("event_id")
        found = [
            (deal, market)
            for market in self._state.markets.values()
            if (not conditions or market.condition in conditions)
            and (not events or market.group.id in events)
            for deal in market.deals
            if side in ("", SIDES[deal.side])
        ]
        found.sort(key=lambda pair: -pair[0].ts)
        return [row(deal, market) for deal, market in found]

    def _history(self, asked: Asked) -> Answer:
        found = self._state.teller.tokens.get(asked.first("token_id"))
        if found is None:
            return enveloped([], asked, MOST_POINTS, MOST_POINTS)
        span = self._span(asked)
        every = count(asked, "bucket_seconds", 60)
        if not 60 <= every <= 86_400:
            return clob(400, "bucket_seconds is out of range")
        points = history(found, span, every, self._state.now())
        if asked.first("as_of"):
            points = points[-1:]
        rows = [
            {"timestamp": at, "price": number(price_text(price)), "resolution_seconds": every}
            for at, price in points
        ]
        return enveloped(rows, asked, MOST_POINTS, MOST_POINTS)

    def _span(self, asked: Asked) -> tuple[int, int]:
        """Unix seconds, the end not included; raises Refused unless exactly one of three ways says when."""
        interval, start, as_of = (asked.first(name) for name in ("interval", "start", "as_of"))
        if sum(map(bool, (interval, start, as_of))) != 1:
            raise Refused(clob(400, "exactly one of interval, start or as_of is required"))
        first, end = back(interval or "all", self._state.now())
        if as_of:
            return first, count(asked, "as_of", end) + 1
        return count(asked, "start", first), count(asked, "end", end)


def row(deal: Deal, market: Market) -> dict[str, Any]:
    """A print as the older path tells it."""
    return {
        "proxyWallet": address_of(deal.transaction),
        "side": SIDES[deal.side],
        "asset": market.token(yes=deal.yes),
        "conditionId": market.condition,
        "size": number(size_text(deal.size)),
        "price": number(price_text(deal.price)),
        "timestamp": deal.ts // SECOND,
        "title": market.names.question,
        "slug": market.names.slug,
        "icon": "",
        "eventSlug": market.group.event.slug,
        "outcome": market.outcome(yes=deal.yes),
        "outcomeIndex": 0 if deal.yes else 1,
        "name": "",
        "pseudonym": "",
        "bio": "",
        "profileImage": "",
        "transactionHash": deal.transaction,
    }


def _snaked(told: dict[str, Any]) -> dict[str, Any]:
    return {_SNAKE.get(name, name): value for name, value in told.items()}


def enveloped(rows: list[dict[str, Any]], asked: Asked, usual: int, most: int) -> Answer:
    """A page of rows with what is needed for the next; raises Refused."""
    limit = min(max(1, count(asked, "limit", usual)), most)
    start = _place(asked.first("cursor"))
    rest = start + limit
    cursor = base64.urlsafe_b64encode(str(rest).encode()).decode() if rest < len(rows) else None
    page = {"has_more": cursor is not None, "next_cursor": cursor}
    return json_answer({"data": rows[start:rest], "pagination": page})


def _place(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        return int(base64.urlsafe_b64decode(cursor).decode())
    except (binascii.Error, UnicodeDecodeError, ValueError):
        raise Refused(clob(400, "invalid cursor")) from None
