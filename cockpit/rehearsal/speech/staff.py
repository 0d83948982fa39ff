"""Who looks after a speech's markets: both venues' staff. Each has the agents' ``act``."""

from collections.abc import Callable

import msgspec

from cockpit.domain.markets import MarketStatus
from cockpit.domain.units import PRICE, SECOND
from cockpit.rehearsal.happenings import Ended, Happening, Polled, Told
from cockpit.rehearsal.rest import Settled, market_url, settlement_timer
from cockpit.rehearsal.speech import listing
from cockpit.rehearsal.speech.floors import WordFloor, WordTokens, first_second
from cockpit.rehearsal.wire import dollars

Emit = Callable[[Happening], None]
CLOSES_NS, DETERMINED_NS = 6 * SECOND, 4 * SECOND
"""From the word (or the end) to the close, and from there to the determination."""
PROPOSED_NS, RESOLVED_NS = 12 * SECOND, 15 * SECOND


class WordSteward:
    """Kalshi's staff for one word: moves the close to when it was said, determines, settles."""

    def __init__(self, pit: WordFloor, emit: Emit) -> None:
        self.pit = pit
        self._emit = emit
        self._settled: Settled | None = None
        self._steps = iter((self._close, self._determine, self._settle, self._answer))

    @property
    def due(self) -> int:
        """When it has to act first, ns UTC: on a whole second."""
        return first_second(self.pit.script.over(self.pit.word)) + CLOSES_NS

    def act(self, now: int) -> int | None:
        """The next step of the market's end."""
        return next(self._steps)(now)

    def _close(self, now: int) -> int | None:
        pit = self.pit
        pit.exchange.close(now)
        pit.market = msgspec.structs.replace(pit.market, status=MarketStatus.CLOSED, close_ns=now)
        self._emit(Told(now, pit.market.ticker, "close_date_updated", {"close_ts": now // SECOND}))
        return now + DETERMINED_NS

    def _determine(self, now: int) -> int | None:
        said, final = self.pit.said, now + settlement_timer(self.pit.market)
        self._settled = Settled(0, said, final)
        fields: dict[str, object] = {
            "result": "yes" if said else "no",
            "settlement_value": dollars(PRICE if said else 0),
            "determination_ts": now // SECOND,
        }
        self._emit(Told(now, self.pit.market.ticker, "determined", fields))
        return final

    def _settle(self, now: int) -> int | None:
        self._emit(Told(now, self.pit.market.ticker, "settled", {"settled_ts": now // SECOND}))
        return now + SECOND

    def _answer(self, now: int) -> int | None:
        market = self.pit.market
        body = listing.market_body(market, self.pit.top(), now, self._settled)
        self._emit(Polled(now, market_url(market.ticker), body))
        return None


class WordKeeper:
    """Polymarket's staff for one word: closes it, has its outcome proposed, then final."""

    def __init__(self, pit: WordTokens, emit: Emit) -> None:
        self.pit = pit
        self._emit = emit
        self._steps = iter((self._proposed, self._resolved))

    @property
    def due(self) -> int:
        """When it has to act first, ns UTC."""
        return self.pit.script.over(self.pit.word) + PROPOSED_NS

    def act(self, now: int) -> int | None:
        """The next step of the market's end."""
        return next(self._steps)(now)

    def _proposed(self, now: int) -> int:
        self.pit.exchange.close(now)
        self._emit(Ended(now, self.pit.market.ticker, final=False))
        return now + RESOLVED_NS

    def _resolved(self, now: int) -> None:
        self._emit(Ended(now, self.pit.market.ticker, final=True))
