"""The matching engine's public answers: books, prices, terms, history. Prices are text; on an unknown token it says 404.

`side` BUY is the price buyers bid, SELL the one sellers ask.
"""

from collections.abc import Callable

import msgspec

from cockpit.domain.units import PRICE, SECOND
from cockpit.rehearsal.polymarket import messages
from cockpit.rehearsal.polymarket.bodies import LEGACY_FEE, number, terms_body
from cockpit.rehearsal.polymarket.market import RESOLVED, Market
from cockpit.rehearsal.polymarket.messages import price_text
from cockpit.rehearsal.polymarket.terms import iso
from cockpit.rehearsal.stands.asked import Answer, Asked, json_answer
from cockpit.rehearsal.stands.polymarket.errors import (
    BAD_PAYLOAD,
    BAD_TOKEN,
    NO_BOOK,
    NO_MARKET,
    NOT_FOUND,
    Refused,
    clob,
)
from cockpit.rehearsal.stands.polymarket.history import back, count, history
from cockpit.rehearsal.stands.polymarket.routes import Routes
from cockpit.rehearsal.stands.polymarket.state import State

MOST_TOKENS = 500


class _Asked(msgspec.Struct):
    """One of several in a question by POST."""

    token_id: str
    side: str = ""


_several = msgspec.json.Decoder(list[_Asked]).decode


class Clob:
    """Answers from the venue's state."""

    def __init__(self, state: State, hollow: Callable[[], bool] = lambda: False) -> None:
        self._state = state
        self._tokens = state.teller.tokens
        self._hollow = hollow
        self.routes = Routes(NOT_FOUND)
        for path, act in (
            ("", self._ok),
            ("ok", self._ok),
            ("time", self._time),
            ("book", self._book),
            ("midpoint", self._midpoint),
            ("price", self._price),
            ("spread", self._spread),
            ("last-trade-price", self._last),
            ("tick-size", self._tick),
            ("neg-risk", self._neg_risk),
            ("fee-rate", self._fee),
            ("clob-markets/*", self._terms),
            ("markets/*", self._market),
            ("markets-by-token/*", self._condition),
            ("prices-history", self._history),
        ):
            self.routes.add("GET", path, act)
        for path, act in (
            ("books", self._books),
            ("midpoints", self._midpoints),
            ("prices", self._prices),
            ("spreads", self._spreads),
            ("last-trades-prices", self._lasts),
        ):
            self.routes.add("POST", path, act)

    def _ok(self, asked: Asked) -> Answer:
        return json_answer("OK")

    def _time(self, asked: Asked) -> Answer:
        return json_answer(self._state.now() // SECOND)

    # ------------------------------------------------------------------ tokens

    def _token(self, asked: Asked) -> tuple[Market, bool]:
        """The token asked for; raises Refused."""
        token = asked.first("token_id")
        if not token.isdecimal():
            raise Refused(BAD_TOKEN)
        found = self._trading(token)
        if found is None:
            raise Refused(NO_BOOK)
        return found

    def _trading(self, token: str) -> tuple[Market, bool] | None:
        found = self._tokens.get(token)
        return None if found is None or found[0].phase == RESOLVED else found

    def _list(self, asked: Asked) -> list[tuple[_Asked, Market, bool]]:
        """The tokens of a question by POST; those nobody knows are left out. Raises Refused."""
        try:
            each = _several(asked.body)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise Refused(BAD_PAYLOAD) from None
        if not each or len(each) > MOST_TOKENS:
            raise Refused(BAD_PAYLOAD)
        found = [(one, self._trading(one.token_id)) for one in each]
        return [(one, *known) for one, known in found if known is not None]

    # ------------------------------------------------------------------ books and prices

    def _written(self, market: Market, *, yes: bool) -> bytes:
        hollow = self._hollow()
        return messages.book(market, self._state.now(), yes=yes, event=False, whole=True, hollow=hollow)

    def _book(self, asked: Asked) -> Answer:
        market, yes = self._token(asked)
        return Answer(200, self._written(market, yes=yes))

    def _books(self, asked: Asked) -> Answer:
        books = [self._written(market, yes=yes) for _, market, yes in self._list(asked)]
        return Answer(200, b"[" + b",".join(books) + b"]")

    def _midpoint(self, asked: Asked) -> Answer:
        market, yes = self._token(asked)
        return json_answer({"mid": _mid(market, yes=yes)})

    def _midpoints(self, asked: Asked) -> Answer:
        return json_answer({one.token_id: _mid(market, yes=yes) for one, market, yes in self._list(asked)})

    def _price(self, asked: Asked) -> Answer:
        market, yes = self._token(asked)
        return json_answer({"price": _side(market, asked.first("side").upper(), yes=yes)})

    def _prices(self, asked: Asked) -> Answer:
        told: dict[str, dict[str, str]] = {}
        for one, market, yes in self._list(asked):
            told.setdefault(one.token_id, {})[one.side] = _side(market, one.side, yes=yes)
        return json_answer(told)

    def _spread(self, asked: Asked) -> Answer:
        market, yes = self._token(asked)
        return json_answer({"spread": _spread(market, yes=yes)})

    def _spreads(self, asked: Asked) -> Answer:
        return json_answer({one.token_id: _spread(market, yes=yes) for one, market, yes in self._list(asked)})

    def _last(self, asked: Asked) -> Answer:
        market, yes = self._token(asked)
        return json_answer(_last(market, yes=yes))

    def _lasts(self, asked: Asked) -> Answer:
        told = [
            {"token_id": one.token_id, **_last(market, yes=yes)} for one, market, yes in self._list(asked)
        ]
        return json_answer(told)

    # ------------------------------------------------------------------ terms

    def _tick(self, asked: Asked) -> Answer:
        market, _ = self._token(asked)
        return json_answer({"minimum_tick_size": number(price_text(market.book.tick))})

    def _neg_risk(self, asked: Asked) -> Answer:
        self._token(asked)
        return json_answer({"neg_risk": False})

    def _fee(self, asked: Asked) -> Answer:
        self._token(asked)
        return json_answer({"base_fee": LEGACY_FEE})

    def _known(self, condition: str) -> Market:
        market = self._state.markets.get(condition)
        if market is None:
            raise Refused(NO_MARKET)
        return market

    def _terms(self, asked: Asked, condition: str) -> Answer:
        """The engine's own terms."""
        return json_answer(terms_body(self._known(condition)))

    def _market(self, asked: Asked, condition: str) -> Answer:
        market = self._known(condition)
        closed = market.phase == RESOLVED
        tokens = [
            {
                "token_id": market.token(yes=yes),
                "outcome": market.outcome(yes=yes),
                "price": number(price_text(market.worth() if yes else PRICE - market.worth())),
                "winner": closed and market.paid == (PRICE if yes else 0),
            }
            for yes in (True, False)
        ]
        body = {
            "condition_id": market.condition,
            "question_id": market.question_id,
            "question": market.names.question,
            "description": market.group.event.rules,
            "market_slug": market.names.slug,
            "end_date_iso": iso(market.terms.close_ns),
            "game_start_time": iso(market.terms.starts_ns) if market.terms.starts_ns else None,
            "accepting_order_timestamp": iso(market.terms.open_ns),
            "minimum_order_size": int(messages.LEAST_ORDER),
            "minimum_tick_size": number(price_text(market.book.tick)),
            "seconds_delay": 0,
            "maker_base_fee": LEGACY_FEE,
            "taker_base_fee": LEGACY_FEE,
            "active": True,
            "closed": closed,
            "archived": False,
            "accepting_orders": not closed,
            "enable_order_book": True,
            "neg_risk": False,
            "is_50_50_outcome": closed and market.paid == PRICE // 2,
            "tokens": tokens,
            "tags": [tag.label for tag in market.group.event.tags],
        }
        return json_answer(body)

    def _condition(self, asked: Asked, token: str) -> Answer:
        found = self._tokens.get(token)
        if found is None:
            return NO_MARKET
        first, second = found[0].tokens
        body = {"condition_id": found[0].condition, "primary_token_id": first, "secondary_token_id": second}
        return json_answer(body)

    # ------------------------------------------------------------------ history

    def _history(self, asked: Asked) -> Answer:
        token, now = self._tokens.get(asked.first("market")), self._state.now()
        if token is None:
            return clob(400, "invalid market")
        interval = asked.first("interval")
        if not interval and not asked.first("startTs"):
            return clob(400, "interval or startTs is required")
        start, end = back(interval, now) if interval else back("all", now)
        span = (count(asked, "startTs", start), count(asked, "endTs", end))
        points = history(token, span, 60 * max(1, count(asked, "fidelity", 1)), now)
        return json_answer({"history": [{"t": at, "p": number(price_text(price))} for at, price in points]})


def _mid(market: Market, *, yes: bool) -> str:
    bid, ask = market.top(yes=yes)
    if market.book.empty:
        raise Refused(NO_BOOK)
    return price_text((bid + ask) // 2)


def _spread(market: Market, *, yes: bool) -> str:
    bid, ask = market.top(yes=yes)
    return price_text(ask - bid)


def _side(market: Market, side: str, *, yes: bool) -> str:
    if side not in ("BUY", "SELL"):
        raise Refused(clob(400, "Invalid side"))
    bid, ask = market.top(yes=yes)
    return price_text(bid if side == "BUY" else ask)


def _last(market: Market, *, yes: bool) -> dict[str, str]:
    """A token's last print on its own tape; half a dollar with no side when there was none."""
    deal = next((deal for deal in reversed(market.deals) if deal.yes == yes), None)
    if deal is None:
        return {"price": "0.5", "side": ""}
    return {"price": price_text(deal.price), "side": messages.SIDES[deal.side]}
