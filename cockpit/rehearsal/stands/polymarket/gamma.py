"""Gamma's answers: events, markets, tags; filters, order, and pages by key or by number.

A key-set page carries `next_cursor`, which is sent back as `after_cursor`; the last page has none. Markets and events
that are closed are only told of when they are asked for.
"""

import base64
import binascii
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from cockpit.rehearsal.polymarket.bodies import event_body, market_body, tag_body
from cockpit.rehearsal.polymarket.market import RESOLVED, Group, Market
from cockpit.rehearsal.polymarket.names import Tag
from cockpit.rehearsal.polymarket.terms import ns_of
from cockpit.rehearsal.stands.asked import Answer, Asked, json_answer
from cockpit.rehearsal.stands.polymarket.errors import Refused, gamma
from cockpit.rehearsal.stands.polymarket.routes import Routes
from cockpit.rehearsal.stands.polymarket.state import State

USUAL, MOST = 20, 500
"""Objects on a page."""
T = TypeVar("T", Group, Market)
NO_SLUG, NO_ID = gamma(404, "slug not found"), gamma(404, "id not found")


def _close(each: Group | Market) -> int:
    return each.close_ns if isinstance(each, Group) else each.terms.close_ns


def _open(each: Group | Market) -> int:
    return each.open_ns if isinstance(each, Group) else each.terms.open_ns


def _traded(each: Group | Market) -> int:
    return sum(m.turnover for m in each.markets) if isinstance(each, Group) else each.turnover


_ORDERS: dict[str, Callable[[Group | Market], int]] = {
    "id": lambda each: int(each.id),
    "endDate": _close,
    "startDate": _open,
    "createdAt": _open,
    **dict.fromkeys(
        ("volume", "volumeNum", "volume24hr", "volume1wk", "liquidity", "liquidityNum", "competitive"),
        _traded,
    ),
}


class Gamma:
    """Answers from the venue's state."""

    def __init__(self, state: State) -> None:
        self._state = state
        self.routes = Routes(gamma(404, "not found"))
        for path, act in (
            ("events/keyset", self._event_page),
            ("events", self._events),
            ("events/slug/*", self._event_of_slug),
            ("events/*", self._event_of_id),
            ("events/*/tags", self._tags_of_event),
            ("markets/keyset", self._market_page),
            ("markets", self._markets),
            ("markets/slug/*", self._market_of_slug),
            ("markets/*", self._market_of_id),
            ("markets/*/tags", self._tags_of_market),
            ("tags", self._tags),
            ("tags/slug/*", self._tag_of_slug),
            ("tags/*", self._tag_of_id),
        ):
            self.routes.add("GET", path, act)

    # ------------------------------------------------------------------ events

    def _event_page(self, asked: Asked) -> Answer:
        page, cursor = keyset(self._found_events(asked), asked)
        return _page("events", [event_body(group, markets=True) for group in page], cursor)

    def _events(self, asked: Asked) -> Answer:
        page = numbered(self._found_events(asked), asked)
        return json_answer([event_body(group, markets=True) for group in page])

    def _event_of_slug(self, asked: Asked, slug: str) -> Answer:
        group = self._state.groups.get(slug)
        return NO_SLUG if group is None else json_answer(event_body(group, markets=True))

    def _event_of_id(self, asked: Asked, number: str) -> Answer:
        return json_answer(event_body(self._group(number), markets=True))

    def _tags_of_event(self, asked: Asked, number: str) -> Answer:
        return json_answer([tag_body(tag) for tag in self._group(number).event.tags])

    def _group(self, number: str) -> Group:
        found = next((group for group in self._state.groups.values() if group.id == number), None)
        if found is None:
            raise Refused(_unknown(number))
        return found

    def _found_events(self, asked: Asked) -> list[Group]:
        closed, slugs, ids = closed_of(asked), asked.query.get("slug"), asked.query.get("id")
        series = asked.query.get("series_slug")
        fits = within(asked)
        return [
            group
            for group in self._state.groups.values()
            if group.closed == closed
            and (not slugs or group.event.slug in slugs)
            and (not ids or group.id in ids)
            and (not series or group.event.series in series)
            and tagged(group.event.tags, asked)
            and fits(group.open_ns, group.close_ns)
        ]

    # ------------------------------------------------------------------ markets

    def _market_page(self, asked: Asked) -> Answer:
        page, cursor = keyset(self._found_markets(asked), asked)
        return _page("markets", [market_body(market, lone=True) for market in page], cursor)

    def _markets(self, asked: Asked) -> Answer:
        page = numbered(self._found_markets(asked), asked)
        return json_answer([market_body(market, lone=True) for market in page])

    def _market_of_slug(self, asked: Asked, slug: str) -> Answer:
        found = next((each for each in self._state.markets.values() if each.names.slug == slug), None)
        return NO_SLUG if found is None else json_answer(market_body(found, lone=True))

    def _market_of_id(self, asked: Asked, number: str) -> Answer:
        return json_answer(market_body(self._market(number), lone=True))

    def _tags_of_market(self, asked: Asked, number: str) -> Answer:
        return json_answer([tag_body(tag) for tag in self._market(number).group.event.tags])

    def _market(self, number: str) -> Market:
        found = next((market for market in self._state.markets.values() if market.id == number), None)
        if found is None:
            raise Refused(_unknown(number))
        return found

    def _found_markets(self, asked: Asked) -> list[Market]:
        closed, fits = closed_of(asked), within(asked)
        named: list[tuple[list[str] | None, Callable[[Market], tuple[str, ...]]]] = [
            (asked.query.get("condition_ids"), lambda market: (market.condition,)),
            (asked.query.get("clob_token_ids"), lambda market: market.tokens),
            (asked.query.get("slug"), lambda market: (market.names.slug,)),
            (asked.query.get("id"), lambda market: (market.id,)),
            (asked.query.get("question_ids"), lambda market: (market.question_id,)),
        ]
        return [
            market
            for market in self._state.markets.values()
            if (market.phase == RESOLVED) == closed
            and all(not wanted or not set(of(market)).isdisjoint(wanted) for wanted, of in named)
            and tagged(market.group.event.tags, asked)
            and fits(market.terms.open_ns, market.terms.close_ns)
        ]

    # ------------------------------------------------------------------ tags

    def _known(self) -> dict[str, Tag]:
        return {tag.slug: tag for group in self._state.groups.values() for tag in group.event.tags}

    def _tags(self, asked: Asked) -> Answer:
        page = self._known().values()
        offset, limit = whole(asked, "offset", 0), whole(asked, "limit", 100)
        return json_answer([tag_body(tag) for tag in list(page)[offset : offset + limit]])

    def _tag_of_slug(self, asked: Asked, slug: str) -> Answer:
        tag = self._known().get(slug)
        return NO_SLUG if tag is None else json_answer(tag_body(tag))

    def _tag_of_id(self, asked: Asked, number: str) -> Answer:
        tag = next((tag for tag in self._known().values() if tag.id == number), None)
        return _unknown(number) if tag is None else json_answer(tag_body(tag))


def _unknown(number: str) -> Answer:
    return NO_ID if number.isdecimal() else gamma(422, "id is invalid")


def _page(name: str, bodies: list[dict[str, Any]], cursor: str) -> Answer:
    return json_answer({name: bodies, "next_cursor": cursor} if cursor else {name: bodies})


# ---------------------------------------------------------------------- parameters


def whole(asked: Asked, name: str, default: int) -> int:
    """A whole number that is not below zero; raises Refused."""
    text = asked.first(name)
    if not text:
        return default
    if not text.isdecimal():
        raise Refused(gamma(422, f"{name} is invalid"))
    return int(text)


def closed_of(asked: Asked) -> bool:
    """Whether closed ones are asked for; raises Refused."""
    text = asked.first("closed").lower()
    if text not in ("", "true", "false"):
        raise Refused(gamma(422, "closed is invalid"))
    return text == "true"


def within(asked: Asked) -> Callable[[int, int], bool]:
    """Whether a beginning and an end (ns UTC) are in the spans asked for; raises Refused for what is no time."""
    names = ("start_date_min", "start_date_max", "end_date_min", "end_date_max")
    low_start, high_start, low_end, high_end = (_moment(asked, name) for name in names)

    def fits(opened: int, closes: int) -> bool:
        after = (low_start is None or opened >= low_start) and (low_end is None or closes >= low_end)
        return (
            after
            and (high_start is None or opened <= high_start)
            and (high_end is None or closes <= high_end)
        )

    return fits


def _moment(asked: Asked, name: str) -> int | None:
    text = asked.first(name)
    if not text:
        return None
    try:
        datetime.fromisoformat(text)
        return ns_of(text)
    except ValueError:
        raise Refused(gamma(422, f"{name} is invalid")) from None


def tagged(tags: Iterable[Tag], asked: Asked) -> bool:
    """Whether tags are those asked for, and none of those that are not wanted."""
    own = {tag.slug for tag in tags} | {tag.id for tag in tags}
    slug, ids = asked.first("tag_slug"), asked.query.get("tag_id", [])
    if slug and slug not in own:
        return False
    if not own.isdisjoint(asked.query.get("exclude_tag_id", [])):
        return False
    match = all if asked.first("tag_match") == "all" else any
    return not ids or match(each in own for each in ids)


def ordered(found: list[T], asked: Asked) -> list[tuple[tuple[int, int], T]]:
    """What was found with its key, in the order asked for, which is by id when none is; raises Refused."""
    name = asked.first("order").split(",")[0] or "id"
    if name not in _ORDERS:
        raise Refused(gamma(422, "order fields are not valid"))
    key, sign = _ORDERS[name], -1
    if asked.first("ascending").lower() == "true" or not asked.first("order"):
        sign = 1
    return sorted((((sign * key(each), int(each.id)), each) for each in found), key=lambda pair: pair[0])


def limit_of(asked: Asked) -> int:
    """How many objects a page may have; raises Refused."""
    return min(max(1, whole(asked, "limit", USUAL)), MOST)


def numbered(found: list[T], asked: Asked) -> Sequence[T]:
    """A page by its offset; raises Refused."""
    offset, limit = whole(asked, "offset", 0), limit_of(asked)
    return [each for _, each in ordered(found, asked)[offset : offset + limit]]


def keyset(found: list[T], asked: Asked) -> tuple[list[T], str]:
    """The page after a cursor, and the cursor of the next, "" at the end; raises Refused."""
    pairs, limit = ordered(found, asked), limit_of(asked)
    after = _key_of(asked.first("after_cursor"))
    rest = pairs if after is None else [pair for pair in pairs if pair[0] > after]
    page = rest[:limit]
    return [each for _, each in page], _cursor_of(page[-1][0]) if len(rest) > limit else ""


def _cursor_of(key: tuple[int, int]) -> str:
    return base64.urlsafe_b64encode(f"{key[0]}:{key[1]}".encode()).decode()


def _key_of(cursor: str) -> tuple[int, int] | None:
    if not cursor:
        return None
    try:
        first, _, second = base64.urlsafe_b64decode(cursor).decode().partition(":")
        return int(first), int(second)
    except (binascii.Error, UnicodeDecodeError, ValueError):
        raise Refused(gamma(422, "after_cursor is invalid")) from None
